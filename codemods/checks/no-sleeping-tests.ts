// Rule: tests wait for what they test, or move a fake clock; they do not sleep.
import { isUnder } from '../kernel/glob.ts';
import { ts } from '../kernel/parse-source.ts';
import type { Finding, HouseFile } from './house-file.ts';
import { findingsIn } from './house-file.ts';
import { importsOf } from './imports.ts';

const rule = 'no-sleeping-tests';
const advice = 'Wait for the event itself, or move a fake clock.';
const timerModules: ReadonlySet<string> = new Set(['timers/promises', 'node:timers/promises']);

function calledName(node: ts.CallExpression): string {
  const callee = node.expression;
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
}

/** The name a promise's executor gives to its first parameter, when `node` stands in an executor. */
function resolverAround(node: ts.Node): string | undefined {
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if (!ts.isArrowFunction(at) && !ts.isFunctionExpression(at)) continue;
    const executor = ts.isNewExpression(at.parent) && at.parent.expression.getText() === 'Promise';
    if (executor) return at.parameters[0]?.name.getText();
  }
  return undefined;
}

/** `setTimeout(resolve, …)` or `setTimeout(() => resolve(…), …)`: nothing happens but time. */
function resolvesByTimer(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) || calledName(node) !== 'setTimeout') return false;
  const resolver = resolverAround(node);
  const callback = node.arguments[0]?.getText();
  if (resolver === undefined || callback === undefined) return false;
  return new RegExp(`^(\\(\\)\\s*=>\\s*\\{?\\s*)?(void\\s+)?${resolver}\\b`).test(callback);
}

function sleepingImports(file: HouseFile): readonly Finding[] {
  return importsOf(file)
    .filter(({ specifier }) => timerModules.has(specifier))
    .map(({ specifier, line }) => ({ rule, path: file.path, line, message: `${specifier} is for sleeping. ${advice}` }));
}

function sleepsIn(file: HouseFile): readonly Finding[] {
  const timers = findingsIn(rule, file, (node) =>
    resolvesByTimer(node) ? `A promise resolved by a timer is a sleep. ${advice}` : undefined,
  );
  return [...sleepingImports(file), ...timers];
}

export function noSleepingTestsRule(files: readonly HouseFile[]): readonly Finding[] {
  return files.filter((file) => isUnder(file.path, 'test')).flatMap(sleepsIn);
}
