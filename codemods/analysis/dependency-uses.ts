// Where the code and configuration of a workspace use a package by its name.
import type { Place } from '../kernel/refusal.ts';
import { parseSource, ts, walk } from '../kernel/parse-source.ts';
import { lineAt } from '../kernel/text-positions.ts';
import type { Workspace } from '../kernel/workspace.ts';
import { isRecord, type Package } from './package-entries.ts';

const code = ['**/*.{ts,mts,cts,tsx,js,mjs,cjs,jsx}'];
const data = ['**/*.{json,yaml,yml,toml}'];
const lockfile = /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?)$/;

export interface DependencyUse {
  readonly place: Place;
  readonly how: string;
}

function names(text: string, dependency: string): boolean {
  return text === dependency || text.startsWith(`${dependency}/`);
}

/** An `alias` entry of a bundler or test runner: it says where the package lies, it does not use it. */
function isAliasKey(node: ts.Node): boolean {
  const property = node.parent;
  if (!ts.isPropertyAssignment(property) || property.name !== node) return false;
  const holder = property.parent.parent;
  return ts.isPropertyAssignment(holder) && holder.name.getText().replaceAll(/['"]/g, '') === 'alias';
}

/** The alias entries of a configuration file. */
export function aliasesOf(path: string, text: string, dependency: string): readonly ts.PropertyAssignment[] {
  const found: ts.PropertyAssignment[] = [];
  walk(parseSource(path, text), (node) => {
    if (ts.isStringLiteralLike(node) && names(node.text, dependency) && isAliasKey(node) && ts.isPropertyAssignment(node.parent))
      found.push(node.parent);
  });
  return found;
}

/** Imports of any kind, `vi.mock('name')`, options that name it: every string that is the name, or a subpath of it. */
function codeUses(workspace: Workspace, path: string, dependency: string): readonly DependencyUse[] {
  const text = workspace.textOf(path) ?? '';
  if (!text.includes(dependency)) return [];
  const uses: DependencyUse[] = [];
  walk(parseSource(path, text), (node) => {
    if (!ts.isStringLiteralLike(node) || !names(node.text, dependency) || isAliasKey(node)) return;
    const imports = ts.isImportDeclaration(node.parent) || ts.isExportDeclaration(node.parent);
    uses.push({
      place: { path: workspace.relative(path), line: lineAt(text, node.getStart()) },
      how: imports ? 'imports it' : 'names it',
    });
  });
  return uses;
}

function dataUses(workspace: Workspace, path: string, dependency: string): readonly DependencyUse[] {
  const text = workspace.textOf(path) ?? '';
  return text.split('\n').flatMap((line, at) => {
    const quoted = [...line.matchAll(/["']([^"']+)["']|[:-]\s+([\w@./-]+)\s*$/g)].some((match) =>
      names(match[1] ?? match[2] ?? '', dependency),
    );
    return quoted ? [{ place: { path: workspace.relative(path), line: at + 1 }, how: 'names it' }] : [];
  });
}

/** Commands of a package's scripts that hold the name as a word. */
function scriptUses(workspace: Workspace, each: Package, dependency: string): readonly DependencyUse[] {
  const scripts = isRecord(each.json['scripts']) ? Object.entries(each.json['scripts']) : [];
  return scripts
    .filter(([, command]) =>
      String(command)
        .split(/[\s;&|()'"]+/)
        .some((word) => names(word, dependency)),
    )
    .map(([name]) => ({ place: { path: workspace.relative(each.path), line: 1 }, how: `script ${name} runs it` }));
}

/** `paths` of a tsconfig only says where the package lies; `types` and plugins use it. */
function tsconfigUses(workspace: Workspace, path: string, dependency: string): readonly DependencyUse[] {
  const text = workspace.textOf(path) ?? '';
  const source = ts.parseJsonText(path, text);
  const uses: DependencyUse[] = [];
  const visit = (node: ts.Node, key: string): void => {
    if (ts.isPropertyAssignment(node)) visit(node.initializer, node.name.getText(source).replaceAll('"', ''));
    else if (ts.isStringLiteral(node) && key !== 'paths' && names(node.text, dependency)) {
      uses.push({
        place: { path: workspace.relative(path), line: lineAt(text, node.getStart(source)) },
        how: `names it in ${key}`,
      });
    } else if (key !== 'paths') ts.forEachChild(node, (child) => visit(child, key));
  };
  visit(source, '');
  return uses;
}

/** All uses outside `without` (absolute folders, the package's own). */
export function usesOfDependency(
  workspace: Workspace,
  packages: readonly Package[],
  dependency: string,
  without: readonly string[],
): readonly DependencyUse[] {
  const isOutside = (path: string): boolean => !without.some((folder) => path.startsWith(`${folder}/`));
  const isTsconfig = (path: string): boolean => /(?:^|\/)tsconfig[^/]*\.json$/.test(path);
  const texts = workspace
    .files(data)
    .filter((path) => isOutside(path) && !lockfile.test(path) && !path.endsWith('/package.json'));
  return [
    ...workspace
      .files(code)
      .filter(isOutside)
      .flatMap((path) => codeUses(workspace, path, dependency)),
    ...texts.filter(isTsconfig).flatMap((path) => tsconfigUses(workspace, path, dependency)),
    ...texts.filter((path) => !isTsconfig(path)).flatMap((path) => dataUses(workspace, path, dependency)),
    ...packages.flatMap((each) => scriptUses(workspace, each, dependency)),
  ];
}

/** Lockfiles of the workspace. */
export function lockfilesOf(workspace: Workspace): readonly string[] {
  return workspace.files(['**/package-lock.json', '**/npm-shrinkwrap.json', '**/pnpm-lock.yaml', '**/yarn.lock', '**/bun.lock']);
}
