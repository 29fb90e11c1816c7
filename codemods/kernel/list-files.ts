// Lists a project's files by glob, relative to its root, with forward slashes and sorted.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { matcherOf } from './glob.ts';

/** Folders that hold no source of the project itself. */
const skipped: ReadonlySet<string> = new Set(['node_modules', 'dist', 'coverage']);

/** Every file under `root` that one of `globs` matches; folders that start with a dot are left out. */
export function listFiles(root: string, globs: readonly string[]): readonly string[] {
  const matches = matcherOf(globs);
  const files: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !skipped.has(entry.name) && !entry.name.startsWith('.')) visit(path);
      if (entry.isFile() && matches(path)) files.push(path);
    }
  };
  visit('');
  return files.toSorted();
}
