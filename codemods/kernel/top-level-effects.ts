// Whether loading a module does anything: then its last import must not go, nor may its code move.
import { Node, type SourceFile, SyntaxKind } from 'ts-morph';

const pureCalls = /^(?:new (?:Map|Set|WeakMap|WeakSet|RegExp|Date)|Symbol|Object\.freeze|String|Number|BigInt|Boolean)$/;

/** Whether evaluating an expression can be seen: calls, `await`, assignments and accesses that may run a getter. */
export function isInert(node: Node): boolean {
  if (Node.isArrowFunction(node) || Node.isFunctionExpression(node)) return true;
  if (Node.isClassExpression(node)) return isInertClass(node);
  if (Node.isCallExpression(node)) return pureCalls.test(node.getExpression().getText()) && node.getArguments().every(isInert);
  if (Node.isNewExpression(node)) {
    return pureCalls.test(`new ${node.getExpression().getText()}`) && node.getArguments().every(isInert);
  }
  if (Node.isAwaitExpression(node) || Node.isTaggedTemplateExpression(node) || Node.isDeleteExpression(node)) return false;
  if (Node.isPostfixUnaryExpression(node)) return false;
  if (Node.isPrefixUnaryExpression(node)) {
    const operator = node.getOperatorToken();
    if (operator === SyntaxKind.PlusPlusToken || operator === SyntaxKind.MinusMinusToken) return false;
  }
  if (Node.isBinaryExpression(node)) {
    const operator = node.getOperatorToken().getKind();
    if (operator >= SyntaxKind.FirstAssignment && operator <= SyntaxKind.LastAssignment) return false;
  }
  return node.forEachChildAsArray().every((child) => !Node.isExpression(child) || isInert(child));
}

function isInertClass(node: Node): boolean {
  if (!Node.isClassDeclaration(node) && !Node.isClassExpression(node)) return true;
  if (node.getDecorators().length > 0 || node.getStaticBlocks().length > 0) return false;
  const statics = node.getStaticProperties().filter(Node.isPropertyDeclaration);
  return statics.every((property) => {
    const value = property.getInitializer();
    return value === undefined || isInert(value);
  });
}

/** The first statement whose evaluation can be seen from outside, or undefined. */
export function topLevelEffect(file: SourceFile): Node | undefined {
  return file.getStatements().find((statement) => {
    if (Node.isClassDeclaration(statement)) return !isInertClass(statement);
    if (Node.isVariableStatement(statement)) {
      return statement.getDeclarations().some((each) => {
        const value = each.getInitializer();
        return value !== undefined && !isInert(value);
      });
    }
    if (Node.isExportAssignment(statement)) return !isInert(statement.getExpression());
    return Node.isExpressionStatement(statement) ? !isDirective(statement) : isControl(statement);
  });
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
