// Whether evaluating an expression can be seen, for compiler nodes (the kernel's `isInert` is for wrapped ones).
import { ts } from 'ts-morph';

const quietConstructors: ReadonlySet<string> = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', 'RegExp', 'Date', 'Array']);
const quietCalls: ReadonlySet<string> = new Set(['Symbol', 'String', 'Number', 'BigInt', 'Boolean', 'Object.freeze']);

function isQuietCall(node: ts.CallExpression | ts.NewExpression): boolean {
  const known = ts.isNewExpression(node) ? quietConstructors : quietCalls;
  return known.has(node.expression.getText()) && (node.arguments ?? []).every(isInertNode);
}

/** Literals, names, functions, and collections and operators over such; a call, an assignment or an access is not. */
export function isInertNode(node: ts.Node): boolean {
  if (ts.isFunctionExpression(node) || ts.isArrowFunction(node) || ts.isLiteralExpression(node) || ts.isIdentifier(node))
    return true;
  if (ts.isTypeNode(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node) || ts.isToken(node)) return true;
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return isQuietCall(node);
  if (ts.isBinaryExpression(node))
    return isQuietOperator(node.operatorToken.kind) && isInertNode(node.left) && isInertNode(node.right);
  if (ts.isPrefixUnaryExpression(node)) {
    const changes = node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
    return !changes && isInertNode(node.operand);
  }
  return isQuietHolder(node) && everyChild(node);
}

/** Whether declaring the class cannot be seen: no decorators, static blocks, computed names, nor statics that do something. */
export function isInertClass(node: ts.ClassDeclaration): boolean {
  if (node.modifiers?.some(ts.isDecorator) === true) return false;
  const bases = node.heritageClauses?.filter((each) => each.token === ts.SyntaxKind.ExtendsKeyword) ?? [];
  if (!bases.every((each) => each.types.every((type) => isInertNode(type.expression)))) return false;
  return node.members.every((member) => {
    if (ts.isClassStaticBlockDeclaration(member)) return false;
    if (ts.canHaveDecorators(member) && (ts.getDecorators(member) ?? []).length > 0) return false;
    if (member.name !== undefined && ts.isComputedPropertyName(member.name) && !isInertNode(member.name.expression)) return false;
    const isStatic = (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) !== 0;
    const value = isStatic && ts.isPropertyDeclaration(member) ? member.initializer : undefined;
    return value === undefined || isInertNode(value);
  });
}

function isQuietOperator(kind: ts.SyntaxKind): boolean {
  return kind < ts.SyntaxKind.FirstAssignment || kind > ts.SyntaxKind.LastAssignment;
}

/** Expressions that only put others together. */
function isQuietHolder(node: ts.Node): boolean {
  return (
    ts.isArrayLiteralExpression(node) ||
    ts.isObjectLiteralExpression(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isShorthandPropertyAssignment(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isConditionalExpression(node) ||
    ts.isTemplateExpression(node) ||
    ts.isTemplateSpan(node)
  );
}

function everyChild(node: ts.Node): boolean {
  if (ts.isMethodDeclaration(node)) return true;
  let inert = true;
  ts.forEachChild(node, (child) => {
    if (!isInertNode(child)) inert = false;
  });
  return inert;
}
