// Which files import which, in whatever form they name the module, and the folder that several projects share.
import { expect, it } from 'vitest';
import { importersOf } from '../../../codemods/kernel/diagnostics.ts';
import { Workspace } from '../../../codemods/kernel/workspace.ts';

it.each([
  "import { a } from './a.js'; a;",
  "import './a.js';",
  "export { a } from './a.js';",
  "export * as all from './a.js';",
  "export const later = import('./a.js');",
  "export type A = import('./a.js').A;",
  "import a = require('./a.cjs'); a;",
])('a file imports another with %s', (text) => {
  const workspace = Workspace.inMemory({
    'a.ts': 'export const a = 1; export type A = string;',
    'a.cts': 'const a = 1; export = a;',
    'b.ts': text,
    'c.ts': 'export const a = 1;',
  });
  const target = workspace.absolute(text.includes('a.cjs') ? 'a.cts' : 'a.ts');
  const importers = importersOf(workspace);
  expect([...importers.keys()]).toEqual([target]);
  expect([...(importers.get(target) ?? [])]).toEqual([workspace.absolute('b.ts')]);
});

it.each([
  [['/x/a/tsconfig.json'], '/x/a'],
  [['/x/a/tsconfig.json', '/x/b/tsconfig.json'], '/x'],
  [['/x/ab/tsconfig.json', '/x/a/tsconfig.json', '/x/a/c/tsconfig.json'], '/x'],
  [['/x/tsconfig.json', '/y/tsconfig.json'], '/'],
  [[], process.cwd()],
])('the root of %j is %s', (paths, root) => {
  expect(Workspace.rootOf(paths)).toBe(root);
});
