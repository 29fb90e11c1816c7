// What the gate counts in a source file itself, independent of any report: code lines, functions, statements, inline tests.
import { lineOf, parseSource, physicalLines, ts, walk } from '../kernel/parse-source.ts';
import type { LineSpan } from './coverage-model.ts';
import { hashOf } from './text-hash.ts';

export interface FunctionFacts {
  readonly name: string;
  readonly line: number;
  /** Physical lines from its first token to its last. */
  readonly lines: number;
}

/** Facts of one text; the same text always gives the same facts. */
export interface TextFacts {
  readonly lines: number;
  /** Lines that hold more than blanks and comments. */
  readonly codeLines: number;
  /** Numbers of the lines that hold nothing or comments alone, ascending. */
  readonly emptyLines: readonly number[];
  /** Lines on which a statement that runs starts: what can be covered when no report says. */
  readonly statementLines: readonly number[];
  readonly functions: readonly FunctionFacts[];
  /** Tests written into the source (`if (import.meta.vitest)`): never part of the sums. */
  readonly inlineTests: readonly LineSpan[];
  readonly hash: string;
}

function spanOf(node: ts.Node, source: ts.SourceFile): LineSpan {
  return { from: lineOf(source, node.getStart(source)), to: lineOf(source, node.getEnd()) };
}

/** Marks the lines that tokens stand on, token by token: what is left are blanks and comments. */
function markCode(node: ts.Node, source: ts.SourceFile, marked: Set<number>): void {
  const children = node.getChildren(source).filter((child) => !ts.isJSDoc(child));
  for (const child of children) markCode(child, source, marked);
  if (children.length > 0 || node.getStart(source) >= node.getEnd()) return;
  const { from, to } = spanOf(node, source);
  for (let line = from; line <= to; line += 1) marked.add(line);
}

function isFunctionWithBody(node: ts.Node): node is ts.FunctionLikeDeclaration & { readonly body: ts.Node } {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

function nameOf(node: ts.FunctionLikeDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  const { parent } = node;
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent.name.getText() : 'function';
}

const neverRuns: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.Block,
  ts.SyntaxKind.EmptyStatement,
  ts.SyntaxKind.FunctionDeclaration,
  ts.SyntaxKind.ClassDeclaration,
  ts.SyntaxKind.InterfaceDeclaration,
  ts.SyntaxKind.TypeAliasDeclaration,
  ts.SyntaxKind.ImportDeclaration,
  ts.SyntaxKind.ExportDeclaration,
  ts.SyntaxKind.ModuleDeclaration,
]);

function runs(node: ts.Node): boolean {
  if (ts.isVariableDeclaration(node)) return node.initializer !== undefined;
  return ts.isStatement(node) && !ts.isVariableStatement(node) && !neverRuns.has(node.kind);
}

function isInlineTest(node: ts.Node): boolean {
  return ts.isIfStatement(node) && node.expression.getText() === 'import.meta.vitest';
}

/** Counts one file's text. */
export function textFacts(path: string, text: string): TextFacts {
  const source = parseSource(path, text);
  const code = new Set<number>();
  const statements = new Set<number>();
  const functions: FunctionFacts[] = [];
  const inlineTests: LineSpan[] = [];
  markCode(source, source, code);
  walk(source, (node) => {
    const span = spanOf(node, source);
    if (isInlineTest(node)) inlineTests.push(span);
    if (runs(node)) statements.add(span.from);
    if (isFunctionWithBody(node)) functions.push({ name: nameOf(node), line: span.from, lines: span.to - span.from + 1 });
  });
  const tested = (line: number): boolean => inlineTests.some((span) => line >= span.from && line <= span.to);
  const lines = physicalLines(text);
  const emptyLines = Array.from({ length: lines }, (_, at) => at + 1).filter((line) => !code.has(line));
  return {
    lines,
    codeLines: lines - emptyLines.length,
    emptyLines,
    statementLines: [...statements].filter((line) => !tested(line)).toSorted((left, right) => left - right),
    functions: functions.filter((each) => !tested(each.line)),
    inlineTests,
    hash: hashOf(text),
  };
}
