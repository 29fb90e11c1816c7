// Lists a project's files by glob, relative to its root, with forward slashes and sorted.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { matcherOf } from './glob.ts';

/** What builds and tests write at the root of a package; a folder of the same name further down is source. */
const written: ReadonlySet<string> = new Set(['dist', 'coverage']);

function holdsSource(name: string, isPackage: boolean): boolean {
  return name !== 'node_modules' && !name.startsWith('.') && !(isPackage && written.has(name));
}

/**
 * Every file under `root`; folders that start with a dot and node_modules are left out, and so are dist and coverage at the
 * root and beside a package.json.
 */
export function projectFiles(root: string): readonly string[] {
  const files: string[] = [];
  const visit = (folder: string): void => {
    const entries = readdirSync(join(root, folder), { withFileTypes: true });
    const isPackage = folder === '' || entries.some(({ name }) => name === 'package.json');
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && holdsSource(entry.name, isPackage)) visit(path);
      if (entry.isFile()) files.push(path);
    }
  };
  visit('');
  return files.toSorted();
}

/** Those of `paths` that `projectFiles` would find if they were all the files there are. */
export function amongProjectFiles(paths: readonly string[]): readonly string[] {
  const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const packages = new Set(['', ...paths.filter((path) => path.endsWith('/package.json')).map(folderOf)]);
  return paths.filter((path) => {
    const folders = path.split('/').slice(0, -1);
    return folders.every((name, at) => holdsSource(name, packages.has(folders.slice(0, at).join('/'))));
  });
}

/** The files of `projectFiles` that one of `globs` matches. */
export function listFiles(root: string, globs: readonly string[]): readonly string[] {
  return projectFiles(root).filter(matcherOf(globs));
}
