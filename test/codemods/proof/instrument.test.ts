// Counters in the code of a subject: they change nothing, and they count right.
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { ts } from '../../../codemods/kernel/parse-source.ts';
import { isBranch } from '../../../codemods/proof/instrument.ts';
import { programs } from './instrumented-programs.ts';
import { functionOf, openTexts } from './small-subject.ts';

/** What a program exports as `run`, compiled without counters. */
function plainly(text: string): unknown {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  const exports: { run?: () => unknown } = {};
  Reflect.apply(compileFunction(outputText, ['exports', 'require']), undefined, [exports, createRequire(import.meta.url)]);
  return exports.run?.();
}

/** `line kind hits` of each point of a module after `run` was called with each of these. */
function countsOf(text: string, ...calls: readonly (readonly unknown[])[]): readonly string[] {
  const subject = openTexts({ 'a.ts': text });
  const run = functionOf(subject);
  for (const args of calls) run(...args);
  const { points, hits } = subject.counters.get('a.ts') ?? { points: [], hits: [] };
  return points.map(({ line, kind }, at) => `${line} ${kind} ${hits[at] ?? 0}`);
}

const branchesOf = (text: string, ...calls: readonly (readonly unknown[])[]): readonly string[] =>
  countsOf(text, ...calls).filter((each) => !each.includes(' statement ') && !each.includes(' function '));

describe('an instrumented program', () => {
  it.each(Object.entries(programs))('means the same: %s', async (_, text) => {
    const expected = await plainly(text);
    expect(expected).toBeDefined();
    expect(await functionOf(openTexts({ 'a.ts': text }))()).toEqual(expected);
  });
});

describe('the counters', () => {
  it.each<[string, string, readonly (readonly unknown[])[], readonly string[]]>([
    ['if without else', 'export function run(x) { if (x) return 1; }', [[1], [0], [0]], ['1 if 1', '1 else 2']],
    [
      'else if',
      'export function run(x) {\n if (x > 1) return 1;\n else if (x) return 2;\n else return 3;\n}',
      [[2], [1], [0], [0]],
      ['2 if 1', '3 else 3', '3 if 1', '4 else 2'],
    ],
    ['conditional', 'export const run = (x) => x ? 1\n : 2;', [[1], [0], [0]], ['1 then 1', '2 otherwise 2']],
    ['and', 'export const run = (x) => x && 1;', [[1], [0]], ['1 operand 1']],
    ['or', 'export const run = (x) => x || 1;', [[1], [0], [0]], ['1 operand 2']],
    ['nullish', 'export const run = (x) => x ?? 1;', [[1], [0], []], ['1 operand 1']],
    [
      'logical assignment',
      'export function run(x) { x &&= 1; x ||= 2; x ??= 3; }',
      [[0], [1], [null]],
      ['1 operand 1', '1 operand 2', '1 operand 0'],
    ],
    [
      'switch',
      'export function run(x) { switch (x) { case 1: case 2: return 1; default: return 2; } }',
      [[1], [2], [3]],
      ['1 case 1', '1 case 2', '1 case 1'],
    ],
    ['catch', 'export function run(f) { try { f(); } catch { return 1; } }', [[() => 1], []], ['1 catch 1']],
    [
      'default value',
      'export function run(x = 1, { y = (() => x || 2)() } = {}) {}',
      [[], [0], [0, {}]],
      ['1 default value 1', '1 operand 2', '1 default value 2'],
    ],
  ])('of %s', (_, text, calls, expected) => {
    expect(branchesOf(text, ...calls)).toEqual(expected);
  });

  it('count functions and statements, but not declarations', () => {
    const text = `export function run() {
      interface A { a: 1 }
      type B = A;
      const b: B = { a: 1 };
      return inner();
      function inner() { return b; }
    }
    class C { constructor() { this.x = 1; } get y() { return 1; } }`;
    expect(countsOf(text, [], [])).toEqual([
      '1 function 2',
      '4 statement 2',
      '5 statement 2',
      '6 function 2',
      '6 statement 2',
      '8 function 0',
      '8 statement 0',
      '8 function 0',
      '8 statement 0',
    ]);
  });

  it('count the turns of loops by their statements', () => {
    const text =
      'export function run() {\n for (const x of [1, 2, 3])\n  if (x > 1) continue;\n let n = 0;\n while (n < 4) n += 1;\n}';
    expect(countsOf(text, [])).toEqual([
      '1 function 1',
      '2 statement 1',
      '3 statement 3',
      '3 if 2',
      '3 statement 2',
      '3 else 1',
      '4 statement 1',
      '5 statement 1',
      '5 statement 4',
    ]);
  });

  it('are branches but for statements', () => {
    expect(isBranch({ line: 1, kind: 'statement' })).toBe(false);
    expect(isBranch({ line: 1, kind: 'operand' })).toBe(true);
  });
});
