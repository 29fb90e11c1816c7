// Lists a project's files by glob, relative to its root, with forward slashes and sorted.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { matcherOf } from './glob.ts';

/** What builds and tests write at the root; a folder of the same name further down is source. */
const written: ReadonlySet<string> = new Set(['dist', 'coverage']);

function holdsSource(path: string, name: string): boolean {
  return name !== 'node_modules' && !name.startsWith('.') && !written.has(path);
}

/** Every file under `root` that one of `globs` matches; folders that start with a dot, node_modules, and dist and coverage at the root are left out. */
export function listFiles(root: string, globs: readonly string[]): readonly string[] {
  const matches = matcherOf(globs);
  const files: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && holdsSource(path, entry.name)) visit(path);
      if (entry.isFile() && matches(path)) files.push(path);
    }
  };
  visit('');
  return files.toSorted();
}
