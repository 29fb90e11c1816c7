// The positive control: each deviation of the real refactor is flagged at its place, alone and with all others.
import { describe, expect, it } from 'vitest';
import { catchEach, catchFindings, visibleDeviations } from './controls.ts';
import type { CaughtFinding } from './controls.ts';
import { readHumanPatches } from './human-edits.ts';

const patches = readHumanPatches();

function table(caught: readonly CaughtFinding[]): string {
  return caught
    .map(
      ({ finding, caught: difference }) =>
        `${finding.id}  ${finding.kind} at ${finding.place}: ${difference === undefined ? 'NOT CAUGHT' : `${finding.subject}, ${difference.case}`}`,
    )
    .join('\n');
}

describe('the deviations of the real refactor', () => {
  it('are all there: the 25 that are visible at run time', () => {
    expect([...new Set(patches.flatMap(({ findings }) => findings.map(({ id }) => id)))].toSorted()).toEqual(visibleDeviations);
  });

  it('are flagged one by one, by place and kind', async () => {
    const caught = await catchEach(patches);
    process.stdout.write(`${table(caught)}\n`);
    expect(caught.filter((each) => each.caught === undefined).map(({ finding }) => finding)).toEqual([]);
  });

  it('are flagged all together', async () => {
    const caught = await catchFindings(patches);
    expect(caught.filter((each) => each.caught === undefined).map(({ finding }) => finding)).toEqual([]);
  });

  it.each(patches)('are not all flagged without $name', async (left) => {
    const others = patches.filter((patch) => patch !== left);
    const caught = await catchFindings(others, [left]);
    const missed = new Set(caught.filter((each) => each.caught === undefined).map(({ finding }) => finding.id));
    expect([...missed].toSorted()).toEqual([...new Set(left.findings.map(({ id }) => id))].toSorted());
  });
});
