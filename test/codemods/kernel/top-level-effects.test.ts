// What a module does while it loads.
import { describe, expect, it } from 'vitest';
import { topLevelEffect } from '../../../codemods/kernel/top-level-effects.ts';
import { Workspace } from '../../../codemods/kernel/workspace.ts';

function effectIn(text: string): string | undefined {
  return topLevelEffect(Workspace.inMemory({ 'a.tsx': text }).sourceFile('a.tsx'))?.getText();
}

describe('topLevelEffect', () => {
  it.each([
    "const a = 1, b = 'x', c = [a, { b }], d = a + 1, e = `x${b}`;",
    'const f = () => run(); function g() { run(); } export default class { h = run(); }',
    "const m = new Map([['a', 1]]), s = new Set<string>(), o = Object.freeze({ a: 1 }), y = Symbol('z');",
    "import { x } from './x.ts'; export * from './y.ts'; interface I {} type T = 1; enum E { A }",
    "'use strict'; class A { static b = 1; c = run(); }",
    'const { a, b: [c] } = d, e = { f() { run(); }, get g() { return run(); } }, h = i.j;',
    'namespace A { export const b = 1; } declare namespace B { const c: number; }',
    'declare const z: number; export { z };',
    'const a = -b, c = !d, e = +f;',
  ])('finds none in %s', (text) => {
    expect(effectIn(text)).toBeUndefined();
  });

  it.each([
    ['run();'],
    ['const a = run();'],
    ['const a = new Thing();'],
    ['const a = [run()];'],
    ['const a = { b: run() };'],
    ['const a = { ...run() };'],
    ['const a = b = 1;'],
    ['const a = i++;'],
    ['const a = ++i;'],
    ['const a = -(--i);'],
    ['const a = await b;'],
    ['const a = tag`x`;'],
    ['const a = `${run()}`;'],
    ['const a = new Map(run());'],
    ['class A { static b = run(); }'],
    ['class A { static { run(); } }'],
    ['class A { [run()]() {} }'],
    ['class A extends run() {}'],
    ['@dec class A {}'],
    ['if (a) b = 1;'],
    ['for (;;) {}'],
    ['try {} catch {}'],
    ['export default run();'],
    ['const { a = run() } = b;'],
    ['class C { get a() { return 1; } } const b = (C.prototype as C).a;'],
    ['enum A { B = run() }'],
    ['namespace A { run(); }'],
    ['class A { @dec b = 1; }'],
    ['const a = <B />;'],
    ['const a = delete b.c;'],
  ])('finds the one in %s', (text) => {
    expect(text.endsWith(effectIn(text) ?? 'none')).toBe(true);
  });
});
