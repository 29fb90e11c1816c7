// Codemod: remove-unused-parameter
//
// Removes a parameter that a function or method never reads, and the argument at every call. The function may be a
// declaration, a `const` that holds one, or a method (`Class.method`).
//
// Preconditions: the body neither reads the parameter nor uses `arguments`; every use of the function in the project is a
// direct call; the dropped arguments can be left out unnoticed (no calls, assignments or accesses that may run a getter);
// no interface, base class or subclass fixes its signature. A function that others can reach (exported, or a method that
// is not private) needs `public`, because callers outside the project are not seen; the change is then a finding.
//
// with { "file": "example.ts", "function": "greet", "parameter": "locale" }
// ```ts
// function greet(name: string, locale: string): string {
//   return `Hello ${name}`;
// }
// console.log(greet('Ada', 'en'), greet('Grace', 'us'));
// ```
// ->
// ```ts
// function greet(name: string): string {
//   return `Hello ${name}`;
// }
// console.log(greet('Ada'), greet('Grace'));
// ```
//
// The `@param` line goes along; imports that only the argument used go, too.
//
// with { "file": "router.ts", "function": "Router.send", "parameter": "context" }
// ```ts
// // ---- context.ts
// export const context = 'production';
// // ---- router.ts
// import { context } from './context.ts';
//
// export class Router {
//   route(path: string): string {
//     return this.send(context, path);
//   }
//
//   /**
//    * Sends.
//    * @param context where it runs
//    * @param path where to
//    */
//   private send(context: string, path: string): string {
//     return path;
//   }
// }
// ```
// ->
// ```ts
// // ---- context.ts
// export const context = 'production';
// // ---- router.ts
// export class Router {
//   route(path: string): string {
//     return this.send(path);
//   }
//
//   /**
//    * Sends.
//    * @param path where to
//    */
//   private send(path: string): string {
//     return path;
//   }
// }
// ```
//
// Refused: an argument whose evaluation can be seen.
//
// with { "file": "example.ts", "function": "greet", "parameter": "at" }
// ```ts
// function greet(name: string, at: number): string {
//   return `Hello ${name}`;
// }
// let calls = 0;
// greet('Ada', calls++);
// ```
// -> refused: REFIT_PARAMETER_ARGUMENT
//
// Refused: a function that is handed on, because its callers are not known.
//
// with { "file": "example.ts", "function": "double", "parameter": "index" }
// ```ts
// const double = (value: number, index: number): number => value * 2;
// console.log([1, 2].map(double));
// ```
// -> refused: REFIT_PARAMETER_VALUE_USE
import { Node, type ParameterDeclaration, type SourceFile, SyntaxKind } from 'ts-morph';
import { findFunction, fixesSignature, isReachableFromOutside, type NamedFunction } from './analysis/named-function.ts';
import type { Codemod } from './kernel/codemod.ts';
import type { Proposal } from './kernel/proposal.ts';
import { isInert } from './kernel/top-level-effects.ts';
import type { Workspace } from './kernel/workspace.ts';

interface Options {
  readonly file: string;
  readonly function: string;
  readonly parameter: string;
  readonly public?: boolean;
}

export const removeUnusedParameter: Codemod<Options> = {
  name: 'remove-unused-parameter',
  options: {
    file: { kind: 'text', required: true, help: 'file of the function' },
    function: { kind: 'text', required: true, help: 'name of the function, or Class.method' },
    parameter: { kind: 'text', required: true, help: 'name of the parameter' },
    public: { kind: 'flag', help: 'accept that callers outside the project may pass it' },
  },
  propose(workspace, options, out) {
    const target = findFunction(workspace.sourceFile(options.file), options.function);
    const parameters = target.node.getParameters();
    const at = parameters.findIndex((parameter) => parameter.getName() === options.parameter);
    const parameter = parameters[at];
    if (parameter === undefined) {
      const names = parameters.map((each) => each.getName()).join(', ');
      out.skip(target.node, `${options.function} has no parameter ${options.parameter} (any more); it has: ${names || 'none'}.`);
      return;
    }
    requireRemovable(workspace, target, parameter, out);
    requireUnread(target, parameter, out);
    if (isReachableFromOutside(target)) acceptPublic(target, options, out);
    const calls = callsOf(target, out);
    for (const call of calls) dropArgument(call, at, parameter.isRestParameter(), out);
    out.holds(`every use of ${options.function} is a direct call`, `${String(calls.length)} calls in the project`);
    const { start, end } = listRange(parameters, at, at);
    out.edit(target.node.getSourceFile().getFilePath(), [start, end], '', 'deleted');
    dropParamTags(target, options.parameter, out);
  },
};

function requireRemovable(workspace: Workspace, target: NamedFunction, parameter: ParameterDeclaration, out: Proposal): void {
  const what = whyNotRemovable(workspace, target, parameter);
  if (what === undefined) return;
  out.refuse('REFIT_PARAMETER_SIGNATURE', parameter, `${target.name} cannot lose ${parameter.getName()}: ${what}.`);
}

function whyNotRemovable(workspace: Workspace, target: NamedFunction, parameter: ParameterDeclaration): string | undefined {
  if (parameter.isParameterProperty()) return 'it is also a property of the class; remove that first';
  if (parameter.getName() === 'this') return 'it is the type of `this`';
  if (!Node.isIdentifier(parameter.getNameNode())) return 'it is a pattern; name a plain parameter';
  const initializer = parameter.getInitializer();
  if (initializer !== undefined && !isInert(initializer)) return 'evaluating its default value can be seen';
  return fixesSignature(workspace, target);
}

function requireUnread(target: NamedFunction, parameter: ParameterDeclaration, out: Proposal): void {
  const name = parameter.getNameNode();
  const read = parameter.findReferencesAsNodes().find((node) => node !== name && !isInComment(node));
  if (read !== undefined) {
    out.refuse(
      'REFIT_PARAMETER_USED',
      read,
      `${target.name} uses ${parameter.getName()} here. Only a parameter that nothing reads is removed.`,
    );
  }
  const byPosition = target.node.getDescendantsOfKind(SyntaxKind.Identifier).find((node) => node.getText() === 'arguments');
  if (byPosition !== undefined) {
    out.refuse(
      'REFIT_PARAMETER_USED',
      byPosition,
      `${target.name} uses \`arguments\`, so positions count. Name its parameters instead, first.`,
    );
  }
  out.holds(`${target.name} does not read ${parameter.getName()}`, 'no reference in its body, no `arguments`');
}

function acceptPublic(target: NamedFunction, options: Options, out: Proposal): void {
  if (options.public !== true) {
    out.refuse(
      'REFIT_PARAMETER_PUBLIC',
      target.node,
      `${target.name} can be called from outside the project. Make it private, or accept the change with \`public\`.`,
    );
  }
  out.finding('api', target.node, `${target.name} loses its parameter ${options.parameter}.`);
}

interface Call {
  readonly file: SourceFile;
  readonly args: readonly Node[];
}

/** Every call of the function; refused when it is used in another way. */
function callsOf(target: NamedFunction, out: Proposal): readonly Call[] {
  const calls: Call[] = [];
  for (const reference of target.nameNode.findReferencesAsNodes()) {
    if (reference === target.nameNode || isMention(reference) || isInComment(reference)) continue;
    const callee = calleeOf(reference);
    const call = callee.getParent();
    if (!Node.isCallExpression(call) || call.getExpression() !== callee) {
      out.refuse(
        'REFIT_PARAMETER_VALUE_USE',
        reference,
        `${target.name} is used here as a value, so its callers are not known. Call it in an arrow function instead, or keep the parameter.`,
      );
    }
    calls.push({ file: reference.getSourceFile(), args: call.getArguments() });
  }
  return calls;
}

/** Import and export lists name a function without using it. */
function isMention(reference: Node): boolean {
  return Node.isImportSpecifier(reference.getParent()) || Node.isExportSpecifier(reference.getParent());
}

function isInComment(reference: Node): boolean {
  return reference.getFirstAncestor((each) => Node.isJSDoc(each)) !== undefined;
}

/** `this.send` for the `send` in it. */
function calleeOf(reference: Node): Node {
  const parent = reference.getParent();
  return Node.isPropertyAccessExpression(parent) && parent.getNameNode() === reference ? parent : reference;
}

function dropArgument(call: Call, at: number, isRest: boolean, out: Proposal): void {
  const spread = call.args.slice(0, at + 1).find((arg) => Node.isSpreadElement(arg));
  if (spread !== undefined) {
    out.refuse(
      'REFIT_PARAMETER_ARGUMENT',
      spread,
      'Arguments are spread here, so it is not known which one is passed. List them instead, first.',
    );
  }
  const last = isRest ? call.args.length - 1 : at;
  const dropped = call.args.slice(at, last + 1);
  if (dropped.length === 0) return; // optional, and left out here
  const seen = dropped.find((arg) => !isInert(arg));
  if (seen !== undefined) {
    out.refuse(
      'REFIT_PARAMETER_ARGUMENT',
      seen,
      `Evaluating the argument ${seen.getText()} can be seen, so it must not go. Evaluate it in a statement before the call, first.`,
    );
  }
  const { start, end } = listRange(call.args, at, last);
  out.edit(call.file.getFilePath(), [start, end], '', 'deleted');
}

/** The range of items `from`…`to` of a list with the comma that goes with them. */
function listRange(items: readonly Node[], from: number, to: number): { readonly start: number; readonly end: number } {
  const before = items[from - 1];
  const after = items[to + 1];
  const end = items[to]?.getEnd() ?? 0;
  if (after !== undefined) return { start: items[from]?.getStart() ?? 0, end: after.getStart() };
  if (before !== undefined) return { start: before.getEnd(), end };
  const comma = items[to]?.getNextSiblingIfKind(SyntaxKind.CommaToken);
  return { start: items[from]?.getStart() ?? 0, end: comma?.getEnd() ?? end };
}

/** Takes the `@param` lines of the parameter out of the JSDoc comment; a comment that holds nothing else goes. */
function dropParamTags(target: NamedFunction, name: string, out: Proposal): void {
  for (const doc of target.documented.getJsDocs()) {
    const tag = doc.getTags().find((each) => Node.isJSDocParameterTag(each) && each.getName() === name);
    if (tag === undefined) continue;
    const text = doc.getText();
    const lines = text.split('\n');
    const first = text.slice(0, tag.getStart() - doc.getStart()).split('\n').length - 1;
    const isTag = (line: string): boolean => /^\s*\*\s*@/.test(line);
    let end = first + 1;
    while (end < lines.length - 1 && !isTag(lines[end] ?? '')) end += 1;
    if (first === 0 || lines.length < 3) continue; // all on one line: a reviewer decides
    const path = doc.getSourceFile().getFilePath();
    out.edit(path, [doc.getStart(), doc.getEnd()], [...lines.slice(0, first), ...lines.slice(end)].join('\n'), 'deleted');
  }
}
