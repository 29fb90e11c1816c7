// Rule: no lock around a counter: statistics are plain fields of one writer, never locked, awaited or atomically added.
import { isUnder } from '../kernel/glob.ts';
import { ts, walk } from '../kernel/parse-source.ts';
import type { Finding, HouseFile } from './house-file.ts';
import { findingAt } from './house-file.ts';

const rule = 'lock-free-statistics';
const locks: ReadonlySet<string> = new Set(['lock', 'locked', 'unlock', 'mutex', 'rwlock', 'semaphore', 'acquire']);
const atomics: ReadonlySet<string> = new Set([
  'add',
  'sub',
  'and',
  'or',
  'xor',
  'exchange',
  'compareExchange',
  'wait',
  'waitAsync',
]);

/** `withMutex` and `rw_lock` are made of words; `clock` and `block` are other words. */
function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}

function mentionsLock(name: string): boolean {
  return wordsOf(name).some((word) => locks.has(word));
}

function isAsync(node: ts.Node): boolean {
  return (
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword)
  );
}

function faultOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) && ts.isImportDeclaration(node.parent) && mentionsLock(node.text)) return `imports ${node.text}`;
  if (ts.isIdentifier(node) && mentionsLock(node.text)) return `uses \`${node.text}\``;
  if (ts.isAwaitExpression(node)) return 'awaits';
  if (ts.isFunctionLike(node) && isAsync(node)) return 'has an async function';
  const atomic = ts.isPropertyAccessExpression(node) && node.expression.getText() === 'Atomics' && atomics.has(node.name.text);
  return atomic ? `uses Atomics.${node.name.text}` : undefined;
}

function isStatistics(name: string): boolean {
  return wordsOf(name).some((word) => word === 'stats' || word === 'statistics');
}

/** The whole file when its name says statistics, else the classes whose name does. */
function rootsOf(file: HouseFile): readonly ts.Node[] {
  const name = file.path.split('/').at(-1) ?? '';
  if (isStatistics(name)) return [file.source];
  const classes: ts.Node[] = [];
  walk(file.source, (node) => {
    if (ts.isClassLike(node) && node.name !== undefined && isStatistics(node.name.text)) classes.push(node);
  });
  return classes;
}

export function lockFreeStatisticsRule(files: readonly HouseFile[]): readonly Finding[] {
  return files
    .filter((file) => isUnder(file.path, 'src'))
    .flatMap((file) => {
      const findings: Finding[] = [];
      for (const root of rootsOf(file)) {
        walk(root, (node) => {
          const fault = faultOf(node);
          if (fault === undefined) return;
          const message = `Statistics ${fault}. A counter has one writer: increment a plain field, read it through snapshot().`;
          findings.push(findingAt(rule, file, node, message));
        });
      }
      return findings;
    });
}
