// Ways a field can get a value without being named: spreads, `Object.assign`, keys that are computed, parsed data.
import { Node, type Type } from 'ts-morph';
import type { Workspace } from '../kernel/workspace.ts';

/** A place where the field may be written or read without its name. */
export interface HiddenUse {
  readonly node: Node;
  readonly what: string;
}

interface Target {
  /** The type's declaration. */
  readonly owner: Node;
  readonly ownerName: string;
  readonly field: string;
}

function parts(type: Type): readonly Type[] {
  return type.isUnion() || type.isIntersection() ? [...type.getUnionTypes(), ...type.getIntersectionTypes()] : [type];
}

/** Whether the type is (or holds, as a member of a union) the declared one. */
function isOwn(type: Type, target: Target): boolean {
  return parts(type).some((each) => {
    const declarations = [...(each.getSymbol()?.getDeclarations() ?? []), ...(each.getAliasSymbol()?.getDeclarations() ?? [])];
    const property = each.getProperty(target.field)?.getDeclarations() ?? [];
    return declarations.includes(target.owner) || property.some((node) => node.getAncestors().includes(target.owner));
  });
}

function isUnknown(type: Type): boolean {
  return type.isAny() || type.isUnknown();
}

/** Whether values of the type may carry a key of that name that the type's own declaration does not give it. */
function mayCarry(type: Type, target: Target): boolean {
  if (isUnknown(type)) return true;
  if (isOwn(type, target)) return false;
  return parts(type).some((each) => each.getProperty(target.field) !== undefined || each.getStringIndexType() !== undefined);
}

function spread(node: Node, target: Target): HiddenUse | undefined {
  if (!Node.isSpreadAssignment(node)) return undefined;
  const literal = node.getParent();
  if (!Node.isObjectLiteralExpression(literal)) return undefined;
  const becomes = literal.getContextualType() ?? literal.getType();
  if (!isOwn(becomes, target) || !mayCarry(node.getExpression().getType(), target)) return undefined;
  return { node, what: 'a spread may carry it' };
}

function assign(node: Node, target: Target): HiddenUse | undefined {
  if (!Node.isCallExpression(node)) return undefined;
  const callee = node.getExpression().getText();
  const [first, ...rest] = node.getArguments();
  if (first === undefined || !isOwn(first.getType(), target)) return undefined;
  if (callee === 'Object.assign' && rest.some((each) => mayCarry(each.getType(), target) || isOwn(each.getType(), target)))
    return { node, what: '`Object.assign` may carry it' };
  if (/^(?:Reflect\.(?:set|defineProperty)|Object\.define(?:Property|Properties))$/.test(callee))
    return { node, what: `\`${callee}\` may set it` };
  return /^(?:Object\.(?:keys|values|entries)|Reflect\.ownKeys)$/.test(callee)
    ? { node, what: `\`${callee}\` lists it` }
    : undefined;
}

function computed(node: Node, target: Target): HiddenUse | undefined {
  if (!Node.isElementAccessExpression(node) || !isOwn(node.getExpression().getType(), target)) return undefined;
  const key = node.getArgumentExpression();
  if (key === undefined || Node.isStringLiteral(key)) return undefined;
  const keys = parts(key.getType());
  const other = keys.every((each) => each.isStringLiteral() && each.getLiteralValue() !== target.field);
  return other ? undefined : { node, what: 'the key is computed' };
}

/** `object as unknown as Record<string, …>`: from there on each key may be computed. */
function isReopened(node: Node, target: Target): boolean {
  if (!Node.isAsExpression(node) && !Node.isTypeAssertion(node)) return false;
  let inner: Node = node;
  while (Node.isAsExpression(inner) || Node.isTypeAssertion(inner) || Node.isParenthesizedExpression(inner))
    inner = inner.getExpression();
  return (
    isOwn(inner.getType(), target) &&
    !isOwn(node.getType(), target) &&
    mayCarry(node.getType(), target) &&
    !node.getType().isUnknown()
  );
}

/** Data whose shape the compiler did not see becomes the type: by an assertion, an annotation or a return. */
function parsed(node: Node, target: Target): HiddenUse | undefined {
  const what = 'data of unknown shape becomes the type';
  if (Node.isAsExpression(node) || Node.isTypeAssertion(node)) {
    if (isReopened(node, target)) return { node, what: 'the object is taken for one with any keys' };
    return isOwn(node.getType(), target) && mayCarry(node.getExpression().getType(), target) ? { node, what } : undefined;
  }
  if (Node.isVariableDeclaration(node) || Node.isPropertyDeclaration(node)) {
    const value = node.getTypeNode() === undefined ? undefined : node.getInitializer();
    return value !== undefined && value.getType().isAny() && isOwn(node.getType(), target) ? { node, what } : undefined;
  }
  if (!Node.isReturnStatement(node)) return undefined;
  const value = node.getExpression();
  const contextual = value?.getType().isAny() === true ? value.getContextualType() : undefined;
  return contextual !== undefined && [contextual, ...contextual.getTypeArguments()].some((each) => isOwn(each, target))
    ? { node, what }
    : undefined;
}

function listing(node: Node, target: Target): HiddenUse | undefined {
  if (!Node.isForInStatement(node) || !isOwn(node.getExpression().getType(), target)) return undefined;
  return { node, what: '`for … in` lists it' };
}

/** Every such place in the project. */
export function hiddenUses(workspace: Workspace, target: Target): readonly HiddenUse[] {
  return workspace
    .sourceFiles()
    .flatMap((file) =>
      file
        .getDescendants()
        .flatMap(
          (node) =>
            spread(node, target) ??
            assign(node, target) ??
            computed(node, target) ??
            parsed(node, target) ??
            listing(node, target) ??
            [],
        ),
    );
}
