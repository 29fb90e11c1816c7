// Counts the test cases that a test file's source declares, without running it.
import { parseSource, ts } from '../kernel/parse-source.ts';

const testNames: ReadonlySet<string> = new Set(['it', 'test']);
const suiteNames: ReadonlySet<string> = new Set(['describe', 'suite']);
const notRun: ReadonlySet<string> = new Set(['skip', 'todo']);
const tables: ReadonlySet<string> = new Set(['each', 'for']);

/** What `it.skip.each([1, 2])` and its like come down to: the name at the root, the modifiers, the table. */
interface Callee {
  readonly root: string;
  readonly modifiers: readonly string[];
  readonly table: ts.Expression | undefined;
}

function calleeOf(expression: ts.Expression): Callee | undefined {
  if (ts.isIdentifier(expression)) return { root: expression.text, modifiers: [], table: undefined };
  if (ts.isPropertyAccessExpression(expression)) {
    const owner = calleeOf(expression.expression);
    return owner && { ...owner, modifiers: [...owner.modifiers, expression.name.text] };
  }
  if (!ts.isCallExpression(expression)) return undefined;
  const inner = calleeOf(expression.expression);
  const takesTable = inner !== undefined && tables.has(inner.modifiers.at(-1) ?? '');
  return inner && { ...inner, table: takesTable ? expression.arguments[0] : inner.table };
}

/** Rows of a literal table; one for a table whose length the source does not show. */
function rowsOf(table: ts.Expression | undefined): number {
  if (table === undefined || !ts.isArrayLiteralExpression(table)) return 1;
  return table.elements.some(ts.isSpreadElement) ? 1 : table.elements.length;
}

/** `it.each(table)` and `it.skipIf(condition)` are calls that only prepare the call that declares the test. */
function isPreparation(call: ts.CallExpression): boolean {
  return ts.isCallExpression(call.parent) && call.parent.expression === call;
}

function casesIn(node: ts.Node): number {
  const below = (): number => {
    let sum = 0;
    ts.forEachChild(node, (child) => {
      sum += casesIn(child);
    });
    return sum;
  };
  if (!ts.isCallExpression(node) || isPreparation(node)) return below();
  const callee = calleeOf(node.expression);
  if (callee === undefined) return below();
  const skipped = callee.modifiers.some((modifier) => notRun.has(modifier));
  if (suiteNames.has(callee.root)) return skipped ? 0 : below();
  if (!testNames.has(callee.root)) return below();
  return skipped ? 0 : rowsOf(callee.table);
}

/** Test cases that `text` declares: each `it` or `test` once, a literal `each` table once a row, skipped and todo cases not at all. */
export function countTests(path: string, text: string): number {
  return casesIn(parseSource(path, text));
}
