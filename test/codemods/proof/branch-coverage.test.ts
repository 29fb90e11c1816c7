// Branches reached, within the ranges that matter.
import { describe, expect, it } from 'vitest';
import { executedLines, reportBranches } from '../../../codemods/proof/branch-coverage.ts';
import { functionOf, openTexts } from './small-subject.ts';

const text = `export function run(x) {
  if (x) {
    return 1;
  }
  const y = x ?? 2;
  return y ? 3 : 4;
}
export function other() {
  return 5;
}`;

const whole = { path: 'a.ts', from: 1, to: 10 };

function countersAfter(...calls: readonly unknown[]) {
  const subject = openTexts({ 'a.ts': text });
  const run = functionOf(subject);
  for (const each of calls) run(each);
  return subject.counters;
}

describe('reportBranches', () => {
  it('names what was not reached, by line and kind', () => {
    expect(reportBranches(countersAfter(true), [whole])).toEqual({
      total: 7,
      reached: 2,
      missed: ['a.ts:2 else', 'a.ts:5 operand', 'a.ts:6 then', 'a.ts:6 otherwise', 'a.ts:8 function'],
      wronglyListed: [],
      unreachable: 0,
    });
  });

  it('looks only at the ranges, both ends included', () => {
    expect(reportBranches(countersAfter(), [{ path: 'a.ts', from: 2, to: 5 }])).toMatchObject({ total: 3, reached: 0 });
    expect(reportBranches(countersAfter(true, undefined, 0), [{ path: 'a.ts', from: 1, to: 7 }])).toMatchObject({
      total: 6,
      reached: 6,
      missed: [],
    });
  });

  it('takes listed branches for unreachable, and tells what was listed wrongly', () => {
    const unreachable = [8, 1, 9].map((line) => ({ path: 'a.ts', line, proof: 'nobody calls it' }));
    expect(reportBranches(countersAfter(true, undefined, 0), [whole], unreachable)).toEqual({
      total: 7,
      reached: 6,
      missed: [],
      wronglyListed: ['a.ts:1', 'a.ts:9'],
      unreachable: 1,
    });
  });

  it('tells of a range in a file that was never loaded', () => {
    expect(reportBranches(countersAfter(), [{ path: 'b.ts', from: 3, to: 4 }])).toMatchObject({
      total: 0,
      missed: ['b.ts:3 not loaded'],
    });
  });

  it('counts a point without a counter as not reached', () => {
    const counters = new Map([['a.ts', { points: [{ line: 1, kind: 'if' as const }], hits: new Uint32Array() }]]);
    expect(reportBranches(counters, [whole]).missed).toEqual(['a.ts:1 if']);
    expect(executedLines(counters, 'a.ts', 3).size).toBe(0);
  });
});

describe('executedLines', () => {
  const linesAfter = (...calls: readonly unknown[]) => [...executedLines(countersAfter(...calls), 'a.ts', 10)];

  it('are those on which something ran, and those that a statement goes on over', () => {
    expect(linesAfter(true)).toEqual([1, 2, 3, 4]);
    expect(linesAfter(true, undefined)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(linesAfter()).toEqual([]);
  });

  it('are none of a file that was never loaded', () => {
    expect(executedLines(countersAfter(true), 'b.ts', 10).size).toBe(0);
  });
});
