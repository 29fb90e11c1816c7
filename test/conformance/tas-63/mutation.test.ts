// The stored mutation result: high enough for every subject, and no survivor without a reason.
import { describe, expect, it } from 'vitest';
import { readMutationRecord } from './mutation-record.ts';
import { leastScore, leastTotal, totalScore } from './mutation-verdict.ts';
import { subjects } from './subjects/index.ts';

const record = readMutationRecord();

describe('the goldens notice mutants', () => {
  it('of every subject', () => {
    expect(record.map(({ name }) => name)).toEqual(subjects.map(({ name }) => name));
  });

  it(`at least ${leastTotal} % of all`, () => {
    expect(totalScore(record)).toBeGreaterThanOrEqual(leastTotal);
  });

  it.each(record)(
    `at least ${leastScore} % of $name, each survivor with its reason`,
    ({ score, killed, survived, survivors }) => {
      expect(score).toBeGreaterThanOrEqual(leastScore);
      expect(score).toBeCloseTo((killed / (killed + survived)) * 100, 1);
      expect(survivors).toHaveLength(survived);
      expect(survivors.filter(({ reason }) => reason === undefined)).toEqual([]);
    },
  );
});
