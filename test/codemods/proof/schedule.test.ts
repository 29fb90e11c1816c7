// Schedules: which of the waiting answers comes next.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fifo, lifo, pickerOf, scheduleName, seeded } from '../../../codemods/proof/schedule.ts';

describe('pickerOf', () => {
  it('takes the oldest first in, first out, and the newest last in, first out', () => {
    expect([1, 2, 5].map(pickerOf(fifo))).toEqual([0, 0, 0]);
    expect([1, 2, 5].map((count) => pickerOf(lifo)(count))).toEqual([0, 1, 4]);
  });

  it('picks one of those that wait, the same again for the same seed', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.integer({ min: 1, max: 50 })), (seed, counts) => {
        const [one, other] = [pickerOf(seeded(seed)), pickerOf(seeded(seed))];
        for (const count of counts) {
          const picked = one(count);
          expect(picked).toBe(other(count));
          expect(Number.isInteger(picked) && picked >= 0 && picked < count).toBe(true);
        }
      }),
    );
  });

  it('is fair: over many seeds every one of those that wait comes first', () => {
    const first = new Set<number>(Array.from({ length: 200 }, (_, seed) => pickerOf(seeded(seed))(5)));
    expect(first).toEqual(new Set([0, 1, 2, 3, 4]));
  });
});

describe('scheduleName', () => {
  it.each([
    [fifo, 'fifo'],
    [lifo, 'lifo'],
    [seeded(7), 'seed 7'],
  ])('of %j is %s', (schedule, name) => {
    expect(scheduleName(schedule)).toBe(name);
  });
});
