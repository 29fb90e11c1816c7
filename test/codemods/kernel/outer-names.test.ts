// Which names of its outermost scope a file uses, as values or as types.
import { describe, expect, it } from 'vitest';
import { outerNamesUsed } from '../../../codemods/kernel/outer-names.ts';
import { Workspace } from '../../../codemods/kernel/workspace.ts';

function usesIn(text: string, path = 'a.tsx'): Readonly<Record<string, string>> {
  const workspace = Workspace.inMemory({ [path]: text });
  return Object.fromEntries(outerNamesUsed(workspace, workspace.sourceFile(path)));
}

describe('outerNamesUsed', () => {
  it.each([
    ['calls, arguments, members of it', 'a(b).c; d.e.f;', { a: 'value', b: 'value', d: 'value' }],
    ['shorthand and computed properties', 'f({ a, [b]: 1, c: 2 });', { f: 'value', a: 'value', b: 'value' }],
    ['exports', 'export { a as b }; export default c;', { a: 'value', c: 'value' }],
    ['what a class extends', 'class X extends A.B<C> {}', { A: 'value', C: 'type' }],
    ['decorators and JSX', 'const x = <A b={c}>d</A>;', { A: 'value', c: 'value' }],
    ['default values and patterns', 'const { a: b = c } = d;', { c: 'value', d: 'value' }],
  ])('finds values: %s', (_, text, expected) => {
    expect(usesIn(text)).toEqual(expected);
  });

  it.each([
    ['annotations, arguments of types, namespaces', 'let x: A<B>; let y: C.D;', { A: 'type', B: 'type', C: 'type' }],
    ['typeof and keyof', 'let x: keyof typeof a; let y: typeof b.c;', { a: 'type', b: 'type' }],
    [
      'what is implemented and what an interface extends',
      'class X implements A {} interface Y extends B {}',
      { A: 'type', B: 'type' },
    ],
  ])('finds types: %s', (_, text, expected) => {
    expect(usesIn(text)).toEqual(expected);
  });

  it('is a value when one of its uses is one', () => {
    expect(usesIn('let x: A; f(A);')).toEqual({ A: 'value', f: 'value' });
  });

  it('leaves out members, keys, labels and declared names', () => {
    expect(
      usesIn('interface X { a: 1; b(): void } enum E { c } l: for (;;) break l; class Y { d = 1; e() {} get f() { return 1; } }'),
    ).toEqual({});
  });

  it('leaves out import and re-export lists', () => {
    expect(usesIn("import { a } from './b'; export { c } from './d'; export * as e from './f';")).toEqual({});
  });

  it('tells an import from a local name that hides it', () => {
    const text =
      "import { a, b } from './x';\nfunction f(a: number) { return { a }; }\nexport const y = (b: number) => b;\nexport { f };\nb();";
    expect(usesIn(text)).toEqual({ b: 'value', f: 'value' });
  });
});
