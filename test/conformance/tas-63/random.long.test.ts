// Random scenarios beside the enumerated ones: the same system in other clothes does the same in a thousand of each subject.
import { describe, expect, it } from 'vitest';
import { compareRandom } from '../../../codemods/proof/random-scenarios.ts';
import { openDisguised } from './controls.ts';
import { subjects } from './subjects/index.ts';
import { openSystem } from './system.ts';

describe('in other clothes', () => {
  it.each(subjects.map((spec) => ({ name: spec.name, spec })))(
    'does the same in 1,000 random scenarios: $name',
    async ({ spec }) => {
      const versions = { before: openSystem(), after: openDisguised() };
      const seed = Date.now() % 2 ** 31;
      expect({ seed, ...(await compareRandom(spec, versions, { runs: 1_000, seed })) }).toEqual({ seed, runs: 1_000 });
    },
  );
});
