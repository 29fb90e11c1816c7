// The seeded source of numbers.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomSource } from '../../../codemods/proof/random-source.ts';

describe('randomSource', () => {
  it('gives numbers from 0 to below 1, the same for the same seed', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const [one, other] = [randomSource(seed), randomSource(seed)];
        for (let nth = 0; nth < 20; nth += 1) {
          const drawn = one();
          expect(drawn).toBe(other());
          expect(drawn >= 0 && drawn < 1).toBe(true);
        }
      }),
    );
  });

  it('gives other numbers for another seed', () => {
    expect(randomSource(1)()).not.toBe(randomSource(2)());
  });

  it('is even enough: the mean of many is about a half', () => {
    const random = randomSource(7);
    const sum = Array.from({ length: 10_000 }, random).reduce((all, each) => all + each, 0);
    expect(Math.abs(sum / 10_000 - 0.5)).toBeLessThan(0.02);
  });
});
