// Every place that touches a field of a class or interface, and what it does to it.
import { type ClassDeclaration, Node, type PropertyDeclaration, type SourceFile, SyntaxKind } from 'ts-morph';
import { nearestOf } from '../kernel/nearest.ts';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import { writeOf } from './name-uses.ts';

/** A declaration of a field whose references can be found. */
export type FieldDeclaration = Node & { getName(): string; getNameNode(): Node; findReferencesAsNodes(): Node[] };

export type Touch =
  /** `x.f += 1`, `x.f++` as a statement. */
  | 'increment'
  /** `x.f = value` as a statement. */
  | 'store'
  /** Any other assignment, update or `delete`. */
  | 'write'
  /** `{ f: value }` where the literal becomes an object of the type. */
  | 'literal'
  /** The declaration itself, in this type or in one it implements. */
  | 'declaration'
  | 'read';

export interface FieldUse {
  /** The name of the field. */
  readonly node: Node;
  /** `x.f` or `x['f']` when the field is reached through an object. */
  readonly access: Node | undefined;
  /** `x`. */
  readonly object: Node | undefined;
  readonly touch: Touch;
}

/** `x.f` around the name `f`. */
function accessOf(name: Node): { readonly access: Node; readonly object: Node } | undefined {
  const parent = name.getParent();
  if (Node.isPropertyAccessExpression(parent) && parent.getNameNode() === name)
    return { access: parent, object: parent.getExpression() };
  if (Node.isElementAccessExpression(parent) && parent.getArgumentExpression() === name)
    return { access: parent, object: parent.getExpression() };
  return undefined;
}

function isOne(node: Node | undefined): boolean {
  return node !== undefined && Node.isNumericLiteral(node) && node.getLiteralValue() === 1;
}

function accessTouch(access: Node): Touch {
  const parent = access.getParent();
  if (Node.isDeleteExpression(parent)) return 'write';
  const write = writeOf(access);
  if (write === 'none') return 'read';
  if (!Node.isExpressionStatement(parent?.getParent())) return 'write';
  if (Node.isPrefixUnaryExpression(parent) || Node.isPostfixUnaryExpression(parent)) {
    return parent.getOperatorToken() === SyntaxKind.PlusPlusToken ? 'increment' : 'write';
  }
  if (!Node.isBinaryExpression(parent)) return 'write';
  const operator = parent.getOperatorToken().getKind();
  if (operator === SyntaxKind.PlusEqualsToken && isOne(parent.getRight())) return 'increment';
  return operator === SyntaxKind.EqualsToken ? 'store' : 'write';
}

function touchOf(name: Node): Touch {
  const parent = name.getParent();
  if (Node.isBindingElement(parent)) return 'read';
  if (Node.isPropertyAssignment(parent) || Node.isShorthandPropertyAssignment(parent)) {
    return writeOf(parent) === 'none' && writeOf(name) === 'none' ? 'literal' : 'write';
  }
  const declares =
    Node.isPropertyDeclaration(parent) ||
    Node.isPropertySignature(parent) ||
    Node.isGetAccessorDeclaration(parent) ||
    Node.isSetAccessorDeclaration(parent) ||
    Node.isMethodDeclaration(parent) ||
    Node.isParameterDeclaration(parent);
  return declares ? 'declaration' : 'read';
}

/** All uses of the field in the project, its own declaration left out, in the order of files and text. */
export function fieldUses(field: FieldDeclaration): readonly FieldUse[] {
  const seen = new Set<Node>();
  return field
    .findReferencesAsNodes()
    .filter((node) => node !== field.getNameNode() && !seen.has(node) && seen.add(node))
    .map((node) => {
      const reached = accessOf(node);
      return {
        node,
        access: reached?.access,
        object: reached?.object,
        touch: reached === undefined ? touchOf(node) : accessTouch(reached.access),
      };
    })
    .toSorted(
      (a, b) =>
        a.node.getSourceFile().getFilePath().localeCompare(b.node.getSourceFile().getFilePath(), 'en') ||
        a.node.getPos() - b.node.getPos(),
    );
}

/** The class of that name; refused with the nearest name when there is none. */
export function classNamed(file: SourceFile, name: string): ClassDeclaration {
  const found = file.getClass(name);
  if (found !== undefined) return found;
  const near = nearestOf(
    name,
    file.getClasses().flatMap((each) => each.getName() ?? []),
  );
  const message = `${file.getBaseName()} declares no class ${name}.${near === undefined ? '' : ` Did you mean ${near}?`}`;
  throw new Refusal('REFIT_CLASS_UNKNOWN', message, { path: file.getFilePath(), line: 1 });
}

/** The property of a class; refused with the nearest name when there is none. */
export function propertyNamed(owner: ClassDeclaration, name: string): PropertyDeclaration {
  const found = owner.getInstanceProperty(name);
  if (found !== undefined && Node.isPropertyDeclaration(found)) return found;
  const near = nearestOf(
    name,
    owner.getInstanceProperties().map((each) => each.getName()),
  );
  const message = `${owner.getName() ?? 'The class'} declares no field ${name}.${near === undefined ? '' : ` Did you mean ${near}?`} Fields that a constructor parameter declares are not handled.`;
  throw new Refusal('REFIT_FIELD_UNKNOWN', message, placeOf(owner));
}
