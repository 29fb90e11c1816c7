// What modules will load once declarations have moved, to compare with what they load now.
import { Node } from 'ts-morph';
import { specifierFor } from '../kernel/module-specifier.ts';
import { sortsBefore } from '../kernel/print-import.ts';
import { isType, keepsImports, type Load, type LoadsOf, valueNames } from './import-graph.ts';
import type { ImporterChange, Leaving, Specifier, Split } from './moved-imports.ts';
import type { MovedSet } from './moved-set.ts';

/** Where the kernel's import repair puts a new import among those a module has. */
function inserted(loads: readonly Load[], added: Load): readonly Load[] {
  if (loads.some((each) => each.path === added.path)) return loads;
  const imports = loads.filter((each) => !Node.isExportDeclaration(each.node));
  const next = imports.find((each) => sortsBefore(added.specifier, each.specifier));
  const at = next === undefined ? imports.length : loads.indexOf(next);
  return [...loads.slice(0, at), added, ...loads.slice(at)];
}

function loadOf(leaving: Leaving, into: string, to: string): Load {
  return { specifier: specifierFor(leaving.workspace, into, to), path: to, bare: false };
}

function isEvaluated(split: Split, specifiers: readonly Specifier[], values: ReadonlySet<string> | undefined): boolean {
  const named = specifiers.filter((each) => !each.typeOnly);
  if (Node.isExportDeclaration(split.declaration)) return named.some((each) => !isType(each.node));
  return named.some((each) => values?.has(each.alias ?? each.name) ?? true);
}

/** The loads of a file that imports or re-exports what moves. */
export function importerLoads(change: ImporterChange, leaving: Leaving, current: LoadsOf): readonly Load[] {
  const path = change.file.getFilePath();
  const values = keepsImports(change.file) ? undefined : valueNames(change.file);
  const added = loadOf(leaving, path, leaving.to);
  let apart = false;
  const loads = current(path).flatMap((load): readonly Load[] => {
    const split = change.splits.find((each) => each.declaration === load.node);
    if (split === undefined) return [load];
    if (split.gone === 'all') return leaving.oldExports ? [load, added] : [added];
    const isImport = Node.isImportDeclaration(split.declaration);
    const keeps = isEvaluated(split, split.rest, values) || (isImport && split.declaration.getDefaultImport() !== undefined);
    const takes = isEvaluated(split, split.gone, values);
    if (takes && !split.inPlace) apart = true;
    return [...(keeps ? [load] : []), ...(takes && split.inPlace ? [added] : [])];
  });
  return apart ? inserted(loads, added) : loads;
}

/** The loads of the old module: imports that only moved code evaluated are gone, unless they have an effect. */
export function oldModuleLoads(leaving: Leaving, evaluated: EvaluatedNames): readonly Load[] {
  const loads = evaluated.current(leaving.from).filter((load) => {
    if (load.bare || !Node.isImportDeclaration(load.node)) return true;
    const locals = [load.node.getDefaultImport(), load.node.getNamespaceImport()].flatMap((each) => each?.getText() ?? []);
    for (const each of load.node.getNamedImports()) locals.push(each.getAliasNode()?.getText() ?? each.getName());
    return locals.some((name) => evaluated.byRest.has(name)) || (load.path !== undefined && evaluated.hasEffect(load.path));
  });
  return evaluated.needsNew ? inserted(loads, loadOf(leaving, leaving.from, leaving.to)) : loads;
}

export interface EvaluatedNames {
  readonly current: LoadsOf;
  readonly hasEffect: (path: string) => boolean;
  /** Names that the code that stays evaluates. */
  readonly byRest: ReadonlySet<string>;
  /** Whether the old module will load the new one. */
  readonly needsNew: boolean;
}

/** The loads of the new module: what moved code evaluates, in the order of the old imports. */
export function newModuleLoads(moved: MovedSet, leaving: Leaving, current: LoadsOf): readonly Load[] {
  const order = current(leaving.from).map((each) => each.node);
  const needed = moved.imports
    .filter((each) => !each.typeOnly)
    .toSorted((a, b) => order.indexOf(a.declaration) - order.indexOf(b.declaration));
  const taken = needed.map((each): Load => {
    const path = each.declaration.getModuleSpecifierSourceFile()?.getFilePath();
    return { specifier: each.declaration.getModuleSpecifierValue(), path, bare: false };
  });
  const old = moved.fromOld.some((each) => !each.typeOnly) ? [loadOf(leaving, leaving.to, leaving.from)] : [];
  return [...current(leaving.to), ...taken, ...old];
}
