// Questions about syntax that the normal form asks: which names are declared, what is only a name, where a statement stands.
import { ts } from '../kernel/parse-source.ts';

export function boundNames(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((each) => (ts.isOmittedExpression(each) ? [] : boundNames(each.name)));
}

export function declaredIn(statements: readonly ts.Node[]): readonly string[] {
  return statements.flatMap((each): readonly string[] => {
    if (ts.isVariableStatement(each)) return each.declarationList.declarations.flatMap((one) => boundNames(one.name));
    if ((ts.isFunctionDeclaration(each) || ts.isClassDeclaration(each)) && each.name !== undefined) return [each.name.text];
    return [];
  });
}

export function isNameOfMember(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isMetaProperty(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  const named =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isPropertyDeclaration(parent);
  if (named) return parent.name === node;
  return ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent);
}

export function withoutParentheses(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) ? withoutParentheses(node.expression) : node;
}

export function returnsIn(node: ts.Node): readonly ts.ReturnStatement[] {
  if (ts.isReturnStatement(node)) return [node];
  if (ts.isFunctionLike(node)) return [];
  const found: ts.ReturnStatement[] = [];
  ts.forEachChild(node, (child) => {
    found.push(...returnsIn(child));
  });
  return found;
}

export function isInList(node: ts.Node): boolean {
  return ts.isBlock(node.parent) || ts.isCaseOrDefaultClause(node.parent) || ts.isSourceFile(node.parent);
}

/** Whether it is the statement that a condition or a loop runs, and no block. */
export function isBareBody(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isBlock(node)) return false;
  if (ts.isIfStatement(parent)) return parent.thenStatement === node || parent.elseStatement === node;
  return ts.isIterationStatement(parent, false) && parent.statement === node;
}

export function isPath(node: ts.Expression): boolean {
  return (
    ts.isIdentifier(node) ||
    node.kind === ts.SyntaxKind.ThisKeyword ||
    (ts.isPropertyAccessExpression(node) && isPath(node.expression))
  );
}
