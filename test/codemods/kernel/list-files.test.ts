// Listing a project's files.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { listFiles } from '../../../codemods/kernel/list-files.ts';

it('lists what the globs match, sorted, without packages, hidden folders, and what builds write at the root', () => {
  const root = mkdtempSync(join(tmpdir(), 'list-files-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const wanted = ['a.ts', 'src/b.ts', 'src/coverage/c.ts', 'src/dist/d.ts'];
  const others = ['node_modules/e.ts', 'src/node_modules/f.ts', '.git/g.ts', 'dist/h.ts', 'coverage/i.ts', 'src/j.js'];
  for (const path of [...others, ...wanted]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
  expect(listFiles(root, ['**/*.ts'])).toEqual(wanted);
  expect(listFiles(root, ['src/*.{ts,js}'])).toEqual(['src/b.ts', 'src/j.js']);
});
