// What a test refers to, directly and through the helpers of the tests: declarations of production, and helpers.
import { ts } from 'ts-morph';
import { isOwnName, useKindsOf } from './liveness-accesses.ts';
import type { MemberIndex } from './liveness-members.ts';
import type { Member } from './liveness-model.ts';

export interface TestReferences {
  /** Production declarations it runs, constructs or reads. */
  readonly values: ReadonlySet<Member>;
  /** Production types it only speaks of. */
  readonly types: ReadonlySet<Member>;
}

/** Declarations that are types and nothing else, and the members of such. */
const typeKinds: ReadonlySet<Member['kind']> = new Set(['interface', 'type', 'interface field', 'interface method']);

/** A declaration in a test file that others there can use. */
export function helperOf(declaration: ts.Node): ts.Node | undefined {
  for (let at: ts.Node | undefined = declaration; at !== undefined; at = at.parent) {
    if (ts.isImportDeclaration(at)) return undefined;
    const isHelper =
      ts.isVariableDeclaration(at) || ts.isFunctionDeclaration(at) || ts.isClassDeclaration(at) || ts.isInterfaceDeclaration(at);
    if (isHelper || ts.isTypeAliasDeclaration(at) || ts.isEnumDeclaration(at)) return at;
  }
  return undefined;
}

/** Answers what nodes of test files refer to; helpers are followed once and remembered. */
export class TestReader {
  readonly #checker: ts.TypeChecker;
  readonly #members: MemberIndex;
  readonly #direct = new Map<
    ts.Node,
    { readonly members: readonly (readonly [Member, boolean])[]; readonly helpers: readonly ts.Node[] }
  >();

  constructor(checker: ts.TypeChecker, members: MemberIndex) {
    this.#checker = checker;
    this.#members = members;
  }

  /** All that the nodes refer to. */
  of(nodes: readonly ts.Node[]): TestReferences {
    const values = new Set<Member>();
    const types = new Set<Member>();
    const waiting = [...nodes];
    const seen = new Set<ts.Node>(waiting);
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      const direct = this.#directOf(node);
      for (const [member, isType] of direct.members) (isType ? types : values).add(member);
      for (const helper of direct.helpers) {
        if (seen.has(helper)) continue;
        seen.add(helper);
        waiting.push(helper);
      }
    }
    return { values, types };
  }

  /** The helpers a node names itself. */
  helpersOf(node: ts.Node): readonly ts.Node[] {
    return this.#directOf(node).helpers;
  }

  #directOf(node: ts.Node): { readonly members: readonly (readonly [Member, boolean])[]; readonly helpers: readonly ts.Node[] } {
    const known = this.#direct.get(node);
    if (known !== undefined) return known;
    const members: [Member, boolean][] = [];
    const helpers: ts.Node[] = [];
    const visit = (each: ts.Node): void => {
      for (const symbol of this.#symbolsAt(each)) {
        for (const member of this.#members.ofSymbol(symbol))
          if (!member.test) members.push([member, typeKinds.has(member.kind) || isTypeUse(each)]);
        helpers.push(...this.#helpersAt(symbol, node));
      }
      ts.forEachChild(each, visit);
    };
    visit(node);
    const direct = { members, helpers };
    this.#direct.set(node, direct);
    return direct;
  }

  /** Helpers in test files; what encloses the reader or lies in it is no helper of it. */
  #helpersAt(symbol: ts.Symbol, reader: ts.Node): readonly ts.Node[] {
    return (symbol.declarations ?? []).flatMap((declaration): readonly ts.Node[] => {
      const module = this.#members.modules.get(declaration.getSourceFile());
      const helper = module?.test === true ? helperOf(declaration) : undefined;
      return helper === undefined || holds(helper, reader) || holds(reader, helper) ? [] : [helper];
    });
  }

  #symbolsAt(node: ts.Node): readonly ts.Symbol[] {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
      const symbol = ts.isShorthandPropertyAssignment(node.parent)
        ? this.#checker.getShorthandAssignmentValueSymbol(node.parent)
        : this.#checker.getSymbolAtLocation(node);
      return symbol === undefined || isOwnName(node) ? [] : [this.#resolved(symbol)];
    }
    if (!ts.isElementAccessExpression(node)) return [];
    const key = this.#checker.getTypeAtLocation(node.argumentExpression);
    const object = this.#checker.getTypeAtLocation(node.expression);
    return (key.isUnion() ? key.types : [key]).flatMap((each) =>
      each.isStringLiteral() ? (object.getProperty(each.value) ?? []) : [],
    );
  }

  #resolved(symbol: ts.Symbol): ts.Symbol {
    return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : this.#checker.getAliasedSymbol(symbol);
  }
}

function isTypeUse(node: ts.Node): boolean {
  return ts.isIdentifier(node) && useKindsOf(node)[0] === 'type';
}

function holds(outer: ts.Node, inner: ts.Node): boolean {
  return outer.getSourceFile() === inner.getSourceFile() && outer.pos <= inner.pos && inner.end <= outer.end;
}
