// Lists of schedules: short, and read back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listPattern, readScheduleList, writeScheduleList } from '../../../codemods/proof/schedule-list.ts';
import { oddName } from './rendered-traces.ts';

const anyName = fc.oneof(
  oddName,
  fc.nat({ max: 9 }).map((seed) => `seed ${seed}`),
  fc.constantFrom('seed 01', 'seeds 1 to 3', 'seeds', 'seed 99999999999999999999', 'a, b', ' fifo'),
);

describe('a list of schedules', () => {
  it('names seeds that follow each other as one, after the others', () => {
    expect(writeScheduleList(['seed 9', 'fifo', 'seed 2', 'seed 1', 'lifo', 'seed 10', 'seed 12'])).toBe(
      'fifo, lifo, seeds 1 to 2, seeds 9 to 10, seed 12',
    );
  });

  it('is read back with the same names, whatever stands in them', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyName, { minLength: 1, maxLength: 8 }), (names) => {
        const list = writeScheduleList(names);
        expect(readScheduleList(list).toSorted()).toEqual(names.toSorted());
        expect(list).toMatch(new RegExp(`^(?:${listPattern})$`));
      }),
      { numRuns: 500 },
    );
  });

  it.each(['seeds 3 to 1', 'seeds 2 to 2', 'seeds 1 to 20000', '"a\\x"'])('is refused: %s', (list) => {
    expect(() => readScheduleList(list)).toThrow(SyntaxError);
  });
});
