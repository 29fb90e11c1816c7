// What merging near-clones refuses: with a code, with numbers, and without changing anything.
import { describe, expect, it } from 'vitest';
import { refusalOf, small, two } from './merge-cases.ts';

describe('refusals', () => {
  it('code that is not alike, with the numbers', () => {
    const refusal = refusalOf(
      `export function f(): void {\n  out('started');\n}\nexport function g(): void {\n  for (let at = 0; at < 3; at += 1) out(at);\n}\n`,
      { clones: two },
    );
    expect(refusal.code).toBe('REFIT_MERGE_SIMILARITY');
    expect(refusal.message).toMatch(/similarity of the least similar pair 0\.\d\d, at least 0\.80/);
  });

  it('a merge that saves no lines, with the numbers', () => {
    const refusal = refusalOf(
      `export function f(): void {\n  out(1);\n  out('f');\n}\nexport function g(): void {\n  out(1);\n  out('g');\n}\n`,
      { clones: two },
    );
    expect(refusal.code).toBe('REFIT_MERGE_NET_LINES');
    expect(refusal.message).toContain('4 lines of helper and 2 of calls for 4 lines of clones: 1.50, below 0.80');
  });

  it('an override without the rule that is broken', () => {
    const code = `export function f(): void {\n  out(1);\n  out('f');\n}\nexport function g(): void {\n  out(1);\n  out('g');\n}\n`;
    expect(refusalOf(code, { clones: two, override: { rule: 'similarity', reason: 'no' } }).code).toBe('REFIT_MERGE_NET_LINES');
  });

  it('a captured name that means different things', () => {
    const code = `const size = 1;\nexport function f(): void {\n  out(size);\n  out('x');\n}\nexport function g(size: number): void {\n  out(size);\n  out('x');\n}\n`;
    expect(refusalOf(code, { clones: two, override: small }).code).toBe('REFIT_MERGE_CAPTURE_DIFFERS');
  });

  it('a captured variable of another type', () => {
    const code = `export function f(size: number): void {\n  out(size);\n  out('x');\n}\nexport function g(size: string): void {\n  out(size);\n  out('x');\n}\n`;
    expect(refusalOf(code, { clones: two, override: small }).code).toBe('REFIT_MERGE_CAPTURE_DIFFERS');
  });

  it('an assignment to a variable from outside', () => {
    const code = (name: string): string =>
      `export function ${name}(): number {\n  let sum = 0;\n  out('${name}');\n  sum += 1;\n  return sum;\n}\n`;
    const clones = ['f', 'g'].map((name) => ({ in: name, from: 'out(', to: 'sum +=' }));
    expect(refusalOf(code('f') + code('g'), { clones, override: small }).code).toBe('REFIT_MERGE_CAPTURED_WRITE');
  });

  it('a jump out of the clone', () => {
    const code = (name: string): string =>
      `export function ${name}(list: number[]): void {\n  for (const each of list) {\n    out(each);\n    if (each > 3) break;\n  }\n}\n`;
    const clones = ['f', 'g'].map((name) => ({ in: name, from: 'out(', to: 'if (each' }));
    expect(refusalOf(code('f') + code('g'), { clones, override: small }).code).toBe('REFIT_MERGE_SKELETON');
  });

  it('a return that only one clone has', () => {
    const code = `export function f(n: number): void {\n  out(1);\n  if (n > 1) return;\n  out(2);\n}\nexport function g(n: number): void {\n  out(1);\n  out(2);\n  out(n);\n}\n`;
    expect(refusalOf(code, { clones: two, override: small }).code).toBe('REFIT_MERGE_SKELETON');
  });

  it('an await inside of an expression that differs', () => {
    const code = `async function one(): Promise<number> {\n  return 1;\n}\nexport async function f(): Promise<void> {\n  await one();\n  out({ id: 1, at: (await one()) + 1 });\n}\nexport async function g(): Promise<void> {\n  await one();\n  out({ id: 1, at: 2 });\n}\n`;
    expect(refusalOf(code, { clones: two, override: small }).code).toBe('REFIT_MERGE_SKELETON');
  });

  it('clones of which only some wait', () => {
    const code = `async function one(): Promise<number> {\n  return 1;\n}\nexport async function f(): Promise<void> {\n  out('a');\n  await one();\n}\nexport async function g(): Promise<void> {\n  out('a');\n  out(2);\n}\n`;
    expect(refusalOf(code, { clones: two, override: small }).code).toBe('REFIT_MERGE_SKELETON');
  });

  it('a closure that would have to assign a variable of the helper', () => {
    const code = `export function f(): void {\n  let n = 1;\n  out('a');\n  n += 2;\n  out(n);\n}\nexport function g(): void {\n  let n = 1;\n  out('a');\n  out(n);\n}\n`;
    expect(refusalOf(code, { clones: two, override: small }).code).toBe('REFIT_MERGE_HOLE_WRITES');
  });

  it('a variable that changes while a closure of the clone still sees it', () => {
    const code = (name: string): string =>
      `export function ${name}(): void {\n  let n = 1;\n  const show = (): void => out(n);\n  out('${name}');\n  n = 2;\n  show();\n}\n`;
    const clones = ['f', 'g'].map((name) => ({ in: name, from: 'const show', to: 'out(' }));
    expect(refusalOf(code('f') + code('g'), { clones, override: small }).code).toBe('REFIT_MERGE_CAPTURE_CHANGES');
  });

  it('`arguments` of the function around the clone', () => {
    const code = (name: string): string => `export function ${name}(): void {\n  out(arguments.length);\n  out('${name}');\n}\n`;
    expect(refusalOf(code('f') + code('g'), { clones: two, override: small }).code).toBe('REFIT_MERGE_BOUND');
  });

  it('names of holes that do not fit, with the table of holes', () => {
    const code = `export function f(): void {\n  out('one');\n  out(1);\n}\nexport function g(): void {\n  out('two');\n  out(2);\n}\n`;
    const refusal = refusalOf(code, { clones: two, holes: ['word'], override: small });
    expect(refusal.code).toBe('REFIT_MERGE_HOLES');
    expect(refusal.message).toMatch(/1 word: 'one' \| 'two'\n {2}2 value: 1 \| 2/);
  });

  it('more parameters than anyone can read', () => {
    const code = (name: string): string =>
      `export function ${name}(a: number, b: number, c: number, d: number, e: number, g: number, h: number): void {\n  out([a, b, c, d, e, g, h]);\n  out(1);\n}\n`;
    expect(refusalOf(code('f') + code('k'), { clones: [{ in: 'f' }, { in: 'k' }], override: small }).code).toBe(
      'REFIT_MERGE_PARAMETERS',
    );
  });

  it('a name that is taken', () => {
    const code = `export function helper(): void {}\nexport function f(): void {\n  out('one');\n}\nexport function g(): void {\n  out('two');\n}\n`;
    expect(refusalOf(code, { clones: two, override: small }).code).toBe('REFIT_MERGE_NAME_TAKEN');
  });

  it('a descriptor type that is there already', () => {
    const code = `export interface Texts {\n  other: string;\n}\nexport function f(): void {\n  out('one');\n  out(1);\n}\nexport function g(): void {\n  out('two');\n  out(2);\n}\n`;
    expect(refusalOf(code, { clones: two, descriptor: { type: 'Texts' }, override: small }).code).toBe('REFIT_MERGE_NAME_TAKEN');
  });

  it('a hole called like something the helper uses', () => {
    const code = `export function f(n: number): void {\n  out('one');\n  out(n);\n}\nexport function g(n: number): void {\n  out('two');\n  out(n);\n}\n`;
    expect(refusalOf(code, { clones: two, holes: ['n'], override: small }).code).toBe('REFIT_MERGE_NAME_TAKEN');
  });

  it('one clone alone, and clones that are not there', () => {
    const code = `export function f(n: number): void {\n  switch (n) {\n    case 1:\n      out(1);\n      break;\n    default:\n      out(2);\n  }\n}\n`;
    expect(refusalOf(code, { clones: [{ in: 'f' }] }).code).toBe('REFIT_MERGE_CLONES');
    expect(
      refusalOf(code, {
        clones: [
          { in: 'f', case: '1' },
          { in: 'f', case: '3' },
        ],
      }).code,
    ).toBe('REFIT_SELECT_NONE');
    expect(refusalOf(code, { clones: [{ in: 'f', case: '1' }, { in: 'nowhere' }] }).code).toBe('REFIT_SELECT_FUNCTION');
  });
});
