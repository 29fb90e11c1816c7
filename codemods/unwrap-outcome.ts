// Codemod: unwrap-outcome
//
// Takes apart a variable that holds how a `try` ended, where the code behind it only asks it again how that was.
//
// `let o: Reply<T>; try { o = { ok: true, value: V }; } catch (e) { o = { ok: false, error: E }; }` and the rest of the function
// become a variable for the value and, in the `catch`, one for the error; the rest is written twice, in the `catch` as it runs
// after a failure and behind the `try` as it runs after a success, with the questions answered. Every effect stays in its order.
// Preconditions: the rest always returns or throws, reads the variable only as `o.ok`, `o.value` and `o.error`, asks `o.ok`
// only in conditions of `if` statements, and uses neither the new names nor that of the caught error.
//
// with { "file": "example.ts", "in": "load", "outcome": "outcome", "value": "text", "error": "failure" }
// ```ts
// type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Error };
// declare function read(): Promise<string>;
// declare const log: { warn(text: string): void };
// export async function load(): Promise<string> {
//   let outcome: Reply<string>;
//   try {
//     outcome = { ok: true, value: await read() };
//   } catch (error) {
//     outcome = { ok: false, error: new Error(String(error)) };
//   }
//
//   let shown: string;
//   if (!outcome.ok) {
//     shown = `error: ${outcome.error.message}`;
//   } else {
//     shown = outcome.value;
//   }
//   log.warn(shown);
//   if (!outcome.ok) throw outcome.error;
//   return outcome.value;
// }
// ```
// ->
// ```ts
// type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Error };
// declare function read(): Promise<string>;
// declare const log: { warn(text: string): void };
// export async function load(): Promise<string> {
//   let text: string;
//   try {
//     text = await read();
//   } catch (error) {
//     const failure = new Error(String(error));
//     const shown = `error: ${failure.message}`;
//     log.warn(shown);
//     throw failure;
//   }
//
//   const shown = text;
//   log.warn(shown);
//   return text;
// }
// ```
//
// with { "file": "example.ts", "in": "load", "outcome": "outcome", "value": "text", "error": "failure" }
// ```ts
// type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };
// declare function read(): string;
// declare function keep(reply: Reply<string>): string;
// export function load(): string {
//   let outcome: Reply<string>;
//   try {
//     outcome = { ok: true, value: read() };
//   } catch (error) {
//     outcome = { ok: false, error };
//   }
//   return keep(outcome);
// }
// ```
// -> refused: REFIT_UNWRAP_USE
import { Node, type Statement } from 'ts-morph';
import { bodyOf, functionNamed } from './analysis/code-selector.ts';
import { canComplete } from './analysis/control-exits.ts';
import { type CapturedOutcome, capturedOutcome, type Side, typeOfSide } from './analysis/captured-outcome.ts';
import { continuationText, unknownUse } from './analysis/outcome-continuation.ts';
import type { Codemod } from './kernel/codemod.ts';
import { reindent } from './kernel/indent.ts';
import type { Proposal } from './kernel/proposal.ts';
import { indentAt } from './kernel/text-positions.ts';

export interface UnwrapOutcomeOptions {
  readonly file: string;
  readonly in: string;
  readonly outcome: string;
  readonly value: string;
  readonly error: string;
}

function requireFreeNames(owner: Node, { value, error }: UnwrapOutcomeOptions, out: Proposal): void {
  const taken = owner.getDescendants().find((node) => {
    const parent = node.getParent();
    const isMember = Node.isPropertyAccessExpression(parent) && parent.getNameNode() === node;
    const isKey = Node.isPropertyAssignment(parent) && parent.getNameNode() === node;
    return Node.isIdentifier(node) && !isMember && !isKey && (node.getText() === value || node.getText() === error);
  });
  if (taken !== undefined)
    out.refuse(
      'REFIT_UNWRAP_NAME',
      taken,
      `${taken.getText()} is used in the function already. Give another name for \`value\` or \`error\`.`,
    );
}

function requireRest(outcome: CapturedOutcome, out: Proposal): void {
  const { rest, name, caught } = outcome;
  const last = rest.at(-1);
  if (last === undefined || rest.every(canComplete)) {
    out.refuse(
      'REFIT_UNWRAP_END',
      last ?? outcome.attempt,
      `The code behind ${name} reaches its end. Expected: it always returns or throws, so that it can run inside the \`catch\`.`,
    );
  }
  const unknown = unknownUse(outcome);
  if (unknown !== undefined) {
    out.refuse(
      'REFIT_UNWRAP_USE',
      unknown,
      `${name} is used as \`${unknown.getParentOrThrow().getText()}\`. Only its tag (in conditions of \`if\`), its value and its error can be taken apart.`,
    );
  }
  const hidden =
    caught === undefined
      ? undefined
      : rest
          .flatMap((each) => each.getDescendants())
          .find((node) => Node.isIdentifier(node) && node.getText() === caught && isVariable(node));
  if (hidden !== undefined && !declaredInRest(hidden, rest)) {
    out.refuse(
      'REFIT_UNWRAP_NAME',
      hidden,
      `The code behind uses ${caught ?? ''}, which is the caught error inside the \`catch\`. Rename one of them.`,
    );
  }
}

function isVariable(node: Node): boolean {
  const parent = node.getParent();
  if (Node.isPropertyAccessExpression(parent)) return parent.getNameNode() !== node;
  return !(Node.isPropertyAssignment(parent) && parent.getNameNode() === node);
}

function declaredInRest(node: Node, rest: readonly Statement[]): boolean {
  const symbol = Node.isShorthandPropertyAssignment(node.getParent()) ? undefined : node.getSymbol();
  const declaration = symbol?.getDeclarations()[0];
  return (
    declaration !== undefined &&
    rest.some((each) => each.getPos() <= declaration.getPos() && declaration.getEnd() <= each.getEnd())
  );
}

function sideText(outcome: CapturedOutcome, side: Side, payload: string): string {
  return continuationText(outcome, side, payload);
}

/** What would go on with the statement of the line before it, were there no semicolon. */
const continuesLine = /^[([`+\-/]/;

export const unwrapOutcome: Codemod<UnwrapOutcomeOptions> = {
  name: 'unwrap-outcome',
  options: {
    file: { kind: 'text', required: true, help: 'the file of the function' },
    in: { kind: 'text', required: true, help: 'the function, or Class.method' },
    outcome: { kind: 'text', required: true, help: 'the variable that holds how the try ended' },
    value: { kind: 'text', required: true, help: 'the name for the value' },
    error: { kind: 'text', required: true, help: 'the name for the error' },
  },
  propose(workspace, options, out) {
    const file = workspace.sourceFile(options.file);
    const owner = functionNamed(file, options.in);
    const outcome = capturedOutcome(bodyOf(owner), options.outcome);
    if (outcome === undefined) {
      const gone = owner
        .getDescendants()
        .every((node) => !(Node.isVariableDeclaration(node) && node.getName() === options.outcome));
      if (gone) return out.skip(owner, `${options.in} has no variable ${options.outcome}.`);
      const message = `${options.outcome} is not \`let o: T; try { o = { tag: true, … }; } catch (e) { o = { tag: false, … }; }\` with nothing else in it. Nothing was proposed.`;
      return out.refuse('REFIT_UNWRAP_SHAPE', owner, message);
    }
    requireFreeNames(owner, options, out);
    requireRest(outcome, out);
    const indent = indentAt(file.getFullText(), outcome.declaration.getStart());
    const inner = `${indent}${indent.includes('\t') ? '\t' : '  '}`;
    const end = outcome.declaration.getText().endsWith(';') ? ';' : '';
    const type = typeOfSide(outcome, outcome.success);
    const failed = reindent(sideText(outcome, outcome.failure, options.error), inner, '');
    const succeeded = reindent(sideText(outcome, outcome.success, options.value), indent, '');
    const text = [
      `let ${options.value}: ${type}${end}`,
      `${indent}try {`,
      `${inner}${options.value} = ${outcome.success.payload.getText()}${end}`,
      `${indent}} catch${outcome.caught === undefined ? '' : ` (${outcome.caught})`} {`,
      `${inner}const ${options.error} = ${outcome.failure.payload.getText()}${continuesLine.test(failed) ? ';' : end}`,
      `${inner}${failed}`,
      `${indent}}`,
      '',
      `${indent}${succeeded}`,
    ].join('\n');
    out.edit(
      file.getFilePath(),
      [outcome.declaration.getStart(), outcome.rest.at(-1)?.getEnd() ?? outcome.attempt.getEnd()],
      text,
      'merged',
    );
    out.holds('the code behind the try always returns or throws', `${String(outcome.rest.length)} statements`);
    out.holds('each question is answered on both sides', `${outcome.name}.${outcome.tag}`);
  },
};
