// Codemod: encapsulate-outside-touches
//
// Replaces what other code does to the fields of a class by methods that say what is meant, and makes the fields private.
// Each entry of `methods` is a method to add: `{ "field": "failures", "shape": "increment" }` for `x.failures += 1`,
// `{ "field": "lastMs", "shape": "store", "parameter": "nowMs" }` for `x.lastMs = …`,
// or `{ "field": "latencies", "from": "Owner.record" }` for a method of another class that touches nothing but this one:
// it moves in, and its callers reach it through the field it used. `doc` is the comment of the new method.
//
// Every write from outside must be of a shape that is named; a read from outside is refused with the list of places, unless
// the field is in `keepReadable`. A field that an interface requires stays public. Both are reported.
//
// with { "file": "meter.ts", "class": "Counts", "methods": {
//   "recordFailure": { "field": "failures", "shape": "increment", "doc": "One more has failed." },
//   "stamp": { "field": "lastMs", "shape": "store", "parameter": "nowMs" },
//   "recordLatency": { "field": "latencies", "from": "Meter.record" } } }
// ```ts
// // ---- meter.ts
// export class Counts {
//   failures = 0;
//   lastMs = 0;
//   latencies: number[] = [];
//
//   get score(): number {
//     return this.failures + this.lastMs + this.latencies.length;
//   }
// }
//
// export class Meter {
//   private readonly counts = new Counts();
//
//   /** Keeps a latency. */
//   private record(latencyMs: number): void {
//     this.counts.latencies.push(latencyMs);
//   }
//
//   fail(nowMs: number): void {
//     this.counts.failures += 1;
//     this.counts.lastMs = nowMs + 1;
//     this.record(nowMs);
//   }
// }
// ```
// ->
// ```ts
// // ---- meter.ts
// export class Counts {
//   private failures = 0;
//   private lastMs = 0;
//   private latencies: number[] = [];
//
//   /** One more has failed. */
//   recordFailure(): void {
//     this.failures += 1;
//   }
//
//   stamp(nowMs: number): void {
//     this.lastMs = nowMs;
//   }
//
//   /** Keeps a latency. */
//   recordLatency(latencyMs: number): void {
//     this.latencies.push(latencyMs);
//   }
//
//   get score(): number {
//     return this.failures + this.lastMs + this.latencies.length;
//   }
// }
//
// export class Meter {
//   private readonly counts = new Counts();
//
//   fail(nowMs: number): void {
//     this.counts.recordFailure();
//     this.counts.stamp(nowMs + 1);
//     this.counts.recordLatency(nowMs);
//   }
// }
// ```
//
// A write that no method stands for:
//
// with { "file": "meter.ts", "class": "Counts", "methods": { "fail": { "field": "failures", "shape": "increment" } } }
// ```ts
// // ---- meter.ts
// export class Counts {
//   failures = 0;
// }
//
// export function fail(counts: Counts): void {
//   counts.failures += 1;
// }
//
// export function forget(counts: Counts): void {
//   counts.failures = 0;
// }
// ```
// -> refused: REFIT_ENCAPSULATE_TOUCH
import { type ClassDeclaration, Node, type PropertyDeclaration, Scope } from 'ts-morph';
import { insertMembers } from './analysis/class-members.ts';
import { classNamed, type FieldUse, fieldUses, propertyNamed } from './analysis/field-uses.ts';
import { movedMethod, type MovedMethod } from './analysis/moved-method.ts';
import { removalRanges } from './analysis/removal-ranges.ts';
import { typeText } from './analysis/type-text.ts';
import type { Codemod } from './kernel/codemod.ts';
import type { Proposal } from './kernel/proposal.ts';
import type { Workspace } from './kernel/workspace.ts';

/** A method to add to the class. */
export interface TouchMethod {
  readonly field: string;
  readonly shape?: 'increment' | 'store';
  /** Of a `store`; default `value`. */
  readonly parameter?: string;
  /** `Class.method` of the same file or one that imports the class: it moves in. */
  readonly from?: string;
  readonly doc?: string;
}

export interface EncapsulateOutsideTouchesOptions {
  readonly file: string;
  readonly class: string;
  readonly methods: Readonly<Record<string, TouchMethod>>;
  /** Fields that code outside may go on reading. */
  readonly keepReadable?: readonly string[];
}

interface Encapsulation {
  readonly workspace: Workspace;
  readonly options: EncapsulateOutsideTouchesOptions;
  readonly owner: ClassDeclaration;
  /** By the name the method gets. */
  readonly moved: ReadonlyMap<string, MovedMethod>;
  readonly out: Proposal;
}

/** What code outside of the class does to one field. */
interface FieldTouches {
  readonly field: PropertyDeclaration;
  readonly rewritten: readonly (readonly [use: FieldUse, method: string])[];
  /** Interface members that the field must be public for. */
  readonly required: readonly Node[];
  readonly reads: readonly Node[];
}

function isInside(node: Node, owner: Node): boolean {
  return node.getSourceFile() === owner.getSourceFile() && owner.getPos() <= node.getPos() && node.getEnd() <= owner.getEnd();
}

function listOf(workspace: Workspace, nodes: readonly Node[]): string {
  return nodes
    .map((node) => `${workspace.relative(node.getSourceFile().getFilePath())}:${String(node.getStartLineNumber())}`)
    .join(', ');
}

/** The declarations of the member that is touched. */
function touchedDeclarations({ node, access }: FieldUse): readonly Node[] {
  if (access !== undefined) return node.getSymbol()?.getDeclarations() ?? [];
  const holder = node.getParent()?.getParent();
  const type = Node.isObjectLiteralExpression(holder) ? (holder.getContextualType() ?? holder.getType()) : holder?.getType();
  return type?.getProperty(node.getText())?.getDeclarations() ?? [];
}

/** Whether the member is reached through another type than the class. */
function isThroughInterface(use: FieldUse, owner: ClassDeclaration): boolean {
  const declarations = touchedDeclarations(use);
  return declarations.length > 0 && declarations.every((each) => !isInside(each, owner));
}

function touchesOf({ workspace, options, owner, moved, out }: Encapsulation, name: string): FieldTouches {
  const field = propertyNamed(owner, name);
  const specs = Object.entries(options.methods).filter(([, spec]) => spec.field === name);
  const outside = fieldUses(field).filter(
    (use) => !isInside(use.node, owner) && ![...moved.values()].some(({ method }) => isInside(use.node, method)),
  );
  const required = outside.filter((use) => use.touch === 'declaration').map((use) => use.node);
  const direct = outside.filter((use) => use.touch !== 'declaration' && !isThroughInterface(use, owner));
  const rewritten: (readonly [FieldUse, string])[] = [];
  const wrong: Node[] = [];
  const reads: Node[] = [];
  for (const use of direct) {
    const [method] = specs.find(([, spec]) => spec.shape === use.touch && spec.from === undefined) ?? [];
    if (method !== undefined) rewritten.push([use, method]);
    else if (use.touch === 'read') reads.push(use.node);
    else wrong.push(use.node);
  }
  if (wrong.length > 0)
    out.refuse(
      'REFIT_ENCAPSULATE_TOUCH',
      wrong[0],
      `${name} is written from outside in a way no method stands for: ${listOf(workspace, wrong)}. Name a method with the shape, or change these places first.`,
    );
  if (reads.length > 0 && required.length === 0 && options.keepReadable?.includes(name) !== true) {
    out.refuse(
      'REFIT_ENCAPSULATE_READ',
      reads[0],
      `${name} is read from outside: ${listOf(workspace, reads)}. Add it to keepReadable (it then stays public), or give the class a method that answers.`,
    );
  }
  return { field, rewritten, required, reads };
}

function rewriteTouch({ use, method, out }: { readonly use: FieldUse; readonly method: string; readonly out: Proposal }): void {
  const { access, object } = use;
  const statement = access?.getParent();
  if (access === undefined || object === undefined || statement === undefined) return;
  const path = access.getSourceFile().getFilePath();
  if (use.touch === 'increment') {
    out.edit(path, [statement.getStart(), object.getStart()], '');
    out.edit(path, [object.getEnd(), statement.getEnd()], `.${method}()`);
    return;
  }
  const value = Node.isBinaryExpression(statement) ? statement.getRight() : undefined;
  if (value === undefined) return;
  out.edit(path, [object.getEnd(), value.getStart()], `.${method}(`);
  out.insert(path, value.getEnd(), ')');
}

function methodText({ options, owner, moved }: Encapsulation, name: string): string {
  const spec = options.methods[name];
  const known = moved.get(name);
  if (known !== undefined || spec === undefined) return known?.text ?? '';
  const field = owner.getInstancePropertyOrThrow(spec.field);
  const doc = spec.doc === undefined ? '' : `/** ${spec.doc} */\n`;
  if (spec.shape === 'increment') return `${doc}${name}(): void {\n  this.${spec.field} += 1;\n}`;
  const parameter = spec.parameter ?? 'value';
  const type = typeText(field.getType(), field, Node.isPropertyDeclaration(field) ? field.getTypeNode() : undefined).text;
  return `${doc}${name}(${parameter}: ${type}): void {\n  this.${spec.field} = ${parameter};\n}`;
}

/** Makes the field private, or says why it stays public. Answers whether it was closed. */
function close({ workspace, owner, out }: Encapsulation, { field, required, reads }: FieldTouches): boolean {
  const open = [...required, ...reads];
  const where = `${owner.getName() ?? ''}.${field.getName()}`;
  if (open.length > 0) {
    const why =
      required.length > 0
        ? `an interface requires it (${listOf(workspace, required)})`
        : `it is read at ${listOf(workspace, reads)}`;
    out.finding('note', field, `${where} stays public: ${why}. Nothing outside of the class writes it any more.`);
    return false;
  }
  if (field.getScope() !== Scope.Public) return false;
  const path = field.getSourceFile().getFilePath();
  const keyword = field.getModifiers().find((each) => each.getText() === 'public');
  if (keyword === undefined) out.insert(path, (field.getModifiers()[0] ?? field.getNameNode()).getStart(), 'private ');
  else out.replace(keyword, 'private');
  return true;
}

function requireSpecs({ options, owner, out }: Encapsulation): void {
  for (const [name, spec] of Object.entries(options.methods)) {
    if ((spec.shape === undefined) === (spec.from === undefined))
      out.refuse(
        'REFIT_ENCAPSULATE_SPEC',
        owner,
        `Method ${name} needs either a shape (increment, store) or \`from\` (Class.method).`,
      );
    const type = owner.getInstanceProperty(spec.field)?.getType();
    if (spec.shape === 'increment' && type?.isNumber() === false)
      out.refuse('REFIT_ENCAPSULATE_SPEC', owner, `${spec.field} is no number and cannot be incremented by ${name}.`);
  }
  const base = owner.getBaseClass();
  const taken = Object.keys(options.methods).find(
    (name) =>
      owner.getInstanceMember(name) !== undefined ||
      owner.getStaticMember(name) !== undefined ||
      base?.getInstanceMember(name) !== undefined,
  );
  if (taken !== undefined)
    out.refuse(
      'REFIT_ENCAPSULATE_NAME_TAKEN',
      owner.getInstanceMember(taken) ?? owner,
      `${owner.getName() ?? 'The class'} has a member ${taken} already. Name the method differently.`,
    );
}

function write(encapsulation: Encapsulation, touches: readonly FieldTouches[]): void {
  const { options, owner, moved, out } = encapsulation;
  const { at, text } = insertMembers(
    owner,
    Object.keys(options.methods).map((name) => methodText(encapsulation, name)),
  );
  out.insert(owner.getSourceFile().getFilePath(), at, text);
  for (const each of touches) {
    for (const [use, method] of each.rewritten) rewriteTouch({ use, method, out });
  }
  const closed = touches.filter((each) => close(encapsulation, each)).map((each) => each.field.getName());
  if (owner.isExported() && closed.length > 0) {
    out.finding('api', owner, `${options.class} is exported; these fields are private now: ${closed.join(', ')}.`);
  }
  for (const { method, callees, callee, requests } of moved.values()) {
    const file = method.getSourceFile();
    for (const [start, end] of removalRanges(file.getFullText(), [method.compilerNode]))
      out.edit(file.getFilePath(), [start, end], '');
    for (const node of callees) out.replace(node, callee);
    for (const request of requests) out.needImport(request);
  }
}

/** Whether every method is there and nothing is left to do from outside. */
function isDone({ options, owner }: Encapsulation): boolean {
  const methods = Object.entries(options.methods);
  if (!methods.every(([name]) => owner.getInstanceMethod(name) !== undefined)) return false;
  const isLeft = (use: FieldUse): boolean =>
    !isInside(use.node, owner) && use.touch !== 'declaration' && use.touch !== 'read' && !isThroughInterface(use, owner);
  return methods.every(([, spec]) => !fieldUses(propertyNamed(owner, spec.field)).some(isLeft));
}

export const encapsulateOutsideTouches: Codemod<EncapsulateOutsideTouchesOptions> = {
  name: 'encapsulate-outside-touches',
  options: {
    file: { kind: 'text', required: true, help: 'module of the class' },
    class: { kind: 'text', required: true, help: 'class whose fields are touched from outside' },
    methods: {
      kind: 'data',
      required: true,
      help: 'name of each new method: { field, shape: increment | store, parameter?, doc? } or { field, from: Class.method }',
    },
    keepReadable: { kind: 'list', help: 'fields that code outside may go on reading' },
  },
  propose(workspace, options, out) {
    const owner = classNamed(workspace.sourceFile(options.file), options.class);
    const empty: Encapsulation = { workspace, options, owner, moved: new Map(), out };
    if (isDone(empty)) return;
    requireSpecs(empty);
    const moved = new Map(
      Object.entries(options.methods).flatMap(([name, spec]) =>
        spec.from === undefined ? [] : [[name, movedMethod(workspace, owner, spec.from, name)] as const],
      ),
    );
    const encapsulation: Encapsulation = { ...empty, moved };
    const fields = [...new Set(Object.values(options.methods).map((spec) => spec.field))];
    const touches = fields.map((name) => touchesOf(encapsulation, name));
    for (const { field, rewritten, required } of touches) {
      const kept = required.length > 0 ? ', read through an interface' : '';
      out.holds(
        `nothing outside writes ${options.class}.${field.getName()} but through a method`,
        `${String(rewritten.length)} places rewritten${kept}`,
      );
    }
    write(encapsulation, touches);
  },
};
