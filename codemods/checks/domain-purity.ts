// Rule: the domain reads no clock, no randomness and nothing of its process.
import { isUnder } from '../kernel/glob.ts';
import { ts } from '../kernel/parse-source.ts';
import type { Finding, HouseFile } from './house-file.ts';
import { findingsIn } from './house-file.ts';

const impureMembers: ReadonlySet<string> = new Set([
  'Date.now',
  'Math.random',
  'performance.now',
  'crypto.randomUUID',
  'crypto.getRandomValues',
]);
const impureNames: ReadonlySet<string> = new Set([
  'process',
  'console',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'fetch',
]);

function impurityOf(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const name = node.getText();
    return impureMembers.has(name) ? name : undefined;
  }
  if (ts.isNewExpression(node)) {
    const now = node.expression.getText() === 'Date' && (node.arguments ?? []).length === 0;
    return now ? 'new Date() without an argument' : undefined;
  }
  if (!ts.isIdentifier(node) || !impureNames.has(node.text)) return undefined;
  const used = ts.isPropertyAccessExpression(node.parent) ? node.parent.expression === node : ts.isCallExpression(node.parent);
  return used ? node.text : undefined;
}

export function domainPurityRule(files: readonly HouseFile[]): readonly Finding[] {
  return files
    .filter((file) => isUnder(file.path, 'src/domain'))
    .flatMap((file) =>
      findingsIn('domain-purity', file, (node) => {
        const what = impurityOf(node);
        return what && `The domain uses ${what}. Take the value as an argument (a port of src/domain/ports.ts at the edge).`;
      }),
    );
}
