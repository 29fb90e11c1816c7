// Tests and suites that are left out, or that leave all others out, and whether the file says why.
import { commentsOf, normalComment } from '../../kernel/comments.ts';
import { lineOf, ts, walk } from '../../kernel/parse-source.ts';
import type { Declaration } from './test-declarations.ts';

/** A test that is left out without a word of why. */
export interface UnexplainedSkip {
  readonly name: string;
  readonly line: number;
  /** As it is written: `it.skip`, `ctx.skip()`, `{ todo: true }`. */
  readonly how: string;
}

const skipping: ReadonlySet<string> = new Set(['skip', 'todo', 'only', 'skipIf', 'runIf', 'fixme']);
const directive = /^(eslint|oxlint|biome|prettier|@ts-|v8 |c8 |istanbul |node:coverage)/;

/** Lines that a comment of at least two words ends on. */
function explainedLines(source: ts.SourceFile): ReadonlySet<number> {
  const comments = commentsOf(source.fileName, source.text).filter(({ text }) => {
    const words = normalComment(text);
    return !directive.test(words) && /[\p{L}\p{N}]\S*\s+\S*[\p{L}\p{N}]/u.test(words);
  });
  return new Set(comments.map(({ end }) => lineOf(source, end)));
}

/** Comments of one file, looked for only when something is skipped in it. */
class Explanations {
  readonly #source: ts.SourceFile;
  #lines: ReadonlySet<number> | undefined;

  constructor(source: ts.SourceFile) {
    this.#source = source;
  }

  lineOf(node: ts.Node): number {
    return lineOf(this.#source, node.getStart(this.#source));
  }

  /** Whether a comment stands on the line where `node` starts, or ends on the line above it. */
  beside(node: ts.Node): boolean {
    this.#lines ??= explainedLines(this.#source);
    return this.#lines.has(this.lineOf(node)) || this.#lines.has(this.lineOf(node) - 1);
  }
}

function isFalse(node: ts.Expression): boolean {
  return node.kind === ts.SyntaxKind.FalseKeyword;
}

function holdsText(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) ? node.text.trim() !== '' : ts.isTemplateExpression(node);
}

/** `{ skip: true }`, the way of node:test and of vitest's options. */
function skippingOption(call: ts.CallExpression): ts.PropertyAssignment | undefined {
  return call.arguments
    .filter(ts.isObjectLiteralExpression)
    .flatMap((each) => each.properties.filter(ts.isPropertyAssignment))
    .find(({ name, initializer }) => ts.isIdentifier(name) && skipping.has(name.text) && !isFalse(initializer));
}

function howOf({ call, modifiers }: Declaration): string | undefined {
  if (modifiers.some((each) => skipping.has(each))) return call.expression.getText().replace(/\([\s\S]*/, '');
  const option = skippingOption(call);
  if (option !== undefined) return holdsText(option.initializer) ? undefined : `{ ${option.getText()} }`;
  return call.arguments.length < 2 && !modifiers.includes('each') ? `${call.expression.getText()} without a body` : undefined;
}

/** Whether a name, or a constant that it is made of, begins with `not run:`. */
function saysNotRun(name: ts.Node | undefined, source: ts.SourceFile): boolean {
  if (name === undefined) return false;
  const mentioned = new Set<string>();
  let says = false;
  const look = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) mentioned.add(node.text);
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) says ||= /^not run:/i.test(node.text);
  };
  walk(name, look);
  if (says || mentioned.size === 0) return says;
  walk(source, (node) => {
    const isMeant = ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && mentioned.has(node.name.text);
    if (isMeant && node.initializer !== undefined) walk(node.initializer, look);
  });
  return says;
}

/** Names by which a test reaches its context: its first parameter, or `skip` taken out of it. */
function contextNames(call: ts.CallExpression): ReadonlySet<string> {
  const names = new Set<string>(['this.skip']);
  for (const argument of call.arguments) {
    const parameter = ts.isArrowFunction(argument) || ts.isFunctionExpression(argument) ? argument.parameters : [];
    for (const { name } of parameter) {
      if (ts.isIdentifier(name)) names.add(`${name.text}.skip`).add(`${name.text}.todo`);
      else if (ts.isObjectBindingPattern(name) && name.elements.some((each) => each.name.getText() === 'skip')) names.add('skip');
    }
  }
  return names;
}

/** Calls inside of a test that end it as skipped: `ctx.skip()`; a text among their arguments is the reason. */
function skipsInside({ call, name }: Declaration, comments: Explanations): readonly UnexplainedSkip[] {
  const names = contextNames(call);
  const found: UnexplainedSkip[] = [];
  walk(call, (node) => {
    if (!ts.isCallExpression(node) || !names.has(node.expression.getText())) return;
    if (node.arguments.some(holdsText) || node.arguments.length > 1 || comments.beside(node)) return;
    found.push({ name, line: comments.lineOf(node), how: `${node.expression.getText()}()` });
  });
  return found;
}

export function unexplainedSkips(declarations: readonly Declaration[], source: ts.SourceFile): readonly UnexplainedSkip[] {
  const comments = new Explanations(source);
  return declarations.flatMap((declaration) => {
    const { call, isSuite, name, line } = declaration;
    const how = howOf(declaration);
    const isBare = how !== undefined && !saysNotRun(call.arguments[0], source) && !comments.beside(call);
    const inside = isSuite ? [] : skipsInside(declaration, comments);
    return isBare ? [{ name, line, how }, ...inside] : inside;
  });
}
