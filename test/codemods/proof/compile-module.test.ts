// Modules compiled once, with their counters.
import { describe, expect, it } from 'vitest';
import { compileModule } from '../../../codemods/proof/compile-module.ts';

describe('compileModule', () => {
  it('compiles TypeScript to the body of a function, and remembers it', () => {
    const made = compileModule('a.ts', 'export const a: number = 1; export function f(): void { void a; }');
    expect(made.code).toContain('exports.a = 1');
    expect(made.points.map(({ kind }) => kind)).toEqual(['function', 'statement']);
    expect(compileModule('a.ts', 'export const a: number = 1; export function f(): void { void a; }')).toBe(made);
  });

  it('tells equal texts of different paths apart', () => {
    expect(compileModule('b.ts', 'export {};')).not.toBe(compileModule('c.ts', 'export {};'));
  });

  it.each(['a.js', 'a.mjs', 'a.cjs', 'a.mts', 'a.cts'])('compiles %s too', (path) => {
    expect(compileModule(path, 'export const a = 1;').code).toContain('exports.a = 1');
  });

  it('forgets the oldest of very many', () => {
    const first = compileModule('first.ts', 'export {};');
    for (let nr = 0; nr < 500; nr += 1) compileModule(`${nr}.ts`, '');
    expect(compileModule('first.ts', 'export {};')).not.toBe(first);
    expect(compileModule('499.ts', '')).toBe(compileModule('499.ts', ''));
  }, 30_000);
});
