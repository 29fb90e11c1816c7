// The plan of TAS-63 gives the golden result, byte for byte, in whatever order its dependencies allow.
import { describe, expect, it } from 'vitest';
import { orderOf } from '../../codemods/plan/step-order.ts';
import { tas63 } from '../../codemods/plans/tas-63.ts';
import { expectGolden } from './plan-result.ts';

const seeds = [1, 2, 3];

describe('the plan of TAS-63', () => {
  it('gives the golden result', async () => {
    await expectGolden();
  });

  it.each(seeds)('gives the golden result in a random order (seed %i)', async (seed) => {
    await expectGolden(seed);
  });

  it('ran in three different orders, none of them the usual one', () => {
    const orders = [undefined, ...seeds].map((seed) =>
      orderOf(tas63, tas63.steps, seed)
        .map(({ id }) => id)
        .join(' '),
    );
    expect(new Set(orders).size).toBe(orders.length);
  });
});
