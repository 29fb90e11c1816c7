// What the names of a clone mean: its own locals, values of the function around it, names of the module, and `this`.
import { Node, type Symbol as TsSymbol, type Type, VariableDeclarationKind } from 'ts-morph';
import type { LocalNames } from './anti-unify.ts';
import type { Clone } from './clone-selector.ts';
import { isModuleLevel, isWithin, type NameUse, nameUses } from './name-uses.ts';

/** What a name in a clone is bound to. */
export type Binding = 'local' | 'captured' | 'module';

export interface ScopedUse extends NameUse {
  readonly binding: Binding;
  /** As the first clone calls it. */
  readonly baseName: string;
}

/** The uses of names in one clone, and which variables are assigned after their declaration. */
export interface CloneScope {
  readonly clone: Clone;
  readonly nodes: readonly Node[];
  readonly uses: readonly ScopedUse[];
  readonly assigned: ReadonlySet<TsSymbol>;
}

function outermostFunction(owner: Node): Node {
  return owner.getAncestors().findLast((each) => Node.isFunctionLikeDeclaration(each)) ?? owner;
}

export function nodesOf(clone: Clone): readonly Node[] {
  return clone.result === undefined ? clone.statements : [...clone.statements, clone.result];
}

export function scopeOf(clone: Clone, names: LocalNames): CloneScope {
  const nodes = nodesOf(clone);
  const bindingOf = (declaration: Node): Binding => {
    if (isWithin(declaration, nodes)) return 'local';
    return isModuleLevel(declaration) || declaration.getSourceFile() !== clone.file ? 'module' : 'captured';
  };
  const uses = nameUses(nodes).map((use): ScopedUse => ({
    ...use,
    binding: bindingOf(use.declaration),
    baseName: names.nameOf(use.identifier),
  }));
  const writes = nameUses([outermostFunction(clone.owner)]).filter((use) => use.writes && !use.declares);
  return { clone, nodes, uses, assigned: new Set(writes.map((use) => use.symbol)) };
}

/** Uses of the clone's names within a node. */
export function usesWithin(scope: CloneScope, nodes: readonly Node[]): readonly ScopedUse[] {
  return scope.uses.filter((use) => isWithin(use.identifier, nodes));
}

/** Locals of the clone that the nodes use but do not declare. */
export function localsUsed(scope: CloneScope, nodes: readonly Node[]): readonly ScopedUse[] {
  return usesWithin(scope, nodes).filter((use) => use.binding === 'local' && !use.declares && !isWithin(use.declaration, nodes));
}

function isReadonlyProperty(access: Node): boolean {
  if (!Node.isPropertyAccessExpression(access)) return false;
  const declaration = access.getNameNode().getSymbol()?.getDeclarations()[0];
  const parameter = Node.isParameterDeclaration(declaration) && declaration.isReadonly();
  return (
    parameter || ((Node.isPropertyDeclaration(declaration) || Node.isPropertySignature(declaration)) && declaration.isReadonly())
  );
}

/** `this.a.b` or `x.a.b` where every property is `readonly`: it has the same value whenever it is read. */
export function isReadonlyPath(node: Node): boolean {
  if (!Node.isPropertyAccessExpression(node) || !isReadonlyProperty(node)) return false;
  const inner = node.getExpression();
  return Node.isThisExpression(inner) || Node.isIdentifier(inner) || isReadonlyPath(inner);
}

function isPrimitive(type: Type): boolean {
  const parts = type.isUnion() ? type.getUnionTypes() : [type];
  return parts.every((part) => part.isString() || part.isNumber() || part.isLiteral() || part.isBoolean());
}

function isConstant(node: Node): boolean {
  return (
    Node.isStringLiteral(node) ||
    Node.isNumericLiteral(node) ||
    Node.isNoSubstitutionTemplateLiteral(node) ||
    Node.isTrueLiteral(node) ||
    Node.isFalseLiteral(node) ||
    Node.isNullLiteral(node) ||
    Node.isArrowFunction(node)
  );
}

/** Whether evaluating the expression before the helper runs gives the same value, and cannot be seen. */
export function isStable(scope: CloneScope, node: Node): boolean {
  const stable = (inner: Node): boolean => isStable(scope, inner);
  if (isConstant(node)) return true;
  if (Node.isIdentifier(node)) return isStableName(scope, node);
  if (Node.isParenthesizedExpression(node) || Node.isAsExpression(node) || Node.isSatisfiesExpression(node))
    return stable(node.getExpression());
  if (Node.isTemplateExpression(node)) {
    return node.getTemplateSpans().every((span) => stable(span.getExpression()) && isPrimitive(span.getExpression().getType()));
  }
  if (Node.isArrayLiteralExpression(node)) return node.getElements().every(stable);
  if (Node.isObjectLiteralExpression(node)) return node.getProperties().every(stable);
  if (Node.isPropertyAssignment(node))
    return Node.isIdentifier(node.getNameNode()) && node.getInitializer() !== undefined && stable(node.getInitializerOrThrow());
  if (Node.isShorthandPropertyAssignment(node)) return isStableName(scope, node.getNameNode());
  if (!isReadonlyPath(node)) return false;
  const [root] = usesWithin(scope, [node]);
  return root === undefined || isStableName(scope, root.identifier);
}

function isStableName(scope: CloneScope, identifier: Node): boolean {
  if (identifier.getText() === 'undefined') return true;
  const use = scope.uses.find((each) => each.identifier === identifier);
  if (use === undefined) return false;
  return use.binding === 'module' ? !isMutableModuleName(use) : use.binding === 'captured' && !scope.assigned.has(use.symbol);
}

function isMutableModuleName(use: NameUse): boolean {
  return (
    Node.isVariableDeclaration(use.declaration) &&
    use.declaration.getVariableStatement()?.getDeclarationKind() !== VariableDeclarationKind.Const
  );
}
