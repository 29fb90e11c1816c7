// Codemod: extract-class
//
// Takes methods out of a class into a class of their own, together with the fields only they use.
// The methods are named (`members`), or found: with `fields`, all methods that use no other field and call no other method.
// A getter without a setter counts as a method; where it is read from outside, one that passes the question on stays.
// A field that both classes need is handed to the new one by its constructor; it must not be assigned again. The old class
// makes one object of the new class at the end of its constructor, in `delegate`, and calls it. Methods that other code calls on
// the old class stay there and pass the call on. The new class stands above the old one; move-declarations moves it on.
//
// Refused: a method that calls one that stays, a field that both would write, `super`, `#private` names,
// methods that are used as values or replaced by name (`spyOn`), decorated, overloaded, abstract or overridden.
//
// with { "file": "handler.ts", "class": "Handler", "name": "Resolver", "delegate": "resolver", "fields": ["client"], "doc": "Finds messages." }
// ```ts
// // ---- handler.ts
// export interface Client {
//   read(id: string): string;
// }
//
// export class Handler {
//   private readonly client: Client;
//   private count = 0;
//
//   constructor(client: Client) {
//     this.client = client;
//   }
//
//   handle(id: string): string {
//     this.count += 1;
//     return `${this.fetch(id)} ${this.count}`;
//   }
//
//   /** Reads one. */
//   private fetch(id: string): string {
//     return this.client.read(id);
//   }
// }
// ```
// ->
// ```ts
// // ---- handler.ts
// export interface Client {
//   read(id: string): string;
// }
//
// /** Finds messages. */
// export class Resolver {
//   constructor(private readonly client: Client) {}
//
//   /** Reads one. */
//   fetch(id: string): string {
//     return this.client.read(id);
//   }
// }
//
// export class Handler {
//   private count = 0;
//   private readonly resolver: Resolver;
//
//   constructor(client: Client) {
//     this.resolver = new Resolver(client);
//   }
//
//   handle(id: string): string {
//     this.count += 1;
//     return `${this.resolver.fetch(id)} ${this.count}`;
//   }
// }
// ```
//
// A field that both classes would write:
//
// with { "file": "handler.ts", "class": "Handler", "name": "Counter", "delegate": "counter", "members": ["note"] }
// ```ts
// // ---- handler.ts
// export class Handler {
//   private count = 0;
//
//   note(): void {
//     this.count += 1;
//   }
//
//   reset(): void {
//     this.count = 0;
//   }
// }
// ```
// -> refused: REFIT_EXTRACT_CLASS_SHARED
import { type ClassDeclaration, Node, SyntaxKind } from 'ts-morph';
import { memberIndent } from './analysis/class-members.ts';
import { classNamed } from './analysis/field-uses.ts';
import {
  type Callers,
  callersOf,
  fieldNames,
  type LeavingMethods,
  requireNoSpies,
  requireNotBuilding,
  requirePlain,
} from './analysis/leaving-methods.ts';
import { type CodeMember, methodsOf, partitionBy } from './analysis/member-graph.ts';
import { type SplitField, splitFields } from './analysis/split-fields.ts';
import { delegatingStub, newClassText } from './analysis/split-class-text.ts';
import { removalRanges } from './analysis/removal-ranges.ts';
import { extentOf, topLevelNames } from './analysis/top-level.ts';
import type { Codemod } from './kernel/codemod.ts';
import { nearestOf } from './kernel/nearest.ts';
import type { Proposal } from './kernel/proposal.ts';
import { lineStart } from './kernel/text-positions.ts';

export interface ExtractClassOptions {
  readonly file: string;
  readonly class: string;
  /** Name of the new class. */
  readonly name: string;
  /** Field of the old class that holds the object of the new one. */
  readonly delegate: string;
  readonly members?: readonly string[];
  readonly fields?: readonly string[];
  readonly doc?: string;
}

interface Extraction extends LeavingMethods {
  readonly options: ExtractClassOptions;
}

function chosenNames(owner: ClassDeclaration, options: ExtractClassOptions, out: Proposal): readonly string[] {
  if ((options.members === undefined) === (options.fields === undefined))
    out.refuse('REFIT_EXTRACT_CLASS_MEMBERS', owner, 'Name either members (methods) or fields (all methods that use no others).');
  return options.members ?? partitionBy(owner, new Set(options.fields));
}

/** A method that only passes its call on has been moved already. */
function isStub(method: CodeMember, delegate: string): boolean {
  const call = Node.isGetAccessorDeclaration(method) ? ';' : '(';
  return method.getBody()?.getText().includes(`this.${delegate}.${method.getName()}${call}`) === true;
}

function extractionOf(owner: ClassDeclaration, options: ExtractClassOptions, out: Proposal): Extraction | undefined {
  const all = methodsOf(owner);
  const names = chosenNames(owner, options, out);
  const open = names.filter((name) => {
    const method = all.get(name);
    return method !== undefined && !isStub(method, options.delegate);
  });
  if (open.length === 0 && owner.getInstanceProperty(options.delegate) !== undefined) return undefined;
  const unknown = names.find((name) => !all.has(name));
  if (unknown !== undefined) {
    const near = nearestOf(unknown, all.keys());
    out.refuse(
      'REFIT_EXTRACT_CLASS_MEMBERS',
      owner,
      `${options.class} has no method ${unknown}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
    );
  }
  const moved = new Set(names);
  return { options, owner, methods: [...all.values()].filter((each) => moved.has(each.getName())), moved, out };
}

/** Cuts the methods out, or leaves stubs that pass the calls on. */
function cutMethods(extraction: Extraction, callers: ReadonlyMap<CodeMember, Callers>): void {
  const { methods, owner, options, out } = extraction;
  const path = owner.getSourceFile().getFilePath();
  const gone: CodeMember[] = [];
  for (const method of methods) {
    if (callers.get(method)?.foreign !== true) {
      gone.push(method);
      continue;
    }
    const stub = method.isStatic() ? undefined : delegatingStub(method, options.delegate);
    if (stub === undefined)
      out.refuse(
        'REFIT_EXTRACT_CLASS_METHOD',
        method,
        `${method.getName()} is called from outside of the class and cannot pass the call on. Give it plain parameters and a return type.`,
      );
    out.edit(path, [extentOf(method).start, method.getEnd()], stub ?? '');
  }
  for (const [start, end] of removalRanges(
    owner.getSourceFile().getFullText(),
    gone.map((each) => each.compilerNode),
  ))
    out.edit(path, [start, end], '');
  for (const [method, { own }] of callers) {
    for (const access of own)
      out.replace(
        access,
        method.isStatic() ? `${options.name}.${method.getName()}` : `this.${options.delegate}.${method.getName()}`,
      );
  }
}

/** The field that holds the new object, below the fields that stay. */
function addField({ owner, options, out }: Extraction, leaving: ReadonlySet<Node>, declaration: string): void {
  const path = owner.getSourceFile().getFilePath();
  const anchor = owner.getProperties().findLast((each) => !each.isStatic() && !leaving.has(each));
  const line = `${memberIndent(owner)}private readonly ${options.delegate}${declaration};`;
  const brace = owner.getFirstChildByKindOrThrow(SyntaxKind.OpenBraceToken);
  if (anchor === undefined) out.insert(path, brace.getEnd(), `\n${line}\n`);
  else out.insert(path, extentOf(anchor).end, `\n${line}`);
}

/** The field, and the statement at the end of the constructor that makes the object. */
function addDelegate(extraction: Extraction, fields: readonly SplitField[]): void {
  const { owner, options, out } = extraction;
  const text = owner.getSourceFile().getFullText();
  const given = fields.filter((each) => each.fate !== 'own');
  const made = `new ${options.name}(${given.map((each) => each.argument).join(', ')})`;
  const body = owner.getConstructors()[0]?.getBody();
  const leaving = new Set<Node>(fields.flatMap((each) => (each.fate === 'shared' ? [] : [each.declaration])));
  addField(extraction, leaving, Node.isBlock(body) ? `: ${options.name}` : ` = ${made}`);
  if (!Node.isBlock(body)) return;
  const close = body.getEnd() - 1;
  const own = text.slice(lineStart(text, close), close).trim() === '';
  const indent = memberIndent(owner);
  const path = owner.getSourceFile().getFilePath();
  if (own) out.insert(path, lineStart(text, close), `${indent}  this.${options.delegate} = ${made};\n`);
  else out.insert(path, close, `\n${indent}  this.${options.delegate} = ${made};\n${indent}`);
}

/** Takes the fields that moved out of the old class. */
function cutFields({ owner, out }: Extraction, fields: readonly SplitField[]): void {
  const file = owner.getSourceFile();
  const leaving = fields.filter((each) => each.fate !== 'shared');
  const nodes = leaving.flatMap((each) => [
    ...(Node.isPropertyDeclaration(each.declaration) ? [each.declaration] : []),
    ...(each.assignment === undefined ? [] : [each.assignment]),
  ]);
  for (const [start, end] of removalRanges(
    file.getFullText(),
    nodes.map((each) => each.compilerNode),
  ))
    out.edit(file.getFilePath(), [start, end], '');
  for (const { declaration } of leaving) {
    if (!Node.isParameterDeclaration(declaration)) continue;
    const [from] = declaration.getModifiers();
    if (from !== undefined) out.edit(file.getFilePath(), [from.getStart(), declaration.getNameNode().getStart()], '');
  }
}

export const extractClass: Codemod<ExtractClassOptions> = {
  name: 'extract-class',
  options: {
    file: { kind: 'text', required: true, help: 'module of the class' },
    class: { kind: 'text', required: true, help: 'class to take methods from' },
    name: { kind: 'text', required: true, help: 'name of the new class' },
    delegate: { kind: 'text', required: true, help: 'field of the old class that holds the new object' },
    members: { kind: 'list', help: 'methods to move' },
    fields: { kind: 'list', help: 'move all methods that use no other fields' },
    doc: { kind: 'text', help: 'comment of the new class' },
  },
  propose(workspace, options, out) {
    const owner = classNamed(workspace.sourceFile(options.file), options.class);
    const extraction = extractionOf(owner, options, out);
    if (extraction === undefined) return;
    const { methods, moved } = extraction;
    if (methods.length === 0)
      out.refuse('REFIT_EXTRACT_CLASS_MEMBERS', owner, 'No method uses these fields alone. Name the members, or other fields.');
    const file = owner.getSourceFile();
    const taken = topLevelNames(file).has(options.name) || owner.getInstanceMember(options.delegate) !== undefined;
    if (taken)
      out.refuse(
        'REFIT_EXTRACT_CLASS_NAME_TAKEN',
        owner,
        `${options.name} or ${options.delegate} is declared already. Name them differently.`,
      );
    requirePlain(extraction);
    requireNotBuilding(extraction);
    requireNoSpies(extraction, workspace.sourceFiles());
    const fields = splitFields({ owner, moved: methods, out }, fieldNames(extraction));
    const callers = new Map(methods.map((method) => [method, callersOf(method, extraction)]));
    const open = new Set(
      methods
        .filter((each) => (callers.get(each)?.own.length ?? 0) > 0 || callers.get(each)?.foreign === true)
        .map((each) => each.getName()),
    );
    const text = newClassText({ owner, name: options.name, methods, fields, open, doc: options.doc });
    out.insert(file.getFilePath(), extentOf(owner).start, `${text}\n\n`);
    cutMethods(extraction, callers);
    cutFields(extraction, fields);
    addDelegate(extraction, fields);
    const list = (fate: SplitField['fate']): string =>
      fields
        .filter((each) => each.fate === fate)
        .map((each) => each.name)
        .join(', ') || 'none';
    out.holds('the moved methods call each other only', [...moved].join(', '));
    out.holds(
      'no field is written by both classes',
      `moved: ${list('own')}; handed over: ${list('given')}; held by both, never assigned again: ${list('shared')}`,
    );
  },
};
