// The plan of TAS-63 gives the golden result, byte for byte.
import { it } from 'vitest';
import { expectGolden } from './plan-result.ts';

it('the plan of TAS-63 gives the golden result', async () => {
  await expectGolden();
});
