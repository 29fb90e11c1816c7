// Reads tsconfig files with their references: options, files and paths as absolute paths.
import { dirname, resolve } from 'node:path';
import { ts } from 'ts-morph';
import { RefitError } from './refit-error.ts';

/** One project of the workspace. */
export interface Tsconfig {
  /** Absolute. */
  readonly path: string;
  readonly options: ts.CompilerOptions;
  /** Absolute paths of the files it includes. */
  readonly files: readonly string[];
  /** `paths` with absolute targets. */
  readonly absolutePaths: Readonly<Record<string, string[]>>;
}

function parse(path: string): { readonly config: Tsconfig; readonly references: readonly string[] } {
  const read = ts.readConfigFile(path, (file) => ts.sys.readFile(file));
  const problem = (what: string): RefitError =>
    new RefitError('REFIT_TSCONFIG', `${path}: ${what} Give the tsconfig.json of a project that compiles (--project <path>).`);
  if (read.error !== undefined) throw problem(ts.flattenDiagnosticMessageText(read.error.messageText, '\n'));
  const parsed = ts.parseJsonConfigFileContent(read.config, ts.sys, dirname(path), undefined, path);
  const first = parsed.errors.find((error) => error.code !== 18003); // 18003: no inputs, as in a solution file
  if (first !== undefined) throw problem(ts.flattenDiagnosticMessageText(first.messageText, '\n'));
  const base = typeof parsed.options['pathsBasePath'] === 'string' ? parsed.options['pathsBasePath'] : dirname(path);
  const absolutePaths = Object.fromEntries(
    Object.entries(parsed.options.paths ?? {}).map(([name, targets]) => [name, targets.map((target) => resolve(base, target))]),
  );
  return {
    config: { path, options: parsed.options, files: parsed.fileNames.map((file) => resolve(file)), absolutePaths },
    references: (parsed.projectReferences ?? []).map((reference) => ts.resolveProjectReferencePath(reference)),
  };
}

/** The given projects and all they reference, each once, in the order given. */
export function readTsconfigs(paths: readonly string[]): readonly Tsconfig[] {
  const done = new Map<string, Tsconfig>();
  const waiting = [...paths];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (done.has(path)) continue;
    if (!ts.sys.fileExists(path)) {
      throw new RefitError('REFIT_TSCONFIG', `There is no ${path}. Give the tsconfig.json of the project (--project <path>).`);
    }
    const { config, references } = parse(path);
    done.set(path, config);
    waiting.push(...references);
  }
  return [...done.values()];
}
