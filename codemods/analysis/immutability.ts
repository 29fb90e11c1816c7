// Whether what code reads can be changed by others between two moments, as far as its types say.
import { Node, type Type } from 'ts-morph';
import { isLanguageFile } from './type-text.ts';

/** Values of the language whose contents change. */
const collections = new Set(['Array', 'Map', 'Set', 'Date', 'WeakMap', 'WeakSet']);

/** `Readonly<T>` and its like. */
function isReadonlyAlias(type: Type): boolean {
  const name = type.getAliasSymbol()?.getName() ?? type.getSymbol()?.getName() ?? '';
  return name.startsWith('Readonly') || type.isReadonlyArray();
}

/** `readonly T[]`, `ReadonlyMap`, `ReadonlySet`: we may not change it, but whoever handed it over may. */
function isReadonlyCollection(type: Type): boolean {
  return type.isReadonlyArray() || ['ReadonlyMap', 'ReadonlySet'].includes(type.getSymbol()?.getName() ?? '');
}

/** A read of the contents of a collection that a parameter brought in and others may hold. */
export function sharedRead(node: Node): boolean {
  if (!Node.isPropertyAccessExpression(node) && !Node.isElementAccessExpression(node)) return false;
  const owner = node.getExpression();
  if (!Node.isIdentifier(owner) || !isReadonlyCollection(owner.getType())) return false;
  return (
    owner
      .getSymbol()
      ?.getDeclarations()
      .some((each) => Node.isParameterDeclaration(each)) ?? false
  );
}

function isReadonlyDeclaration(declaration: Node): boolean {
  if (Node.isPropertySignature(declaration) || Node.isPropertyDeclaration(declaration)) return declaration.isReadonly();
  if (Node.isParameterDeclaration(declaration)) return declaration.isReadonly();
  return Node.isMethodSignature(declaration) || Node.isMethodDeclaration(declaration) || Node.isEnumMember(declaration);
}

function isPrimitiveOwner(type: Type): boolean {
  const apparent = type.isUnion() ? type.getUnionTypes() : [type];
  return apparent.every(
    (each) => each.isString() || each.isNumber() || each.isBoolean() || each.isLiteral() || each.isTemplateLiteral(),
  );
}

/** A read of a property, an element, or (of a spread) all properties that is not declared readonly. */
export function mutableRead(node: Node): boolean {
  if (Node.isSpreadAssignment(node)) return !isReadonlyAlias(node.getExpression().getType());
  if (Node.isElementAccessExpression(node)) return !isReadonlyAlias(node.getExpression().getType());
  if (!Node.isPropertyAccessExpression(node)) return false;
  const owner = node.getExpression().getType();
  if (isPrimitiveOwner(owner) || isReadonlyAlias(owner)) return false;
  const declarations = node.getSymbol()?.getDeclarations() ?? [];
  if (declarations.some((each) => isLanguageFile(each.getSourceFile().getFilePath())))
    return collections.has(owner.getSymbol()?.getName() ?? '');
  return declarations.length === 0 || !declarations.every(isReadonlyDeclaration);
}
