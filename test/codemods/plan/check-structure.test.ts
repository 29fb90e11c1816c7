// Structural claims are checked on the texts: each can fail.
import { describe, expect, it } from 'vitest';
import { isNamedIn } from '../../../codemods/analysis/named-in-text.ts';
import type { ChangedFile } from '../../../codemods/kernel/apply.ts';
import type { StructuralClaim } from '../../../codemods/kernel/proposal.ts';
import { checkStructure } from '../../../codemods/plan/check-structure.ts';
import type { StepRecord } from '../../../codemods/plan/execute-plan.ts';

function holds(claim: StructuralClaim, ...files: readonly ChangedFile[]): boolean | undefined {
  const operation = { codemod: 'any', options: {}, edits: 1, files, checked: [], skips: [], findings: [], obligations: [] };
  const record: StepRecord = {
    id: 'A',
    title: 'A',
    status: 'done',
    operations: [{ ...operation, claims: [claim] }],
    files,
    promised: [],
    newDiagnostics: 0,
    milliseconds: 0,
  };
  return checkStructure(record)[0]?.holds;
}

const file = (path: string, before: string | undefined, after: string | undefined): ChangedFile => ({ path, before, after });

describe('a declaration that moved', () => {
  const claim = { kind: 'moved', name: 'f', from: '/a.ts', to: '/b.ts' } as const;
  const from = file('/a.ts', 'function f() { return 1; }\n', '');

  it('is the same, whatever its layout and export', () => {
    expect(holds(claim, from, file('/b.ts', undefined, 'export function f() {\n  return 1;\n}\n'))).toBe(true);
  });

  it('is not the same when a token is another, or when it did not arrive', () => {
    expect(holds(claim, from, file('/b.ts', undefined, 'export function f() { return 2; }\n'))).toBe(false);
    expect(holds(claim, from, file('/b.ts', undefined, 'export function g() { return 1; }\n'))).toBe(false);
  });
});

describe('something that was removed', () => {
  it.each([
    ['a declaration', 'f', '/a.ts', 'function f() {}', ''],
    ['a member', 'C.m', '/a.ts', 'class C { m() {} }', 'class C {}'],
    ['a constructor', 'C.constructor', '/a.ts', 'class C { constructor() {} }', 'class C {}'],
    ['a field, named by a relative path', 'C.f', 'a.ts', 'class C { f = 1; }', 'class C {}'],
    ['a test', 'test "adds"', '/a.test.ts', "it('adds', () => {});", ''],
    ['an entry of a JSON file', 'tiny-map', '/package.json', '{ "dependencies": { "tiny-map": "1" } }', '{}'],
    ['a file', 'a.json', '/queries/a.json', '{}', undefined],
  ] as const)('%s: is gone, still there, or was never there', (...row) => {
    const [, name, from, before, after] = row;
    const path = from.startsWith('/') ? from : `/${from}`;
    const claim = { kind: 'removed', name, from } as const;
    expect(holds(claim, file(path, before, after))).toBe(true);
    expect(holds(claim, file(path, before, before))).toBe(false);
    expect(holds(claim, file(path, after, after))).toBe(false);
    expect(holds(claim)).toBe(false);
  });

  it('is not mixed up with a member of another class', () => {
    expect(isNamedIn('/a.ts', 'class D { m() {} }', 'C.m')).toBe(false);
  });
});

it('an extraction is not shown by structure', () => {
  expect(holds({ kind: 'extracted', name: 'f', to: '/a.ts', original: '' })).toBe(false);
});
