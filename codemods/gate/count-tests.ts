// Counts the test cases that a test file's source declares, without running it.
import { parseSource, ts, walk } from '../kernel/parse-source.ts';

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
  if (ts.isTaggedTemplateExpression(expression)) return calleeOf(expression.tag);
  if (!ts.isCallExpression(expression)) return undefined;
  const inner = calleeOf(expression.expression);
  const takesTable = inner !== undefined && tables.has(inner.modifiers.at(-1) ?? '');
  return inner && { ...inner, table: takesTable ? expression.arguments[0] : inner.table };
}

/** `[…] as const` and `[…] satisfies T` are still the list inside. */
function listIn(expression: ts.Expression | undefined): ts.ArrayLiteralExpression | undefined {
  if (expression === undefined || ts.isArrayLiteralExpression(expression)) return expression;
  const wrapped =
    ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression) || ts.isParenthesizedExpression(expression);
  return wrapped ? listIn(expression.expression) : undefined;
}

/** Lists that the file declares by name, for tables written apart from their test. */
function namedLists(source: ts.SourceFile): ReadonlyMap<string, ts.Expression> {
  const lists = new Map<string, ts.Expression>();
  walk(source, (node) => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer)
      lists.set(node.name.text, node.initializer);
  });
  return lists;
}

type NamedLists = ReadonlyMap<string, ts.Expression>;

/** Rows of a table that is a literal in this file; one for a table whose length the source does not show. */
function rowsOf(table: ts.Expression | undefined, lists: NamedLists): number {
  const list = listIn(table !== undefined && ts.isIdentifier(table) ? lists.get(table.text) : table);
  return list === undefined || list.elements.some(ts.isSpreadElement) ? 1 : list.elements.length;
}

/** `it.each(table)` and `it.skipIf(condition)` are calls that only prepare the call that declares the test. */
function isPreparation(call: ts.CallExpression): boolean {
  return ts.isCallExpression(call.parent) && call.parent.expression === call;
}

function casesIn(node: ts.Node, lists: NamedLists): number {
  const below = (): number => {
    let sum = 0;
    ts.forEachChild(node, (child) => {
      sum += casesIn(child, lists);
    });
    return sum;
  };
  if (!ts.isCallExpression(node) || isPreparation(node)) return below();
  const callee = calleeOf(node.expression);
  if (callee === undefined) return below();
  const skipped = callee.modifiers.some((modifier) => notRun.has(modifier));
  if (suiteNames.has(callee.root)) return skipped ? 0 : below();
  if (!testNames.has(callee.root)) return below();
  return skipped ? 0 : rowsOf(callee.table, lists);
}

/** Test cases that `text` declares: each `it` or `test` once, an `each` table that is a literal of the file once a row, skipped and todo cases not at all. */
export function countTests(path: string, text: string): number {
  const source = parseSource(path, text);
  return casesIn(source, namedLists(source));
}

/** Whether tests are declared by the file itself, not inside of a function that another file calls. */
export function declaresTestsAtTop(path: string, text: string): boolean {
  if (!/\b(describe|suite|it|test)\b/.test(text)) return false;
  return parseSource(path, text).statements.some((statement) => {
    if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) return false;
    const root = calleeOf(statement.expression.expression)?.root ?? '';
    return suiteNames.has(root) || testNames.has(root);
  });
}
