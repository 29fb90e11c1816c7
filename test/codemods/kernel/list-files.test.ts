// Listing a project's files.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { amongProjectFiles, listFiles, projectFiles } from '../../../codemods/kernel/list-files.ts';

function folderWith(paths: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'list-files-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
  return root;
}

it('lists what the globs match, sorted, without packages, hidden folders, and what builds write at the root', () => {
  const wanted = ['a.ts', 'src/b.ts', 'src/coverage/c.ts', 'src/dist/d.ts'];
  const others = ['node_modules/e.ts', 'src/node_modules/f.ts', '.git/g.ts', 'dist/h.ts', 'coverage/i.ts', 'src/j.js'];
  const root = folderWith([...others, ...wanted]);
  expect(listFiles(root, ['**/*.ts'])).toEqual(wanted);
  expect(listFiles(root, ['src/*.{ts,js}'])).toEqual(['src/b.ts', 'src/j.js']);
});

it('leaves out what builds and tests of a package within the project write', () => {
  const wanted = ['packages/a/package.json', 'packages/a/src/coverage/b.ts', 'packages/dist/c.ts'];
  const root = folderWith([...wanted, 'packages/a/coverage/coverage-final.json', 'packages/a/dist/index.js']);
  expect(listFiles(root, ['**/*'])).toEqual(wanted);
});

it('finds the same among paths that are known already', () => {
  const paths = [
    'a.ts',
    'dist/b.ts',
    'packages/a/dist/c.ts',
    'packages/a/package.json',
    'packages/a/src/.d/e.ts',
    'packages/dist/f.ts',
  ];
  expect(amongProjectFiles(paths)).toEqual(['a.ts', 'packages/a/package.json', 'packages/dist/f.ts']);
  expect(amongProjectFiles(paths)).toEqual(projectFiles(folderWith(paths)));
});
