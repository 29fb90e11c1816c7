// How one place uses what it names: calls it, constructs it, reads or stores a value, or speaks of its type.
import { ts } from 'ts-morph';
import type { UseKind } from './liveness-model.ts';

/** Methods that change the collection they are called on. */
const mutators: ReadonlySet<string> = new Set([
  'add',
  'clear',
  'copyWithin',
  'delete',
  'fill',
  'pop',
  'push',
  'reverse',
  'set',
  'shift',
  'sort',
  'splice',
  'unshift',
]);

/** The whole access a name ends: `a.b.name` for `name`, the name itself otherwise. */
export function accessOf(name: ts.Node): ts.Node {
  const parent = name.parent;
  if (ts.isPropertyAccessExpression(parent) && parent.name === name) return parent;
  if (ts.isElementAccessExpression(parent) && parent.argumentExpression === name) return parent;
  return name;
}

/** Past parentheses and assertions around an expression. */
function outward(node: ts.Node): ts.Node {
  const parent = node.parent;
  const wraps =
    ts.isParenthesizedExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isNonNullExpression(parent) ||
    ts.isSatisfiesExpression(parent);
  return wraps ? outward(parent) : node;
}

function isStatement(expression: ts.Node): boolean {
  const parent = outward(expression).parent;
  return ts.isExpressionStatement(parent) || ts.isVoidExpression(parent);
}

function assignmentKind(access: ts.Node): readonly UseKind[] | undefined {
  const parent = access.parent;
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) {
    if (parent.operator !== ts.SyntaxKind.PlusPlusToken && parent.operator !== ts.SyntaxKind.MinusMinusToken) return undefined;
    return isStatement(parent) ? ['update'] : ['update', 'read'];
  }
  if (ts.isDeleteExpression(parent)) return ['write'];
  if (!ts.isBinaryExpression(parent) || parent.left !== access) return undefined;
  const operator = parent.operatorToken.kind;
  if (operator === ts.SyntaxKind.EqualsToken) return isStatement(parent) ? ['write'] : ['write', 'read'];
  if (operator < ts.SyntaxKind.FirstAssignment || operator > ts.SyntaxKind.LastAssignment) return undefined;
  return isStatement(parent) ? ['update'] : ['update', 'read'];
}

function isAssignmentTarget(access: ts.Node): boolean {
  let at = access;
  while (ts.isArrayLiteralExpression(at.parent) || ts.isSpreadElement(at.parent) || isLiteralPart(at)) at = at.parent;
  return (
    at !== access &&
    ts.isBinaryExpression(at.parent) &&
    at.parent.left === at &&
    at.parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
  );
}

function isLiteralPart(node: ts.Node): boolean {
  const parent = node.parent;
  return (
    ts.isObjectLiteralExpression(parent) ||
    (ts.isPropertyAssignment(parent) && parent.initializer === node) ||
    ts.isShorthandPropertyAssignment(parent)
  );
}

function mutationKind(access: ts.Node): readonly UseKind[] | undefined {
  const parent = access.parent;
  if (!ts.isPropertyAccessExpression(parent) || parent.expression !== access || !mutators.has(parent.name.text)) return undefined;
  const call = parent.parent;
  if (!ts.isCallExpression(call) || call.expression !== parent) return undefined;
  return isStatement(call) ? ['mutate'] : ['mutate', 'read'];
}

/** Every way the place of `name` uses what it names; the name must not be a declaration's own. */
export function useKindsOf(name: ts.Node): readonly UseKind[] {
  if (isTypePosition(name)) return ['type'];
  const access = accessOf(name);
  const stored = assignmentKind(access) ?? mutationKind(access);
  if (stored !== undefined) return stored;
  if (isAssignmentTarget(access)) return ['write'];
  const parent = access.parent;
  if (ts.isNewExpression(parent) && parent.expression === access) return ['construct'];
  if ((ts.isCallExpression(parent) || ts.isTaggedTemplateExpression(parent)) && calleeOf(parent) === access) return ['call'];
  if (ts.isExpressionWithTypeArguments(parent) && ts.isHeritageClause(parent.parent)) return ['extends'];
  return ['read'];
}

function calleeOf(call: ts.CallExpression | ts.TaggedTemplateExpression): ts.Node {
  return ts.isCallExpression(call) ? call.expression : call.tag;
}

function isTypePosition(node: ts.Node): boolean {
  if (ts.isPartOfTypeNode(node) || ts.isTypeQueryNode(node.parent)) return true;
  for (let at: ts.Node = node; ; at = at.parent) {
    if (ts.isTypeNode(at) && !ts.isExpressionWithTypeArguments(at)) return true;
    if (ts.isExpressionWithTypeArguments(at))
      return ts.isHeritageClause(at.parent) && at.parent.token === ts.SyntaxKind.ImplementsKeyword;
    if (
      !ts.isQualifiedName(at.parent) &&
      !ts.isPropertyAccessExpression(at.parent) &&
      !ts.isExpressionWithTypeArguments(at.parent)
    )
      return false;
  }
}

/** Whether the identifier is the name a declaration gives, not a use of one. */
export function isOwnName(name: ts.Node): boolean {
  const parent = name.parent;
  if (ts.isBindingElement(parent)) return parent.name === name && parent.propertyName !== undefined;
  if (ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent)) return false;
  return ts.isVariableDeclaration(parent) || ts.isParameter(parent) || isNamedDeclaration(parent)
    ? nameNodeOf(parent) === name
    : ts.isLabeledStatement(parent);
}

function isNamedDeclaration(node: ts.Node): boolean {
  return (
    ts.isFunctionLike(node) ||
    ts.isClassLike(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    isMemberDeclaration(node)
  );
}

function isMemberDeclaration(node: ts.Node): boolean {
  return (
    ts.isPropertyDeclaration(node) ||
    ts.isPropertySignature(node) ||
    ts.isEnumDeclaration(node) ||
    ts.isEnumMember(node) ||
    ts.isModuleDeclaration(node) ||
    ts.isTypeParameterDeclaration(node) ||
    ts.isNamedTupleMember(node)
  );
}

function nameNodeOf(node: ts.Node): ts.Node | undefined {
  return 'name' in node ? (node.name as ts.Node | undefined) : undefined; // every named declaration keeps its name node there
}

/** The field another object's same field is filled from: `copy.f = this.f`, `{ f: this.f }`. */
export function storedInto(access: ts.Node): ts.Node | undefined {
  const parent = outward(access).parent;
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && parent.left !== access) {
    return ts.isPropertyAccessExpression(parent.left) ? parent.left.name : undefined;
  }
  if (ts.isArrayLiteralExpression(access.parent.parent) && ts.isSpreadElement(access.parent))
    return storedInto(access.parent.parent);
  return ts.isPropertyAssignment(parent) && parent.initializer === outward(access) ? parent.name : undefined;
}
