// Where life begins: what packages offer and run, what configuration names, what decorators register, what tests run.
import { ts } from 'ts-morph';
import type { Workspace } from '../kernel/workspace.ts';
import type { Dispatch } from './liveness-dispatch.ts';
import type { MemberIndex } from './liveness-members.ts';
import type { Member, Use } from './liveness-model.ts';
import { configuredNames, entryModules, isToolFile, packagesOf, sourceOf, type EntryModule } from './package-entries.ts';

/** What the caller knows that the code does not say. */
export interface RootOptions {
  /** Exported names that count as internal: their removal from the API is decided. */
  readonly approve?: readonly string[];
  /** Members (`Class.member`, `name`) that outsiders are known to use. */
  readonly roots?: readonly string[];
  /** Further modules outsiders import, relative to the workspace; without packages and entries: all nobody imports. */
  readonly entries?: readonly string[];
}

/** A root with the reason it is one. */
export interface Root {
  readonly member: Member;
  readonly why: string;
}

export interface Roots {
  /** Surely used. */
  readonly live: readonly Root[];
  /** What outsiders can reach through the packages' entries: member → the entry. */
  readonly api: ReadonlyMap<Member, string>;
  readonly tests: readonly Root[];
}

interface Facts {
  readonly workspace: Workspace;
  readonly checker: ts.TypeChecker;
  readonly members: MemberIndex;
  readonly uses: readonly Use[];
  readonly dispatch: Dispatch;
}

/** The folder of the package a file belongs to. */
function folderFinder(workspace: Workspace): (path: string) => string {
  const folders = packagesOf(workspace)
    .map((each) => each.folder)
    .toSorted((a, b) => b.length - a.length);
  return (path) => folders.find((each) => path.startsWith(`${each}/`)) ?? workspace.root;
}

/** The declared entries; of a package that declares none, its index, else the modules that no other imports. */
function entriesOf({ workspace, members, uses }: Facts, options: RootOptions): readonly EntryModule[] {
  const named = (options.entries ?? []).map((path): EntryModule => ({
    path: workspace.absolute(path),
    why: `entry ${path}`,
    offered: true,
  }));
  const declared = [...entryModules(workspace, packagesOf(workspace)), ...named];
  const folderOf = folderFinder(workspace);
  const served = new Set(declared.filter((each) => each.offered || each.runs === true).map((each) => folderOf(each.path)));
  const loaded = new Set(uses.filter((use) => use.kind === 'loads' && !use.from.test).map((use) => use.to));
  const open = [...members.modules].filter(([file, module]) => !module.test && !served.has(folderOf(file.fileName)));
  const indexes = open.filter(([file]) =>
    /^(?:src\/)?index\.[cm]?tsx?$/.test(file.fileName.slice(folderOf(file.fileName).length + 1)),
  );
  const indexed = new Set(indexes.map(([file]) => folderOf(file.fileName)));
  const loose = open.filter(
    ([file, module]) => !loaded.has(module) && !indexed.has(folderOf(file.fileName)) && !isToolFile(file.fileName),
  );
  return [
    ...declared,
    ...indexes.map(([file, module]) => ({ path: file.fileName, why: `index ${module.path}`, offered: true })),
    ...loose.map(([file, module]) => ({ path: file.fileName, why: `${module.path}, which no module imports`, offered: true })),
  ];
}

/** Exported members of the offered modules, and what their types let outsiders reach. */
class ApiFinder {
  readonly api = new Map<Member, string>();
  readonly #facts: Facts;
  readonly #approved: ReadonlySet<string>;

  constructor(facts: Facts, approve: readonly string[]) {
    this.#facts = facts;
    this.#approved = new Set(approve);
  }

  module(file: ts.SourceFile, why: string): void {
    const symbol = this.#facts.checker.getSymbolAtLocation(file);
    for (const exported of symbol === undefined ? [] : this.#facts.checker.getExportsOfModule(symbol)) {
      if (this.#approved.has(exported.name)) continue;
      const target = (exported.flags & ts.SymbolFlags.Alias) === 0 ? exported : this.#facts.checker.getAliasedSymbol(exported);
      for (const member of this.#facts.members.ofSymbol(target)) this.#offer(member, why);
    }
  }

  #offer(member: Member, why: string): void {
    if (this.api.has(member) || member.test || this.#approved.has(member.name)) return;
    this.api.set(member, why);
    if (member.owner === undefined) this.#offerMembers(member, why);
    this.#offerTypes(member, `type of ${member.label}, ${why}`);
  }

  /** Public and protected members, inherited ones too: outsiders call them, or override them. */
  #offerMembers(owner: Member, why: string): void {
    for (const holder of [owner, ...(this.#facts.dispatch.bases.get(owner) ?? [])]) {
      for (const child of this.#facts.members.childrenOf(holder)) if (child.visibility !== 'private') this.#offer(child, why);
    }
  }

  /** Classes that are not exported themselves but reach outsiders as the type of what is. */
  #offerTypes(member: Member, why: string): void {
    const name = ts.getNameOfDeclaration(member.nodes[0] as ts.Declaration); // the nodes of a member are declarations
    const symbol = name === undefined ? undefined : this.#facts.checker.getSymbolAtLocation(name);
    if (symbol === undefined || (symbol.flags & ts.SymbolFlags.Type) !== 0) return;
    const type = this.#facts.checker.getTypeOfSymbol(symbol);
    for (const reached of [type, ...type.getCallSignatures().map((each) => each.getReturnType())]) {
      for (const target of this.#classesIn(reached, 0)) this.#offer(target, why);
    }
  }

  #classesIn(type: ts.Type, depth: number): readonly Member[] {
    const deepest = 3; // Promise<Result<Thing>[]>
    if (depth > deepest) return [];
    const own = this.#facts.members.ofSymbol(type.symbol).filter((each) => each.kind === 'class');
    const parts = type.isUnionOrIntersection() ? type.types : [...(type.aliasTypeArguments ?? []), ...this.#argumentsOf(type)];
    return [...own, ...parts.flatMap((part) => this.#classesIn(part, depth + 1))];
  }

  #argumentsOf(type: ts.Type): readonly ts.Type[] {
    if ((type.flags & ts.TypeFlags.Object) === 0) return [];
    return this.#facts.checker.getTypeArguments(type as ts.TypeReference); // answers an empty list for objects that are no references
  }
}

/** Static methods that answer with an instance: for outsiders they are the constructor. */
function isFactory(checker: ts.TypeChecker, member: Member): boolean {
  const [node] = member.nodes;
  if (!member.isStatic || node === undefined || !ts.isMethodDeclaration(node) || member.owner === undefined) return false;
  const signature = checker.getSignatureFromDeclaration(node);
  if (signature === undefined) return false;
  const answer = checker.getReturnTypeOfSignature(signature);
  const type = checker.getAwaitedType(answer) ?? answer;
  const nodes = new Set(member.owner.nodes);
  const parts = [type, ...type.getProperties().map((each) => checker.getTypeOfSymbol(each))];
  return parts.some((part) => part.symbol?.declarations?.some((each) => nodes.has(each)) === true);
}

/** API classes that production never constructs are there for outsiders alone; of the others only the factories must be. */
function apiRoots(facts: Facts, api: ReadonlyMap<Member, string>): readonly Root[] {
  const constructed = new Set(facts.uses.filter((use) => use.kind === 'construct' && !use.from.test).map((use) => use.to));
  const classes = [...api].filter(([member]) => member.kind === 'class');
  return classes.flatMap(([member, why]): readonly Root[] => {
    const own = facts.members.childrenOf(member);
    if (constructed.has(member)) {
      const factories = own.filter((child) => api.has(child) && isFactory(facts.checker, child));
      return factories.map((child) => ({ member: child, why: `makes a ${member.name} for outsiders (${why})` }));
    }
    const inherited = (facts.dispatch.bases.get(member) ?? []).flatMap((base) => facts.members.childrenOf(base));
    const offered = [...own, ...inherited].filter((child) => api.has(child) && child.kind !== 'field');
    return [
      { member, why: `offered to outsiders (${why}), no code of the workspace constructs it` },
      ...offered.map((child) => ({ member: child, why: `API of ${member.name}, which is offered to outsiders (${why})` })),
    ];
  });
}

/**
 * Functions and values of a package that no other package of the workspace imports: it is there for outsiders. Of a
 * package that others import, use tells what is needed.
 */
function outsidersRoots(facts: Facts, api: ReadonlyMap<Member, string>): readonly Root[] {
  const folderOf = folderFinder(facts.workspace);
  const crossing = facts.uses.filter(
    (use) => use.kind !== 're-export' && !use.from.test && folderOf(use.from.file.fileName) !== folderOf(use.to.file.fileName),
  );
  const consumed = new Set(crossing.map((use) => folderOf(use.to.file.fileName)));
  const kinds: ReadonlySet<Member['kind']> = new Set(['function', 'variable', 'enum']);
  return [...api]
    .filter(([member]) => kinds.has(member.kind) && !consumed.has(folderOf(member.file.fileName)))
    .map(([member, why]) => ({ member, why: `exported to outsiders (${why}), no package of the workspace imports it` }));
}

function configuredRoots(facts: Facts): readonly Root[] {
  const names = configuredNames(facts.workspace);
  const callable = facts.members.all.filter((each) => !each.test && (each.kind === 'method' || each.kind === 'function'));
  const byName = new Map(names.map((each) => [each.text, each]));
  const named = callable.flatMap((member) => {
    const place = byName.get(member.name)?.place;
    return place === undefined ? [] : [{ member, why: `named in ${place}` }];
  });
  const modules = names.flatMap((each): readonly Root[] => {
    if (!/\.[cm]?[jt]sx?$/.test(each.text)) return [];
    const path = sourceOf(facts.workspace, each.folder, each.text) ?? sourceOf(facts.workspace, facts.workspace.root, each.text);
    return moduleRoots(facts, path, `named in ${each.place}`);
  });
  return [...named, ...modules];
}

function moduleRoots({ members }: Facts, path: string | undefined, why: string): readonly Root[] {
  return [...members.modules].filter(([file]) => file.fileName === path).map(([, member]) => ({ member, why }));
}

function isDecorated(member: Member): boolean {
  return member.nodes.some((node) => ts.canHaveDecorators(node) && (ts.getDecorators(node)?.length ?? 0) > 0);
}

/** `declare global` and `declare module 'x'` add to what exists outside. */
function isAugmentation(member: Member): boolean {
  return member.nodes.some(
    (node) => ts.isModuleDeclaration(node) && (ts.isStringLiteral(node.name) || node.name.text === 'global'),
  );
}

/** Finds all roots. */
export function findRoots(facts: Facts, options: RootOptions): Roots {
  const entries = entriesOf(facts, options);
  const finder = new ApiFinder(facts, options.approve ?? []);
  const modules = new Map([...facts.members.modules.keys()].map((file) => [file.fileName, file]));
  for (const entry of entries) {
    const file = modules.get(entry.path);
    if (entry.offered && file !== undefined) finder.module(file, entry.why);
  }
  const run = entries.flatMap((entry) => moduleRoots(facts, entry.path, entry.why)).filter((root) => !root.member.test);
  const wanted = new Set(options.roots ?? []);
  const asked = facts.members.all
    .filter((each) => wanted.has(each.label))
    .map((member) => ({ member, why: 'declared to be a root' }));
  const decorated = facts.members.all
    .filter((each) => !each.test && isDecorated(each))
    .map((member) => ({ member, why: 'registered by a decorator' }));
  const tests = [...facts.members.modules.values()].filter((each) => each.test).map((member) => ({ member, why: 'test' }));
  const augmenting = facts.members.all
    .filter(isAugmentation)
    .map((member) => ({ member, why: 'adds to a module or to the globals' }));
  return {
    live: [
      ...run,
      ...asked,
      ...decorated,
      ...augmenting,
      ...configuredRoots(facts),
      ...apiRoots(facts, finder.api),
      ...outsidersRoots(facts, finder.api),
    ],
    api: finder.api,
    tests,
  };
}
