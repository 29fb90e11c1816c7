// What a change does to declarations and to what packages offer.
import { describe, expect, it } from 'vitest';
import { apiChanges, declarationDifferences } from '../../../codemods/analysis/declared-surface.ts';
import { borrowedWorkspace } from '../borrowed-workspace.ts';

type Texts = Readonly<Record<string, string>>;

function versionsOf(before: Texts, after: Texts) {
  const workspace = borrowedWorkspace(before);
  const old = workspace.project.getProgram().compilerObject;
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  for (const path of paths) if (before[path] !== after[path]) workspace.setText(path, after[path] ?? null);
  return {
    versions: { before: old, after: workspace.project.getProgram().compilerObject },
    files: paths.map((path) => ({ path: workspace.absolute(path), before: before[path], after: after[path] })),
    shown: (path: string) => workspace.relative(path),
    entry: workspace.absolute('index.ts'),
  };
}

describe('the .d.ts of a file', () => {
  it('differs by the lines of what it declares, not by bodies, and JSON declares nothing', () => {
    const { versions, files, shown } = versionsOf(
      { 'a.ts': 'export function f() {\n  return 1;\n}\n', 'b.ts': 'export const b = 1 as number;\n', 'c.json': '{}' },
      { 'a.ts': "export function f() {\n  return 'x';\n}\n", 'b.ts': 'export const b = 2 as number;\n', 'c.json': '{ }' },
    );
    expect(declarationDifferences(versions, files, shown)).toEqual([
      {
        path: 'a.ts',
        added: 1,
        removed: 1,
        diff: ['-export declare function f(): number;', '+export declare function f(): string;'],
      },
    ]);
  });

  it('is all new for a new file and all gone for a deleted one', () => {
    const text = 'export const a = 1;\n';
    const moved = versionsOf({ 'a.ts': text }, { 'b.ts': text });
    expect(declarationDifferences(moved.versions, moved.files, moved.shown)).toMatchObject([
      { path: 'a.ts', added: 0, removed: 1 },
      { path: 'b.ts', added: 1, removed: 0 },
    ]);
  });
});

describe('what a package offers', () => {
  const changesOf = (before: Texts, after: Texts) => {
    const { versions, shown, entry } = versionsOf(before, after);
    return apiChanges(versions, [entry], shown);
  };

  it.each([
    ['a function', 'export default function f(n: number) {}\n', 'export default function f(n: string) {}\n'],
    ['a class without a name', 'export default class {\n  m(n: number) {}\n}\n', 'export default class {\n  m() {}\n}\n'],
    ['a value', 'export default { a: 1 };\n', "export default { a: 'x' };\n"],
    ['a variable', 'const a = 1;\nexport { a as default };\n', "const a = 'x';\nexport { a as default };\n"],
  ])('is told of a default export that is %s', (_, before, after) => {
    expect(changesOf({ 'index.ts': before }, { 'index.ts': after })).toEqual([
      { name: 'default', change: 'changed', through: ['index.ts'] },
    ]);
    expect(changesOf({ 'index.ts': before }, { 'index.ts': `${before}// said\n` })).toEqual([]);
  });

  it('is told of what a namespace holds, one that holds itself too', () => {
    const index = "export * as inner from './inner.ts';\nexport * as self from './index.ts';\n";
    const before = { 'index.ts': index, 'inner.ts': 'export const a = 1;\n' };
    expect(changesOf(before, { ...before, 'inner.ts': 'export const a = 2;\n' })).toEqual([
      { name: 'inner', change: 'changed', through: ['index.ts'] },
    ]);
    expect(changesOf(before, { ...before, 'inner.ts': 'export const a = 1;\n// said\n' })).toEqual([]);
  });

  it('is told by name: new, gone, declared otherwise', () => {
    const found = changesOf(
      { 'index.ts': 'export const same = 1;\nexport function f(n: number) {}\nexport interface Old {}\n' },
      { 'index.ts': 'export const same = 1;\nexport function f(n: string) {}\nexport interface New {}\n' },
    );
    expect(found).toEqual([
      { name: 'f', change: 'changed', through: ['index.ts'] },
      { name: 'Old', change: 'gone', through: ['index.ts'] },
      { name: 'New', change: 'new', through: ['index.ts'] },
    ]);
  });

  it('is the same when a declaration moves, its private members change, or a body does', () => {
    const found = changesOf(
      {
        'index.ts': "export * from './a.ts';\n",
        'a.ts': 'export class A {\n  private x = 1;\n  get() {\n    return this.x;\n  }\n}\n',
      },
      {
        'index.ts': "export { A } from './b.ts';\n",
        'a.ts': 'export {};\n',
        'b.ts': 'export class A {\n  private held: number[] = [];\n  get() {\n    return this.held.length;\n  }\n}\n',
      },
    );
    expect(found).toEqual([]);
  });

  it('changes with a type that is inferred from another file', () => {
    const found = changesOf(
      { 'index.ts': "import { one } from './a.ts';\nexport const f = () => one;\n", 'a.ts': 'export const one = 1 as number;\n' },
      {
        'index.ts': "import { one } from './a.ts';\nexport const f = () => one;\n",
        'a.ts': "export const one = 'x' as string;\n",
      },
    );
    expect(found).toEqual([{ name: 'f', change: 'changed', through: ['index.ts'] }]);
  });
});
