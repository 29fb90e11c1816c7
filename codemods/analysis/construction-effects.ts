// Whether constructing an object can be seen from outside: then the construction must not go, nor be done again.
import { type ClassDeclaration, Node } from 'ts-morph';
import { isInert } from '../kernel/top-level-effects.ts';
import { ts } from '../kernel/parse-source.ts';
import type { Workspace } from '../kernel/workspace.ts';
import { classNamedBy, runningClass } from './implementation-of.ts';

/** Classes of the language that only allocate when they are constructed. */
const allocators = /^(?:Map|Set|WeakMap|WeakSet|Date|Array|Object|Error|AbortController|TextEncoder|TextDecoder)$/;

/** A getter would run code where a property is read. */
function runsGetter(node: Node): boolean {
  return [node, ...node.getDescendants()].some((each) => {
    if (!Node.isPropertyAccessExpression(each)) return false;
    return (
      each
        .getNameNode()
        .getSymbol()
        ?.getDeclarations()
        .some((declared) => Node.isGetAccessorDeclaration(declared)) ?? false
    );
  });
}

/** The first part of an expression whose evaluation can be seen, in words; undefined when there is none. */
export function effectOf(workspace: Workspace, node: Node, open: readonly Node[] = []): string | undefined {
  if (Node.isNewExpression(node)) return effectOfNew(workspace, node, open);
  const nested = node.getDescendants().filter(Node.isNewExpression);
  const inFunction = (each: Node): boolean =>
    each.getFirstAncestor((at) => at === node || Node.isArrowFunction(at) || Node.isFunctionExpression(at)) !== node;
  if (nested.every(inFunction)) {
    if (!isInert(node)) return `${node.getText()} may do more than answer a value`;
    return runsGetter(node) ? `${node.getText()} reads through a getter` : undefined;
  }
  return effectOfParts(workspace, node, open);
}

function effectOfParts(workspace: Workspace, node: Node, open: readonly Node[]): string | undefined {
  const plain = Node.isObjectLiteralExpression(node) || Node.isArrayLiteralExpression(node) || Node.isPropertyAssignment(node);
  const wraps = Node.isParenthesizedExpression(node) || Node.isAsExpression(node) || Node.isConditionalExpression(node);
  if (!plain && !wraps) return `${node.getText()} may do more than answer a value`;
  for (const child of node.forEachChildAsArray()) {
    if (!Node.isExpression(child) && !Node.isPropertyAssignment(child)) continue;
    const effect = effectOf(workspace, child, open);
    if (effect !== undefined) return effect;
  }
  return undefined;
}

function effectOfNew(workspace: Workspace, node: Node, open: readonly Node[]): string | undefined {
  if (!Node.isNewExpression(node)) return undefined;
  for (const argument of node.getArguments()) {
    const effect = effectOf(workspace, argument, open);
    if (effect !== undefined) return effect;
  }
  const callee = node.getExpression();
  const declaration = classNamedBy(callee);
  if (declaration !== undefined && !declaration.getSourceFile().getFilePath().includes('/typescript/lib/')) {
    return open.includes(declaration) ? undefined : effectOfClass(workspace, declaration, [...open, declaration]);
  }
  return allocators.test(callee.getText()) ? undefined : `what new ${callee.getText()}() does is not known`;
}

/** What constructing an instance does besides filling its own fields. */
function effectOfClass(workspace: Workspace, declaration: ClassDeclaration, open: readonly Node[]): string | undefined {
  const name = declaration.getName() ?? 'a class';
  if (declaration.isAmbient() || declaration.getSourceFile().isDeclarationFile()) {
    const code = runningClass(workspace, declaration);
    return code === undefined ? `the code of ${name} is not known` : effectOfScript(code);
  }
  if (declaration.getDecorators().length > 0) return `${name} has decorators`;
  const base = declaration.getBaseClass();
  if (declaration.getExtends() !== undefined) {
    if (base === undefined) return `the base class of ${name} is not known`;
    const effect = effectOfClass(workspace, base, open);
    if (effect !== undefined) return effect;
  }
  for (const property of declaration.getInstanceProperties()) {
    const value = Node.isPropertyDeclaration(property) ? property.getInitializer() : undefined;
    const effect = value === undefined ? undefined : effectOf(workspace, value, open);
    if (effect !== undefined) return effect;
  }
  for (const statement of declaration.getConstructors()[0]?.getStatements() ?? []) {
    const effect = effectOfConstructorLine(workspace, statement, open);
    if (effect !== undefined) return `the constructor of ${name}: ${effect}`;
  }
  return undefined;
}

/** A constructor that cannot be seen only assigns fields of `this` and calls `super`. */
function effectOfConstructorLine(workspace: Workspace, statement: Node, open: readonly Node[]): string | undefined {
  const expression = Node.isExpressionStatement(statement) ? statement.getExpression() : undefined;
  if (Node.isCallExpression(expression) && Node.isSuperExpression(expression.getExpression())) {
    return expression
      .getArguments()
      .map((each) => effectOf(workspace, each, open))
      .find((each) => each !== undefined);
  }
  const assigns = Node.isBinaryExpression(expression) && expression.getOperatorToken().getText() === '=' ? expression : undefined;
  const target = assigns?.getLeft();
  if (assigns === undefined || !Node.isPropertyAccessExpression(target) || !Node.isThisExpression(target.getExpression())) {
    return `${statement.getText()} does more than fill a field`;
  }
  if (
    target
      .getNameNode()
      .getSymbol()
      ?.getDeclarations()
      .some((each) => Node.isSetAccessorDeclaration(each)) ??
    false
  )
    return `${target.getText()} is a setter`;
  return effectOf(workspace, assigns.getRight(), open);
}

/** The same for a class that is known as a script only: no calls at all but of the language's allocators. */
function effectOfScript(code: ts.ClassDeclaration): string | undefined {
  const name = code.name?.text ?? 'a class';
  if (code.heritageClauses !== undefined) return `the base class of ${name} is not known`;
  const runs = code.members.filter((each) => ts.isConstructorDeclaration(each) || ts.isPropertyDeclaration(each));
  const visit = (node: ts.Node): string | undefined => {
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return undefined;
    const call = ts.isCallExpression(node) || ts.isAwaitExpression(node) || ts.isTaggedTemplateExpression(node);
    const unknown = ts.isNewExpression(node) && !allocators.test(node.expression.getText());
    const foreign = ts.isBinaryExpression(node) && isForeignWrite(node);
    if (call || unknown || foreign || ts.isDeleteExpression(node)) return `the constructor of ${name}: ${node.getText()}`;
    return ts.forEachChild(node, visit);
  };
  return runs.map(visit).find((each) => each !== undefined);
}

function isForeignWrite(node: ts.BinaryExpression): boolean {
  const kind = node.operatorToken.kind;
  if (kind < ts.SyntaxKind.FirstAssignment || kind > ts.SyntaxKind.LastAssignment) return false;
  return !(ts.isPropertyAccessExpression(node.left) && node.left.expression.kind === ts.SyntaxKind.ThisKeyword);
}
