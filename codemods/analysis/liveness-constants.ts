// Functions that are only ever called with one constant, and the branches that constant never takes.
import { ts } from 'ts-morph';
import type { LivenessGraph } from './liveness-graph.ts';
import { lineOfNode, type Member } from './liveness-model.ts';

/** A function of which a part never runs. */
export interface PartialDeath {
  readonly parameter: string;
  readonly constants: readonly string[];
  /** What is never taken: `case 'A' (line 12)`. */
  readonly dead: readonly string[];
  /** Members that are not live themselves and pass something else. */
  readonly otherCallers: readonly string[];
}

type WithBody = ts.FunctionDeclaration | ts.MethodDeclaration;

function bodyOf(member: Member): WithBody | undefined {
  return member.nodes.find(
    (node): node is WithBody => (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) && node.body !== undefined,
  );
}

/** The call a name is the callee of. */
function callAt(name: ts.Node): ts.CallExpression | undefined {
  const access = ts.isPropertyAccessExpression(name.parent) && name.parent.name === name ? name.parent : name;
  return ts.isCallExpression(access.parent) && access.parent.expression === access ? access.parent : undefined;
}

function constantText(argument: ts.Expression | undefined): string | undefined {
  if (argument === undefined) return undefined;
  const words: readonly ts.SyntaxKind[] = [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword];
  if (ts.isStringLiteralLike(argument)) return JSON.stringify(argument.text);
  return ts.isNumericLiteral(argument) || words.includes(argument.kind) ? argument.getText() : undefined;
}

/** Constants passed for one parameter by live callers; undefined when one of them passes anything else. */
function constantsPassed(
  graph: LivenessGraph,
  member: Member,
  at: number,
  isLive: (member: Member) => boolean,
): ReadonlySet<string> | undefined {
  const found = new Set<string>();
  for (const use of graph.usesOf(member)) {
    if (!isLive(use.from) || use.kind === 're-export' || use.kind === 'type') continue;
    const text = constantText(callAt(use.node)?.arguments[at]);
    if (text === undefined) return undefined;
    found.add(text);
  }
  return found.size === 0 ? undefined : found;
}

function isParameter(node: ts.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name;
}

function isAssigned(body: ts.Node, name: string): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    const assigns = ts.isBinaryExpression(node) && isParameter(node.left, name);
    if (
      assigns &&
      node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      node.operatorToken.kind <= ts.SyntaxKind.LastAssignment
    )
      found = true;
    if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && isParameter(node.operand, name)) found = true;
    ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}

/** The clauses of `switch (parameter)` that the constants never choose. */
function deadClauses(statement: ts.SwitchStatement, constants: ReadonlySet<string>): readonly string[] {
  const clauses = statement.caseBlock.clauses;
  const expected = clauses.map((clause) => (ts.isCaseClause(clause) ? constantText(clause.expression) : undefined));
  const allMatched = [...constants].every((each) => expected.includes(each));
  const taken = clauses.map((clause, at) =>
    ts.isDefaultClause(clause) ? !allMatched : expected[at] === undefined || constants.has(expected[at]),
  );
  return clauses.flatMap((clause, at) => {
    const enteredFromAbove = at > 0 && taken[at - 1] === true && clauses[at - 1]?.statements.length === 0;
    if (taken[at] === true || enteredFromAbove) return [];
    return [
      `${ts.isCaseClause(clause) ? `case ${clause.expression.getText()}` : 'default'} (line ${String(lineOfNode(clause))})`,
    ];
  });
}

/** `if (parameter === constant)` whose one branch the constants never choose. */
function deadBranch(statement: ts.IfStatement, name: string, constants: ReadonlySet<string>): readonly string[] {
  const test = statement.expression;
  if (!ts.isBinaryExpression(test) || !isParameter(test.left, name)) return [];
  const expected = constantText(test.right);
  const operator = test.operatorToken.kind;
  const equals = operator === ts.SyntaxKind.EqualsEqualsEqualsToken;
  if (expected === undefined || (!equals && operator !== ts.SyntaxKind.ExclamationEqualsEqualsToken)) return [];
  const outcomes = new Set([...constants].map((each) => (each === expected) === equals));
  const line = `(line ${String(lineOfNode(statement))})`;
  if (!outcomes.has(true)) return [`if (${test.getText()}) ${line}`];
  return !outcomes.has(false) && statement.elseStatement !== undefined ? [`else of if (${test.getText()}) ${line}`] : [];
}

function deadParts(body: ts.Node, name: string, constants: ReadonlySet<string>): readonly string[] {
  const dead: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isSwitchStatement(node) && isParameter(node.expression, name)) dead.push(...deadClauses(node, constants));
    if (ts.isIfStatement(node)) dead.push(...deadBranch(node, name, constants));
    ts.forEachChild(node, visit);
  };
  visit(body);
  return dead;
}

/** What of a function never runs, judged by the constants its live callers pass. */
export function partialDeathOf(
  graph: LivenessGraph,
  member: Member,
  isLive: (member: Member) => boolean,
): PartialDeath | undefined {
  const declaration = bodyOf(member);
  if (declaration?.body === undefined) return undefined;
  for (const [at, parameter] of declaration.parameters.entries()) {
    if (!ts.isIdentifier(parameter.name) || parameter.dotDotDotToken !== undefined) continue;
    const name = parameter.name.text;
    const constants = constantsPassed(graph, member, at, isLive);
    if (constants === undefined || isAssigned(declaration.body, name)) continue;
    const dead = deadParts(declaration.body, name, constants);
    if (dead.length === 0) continue;
    const others = graph.usesOf(member).filter((use) => use.kind === 'call' && !isLive(use.from));
    return { parameter: name, constants: [...constants], dead, otherCallers: [...new Set(others.map((use) => use.from.label))] };
  }
  return undefined;
}
