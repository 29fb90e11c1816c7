// Which modules an import loads when the program runs, and which of them do something while they load.
import type { ExportDeclaration, ImportDeclaration, Node, SourceFile } from 'ts-morph';
import { outerNamesUsed, type OuterNames } from './outer-names.ts';
import { topLevelEffect } from './top-level-effects.ts';
import type { Workspace } from './workspace.ts';

function localNames(declaration: ImportDeclaration): readonly string[] {
  const named = declaration.getNamedImports().filter((each) => !each.isTypeOnly());
  const whole = [declaration.getDefaultImport(), declaration.getNamespaceImport()].filter((each) => each !== undefined);
  return [...whole.map((each) => each.getText()), ...named.map((each) => (each.getAliasNode() ?? each.getNameNode()).getText())];
}

/** Whether the import is left in the emitted code: names that are only types are dropped unless the project keeps them verbatim. */
export function isLoaded(workspace: Workspace, declaration: ImportDeclaration, uses: OuterNames): boolean {
  if (declaration.isTypeOnly()) return false;
  if (declaration.getImportClause() === undefined) return true;
  const names = localNames(declaration);
  if (workspace.project.getCompilerOptions().verbatimModuleSyntax === true) return names.length > 0;
  return names.some((name) => uses.get(name) === 'value');
}

function targetOf(workspace: Workspace, declaration: ImportDeclaration | ExportDeclaration): SourceFile | undefined {
  const target = workspace.targetOf(declaration);
  return target === undefined || target.isDeclarationFile() ? undefined : target;
}

/** Modules of the project that loading `file` loads directly. */
function loadedBy(workspace: Workspace, file: SourceFile): readonly SourceFile[] {
  const uses = outerNamesUsed(workspace, file);
  const imports = file.getImportDeclarations().filter((each) => isLoaded(workspace, each, uses));
  const exports = file.getExportDeclarations().filter((each) => !each.isTypeOnly());
  return [...imports, ...exports].map((each) => targetOf(workspace, each)).filter((each) => each !== undefined);
}

/** Everything that loading the given modules loads, themselves included. */
export function closureOf(workspace: Workspace, files: readonly SourceFile[]): ReadonlySet<SourceFile> {
  const reached = new Set<SourceFile>();
  const waiting = [...files];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    waiting.push(...loadedBy(workspace, file));
  }
  return reached;
}

/** The first module with an effect of its own that `target` loads and none of `others` does. */
export function effectLostWith(workspace: Workspace, target: SourceFile, others: readonly SourceFile[]): SourceFile | undefined {
  const effects = [...closureOf(workspace, [target])].filter((file) => topLevelEffect(file) !== undefined);
  if (effects.length === 0) return undefined;
  const still = closureOf(workspace, others);
  return effects.find((file) => !still.has(file));
}

/** The modules of the project that the imports load, those of `except` left out. */
export function loadedTargets(
  workspace: Workspace,
  file: SourceFile,
  uses: OuterNames,
  except: ReadonlySet<Node>,
): readonly SourceFile[] {
  const imports = file.getImportDeclarations().filter((each) => !except.has(each) && isLoaded(workspace, each, uses));
  const exports = file.getExportDeclarations().filter((each) => !each.isTypeOnly());
  return [...imports, ...exports].map((each) => targetOf(workspace, each)).filter((each) => each !== undefined);
}
