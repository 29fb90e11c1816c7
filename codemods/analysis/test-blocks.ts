// The tests of a file as blocks: suites, hooks and tests, however they are called (`it.each`, `test.skipIf(…)`, in loops).
import { ts } from 'ts-morph';

export interface TestBlock {
  /** The statement that goes when the test does. */
  readonly node: ts.Statement;
  readonly title: string;
  /** How many test calls the statement holds; a table of `each` counts once. */
  readonly tests: number;
}

/** A file, a suite, or a statement such as a loop that holds tests. */
export interface TestSuite {
  /** Undefined for the file itself. */
  readonly node: ts.Statement | undefined;
  readonly tests: readonly TestBlock[];
  readonly suites: readonly TestSuite[];
  /** What runs for every test in it: hooks, and statements that declare nothing. */
  readonly setUp: readonly ts.Node[];
}

const testNames: ReadonlySet<string> = new Set(['it', 'test', 'bench', 'fit', 'xit', 'xtest']);
const suiteNames: ReadonlySet<string> = new Set(['describe', 'suite', 'fdescribe', 'xdescribe']);

/** The name at the beginning of a chain of calls and accesses. */
function rootName(node: ts.Expression): string | undefined {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) return rootName(node.expression);
  return ts.isTaggedTemplateExpression(node) ? rootName(node.tag) : undefined;
}

function callOf(statement: ts.Statement): ts.CallExpression | undefined {
  const expression = ts.isExpressionStatement(statement) ? statement.expression : undefined;
  const inner = expression !== undefined && ts.isAwaitExpression(expression) ? expression.expression : expression;
  return inner !== undefined && ts.isCallExpression(inner) ? inner : undefined;
}

function titleOf(call: ts.CallExpression): string {
  const [first] = call.arguments;
  if (first === undefined) return '(no title)';
  return ts.isStringLiteralLike(first) ? first.text : first.getText();
}

function countTests(node: ts.Node): number {
  let count = 0;
  const visit = (each: ts.Node): void => {
    const outermost = ts.isCallExpression(each) && !(ts.isCallExpression(each.parent) && each.parent.expression === each);
    const root = outermost ? rootName(each.expression) : undefined;
    if (root !== undefined && testNames.has(root) && !ts.isPropertyAccessExpression(each.parent)) count += 1;
    ts.forEachChild(each, visit);
  };
  visit(node);
  return count;
}

function bodyOf(call: ts.CallExpression): readonly ts.Statement[] | undefined {
  const callback = call.arguments.findLast((each) => ts.isArrowFunction(each) || ts.isFunctionExpression(each));
  return callback !== undefined && ts.isBlock(callback.body) ? [...callback.body.statements] : undefined;
}

/** The statements of a loop or block that holds tests. */
function innerStatements(statement: ts.Statement): readonly ts.Statement[] | undefined {
  if (ts.isBlock(statement)) return [...statement.statements];
  const isLoop = ts.isForOfStatement(statement) || ts.isForStatement(statement) || ts.isForInStatement(statement);
  if (isLoop) return innerStatements(statement.statement) ?? [statement.statement];
  return ts.isIfStatement(statement) && statement.elseStatement === undefined
    ? (innerStatements(statement.thenStatement) ?? [statement.thenStatement])
    : undefined;
}

/** What a loop or condition says besides its body. */
function headOf(statement: ts.Statement): readonly ts.Node[] {
  if (ts.isForOfStatement(statement) || ts.isForInStatement(statement)) return [statement.expression];
  if (ts.isForStatement(statement))
    return [statement.initializer, statement.condition, statement.incrementor].filter((each) => each !== undefined);
  return ts.isIfStatement(statement) ? [statement.expression] : [];
}

function declares(statement: ts.Statement): boolean {
  return (
    ts.isImportDeclaration(statement) ||
    ts.isVariableStatement(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement)
  );
}

function suiteOf(node: ts.Statement | undefined, statements: readonly ts.Statement[], head: readonly ts.Node[]): TestSuite {
  const tests: TestBlock[] = [];
  const suites: TestSuite[] = [];
  const setUp: ts.Node[] = [...head];
  for (const statement of statements) {
    const count = countTests(statement);
    const call = callOf(statement);
    const root = call === undefined ? undefined : rootName(call.expression);
    const body = call !== undefined && root !== undefined && suiteNames.has(root) ? bodyOf(call) : innerStatements(statement);
    if (call !== undefined && root !== undefined && testNames.has(root))
      tests.push({ node: statement, title: titleOf(call), tests: 1 });
    else if (count > 0 && body !== undefined) suites.push(suiteOf(statement, body, suiteHead(call, statement)));
    else if (count > 0) tests.push({ node: statement, title: statement.getText().split('\n')[0] ?? '', tests: count });
    else if (!declares(statement)) setUp.push(statement);
  }
  return { node, tests, suites, setUp };
}

/** Of a `describe.each(table)` the table. */
function suiteHead(call: ts.CallExpression | undefined, statement: ts.Statement): readonly ts.Node[] {
  return call === undefined ? headOf(statement) : [call.expression];
}

/** The suite a whole file is. */
export function suiteOfFile(file: ts.SourceFile): TestSuite {
  return suiteOf(undefined, [...file.statements], []);
}

/** All tests of a suite, with what runs for them from outside. */
export function testsIn(
  suite: TestSuite,
  outer: readonly ts.Node[] = [],
): readonly { readonly test: TestBlock; readonly setUp: readonly ts.Node[] }[] {
  const setUp = [...outer, ...suite.setUp];
  return [...suite.tests.map((test) => ({ test, setUp })), ...suite.suites.flatMap((each) => testsIn(each, setUp))];
}
