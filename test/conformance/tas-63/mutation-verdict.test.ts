// When the stored mutation result is no proof: absent, stale, low, or with survivors that nobody explained.
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scenarioFiles } from './mutation-record.ts';
import type { SubjectMutation } from './mutation-record.ts';
import { isGood, mutationProblems } from './mutation-verdict.ts';

const good: SubjectMutation = { name: 'a', sources: 'x', killed: 95, survived: 5, unknown: 0, score: 95, survivors: [] };
const fresh = new Map([['a', 'x']]);

describe('the stored mutation result', () => {
  it('is a proof where it is fresh and high enough', () => {
    expect(mutationProblems([good], fresh)).toEqual([]);
    expect(isGood(good)).toBe(true);
  });

  it.each<[string, readonly SubjectMutation[], string]>([
    ['absent', [], 'not measured for a: npm run proof:mutation'],
    ['of another subject', [{ ...good, name: 'b' }], 'not measured for a: npm run proof:mutation'],
    ['stale', [{ ...good, sources: 'y' }], 'stale for a, whose sources changed since: npm run proof:mutation'],
    [
      'low in all',
      [{ ...good, killed: 899, survived: 101, score: 95 }],
      '89.9 % of all mutants are killed, expected at least 90 %',
    ],
    [
      'low in one subject, whatever score it claims',
      [
        { ...good, killed: 8, survived: 2 },
        { ...good, name: 'b', killed: 990 },
      ],
      'a: 80 % of the mutants are killed, expected at least 85 %',
    ],
    [
      'with an unexplained survivor',
      [{ ...good, survivors: [{ path: 'p', line: 1, kind: 'never', text: 'if' }] }],
      'a: 1 mutants survive without a reason',
    ],
  ])('is no proof where it is %s', (_, record, problem) => {
    expect(mutationProblems(record, fresh)).toEqual([problem]);
  });

  it('depends on all that drives the system, not only on the subjects themselves', () => {
    const names = scenarioFiles().map((path) => basename(path));
    expect(names).toEqual(expect.arrayContaining(['step-marking.ts', 'surroundings.ts', 'command-processor.ts', 'system.ts']));
    expect(names).not.toContain('proof.ts');
  });
});
