// Which modules a module loads when it is evaluated, in order; cycles, and the order in which effects happen.
import { type ExportDeclaration, type ImportDeclaration, Node, type SourceFile } from 'ts-morph';
import { topLevelEffect } from '../kernel/top-level-effects.ts';
import type { Workspace } from '../kernel/workspace.ts';
import { nameUses } from './name-uses.ts';

/** One module that another loads. */
export interface Load {
  readonly specifier: string;
  /** Absolute path in the project; undefined for packages and what is not in the project. */
  readonly path: string | undefined;
  /** `import './x'`: nothing but loading. */
  readonly bare: boolean;
  /** The declaration that loads it; undefined for one that is still to be written. */
  readonly node?: Node;
}

/** What each module loads; an overlay says how it will be. */
export type LoadsOf = (path: string) => readonly Load[];

/** Local names of a file that are used as values, by text (a shadowed name counts, too). */
export function valueNames(file: SourceFile): ReadonlySet<string> {
  return new Set(
    nameUses(file.getStatements().filter((each) => !Node.isImportDeclaration(each))).flatMap((use) =>
      use.typeOnly ? [] : [use.identifier.getText()],
    ),
  );
}

export function keepsImports(file: SourceFile): boolean {
  return file.getProject().getCompilerOptions().verbatimModuleSyntax === true;
}

function importLoads(declaration: ImportDeclaration, values: ReadonlySet<string> | undefined): boolean {
  if (declaration.isTypeOnly()) return false;
  const clause = declaration.getImportClause();
  if (clause === undefined) return true;
  const named = declaration.getNamedImports();
  if (values === undefined)
    return declaration.getDefaultImport() !== undefined || named.length === 0 || named.some((each) => !each.isTypeOnly());
  const locals = [declaration.getDefaultImport(), declaration.getNamespaceImport()].flatMap((each) => each?.getText() ?? []);
  for (const each of named) if (!each.isTypeOnly()) locals.push(each.getAliasNode()?.getText() ?? each.getName());
  return locals.some((name) => values.has(name));
}

function exportLoads(declaration: ExportDeclaration): boolean {
  if (declaration.isTypeOnly()) return false;
  const named = declaration.getNamedExports();
  if (named.length === 0) return true;
  return named.some((each) => !each.isTypeOnly() && !isType(each));
}

/** Whether an export specifier stands for a type alone: the compiler drops it. */
export function isType(specifier: Node): boolean {
  const symbol = specifier.getSymbol()?.getAliasedSymbol();
  return symbol !== undefined && symbol.getValueDeclaration() === undefined && symbol.getDeclarations().length > 0;
}

/** The modules that loading the file loads, in order. Type imports load nothing. */
export function loadsOf(file: SourceFile): readonly Load[] {
  const values = keepsImports(file) ? undefined : valueNames(file);
  return file.getStatements().flatMap((statement): readonly Load[] => {
    if (Node.isImportDeclaration(statement)) {
      if (!importLoads(statement, values)) return [];
      const target = statement.getModuleSpecifierSourceFile()?.getFilePath();
      return [
        {
          specifier: statement.getModuleSpecifierValue(),
          path: target,
          bare: statement.getImportClause() === undefined,
          node: statement,
        },
      ];
    }
    if (Node.isExportDeclaration(statement) && statement.getModuleSpecifier() !== undefined) {
      if (!exportLoads(statement)) return [];
      return [
        {
          specifier: statement.getModuleSpecifierValue() ?? '',
          path: statement.getModuleSpecifierSourceFile()?.getFilePath(),
          bare: false,
          node: statement,
        },
      ];
    }
    return [];
  });
}

/** Loads of the workspace's modules as they are, each computed once. */
export function currentLoads(workspace: Workspace): LoadsOf {
  const known = new Map<string, readonly Load[]>();
  return (path) => {
    const cached = known.get(path);
    if (cached !== undefined) return cached;
    const file = path.includes('/node_modules/') ? undefined : workspace.findSourceFile(path);
    const loads = file === undefined || file.isDeclarationFile() ? [] : loadsOf(file);
    known.set(path, loads);
    return loads;
  };
}

/** A shortest chain of loads from `from` to `to`, both named; undefined when there is none. */
export function chainOf(from: string, to: string, loads: LoadsOf): readonly string[] | undefined {
  const cameFrom = new Map<string, string>();
  const waiting = [from];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    for (const load of loads(path)) {
      if (load.path === undefined || cameFrom.has(load.path)) continue;
      cameFrom.set(load.path, path);
      if (load.path === to) return traceBack(cameFrom, from, to);
      waiting.push(load.path);
    }
  }
  return undefined;
}

function traceBack(cameFrom: ReadonlyMap<string, string>, from: string, to: string): readonly string[] {
  const chain = [to];
  for (let at = cameFrom.get(to); at !== undefined; at = cameFrom.get(at)) {
    chain.unshift(at);
    if (at === from) break;
  }
  return chain;
}

/** The modules with an effect that are evaluated by loading these, in the order of their evaluation. */
export function effectOrder(entries: readonly Load[], loads: LoadsOf, hasEffect: (path: string) => boolean): readonly string[] {
  const seen = new Set<string>();
  const order: string[] = [];
  const visit = (load: Load): void => {
    const key = load.path ?? load.specifier;
    if (load.path === undefined || load.path.includes('/node_modules/')) {
      if (load.bare && !seen.has(key)) order.push(key);
      seen.add(key);
      return;
    }
    if (seen.has(key)) return;
    seen.add(key);
    for (const next of loads(load.path)) visit(next);
    if (hasEffect(load.path)) order.push(key);
  };
  for (const entry of entries) visit(entry);
  return order;
}

/** Whether loading a module of the workspace does something by itself. */
export function effectsIn(workspace: Workspace): (path: string) => boolean {
  const known = new Map<string, boolean>();
  return (path) => {
    const cached = known.get(path);
    if (cached !== undefined) return cached;
    const file = workspace.findSourceFile(path);
    const found = file !== undefined && !file.isDeclarationFile() && topLevelEffect(file) !== undefined;
    known.set(path, found);
    return found;
  };
}
