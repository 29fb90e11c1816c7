// Names in lines that a change left alone: each still means its declaration, or it is said which one it means now.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptBindings, type KeptBindings } from '../../../codemods/analysis/kept-bindings.ts';
import { borrowedWorkspace } from '../borrowed-workspace.ts';

type Texts = Readonly<Record<string, string>>;

function compare(before: Texts, after: Texts): KeptBindings {
  const workspace = borrowedWorkspace(before);
  const old = workspace.project.getProgram().compilerObject;
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  for (const path of paths) if (before[path] !== after[path]) workspace.setText(path, after[path] ?? null);
  const files = paths.map((path) => ({ path: workspace.absolute(path), before: before[path], after: after[path] }));
  const versions = { before: old, after: workspace.project.getProgram().compilerObject };
  return keptBindings(
    versions,
    files.filter((file) => file.before !== file.after),
  );
}

const lines = (...texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');

describe('a name that means another declaration', () => {
  it('is found when a local of the same name comes in between', () => {
    const before = lines('const limit = 1;', 'export function f(n: number): boolean {', '  return n > limit;', '}');
    const after = lines(
      'const limit = 1;',
      'export function f(n: number): boolean {',
      '  const limit = n - 1;',
      '  return n > limit;',
      '}',
    );
    const { moved } = compare({ 'a.ts': before }, { 'a.ts': after });
    expect(moved).toEqual([
      expect.objectContaining({ name: 'limit', line: 4, before: '/workspace/a.ts:1', after: '/workspace/a.ts:3' }),
    ]);
  });

  it('is found when an import is turned to another module', () => {
    const text = (from: string): string => lines(`import { port } from './${from}.ts';`, 'export const used = port;');
    const found = compare(
      { 'one.ts': 'export const port = 1;\n', 'two.ts': 'export const port = 2;\n', 'a.ts': text('one') },
      { 'one.ts': 'export const port = 1;\n', 'two.ts': 'export const port = 2;\n', 'a.ts': text('two') },
    );
    expect(found.moved.map(({ name, after }) => [name, after])).toEqual([['port', '/workspace/two.ts:1']]);
  });

  it('is found in the short form of a property', () => {
    const before = lines('const id = 1;', 'export function f() {', '  return { id };', '}');
    const after = lines('const id = 1;', 'export function f() {', "  const id = 'x';", '  return { id };', '}');
    expect(compare({ 'a.ts': before }, { 'a.ts': after }).moved.map(({ line }) => line)).toEqual([4]);
  });

  it('is found when an outer local takes the place of one that stands unchanged', () => {
    const before = lines(
      'export function f(list: number[]) {',
      '  let sum = 0;',
      '  let other = 0;',
      '  {',
      '    let sum = 5;',
      '    other += sum;',
      '  }',
      '  return other + sum;',
      '}',
    );
    const after = before.replace('    let sum = 5;\n', '').replace('  {\n', '  { sum = 5;\n');
    expect(compare({ 'a.ts': before }, { 'a.ts': after }).moved.map(({ name, line }) => [name, line])).toEqual([['sum', 5]]);
  });
});

describe('a name that means what it meant', () => {
  it('may mean a declaration that moved to another file', () => {
    const use = 'export const made = make();\n';
    const make = 'export function make() {\n  return 1;\n}\n';
    const found = compare({ 'a.ts': `${make}${use}` }, { 'a.ts': `import { make } from './b.ts';\n${use}`, 'b.ts': make });
    expect(found).toEqual({ checked: 1, replaced: [], moved: [] });
  });

  it('may mean what took the place of a declaration that is gone, which is reported', () => {
    const before = lines('export function f() {', '  const a = 1;', '  return a;', '}');
    const found = compare({ 'a.ts': before }, { 'a.ts': before.replace('const a = 1', 'const a = 1 + 1') });
    expect(found).toEqual({ checked: 1, replaced: ['a: f.a -> f.a'], moved: [] });
  });

  it('may be a member of a type that the change gave to what stands before the dot', () => {
    const use = lines('export function f() {', '  return held.count;', '}');
    const found = compare(
      { 'a.ts': `interface Old {\n  count: number;\n}\nexport const held: Old = { count: 1 };\n${use}` },
      {
        'a.ts': `interface Old {\n  count: number;\n}\nexport class Fresh {\n  readonly count = 1;\n}\nexport const held = new Fresh();\nexport type Kept = Old;\n${use}`,
      },
    );
    expect(found.moved).toEqual([]);
    expect(found.replaced).toContain('count: Old.count -> Fresh.count');
  });

  it('is not looked up in lines that changed, nor where it declares', () => {
    const found = compare({ 'a.ts': 'export const a = 1;\n' }, { 'a.ts': 'export const a = 2;\nexport const b = a;\n' });
    expect(found).toEqual({ checked: 0, replaced: [], moved: [] });
  });

  it('is told from its twin on an equal line: which is which is not guessed against it', () => {
    const block = (call: string): string => `  {\n    const id = next();\n    ${call}(id);\n  }\n`;
    const head =
      'declare function next(): number;\ndeclare function one(n: number): void;\ndeclare function two(n: number): void;\n';
    const before = `${head}export function f() {\n${block('one')}${block('two')}}\n`;
    const after = `${head}export function f() {\n${block('two')}${block('one')}}\n`;
    expect(compare({ 'a.ts': before }, { 'a.ts': after }).moved).toEqual([]);
  });

  it('keeps its meaning whatever comments, blank lines and unrelated functions are put between functions', () => {
    const parts = [
      'const base = 1;',
      'function add(n: number) {\n  const base2 = n + base;\n  return base2;\n}',
      'export function run(list: number[]) {\n  return list.map((n) => add(n)).filter((n) => n > base);\n}',
    ];
    const noise = fc.constantFrom(
      '',
      '// base add n',
      'export function other(n: number) {\n  const base = n;\n  return base;\n}',
      '\n\n',
    );
    fc.assert(
      fc.property(fc.array(noise, { minLength: 3, maxLength: 3 }), (between) => {
        const after = parts
          .map((part, at) => `${(between[at] ?? '').replace('other', `other${String(at)}`)}\n${part}`)
          .join('\n');
        const found = compare({ 'a.ts': parts.join('\n') }, { 'a.ts': `${after}\n// end` });
        expect(found.moved).toEqual([]);
        expect(found.checked).toBe(10);
      }),
      { numRuns: 4 },
    );
  });
});
