// Types as a person would write them in another place: by name, narrowed members of a union by what narrows them.
import { Node, type Symbol as TsSymbol, type Type, TypeFormatFlags } from 'ts-morph';
import { parseSource, ts, walk } from '../kernel/parse-source.ts';

/** A type's text and the names in it, each with its declaration. */
export interface TypeText {
  readonly text: string;
  readonly names: ReadonlyMap<string, Node>;
}

// Flags of one enum, combined: TypeScript calls the result a number.
const flags = (TypeFormatFlags.NoTruncation |
  TypeFormatFlags.UseAliasDefinedOutsideCurrentScope |
  TypeFormatFlags.UseSingleQuotesForStringLiteralType) as TypeFormatFlags;

/** The symbols a type mentions, as far as its text can name them. */
function symbolsIn(type: Type, seen: Set<Type> = new Set()): readonly TsSymbol[] {
  if (seen.has(type) || seen.size > MOST_TYPES) return [];
  seen.add(type);
  const alias = type.getAliasSymbol();
  const own = type.getSymbol();
  const parts: Type[] = [...type.getAliasTypeArguments(), ...type.getTypeArguments()];
  if (type.isUnion()) parts.push(...type.getUnionTypes());
  if (type.isIntersection()) parts.push(...type.getIntersectionTypes());
  for (const signature of type.getCallSignatures()) {
    parts.push(signature.getReturnType(), ...signature.getParameters().flatMap((each) => typeOfSymbol(each)));
  }
  if (type.isAnonymous() && alias === undefined) parts.push(...type.getProperties().flatMap((each) => typeOfSymbol(each)));
  return [alias, own].filter((each) => each !== undefined).concat(parts.flatMap((part) => symbolsIn(part, seen)));
}

/** A type that mentions more is not worth a name list; the compiler then says what is missing. */
const MOST_TYPES = 200;

function typeOfSymbol(symbol: TsSymbol): readonly Type[] {
  const declaration = symbol.getValueDeclaration() ?? symbol.getDeclarations()[0];
  return declaration === undefined ? [] : [symbol.getTypeAtLocation(declaration)];
}

/** Names of the language itself need no import. */
function isProjectName(declaration: Node): boolean {
  return !isLanguageFile(declaration.getSourceFile().getFilePath());
}

export function isLanguageFile(path: string): boolean {
  return /(?:^|\/)lib(?:\.[\w.]+)?\.d\.ts$/.test(path);
}

/** Names that a type's text uses as references, not as property names. */
function referencedNames(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  walk(parseSource('type.ts', `type T = ${text};`), (node) => {
    if (ts.isTypeReferenceNode(node)) names.add(firstName(node.typeName));
    if (ts.isTypeQueryNode(node)) names.add(firstName(node.exprName));
  });
  return names;
}

function firstName(name: ts.EntityName): string {
  return ts.isQualifiedName(name) ? firstName(name.left) : name.text;
}

function namesOf(text: string, type: Type): ReadonlyMap<string, Node> {
  const wanted = referencedNames(text);
  const names = new Map<string, Node>();
  for (const symbol of symbolsIn(type)) {
    const [own] = symbol.getDeclarations();
    // A member of an enum is named through its enum.
    const declaration = Node.isEnumMember(own) ? own.getParent() : own;
    const name = Node.isEnumDeclaration(declaration) ? declaration.getName() : symbol.getName();
    if (declaration !== undefined && wanted.has(name) && !names.has(name) && isProjectName(declaration))
      names.set(name, declaration);
  }
  return names;
}

/** The text and names of an annotation as it is written in the source. */
export function annotationText(node: Node): TypeText {
  const names = new Map<string, Node>();
  for (const identifier of [node, ...node.getDescendants()].filter(Node.isIdentifier)) {
    const [declaration] = identifier.getSymbol()?.getDeclarations() ?? [];
    const parent = identifier.getParent();
    const isName =
      Node.isTypeReference(parent) ||
      Node.isTypeQuery(parent) ||
      (Node.isQualifiedName(parent) && parent.getLeft() === identifier);
    if (isName && declaration !== undefined && (Node.isImportSpecifier(declaration) || isProjectName(declaration)))
      names.set(identifier.getText(), declaration);
  }
  return { text: node.getText(), names };
}

/** The discriminant of a union: a property all members have, each with one literal. */
function discriminantOf(members: readonly Type[]): string | undefined {
  const [first] = members;
  return first
    ?.getProperties()
    .map((property) => property.getName())
    .find((name) => members.every((member) => literalOf(member, name) !== undefined));
}

function literalOf(member: Type, property: string): string | undefined {
  const symbol = member.getProperty(property);
  const [type] = symbol === undefined ? [] : typeOfSymbol(symbol);
  if (type === undefined || !(type.isLiteral() || type.isUnion())) return undefined;
  const parts = type.isUnion() ? type.getUnionTypes() : [type];
  return parts.every((part) => part.isLiteral()) ? parts.map((part) => part.getText(undefined, flags)).join(' | ') : undefined;
}

/** `Extract<Union, { kind: 'a' }>` for members of a named union that have no name of their own. */
function extracted(narrowed: Type, declared: TypeText, union: Type): TypeText | undefined {
  if (!union.isUnion() || referencedNames(declared.text).size !== 1) return undefined;
  const left = narrowed.isUnion() ? narrowed.getUnionTypes() : [narrowed];
  const isNamed = left.every((each) => each.getAliasSymbol() !== undefined || !each.isAnonymous());
  const members = union.getUnionTypes().filter((each) => each.isObject());
  if (isNamed || left.some((each) => !each.isObject())) return undefined;
  const property = discriminantOf(members);
  if (property === undefined) return undefined;
  const literals = left.map((each) => literalOf(each, property));
  const name = [...referencedNames(declared.text)][0] ?? '';
  const names = new Map([...declared.names].filter(([each]) => each === name));
  return { text: `Extract<${name}, { ${property}: ${literals.join(' | ')} }>`, names };
}

/** How to write the type a variable has at a place, given the annotation (if any) of its declaration. */
export function typeText(type: Type, place: Node, annotation?: Node): TypeText {
  const declared = annotation === undefined ? undefined : annotationText(annotation);
  if (annotation !== undefined && declared !== undefined) {
    const whole = annotation.getType();
    if (whole === type || whole.getText(place, flags) === type.getText(place, flags)) return declared;
    const member = extracted(type, declared, whole);
    if (member !== undefined) return member;
  }
  const text = type.getText(place, flags);
  return { text, names: namesOf(text, type) };
}
