// What an expression without variables evaluates to: literals and the operators that decide branches.
import { ts } from '../kernel/parse-source.ts';

export type Constant = string | number | boolean | null | undefined;

/** A known value; an object, so that `undefined` can be one. */
export interface Known {
  readonly value: Constant;
}

function literal(node: ts.Expression): Known | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return { value: node.text };
  if (ts.isNumericLiteral(node)) return { value: Number(node.text) };
  if (node.kind === ts.SyntaxKind.TrueKeyword) return { value: true };
  if (node.kind === ts.SyntaxKind.FalseKeyword) return { value: false };
  if (node.kind === ts.SyntaxKind.NullKeyword) return { value: null };
  return ts.isIdentifier(node) && node.text === 'undefined' ? { value: undefined } : undefined;
}

function compared(node: ts.BinaryExpression): Known | undefined {
  const kind = node.operatorToken.kind;
  const equal = kind === ts.SyntaxKind.EqualsEqualsEqualsToken;
  if (!equal && kind !== ts.SyntaxKind.ExclamationEqualsEqualsToken) return undefined;
  const left = constantOf(node.left);
  const right = constantOf(node.right);
  if (left === undefined || right === undefined) return undefined;
  return { value: (left.value === right.value) === equal };
}

/**
 * Which operand of `&&`, `||`, `??` is the whole expression's value, when the left one is known.
 * The left one is a constant then: nothing is lost by not evaluating it.
 */
export function decidedOperand(node: ts.BinaryExpression): ts.Expression | undefined {
  const left = constantOf(node.left);
  if (left === undefined) return undefined;
  if (node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken) return left.value ? node.right : node.left;
  if (node.operatorToken.kind === ts.SyntaxKind.BarBarToken) return left.value ? node.left : node.right;
  if (node.operatorToken.kind !== ts.SyntaxKind.QuestionQuestionToken) return undefined;
  return left.value === null || left.value === undefined ? node.right : node.left;
}

/** The value of an expression that is the same at every run, or undefined when it is not known. */
export function constantOf(node: ts.Expression): Known | undefined {
  if (ts.isParenthesizedExpression(node)) return constantOf(node.expression);
  if (ts.isPrefixUnaryExpression(node)) {
    const operand = constantOf(node.operand);
    if (operand === undefined) return undefined;
    if (node.operator === ts.SyntaxKind.ExclamationToken) return { value: !operand.value };
    return node.operator === ts.SyntaxKind.MinusToken && typeof operand.value === 'number'
      ? { value: -operand.value }
      : undefined;
  }
  if (ts.isBinaryExpression(node)) {
    const decided = decidedOperand(node);
    return decided === undefined ? compared(node) : constantOf(decided);
  }
  return literal(node);
}

/** Whether evaluating an expression again, or not at all, cannot be seen: no call, no access that may run a getter. */
export function isPureSyntax(node: ts.Node): boolean {
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return true;
  if (ts.isIdentifier(node) || ts.isToken(node) || ts.isLiteralExpression(node)) return true;
  const allowed =
    ts.isParenthesizedExpression(node) ||
    ts.isObjectLiteralExpression(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isShorthandPropertyAssignment(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isConditionalExpression(node) ||
    (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) ||
    (ts.isBinaryExpression(node) && !isAssignment(node));
  return allowed && ts.forEachChild(node, (child) => (isPureSyntax(child) ? undefined : true)) === undefined;
}

export function isAssignment(node: ts.BinaryExpression): boolean {
  const kind = node.operatorToken.kind;
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}
