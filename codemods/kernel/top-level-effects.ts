// Whether loading a module does anything: then its last import must not go, nor may its code move.
import { Node, type SourceFile, SyntaxKind } from 'ts-morph';

const pureCalls = /^(?:new (?:Map|Set|WeakMap|WeakSet|RegExp|Date)|Symbol|Object\.freeze|String|Number|BigInt|Boolean)$/;

/** Whether evaluating the node itself can be seen, its parts aside. */
function actsItself(node: Node): boolean {
  if (Node.isCallExpression(node)) return !pureCalls.test(node.getExpression().getText());
  if (Node.isNewExpression(node)) return !pureCalls.test(`new ${node.getExpression().getText()}`);
  if (Node.isAwaitExpression(node) || Node.isYieldExpression(node) || Node.isDeleteExpression(node)) return true;
  if (Node.isTaggedTemplateExpression(node) || Node.isJsxOpeningElement(node) || Node.isJsxSelfClosingElement(node)) return true;
  if (Node.isJsxFragment(node) || Node.isPostfixUnaryExpression(node) || Node.isDecorator(node)) return true;
  if (Node.isPrefixUnaryExpression(node)) {
    const operator = node.getOperatorToken();
    return operator === SyntaxKind.PlusPlusToken || operator === SyntaxKind.MinusMinusToken;
  }
  if (Node.isBinaryExpression(node)) {
    const operator = node.getOperatorToken().getKind();
    return operator >= SyntaxKind.FirstAssignment && operator <= SyntaxKind.LastAssignment;
  }
  return Node.isPropertyAccessExpression(node) && runsGetter(node);
}

/** A member of which the checker knows that a getter answers it. */
function runsGetter(node: Node): boolean {
  const declarations = node.getSymbol()?.getDeclarations() ?? [];
  return declarations.some((each) => Node.isGetAccessorDeclaration(each));
}

/** Members whose body runs later, when somebody calls them. */
function isMethodLike(node: Node): node is Node & { getNameNode(): Node } {
  return Node.isMethodDeclaration(node) || Node.isGetAccessorDeclaration(node) || Node.isSetAccessorDeclaration(node);
}

/**
 * Whether evaluating an expression cannot be seen: no calls but known constructors, no `await`, no assignments, no getters
 * (those the checker knows), nowhere in it; functions in it are only made, not run.
 */
export function isInert(node: Node): boolean {
  if (Node.isArrowFunction(node) || Node.isFunctionExpression(node) || Node.isTypeNode(node)) return true;
  if (Node.isClassExpression(node) || Node.isClassDeclaration(node)) return isInertClass(node);
  if (isMethodLike(node)) return isInert(node.getNameNode());
  return !actsItself(node) && node.forEachChildAsArray().every(isInert);
}

function isInertClass(node: Node): boolean {
  if (!Node.isClassDeclaration(node) && !Node.isClassExpression(node)) return true;
  if (node.getDecorators().length > 0 || node.getStaticBlocks().length > 0) return false;
  const base = node.getExtends()?.getExpression();
  if (base !== undefined && !isInert(base)) return false;
  return node.getMembers().every((member) => {
    if (Node.isDecoratable(member) && member.getDecorators().length > 0) return false;
    if (Node.isParametered(member) && member.getParameters().some((each) => each.getDecorators().length > 0)) return false;
    if (isMethodLike(member)) return isInert(member.getNameNode());
    if (!Node.isPropertyDeclaration(member)) return true;
    const value = member.isStatic() ? member.getInitializer() : undefined;
    return isInert(member.getNameNode()) && (value === undefined || isInert(value));
  });
}

/** The first statement whose evaluation can be seen from outside, or undefined. */
export function topLevelEffect(file: SourceFile): Node | undefined {
  return file.getStatements().find((statement) => acts(statement));
}

function acts(statement: Node): boolean {
  if (Node.isClassDeclaration(statement)) return !isInertClass(statement);
  if (Node.isVariableStatement(statement)) return !statement.hasDeclareKeyword() && !statement.getDeclarations().every(isInert);
  if (Node.isExportAssignment(statement)) return !isInert(statement.getExpression());
  if (Node.isEnumDeclaration(statement)) return !statement.getMembers().every(isInert);
  if (Node.isModuleDeclaration(statement)) return !statement.hasDeclareKeyword() && statement.getStatements().some(acts);
  return Node.isExpressionStatement(statement) ? !isDirective(statement) : isControl(statement);
}

function isDirective(statement: Node): boolean {
  return Node.isExpressionStatement(statement) && Node.isStringLiteral(statement.getExpression());
}

function isControl(statement: Node): boolean {
  return (
    Node.isIfStatement(statement) ||
    Node.isForStatement(statement) ||
    Node.isForOfStatement(statement) ||
    Node.isForInStatement(statement) ||
    Node.isWhileStatement(statement) ||
    Node.isDoStatement(statement) ||
    Node.isTryStatement(statement) ||
    Node.isSwitchStatement(statement) ||
    Node.isThrowStatement(statement) ||
    Node.isBlock(statement) ||
    Node.isLabeledStatement(statement)
  );
}
