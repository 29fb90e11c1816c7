// What the packages of a workspace offer and run: entries, scripts, and files and names their configuration speaks of.
import { dirname, join, posix } from 'node:path';
import { ts } from 'ts-morph';
import type { Workspace } from '../kernel/workspace.ts';

/** One package.json of the workspace. */
export interface Package {
  readonly path: string;
  readonly name: string;
  readonly folder: string;
  readonly json: Readonly<Record<string, unknown>>;
}

/** A module of the project that is loaded from outside it. */
export interface EntryModule {
  /** Absolute. */
  readonly path: string;
  /** What loads it, for a proof. */
  readonly why: string;
  /** Whether others import its exports (else it is only run). */
  readonly offered: boolean;
  /** Whether it is a command of the package: then the package needs no other entry. */
  readonly runs?: true;
}

/** Configuration written in TypeScript, loaded by a tool. */
export function isToolFile(path: string): boolean {
  return /\.config\.[cm]?ts$/.test(path);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON with comments, or undefined when it is none. */
export function parseJson(path: string, text: string): unknown {
  const parsed: { config?: unknown; error?: ts.Diagnostic } = ts.parseConfigFileTextToJson(path, text);
  return parsed.error === undefined ? parsed.config : undefined;
}

/** All strings in a JSON value. */
export function stringsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(stringsOf);
  return isRecord(value) ? Object.values(value).flatMap(stringsOf) : [];
}

/** The packages in and above the workspace's root (above: the nearest only). */
export function packagesOf(workspace: Workspace): readonly Package[] {
  const paths = new Set(workspace.files(['**/package.json']));
  for (let folder = workspace.root; !paths.has(join(workspace.root, 'package.json')); folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (workspace.textOf(path) !== undefined) paths.add(path);
    if (paths.has(path) || dirname(folder) === folder) break;
  }
  return [...paths].flatMap((path): readonly Package[] => {
    const json = parseJson(path, workspace.textOf(path) ?? '');
    if (!isRecord(json)) return [];
    const name = typeof json['name'] === 'string' ? json['name'] : workspace.relative(dirname(path)) || '.';
    return [{ path, name, folder: dirname(path), json }];
  });
}

const builtFolder = /^(?:dist|lib|build|out)\//;

/** The source a package's file is (or is built from). */
export function sourceOf(workspace: Workspace, folder: string, target: string): string | undefined {
  const plain = posix.normalize(target.replace(/^\.\//, ''));
  const stem = plain.replace(/(?:\.d)?\.[cm]?[jt]sx?$/, '');
  const stems = [stem, stem.replace(builtFolder, 'src/'), stem.replace(builtFolder, '')];
  const names = [
    plain,
    ...stems.flatMap((each) => ['.ts', '.tsx', '.mts', '.cts', '/index.ts'].map((ending) => `${each}${ending}`)),
  ];
  const found = names.map((name) => join(folder, name)).find((path) => workspace.findSourceFile(path) !== undefined);
  return found !== undefined && !found.endsWith('.d.ts') ? found : undefined;
}

function expand(workspace: Workspace, folder: string, target: string): readonly string[] {
  if (!target.includes('*')) return [sourceOf(workspace, folder, target) ?? ''].filter((path) => path !== '');
  const inFolder = workspace.relative(folder);
  const glob = posix.join(
    inFolder,
    target
      .replace(builtFolder, 'src/')
      .replace(/\*/, '**/*')
      .replace(/\.[cm]?js$/, '.ts'),
  );
  return workspace.files([glob]).filter((path) => workspace.findSourceFile(path) !== undefined);
}

/** Subpath → targets of `exports`, `main`, `module`, `types`. */
function offersOf(json: Package['json']): readonly (readonly [subpath: string, targets: readonly string[]])[] {
  const exported = json['exports'];
  if (isRecord(exported) && Object.keys(exported).some((key) => key.startsWith('.'))) {
    return Object.entries(exported).map(([subpath, target]) => [subpath, stringsOf(target)]);
  }
  const main = [exported, json['main'], json['module'], json['types'], json['browser']].flatMap(stringsOf);
  return main.length === 0 ? [] : [['.', main]];
}

/** Files that a package's scripts name. */
function scriptFiles(workspace: Workspace, each: Package): readonly EntryModule[] {
  const scripts = isRecord(each.json['scripts']) ? Object.entries(each.json['scripts']) : [];
  return scripts.flatMap(([name, command]) =>
    String(command)
      .split(/[\s'"=]+/)
      .flatMap((word) => (/\.[cm]?[jt]sx?$/.test(word) ? [sourceOf(workspace, each.folder, word)] : []))
      .flatMap((path) => (path === undefined ? [] : [{ path, why: `script ${name} of ${each.name}`, offered: false }])),
  );
}

/** The modules that the packages offer or run. */
export function entryModules(workspace: Workspace, packages: readonly Package[]): readonly EntryModule[] {
  const entries = packages.flatMap((each): readonly EntryModule[] => {
    const offered = offersOf(each.json).flatMap(([subpath, targets]) =>
      targets
        .flatMap((target) => expand(workspace, each.folder, target))
        .map((path) => ({ path, why: `entry ${subpath} of ${each.name}`, offered: true })),
    );
    const commands = stringsOf(each.json['bin'])
      .flatMap((target) => expand(workspace, each.folder, target))
      .map((path) => ({ path, why: `bin of ${each.name}`, offered: false, runs: true as const }));
    return [...offered, ...commands, ...scriptFiles(workspace, each)];
  });
  const tools = workspace
    .sourceFiles()
    .map((file): string => file.getFilePath())
    .filter(isToolFile)
    .map((path) => ({ path, why: 'configuration that a tool loads', offered: false }));
  return [...entries, ...tools];
}

/** A string in a configuration file. */
export interface ConfiguredName {
  readonly text: string;
  /** `config/jobs.json:3`. */
  readonly place: string;
  readonly folder: string;
}

const ownConfiguration = /(?:^|\/)(?:package|package-lock|npm-shrinkwrap|tsconfig[^/]*)\.json$/;

/** Strings in JSON and YAML files, except those of the package manager and the compiler. */
export function configuredNames(workspace: Workspace): readonly ConfiguredName[] {
  const paths = workspace.files(['**/*.json', '**/*.yaml', '**/*.yml']).filter((path) => !ownConfiguration.test(path));
  return paths.flatMap((path) => {
    const lines = (workspace.textOf(path) ?? '').split('\n');
    return lines.flatMap((line, at) =>
      [...line.matchAll(/["']([\w$./-]+)["']|(?:[:-]\s+)([\w$./-]+)\s*(?:#.*)?$/g)].map((match) => ({
        text: match[1] ?? match[2] ?? '',
        place: `${workspace.relative(path)}:${String(at + 1)}`,
        folder: dirname(path),
      })),
    );
  });
}
