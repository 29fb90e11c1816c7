// The variants of discriminated unions: who makes values of each, and which `case` clauses expect it.
import { ts } from 'ts-morph';
import type { MemberIndex } from './liveness-members.ts';
import type { Member, Variant } from './liveness-model.ts';

type Literal = string | number | boolean;

function literalOf(checker: ts.TypeChecker, type: ts.Type): Literal | undefined {
  if (type.isStringLiteral() || type.isNumberLiteral()) return type.value;
  if ((type.flags & ts.TypeFlags.BooleanLiteral) === 0) return undefined;
  return checker.typeToString(type) === 'true';
}

/** The literals a type can be, or undefined when it can be anything else. */
function literalsOf(checker: ts.TypeChecker, type: ts.Type): readonly Literal[] | undefined {
  const values = (type.isUnion() ? type.types : [type]).map((each) => literalOf(checker, each));
  return values.every((value) => value !== undefined) ? values : undefined;
}

export class VariantIndex {
  readonly all: Variant[] = [];
  readonly #checker: ts.TypeChecker;
  /** Discriminant declarations → the variants they distinguish. */
  readonly #byDeclaration = new Map<ts.Node, Variant[]>();
  readonly #byUnion = new Map<Member, Variant[]>();
  readonly #discriminants = new Set<string>();

  constructor(checker: ts.TypeChecker, members: MemberIndex) {
    this.#checker = checker;
    for (const member of members.all) if (member.kind === 'type' && !member.test) this.#collect(member);
  }

  #collect(union: Member): void {
    const [node] = union.nodes;
    if (node === undefined || !ts.isTypeAliasDeclaration(node) || !ts.isUnionTypeNode(node.type)) return;
    const types = node.type.types.map((each) => this.#checker.getTypeFromTypeNode(each));
    const name = types[0]
      ?.getProperties()
      .map((each) => each.name)
      .find((each) => this.#distinguishes(types, each));
    if (name === undefined) return;
    this.#discriminants.add(name);
    for (const [at, type] of types.entries()) {
      const declaration = type.getProperty(name)?.declarations?.[0];
      const value = this.#valueOf(type, name);
      if (declaration === undefined || value === undefined) continue;
      const variant: Variant = {
        label: `${union.name}(${name}: ${JSON.stringify(value).replaceAll('"', "'")})`,
        union,
        discriminant: name,
        value,
        node: node.type.types[at] ?? declaration,
        producers: [],
        unknownProducers: [],
        matches: [],
      };
      this.all.push(variant);
      this.#byDeclaration.set(declaration, [...(this.#byDeclaration.get(declaration) ?? []), variant]);
      this.#byUnion.set(union, [...(this.#byUnion.get(union) ?? []), variant]);
    }
  }

  #valueOf(type: ts.Type, name: string): Literal | undefined {
    const property = type.getProperty(name);
    return property === undefined ? undefined : literalOf(this.#checker, this.#checker.getTypeOfSymbol(property));
  }

  #distinguishes(types: readonly ts.Type[], name: string): boolean {
    const values = types.map((type) => this.#valueOf(type, name));
    return types.length > 1 && values.every((value) => value !== undefined) && new Set(values).size === values.length;
  }

  /** The variant a `case` clause expects, noted as a match. */
  matchedBy(clause: ts.CaseClause): Variant | undefined {
    const subject = clause.parent.parent.expression;
    if (!ts.isPropertyAccessExpression(subject) || !this.#discriminants.has(subject.name.text)) return undefined;
    const value = literalOf(this.#checker, this.#checker.getTypeAtLocation(clause.expression));
    const declarations = this.#checker.getSymbolAtLocation(subject.name)?.declarations ?? [];
    const variant = declarations.flatMap((each) => this.#byDeclaration.get(each) ?? []).find((each) => each.value === value);
    variant?.matches.push(clause);
    return variant;
  }

  /** An object literal may make a value of a variant. */
  noteLiteral(literal: ts.ObjectLiteralExpression, from: Member): void {
    const property = literal.properties.find(
      (each) => each.name !== undefined && ts.isIdentifier(each.name) && this.#discriminants.has(each.name.text),
    );
    if (property?.name === undefined || !ts.isIdentifier(property.name)) return;
    const name = property.name.text;
    const value = ts.isPropertyAssignment(property) ? property.initializer : property.name;
    const values = literalsOf(this.#checker, this.#checker.getTypeAtLocation(value));
    for (const variant of this.#candidates(literal, name)) {
      if (values === undefined) variant.unknownProducers.push(literal);
      else if (values.includes(variant.value)) variant.producers.push({ from, node: literal });
    }
  }

  /** The variants the literal is made for; without a type that says so, all that have the property. */
  #candidates(literal: ts.ObjectLiteralExpression, name: string): readonly Variant[] {
    const context = this.#checker.getContextualType(literal);
    if (context === undefined || (context.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter)) !== 0) {
      return this.all.filter((each) => each.discriminant === name);
    }
    const parts = context.isUnion() ? context.types : [context];
    const declarations = parts.flatMap((part) => part.getProperty(name)?.declarations ?? []);
    return declarations.flatMap((each) => this.#byDeclaration.get(each) ?? []);
  }

  /** A value of unknown shape that is declared to be of the union may be of any variant. */
  noteAssertion(from: ts.Type, to: ts.Type, node: ts.Node): void {
    if ((from.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) === 0) return;
    const parts = to.isUnion() ? to.types : [to];
    const declarations = parts.flatMap((part) =>
      [...this.#discriminants].flatMap((name) => part.getProperty(name)?.declarations ?? []),
    );
    for (const variant of declarations.flatMap((each) => this.#byDeclaration.get(each) ?? []))
      variant.unknownProducers.push(node);
  }
}
