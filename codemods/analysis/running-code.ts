// What in a piece of code runs other code, waits or writes, and where names are assigned: syntax alone, so that doubt counts as yes.
import { ts, walk } from '../kernel/parse-source.ts';

function isAssignment(node: ts.Node): node is ts.BinaryExpression {
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function isUpdate(node: ts.Node): node is ts.PrefixUnaryExpression | ts.PostfixUnaryExpression {
  if (!ts.isPrefixUnaryExpression(node) && !ts.isPostfixUnaryExpression(node)) return false;
  return node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
}

/** Calls, waits, and writes to something else than a variable. */
export function runsOther(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node) || ts.isYieldExpression(node) || ts.isDeleteExpression(node)) return true;
  if (ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node)) return true;
  if (ts.isForOfStatement(node) || ts.isSpreadElement(node)) return true;
  if (isAssignment(node)) return !ts.isIdentifier(node.left);
  return isUpdate(node) && !ts.isIdentifier(node.operand);
}

/** The names a node assigns itself. */
function assignedBy(node: ts.Node): readonly ts.Identifier[] {
  if (isUpdate(node)) return ts.isIdentifier(node.operand) ? [node.operand] : [];
  const target = isAssignment(node)
    ? node.left
    : (ts.isForOfStatement(node) || ts.isForInStatement(node)) && !ts.isVariableDeclarationList(node.initializer)
      ? node.initializer
      : undefined;
  if (target === undefined) return [];
  const names: ts.Identifier[] = [];
  walk(target, (each) => {
    if (ts.isIdentifier(each)) names.push(each);
  });
  return names;
}

/** Names that the code assigns, declarations left out. */
export function assignedNames(node: ts.Node): ReadonlySet<string> {
  const names = new Set<string>();
  walk(node, (each) => {
    for (const name of assignedBy(each)) names.add(name.text);
  });
  return names;
}

/** Functions inside of the node, not itself. */
export function nestedFunctions(node: ts.Node): readonly ts.Node[] {
  const found: ts.Node[] = [];
  walk(node, (each) => {
    if (each !== node && (ts.isFunctionLike(each) || ts.isClassLike(each))) found.push(each);
  });
  return found;
}

/** Identifiers of this text in the node. */
export function named(node: ts.Node, name: string): readonly ts.Identifier[] {
  const found: ts.Identifier[] = [];
  walk(node, (each) => {
    if (ts.isIdentifier(each) && each.text === name && !isMemberName(each)) found.push(each);
  });
  return found;
}

function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  const hasName =
    ts.isPropertyAccessExpression(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isClassElement(parent) ||
    ts.isTypeElement(parent) ||
    ts.isMethodDeclaration(parent);
  return hasName && parent.name === node;
}

export function contains(outer: ts.Node, inner: ts.Node): boolean {
  return outer.pos <= inner.pos && outer.end >= inner.end;
}

/** Whether, seen from `root`, the node stands in a function, or in code that may run several times or not at all. */
export function isConditional(node: ts.Node, root: ts.Node): boolean {
  for (let at = node; at !== root && at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    if (ts.isFunctionLike(parent) || ts.isIterationStatement(parent, false) || ts.isTryStatement(parent)) return true;
    if (ts.isIfStatement(parent) && parent.expression !== at) return true;
    if (ts.isConditionalExpression(parent) && parent.condition !== at) return true;
    if (ts.isCaseOrDefaultClause(parent)) return true;
    const shortens =
      ts.isBinaryExpression(parent) &&
      parent.right === at &&
      [ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken].includes(
        parent.operatorToken.kind,
      );
    if (shortens) return true;
  }
  return false;
}

/** Whether the statements never reach their end. */
export function neverEnds(statements: readonly ts.Statement[]): boolean {
  const last = statements.at(-1);
  if (last === undefined) return false;
  if (ts.isReturnStatement(last) || ts.isThrowStatement(last)) return true;
  if (ts.isBlock(last)) return neverEnds(last.statements);
  if (!ts.isIfStatement(last) || last.elseStatement === undefined) return false;
  return neverEnds([last.thenStatement]) && neverEnds([last.elseStatement]);
}

/** Code that runs, waits or writes before the name is read for the last time, or may do so. */
export function runsBeforeUse(body: ts.Node, name: string): boolean {
  const uses = named(body, name);
  const last = uses.at(-1);
  if (last === undefined) return false;
  if (uses.some((use) => isLoopedOrNested(use, body))) return true;
  let found = false;
  walk(body, (each) => {
    if (runsOther(each) && each.pos < last.pos && !contains(each, last)) found = true;
  });
  return found;
}

function isLoopedOrNested(node: ts.Node, root: ts.Node): boolean {
  for (let at = node.parent; at !== root && at !== undefined; at = at.parent)
    if (ts.isFunctionLike(at) || ts.isIterationStatement(at, false)) return true;
  return false;
}
