// What a module loads before its first line runs: its static imports of values, and theirs.
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export interface Loaded {
  /** Relative to the repository, with forward slashes, sorted. */
  readonly modules: readonly string[];
  readonly packages: readonly string[];
}

const repository = join(import.meta.dirname, '../../..');
const statement = /^(?:import|export)\s+(?!type\b)(?:[^'"]*?\sfrom\s+)?'([^']+)'/gm;

export function loadedWith(entry: string): Loaded {
  const modules = new Set<string>();
  const packages = new Set<string>();
  const visit = (path: string): void => {
    const name = relative(repository, path).replaceAll('\\', '/');
    if (modules.has(name)) return;
    modules.add(name);
    for (const [, specifier = ''] of readFileSync(path, 'utf8').matchAll(statement)) {
      if (specifier.startsWith('.')) visit(join(dirname(path), specifier));
      else packages.add(specifier);
    }
  };
  visit(join(repository, entry));
  return { modules: [...modules].toSorted(), packages: [...packages].toSorted() };
}
