// Codemod: prune-dependency
//
// Removes a package that nothing uses any more: from package.json, from `paths` and `include` of tsconfig files, from the
// aliases of configuration files, and its folder when it is vendored (`file:`). The lockfile belongs to the package
// manager: that it has to run is an obligation.
//
// Preconditions: no source file, script, configuration or tsconfig of the workspace names the package in any other way
// (imports, static, dynamic and of types, `vi.mock`, plugins, `types`, commands of package.json).
//
// with { "package": "tiny-map" }
// ```ts
// // ---- index.ts
// export const map = new Map<string, number>();
// // ---- package.json
// {
//   "name": "things",
//   "exports": "./index.ts",
//   "dependencies": {
//     "other": "1.0.0",
//     "tiny-map": "file:vendor/tiny-map"
//   }
// }
// // ---- tsconfig.json
// {
//   "compilerOptions": {
//     "strict": true,
//     "paths": { "tiny-map": ["./vendor/tiny-map/index.d.ts"] }
//   },
//   "include": ["src", "vendor/**/*.d.ts"]
// }
// // ---- vendor/tiny-map/index.d.ts
// export declare class TinyMap {}
// // ---- vendor/tiny-map/package.json
// { "name": "tiny-map", "types": "index.d.ts" }
// ```
// ->
// ```ts
// // ---- index.ts
// export const map = new Map<string, number>();
// // ---- package.json
// {
//   "name": "things",
//   "exports": "./index.ts",
//   "dependencies": {
//     "other": "1.0.0"
//   }
// }
// // ---- tsconfig.json
// {
//   "compilerOptions": {
//     "strict": true
//   },
//   "include": ["src"]
// }
// ```
//
// Refused: it is still used.
//
// with { "package": "tiny-map" }
// ```ts
// // ---- index.ts
// export const load = (): Promise<unknown> => import(String('tiny-map'));
// // ---- package.json
// { "name": "things", "dependencies": { "tiny-map": "^1.0.0" } }
// ```
// -> refused: REFIT_DEPENDENCY_USED
import { dirname, join } from 'node:path';
import { ts } from 'ts-morph';
import { aliasesOf, lockfilesOf, usesOfDependency } from './analysis/dependency-uses.ts';
import { jsonCuts, jsonNodeAt, propertyNamed } from './analysis/json-text.ts';
import { isRecord, packagesOf, type Package } from './analysis/package-entries.ts';
import { listCuts } from './analysis/removal-ranges.ts';
import type { Codemod } from './kernel/codemod.ts';
import { matcherOf } from './kernel/glob.ts';
import type { Proposal } from './kernel/proposal.ts';
import type { Workspace } from './kernel/workspace.ts';

interface Options {
  readonly package: string;
}

const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/** The most uses a refusal lists. */
const LISTED = 8;

interface Task {
  readonly workspace: Workspace;
  readonly dependency: string;
  readonly out: Proposal;
}

/** One dependency entry of one package.json. */
interface Entry {
  readonly owner: Package;
  readonly kind: string;
  readonly version: string;
}

export const pruneDependency: Codemod<Options> = {
  name: 'prune-dependency',
  options: { package: { kind: 'text', required: true, help: 'name of the package to remove' } },
  propose(workspace, options, out) {
    const task: Task = { workspace, dependency: options.package, out };
    const packages = packagesOf(workspace);
    const entries = packages.flatMap((owner) => entriesOf(owner, options.package));
    if (entries.length === 0) {
      out.skip({ path: '', line: 1 }, `no package.json of the workspace depends on ${options.package} (any more)`);
      return;
    }
    const vendored = [...new Set(entries.flatMap((entry) => vendorFolder(workspace, entry, options.package) ?? []))];
    const users = packages.filter((each) => !vendored.includes(each.folder));
    requireUnused(task, users, vendored);
    for (const entry of entries) cutJson(task, entry.owner.path, [entry.kind], [options.package]);
    const gone = vendored.flatMap((folder) => workspace.files([`${workspace.relative(folder)}/**`]));
    for (const path of gone) out.deleteFile(path);
    for (const path of workspace.files(['**/tsconfig*.json'])) pruneTsconfig(task, path, new Set(gone));
    for (const path of workspace.files(['**/*.config.{ts,mts,cts,js,mjs,cjs}']))
      pruneAliases(workspace, path, options.package, out);
    remind(workspace, entries, options.package, out);
  },
};

function entriesOf(owner: Package, dependency: string): readonly Entry[] {
  return kinds.flatMap((kind) => {
    const list = owner.json[kind];
    const version = isRecord(list) ? list[dependency] : undefined;
    return typeof version === 'string' ? [{ owner, kind, version }] : [];
  });
}

/** The folder of the package inside the workspace, when it is vendored there. */
function vendorFolder(workspace: Workspace, entry: Entry, dependency: string): string | undefined {
  if (!/^(?:file|link|portal):/.test(entry.version)) return undefined;
  const folder = join(entry.owner.folder, entry.version.replace(/^\w+:/, ''));
  const manifest = packagesOf(workspace).find((each) => each.folder === folder);
  return manifest?.name === dependency && folder.startsWith(`${workspace.root}/`) ? folder : undefined;
}

function requireUnused({ workspace, dependency, out }: Task, packages: readonly Package[], vendored: readonly string[]): void {
  const uses = usesOfDependency(workspace, packages, dependency, vendored);
  const [first] = uses;
  if (first !== undefined) {
    const lines = uses.slice(0, LISTED).map(({ place, how }) => `${place.path}:${String(place.line)} ${how}`);
    const more = uses.length > LISTED ? `\n  and ${String(uses.length - LISTED)} more` : '';
    out.refuse(
      'REFIT_DEPENDENCY_USED',
      first.place,
      `${dependency} is still used:\n  ${lines.join('\n  ')}${more}\nRemove the uses first.`,
    );
  }
  out.holds(
    `nothing in the workspace uses ${dependency}`,
    'no import, mock, script, plugin or `types` names it in code and configuration',
  );
}

/** Cuts properties of an object in a JSON file; an object that becomes empty goes as well. */
function cutJson({ workspace, out }: Task, path: string, holderKeys: readonly string[], names: readonly string[]): void {
  const text = workspace.textOf(path) ?? '';
  let keys = holderKeys;
  let gone = names;
  for (;;) {
    const holder = jsonNodeAt(path, text, keys);
    if (holder === undefined || !ts.isObjectLiteralExpression(holder)) return;
    const properties = gone.flatMap((name) => propertyNamed(holder, name) ?? []);
    if (properties.length === 0) return;
    const last = keys.at(-1);
    if (properties.length < holder.properties.length || last === undefined) {
      for (const range of jsonCuts(text, holder, new Set(properties))) out.edit(path, range, '');
      return;
    }
    gone = [last];
    keys = keys.slice(0, -1);
  }
}

function pruneTsconfig(task: Task, path: string, gone: ReadonlySet<string>): void {
  const { workspace, out } = task;
  const text = workspace.textOf(path) ?? '';
  cutJson(task, path, ['compilerOptions', 'paths'], [task.dependency, `${task.dependency}/*`]);
  const include = jsonNodeAt(path, text, ['include']);
  if (include === undefined || !ts.isArrayLiteralExpression(include)) return;
  const empty = include.elements.filter(
    (each) => ts.isStringLiteral(each) && isEmptied(workspace, dirname(path), each.text, gone),
  );
  if (empty.length === 0 || empty.length === include.elements.length) return;
  for (const range of jsonCuts(text, include, new Set(empty))) out.edit(path, range, '');
}

/** Whether a glob matched files, and all of them go. */
function isEmptied(workspace: Workspace, folder: string, glob: string, gone: ReadonlySet<string>): boolean {
  const plain = glob.replace(/^\.\//, '');
  const matches = matcherOf([plain, `${plain}/**`]);
  const matched = workspace
    .files(['**/*'])
    .filter((path) => path.startsWith(`${folder}/`) && matches(path.slice(folder.length + 1)));
  return matched.length > 0 && matched.every((path) => gone.has(path));
}

/** Takes the aliases out, and the objects that held nothing else. */
function pruneAliases(workspace: Workspace, path: string, dependency: string, out: Proposal): void {
  const text = workspace.textOf(path) ?? '';
  let gone: readonly ts.PropertyAssignment[] = aliasesOf(path, text, dependency);
  const [first] = gone;
  if (first === undefined) return;
  let holder = first.parent;
  while (gone.length === holder.properties.length && ts.isPropertyAssignment(holder.parent)) {
    gone = [holder.parent];
    holder = holder.parent.parent;
  }
  for (const range of listCuts(text, [...holder.properties], new Set<ts.Node>(gone))) out.edit(path, range, '', 'deleted');
}

function remind(workspace: Workspace, entries: readonly Entry[], dependency: string, out: Proposal): void {
  for (const entry of entries) out.claim({ kind: 'removed', name: dependency, from: entry.owner.path });
  const stale = lockfilesOf(workspace).filter((path) => (workspace.textOf(path) ?? '').includes(`${dependency}"`));
  const owners = [...new Set(entries.map((entry) => workspace.relative(entry.owner.path)))].join(', ');
  if (stale.length === 0)
    out.obligation(
      `no lockfile of the workspace names ${dependency}; where one is kept elsewhere, run the package manager after this change of ${owners}`,
    );
  for (const path of stale)
    out.obligation(`run the package manager (npm install) so that ${workspace.relative(path)} drops ${dependency}`);
}
