// A closed union of object types told apart by one property: its variants and their fields.
import { Node, type SourceFile, type Type, type TypeAliasDeclaration } from 'ts-morph';
import { nearestOf } from '../kernel/nearest.ts';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';

/** One variant: what its discriminant says, and its other fields. */
export interface Variant {
  readonly kind: string;
  /** Field → the node of its declared type. */
  readonly fields: ReadonlyMap<string, Node>;
}

export interface ClosedUnion {
  readonly name: string;
  readonly declaration: TypeAliasDeclaration;
  readonly type: Type;
  readonly variants: ReadonlyMap<string, Variant>;
}

function refuse(place: Node, message: string): never {
  throw new Refusal('REFIT_OUTCOME_OPEN', message, placeOf(place));
}

function variantOf(declaration: TypeAliasDeclaration, type: Type, discriminant: string): Variant {
  const name = declaration.getName();
  if (
    !type.isObject() ||
    type.getStringIndexType() !== undefined ||
    type.getNumberIndexType() !== undefined ||
    type.getCallSignatures().length > 0
  ) {
    refuse(
      declaration,
      `${name} has the variant ${type.getText(declaration)}, which is not an object with fixed fields. Only closed unions can be mapped.`,
    );
  }
  const kind = type.getProperty(discriminant)?.getTypeAtLocation(declaration).getLiteralValue();
  if (typeof kind !== 'string') {
    refuse(
      declaration,
      `A variant of ${name} has no ${discriminant} that is one text: ${type.getText(declaration)}. Give every variant its own.`,
    );
  }
  const fields = new Map<string, Node>();
  for (const property of type.getProperties()) {
    const declared = property.getDeclarations()[0];
    const typeNode =
      Node.isPropertySignature(declared) || Node.isPropertyDeclaration(declared) ? declared.getTypeNode() : undefined;
    if (property.getName() !== discriminant && typeNode !== undefined) fields.set(property.getName(), typeNode);
  }
  return { kind, fields };
}

/** The union declared as `name` in the file; refused when it is not closed. */
export function closedUnion(file: SourceFile, name: string, discriminant: string): ClosedUnion {
  const declaration = file.getTypeAlias(name);
  if (declaration === undefined) {
    const near = nearestOf(
      name,
      file.getTypeAliases().map((each) => each.getName()),
    );
    throw new Refusal(
      'REFIT_TYPE_UNKNOWN',
      `There is no type ${name} in ${file.getBaseName()}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
      placeOf(file),
    );
  }
  if (declaration.getTypeParameters().length > 0)
    refuse(declaration, `${name} has type parameters. Name a concrete type for it and map that.`);
  const type = declaration.getType();
  const types = type.isUnion() ? type.getUnionTypes() : [type];
  const variants = new Map<string, Variant>();
  for (const each of types) {
    const variant = variantOf(declaration, each, discriminant);
    if (variants.has(variant.kind))
      refuse(declaration, `${name} has two variants with ${discriminant} '${variant.kind}': they cannot be told apart.`);
    variants.set(variant.kind, variant);
  }
  return { name, declaration, type, variants };
}
