// Random scenarios of two versions.
import { describe, expect, it } from 'vitest';
import { compareRandom, traceRandom } from '../../../codemods/proof/random-scenarios.ts';
import { raceSpec, raceText } from './race-subject.ts';
import { openTexts } from './small-subject.ts';

const subjectOf = (text: string) => openTexts({ 'a.ts': text });
const before = subjectOf(raceText);

describe('traceRandom', () => {
  it('draws the same scenario and schedule for the same seed', async () => {
    expect(await traceRandom(raceSpec, before, 5)).toEqual(await traceRandom(raceSpec, before, 5));
  });

  it('traces nothing of a subject without random scenarios', async () => {
    const { random: _, ...spec } = raceSpec;
    expect(await traceRandom(spec, before, 5)).toEqual({ effects: [], outcome: 'returned undefined', alive: [] });
  });
});

describe('compareRandom', () => {
  const options = { runs: 30, seed: 1 };

  it('finds nothing between a version and itself', async () => {
    expect(await compareRandom(raceSpec, { before, after: subjectOf(raceText) }, options)).toEqual({ runs: 30 });
  });

  it('finds a seed by which two versions differ, and which draws the difference again', async () => {
    const after = subjectOf(raceText.replace("log.info('other')", "log.info('another')"));
    const { counterexample } = await compareRandom(raceSpec, { before, after }, options);
    expect(counterexample?.differences.map(({ kind }) => kind)).toContain('text-only');
    const seed = counterexample?.seed ?? -1;
    expect(await traceRandom(raceSpec, before, seed)).not.toEqual(await traceRandom(raceSpec, after, seed));
  });

  it('runs nothing where there are no random scenarios', async () => {
    const { random: _, ...spec } = raceSpec;
    expect(await compareRandom(spec, { before, after: before }, options)).toEqual({ runs: 0 });
  });

  it('passes on the error of a scenario that does not end', async () => {
    const endless = subjectOf('export function run() { for (;;); }');
    await expect(compareRandom(raceSpec, { before, after: endless }, options)).rejects.toMatchObject({
      code: 'PROOF_SCENARIO_DOES_NOT_END',
    });
  });
});
