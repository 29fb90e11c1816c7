// The type that control flow leaves of a named union, written as what it is a part of: it stays right for another type argument.
import type { Node, Type } from 'ts-morph';
import { type TypeText, typeText } from './type-text.ts';

function literalOf(member: Type, property: string, place: Node): string | undefined {
  const type = member.getProperty(property)?.getTypeAtLocation(place);
  return type?.isLiteral() === true ? type.getText(place) : undefined;
}

/** The property that tells the members of a union apart. */
function discriminantOf(members: readonly Type[], place: Node): string | undefined {
  const [first] = members;
  return first
    ?.getProperties()
    .map((property) => property.getName())
    .find((name) => members.every((member) => literalOf(member, name, place) !== undefined));
}

/** `Extract<Union<A>, { readonly kind: 'x' }>` for a narrowed use of a variable whose type is a union with a name. */
export function narrowedType(narrowed: Type, declared: Type, place: Node, annotation: Node | undefined): TypeText | undefined {
  if (!declared.isUnion() || declared.getAliasSymbol() === undefined || narrowed.getText(place) === declared.getText(place))
    return undefined;
  const left = narrowed.isUnion() ? narrowed.getUnionTypes() : [narrowed];
  const members = declared.getUnionTypes();
  if (left.length >= members.length || left.some((each) => each.getAliasSymbol() !== undefined || !each.isAnonymous()))
    return undefined;
  const property = discriminantOf(members, place);
  if (property === undefined) return undefined;
  const literals = left.map((each) => literalOf(each, property, place)).filter((each) => each !== undefined);
  if (literals.length < left.length) return undefined;
  const whole = typeText(declared, place, annotation);
  const kinds = literals.map((each) => each.replace(/^"(.*)"$/, "'$1'")).join(' | ');
  return { text: `Extract<${whole.text}, { readonly ${property}: ${kinds} }>`, names: whole.names };
}
