// Which members a call through a base reaches: overrides, implementations of interfaces, classes that only fit a shape.
import { ts } from 'ts-morph';
import type { MemberIndex } from './liveness-members.ts';
import type { Member } from './liveness-model.ts';
import type { References } from './liveness-references.ts';

/** The links from members of bases to members of classes. */
export interface Dispatch {
  /** Base or interface member → the class members a call of it may run. */
  readonly targets: ReadonlyMap<Member, ReadonlySet<Member>>;
  /** Class members that packages call through types of their own. */
  readonly external: ReadonlySet<Member>;
  /** Class → the classes of the workspace it extends, nearest first. */
  readonly bases: ReadonlyMap<Member, readonly Member[]>;
}

/** Methods that the language and its library call without naming them. */
const calledByLanguage: ReadonlySet<string> = new Set([
  'toString',
  'toJSON',
  'valueOf',
  'then',
  'next',
  'return',
  'throw',
  'handleEvent',
]);

function instanceType(checker: ts.TypeChecker, member: Member): ts.Type | undefined {
  const [node] = member.nodes;
  if (node === undefined || (!ts.isClassDeclaration(node) && !ts.isInterfaceDeclaration(node)) || node.name === undefined)
    return undefined;
  const symbol = checker.getSymbolAtLocation(node.name);
  return symbol === undefined ? undefined : checker.getDeclaredTypeOfSymbol(symbol);
}

/** The type of the class itself: its statics. */
function constructorType(checker: ts.TypeChecker, member: Member): ts.Type | undefined {
  const [node] = member.nodes;
  if (node === undefined || !ts.isClassDeclaration(node) || node.name === undefined) return undefined;
  const symbol = checker.getSymbolAtLocation(node.name);
  return symbol === undefined ? undefined : checker.getTypeOfSymbol(symbol);
}

class DispatchFinder {
  readonly targets = new Map<Member, Set<Member>>();
  readonly external = new Set<Member>();
  readonly bases = new Map<Member, readonly Member[]>();
  readonly #checker: ts.TypeChecker;
  readonly #members: MemberIndex;

  constructor(checker: ts.TypeChecker, members: MemberIndex) {
    this.#checker = checker;
    this.#members = members;
  }

  /** Declared relations: `extends` and `implements`, of all levels. */
  declared(member: Member): void {
    const supers = this.#supertypes(member, new Set());
    this.bases.set(
      member,
      supers.flatMap((type) => this.#members.ofSymbol(type.symbol)).filter((each) => each.kind === 'class'),
    );
    for (const child of this.#members.childrenOf(member)) {
      if (member.kind === 'class' && calledByLanguage.has(child.name)) this.external.add(child);
      if (child.isStatic || child.visibility === 'private') continue;
      for (const type of supers) this.#link(type, child);
    }
  }

  #supertypes(member: Member, seen: Set<ts.Type>): readonly ts.Type[] {
    const clauses = member.nodes.flatMap((node) =>
      ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) ? (node.heritageClauses ?? []) : [],
    );
    const direct = clauses
      .flatMap((clause) => clause.types.map((each) => this.#checker.getTypeAtLocation(each)))
      .filter((type) => !seen.has(type));
    for (const type of direct) seen.add(type);
    const parts = direct.flatMap((type) => (type.isIntersection() ? [type, ...type.types] : [type]));
    const above = parts.flatMap((type) => this.#members.ofSymbol(type.symbol)).filter((each) => each !== member);
    return [...parts, ...above.flatMap((each) => this.#supertypes(each, seen))];
  }

  #link(type: ts.Type, child: Member): void {
    const property = type.getProperty(child.name);
    if (property === undefined) return;
    const declared = this.#members.ofSymbol(property).filter((each) => each !== child);
    for (const each of declared) this.#add(each, child);
    if (declared.length === 0 && (property.declarations ?? []).every((each) => each.getSourceFile().isDeclarationFile))
      this.external.add(child);
  }

  #add(base: Member, child: Member): void {
    this.targets.set(base, (this.targets.get(base) ?? new Set()).add(child));
  }

  #addAll(base: Member, children: readonly Member[]): void {
    for (const child of children) if (child !== base) this.#add(base, child);
  }

  /** A class that has all an interface asks for may be passed where the interface is expected, `implements` or not. */
  structural(shape: Member, classes: readonly Member[]): void {
    const type = this.#members.childrenOf(shape).length === 0 ? undefined : instanceType(this.#checker, shape);
    if (type === undefined) return;
    for (const each of classes) {
      const children = this.#members.childrenOf(each).filter((child) => child.visibility === 'public');
      const sides = [instanceType(this.#checker, each), constructorType(this.#checker, each)];
      const [instance, constructor] = sides.map((own) => own !== undefined && this.#fits(own, type));
      for (const child of children) if (child.isStatic ? constructor : instance) this.#link(type, child);
    }
  }

  #fits(own: ts.Type, shape: ts.Type): boolean {
    const wanted = shape.getProperties();
    if (!wanted.every((each) => (each.flags & ts.SymbolFlags.Optional) !== 0 || own.getProperty(each.name) !== undefined))
      return false;
    const generic = shape.symbol?.declarations?.some(
      (each) => ts.isInterfaceDeclaration(each) && each.typeParameters !== undefined,
    );
    return generic === true || this.#checker.isTypeAssignableTo(own, shape);
  }

  /** An assertion makes a value answer for members its own type need not have. */
  cast(from: ts.Type, to: ts.Type): void {
    for (const property of to.getApparentProperties()) {
      const own = this.#members.ofSymbol(from.getProperty(property.name));
      for (const base of this.#members.ofSymbol(property)) this.#addAll(base, own);
    }
  }
}

/** Finds all links. */
export function findDispatch(checker: ts.TypeChecker, members: MemberIndex, references: References): Dispatch {
  const finder = new DispatchFinder(checker, members);
  const classes = members.all.filter((each) => each.kind === 'class');
  const interfaces = members.all.filter((each) => each.kind === 'interface');
  for (const each of [...classes, ...interfaces]) finder.declared(each);
  for (const each of interfaces) finder.structural(each, classes);
  for (const { from, to } of references.casts) finder.cast(from, to);
  return finder;
}
