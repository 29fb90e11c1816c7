// Rule: a type assertion in src and codemods has a comment beside it that says why it holds.
import { isUnder } from '../kernel/glob.ts';
import { lineOf, ts } from '../kernel/parse-source.ts';
import type { Finding, HouseFile } from './house-file.ts';
import { findingsIn } from './house-file.ts';

function isAssertion(node: ts.Node): node is ts.AsExpression | ts.TypeAssertion {
  if (ts.isTypeAssertionExpression(node)) return true;
  return ts.isAsExpression(node) && !ts.isConstTypeReference(node.type);
}

function statementOf(node: ts.Node): ts.Node {
  let at = node;
  while (!ts.isStatement(at) && !ts.isClassElement(at) && !ts.isSourceFile(at.parent)) at = at.parent;
  return at;
}

/** A comment counts on the lines of the assertion, on the line above it, and on the line above its statement. */
function hasReason(file: HouseFile, node: ts.Node): boolean {
  const first = (each: ts.Node): number => lineOf(file.source, each.getStart(file.source));
  const last = lineOf(file.source, node.getEnd());
  const above = new Set([first(node) - 1, first(statementOf(node)) - 1]);
  return file.comments.some(({ line, endLine }) => above.has(endLine) || (line >= first(node) && line <= last));
}

export function assertionsRule(files: readonly HouseFile[]): readonly Finding[] {
  return files
    .filter(({ path }) => isUnder(path, 'src') || isUnder(path, 'codemods'))
    .flatMap((file) =>
      findingsIn('assertions', file, (node) => {
        if (!isAssertion(node) || hasReason(file, node)) return undefined;
        return `\`as ${node.type.getText()}\` without a reason. Narrow the value instead, or say in a comment why it must hold here.`;
      }),
    );
}
