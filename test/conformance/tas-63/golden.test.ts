// Goldens of the system before the plan: every case under every schedule, and every branch reached.
import { describe, expect, it } from 'vitest';
import { refuseUnusedGoldens, requireGolden } from '../../../codemods/proof/golden-store.ts';
import { branchesOf, compareWithGolden } from '../../../codemods/proof/prove.ts';
import { goldenFolder, openDisguised } from './controls.ts';
import { subjects } from './subjects/index.ts';
import { openSystem } from './system.ts';

describe.each(subjects.map((spec) => ({ name: spec.name, spec })))('$name', ({ spec }) => {
  it('does what its golden says, under every schedule, and every branch is reached', async () => {
    const subject = openSystem();
    expect(await compareWithGolden(spec, subject, requireGolden(goldenFolder, spec))).toEqual([]);
    const { missed, wronglyListed } = branchesOf(spec, subject);
    expect({ missed, wronglyListed }).toEqual({ missed: [], wronglyListed: [] });
  });

  it('does the same in other clothes', async () => {
    expect(await compareWithGolden(spec, openDisguised(), requireGolden(goldenFolder, spec))).toEqual([]);
  });
});

it('has no golden that nothing uses', () => {
  expect(() =>
    refuseUnusedGoldens(
      goldenFolder,
      subjects.map(({ name }) => name),
    ),
  ).not.toThrow();
});

it('lists at most ten branches as unreachable, each with a proof', () => {
  const unreachable = subjects.flatMap((spec) => spec.unreachable ?? []);
  expect(unreachable.length).toBeLessThanOrEqual(10);
  for (const { proof } of unreachable) expect(proof.length).toBeGreaterThan(20);
});
