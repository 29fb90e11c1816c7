// Subjects proved against their goldens.
import { describe, expect, it } from 'vitest';
import { readGolden, writeGolden } from '../../../codemods/proof/golden-file.ts';
import {
  branchesOf,
  casesWithChoice,
  compareWithGolden,
  recordGolden,
  scheduleGroups,
  schedulesOf,
  traceCase,
} from '../../../codemods/proof/prove.ts';
import type { Scenario } from '../../../codemods/proof/prove.ts';
import type { Subject } from '../../../codemods/proof/subject-loader.ts';
import { raceSpec, raceText } from './race-subject.ts';
import { openTexts } from './small-subject.ts';

const subjectOf = (text: string): Subject => openTexts({ 'a.ts': text });
const before = subjectOf(raceText);
const noted: Scenario = { name: 'noted', run: (world) => world.record({ target: 'a', operation: 'b', args: [] }) };

describe('traceCase', () => {
  it('has one trace where all schedules agree, else one for each', async () => {
    const [calm, race] = raceSpec.scenarios;
    if (calm === undefined || race === undefined) throw new Error('two scenarios');
    expect([...(await traceCase(raceSpec, before, calm)).keys()]).toEqual(['all']);
    const names = [...(await traceCase(raceSpec, before, race)).keys()];
    expect(names).toHaveLength(22);
    expect(names.slice(0, 3)).toEqual(['fifo', 'lifo', 'seed 1']);
  });

  it('agrees where only the order of flows differs', async () => {
    const flows: Scenario = {
      name: 'flows',
      concurrent: true,
      run: (world) =>
        Promise.all(
          ['one', 'other'].map((name) =>
            world.flow(name, async () => {
              await world.answerLater(name, () => undefined);
              world.record({ target: name, operation: 'went', args: [] });
            }),
          ),
        ).then(() => undefined),
    };
    expect([...(await traceCase(raceSpec, before, flows)).keys()]).toEqual(['all']);
  });
});

describe('casesWithChoice', () => {
  it('names the cases in which more than one answer waits, declared or not, and no others', async () => {
    const undeclared = raceSpec.scenarios.map(({ name, run }) => ({ name, run }));
    const declared: Scenario = { ...noted, concurrent: true };
    expect(await casesWithChoice({ ...raceSpec, scenarios: [...undeclared, declared] }, before)).toEqual(['race']);
  });
});

describe('schedules', () => {
  it('are two, and twenty seeded ones where answers race', () => {
    expect(schedulesOf(noted)).toHaveLength(2);
    expect(schedulesOf({ ...noted, concurrent: true })).toHaveLength(22);
    expect(scheduleGroups(raceSpec)).toEqual(['fifo', 'lifo', 'seeds 1 to 20 where concurrent']);
    expect(scheduleGroups({ ...raceSpec, scenarios: [noted] })).toEqual(['fifo', 'lifo']);
  });
});

describe('a golden', () => {
  it('is the same whenever it is recorded, and when it was stored', async () => {
    const golden = await recordGolden(raceSpec, before);
    expect(await recordGolden(raceSpec, before)).toEqual(golden);
    expect(readGolden(writeGolden(golden), 'x')).toEqual(golden);
    expect(await compareWithGolden(raceSpec, before, golden)).toEqual([]);
  });

  it('shows what another version does otherwise, by case and schedule', async () => {
    const golden = await recordGolden(raceSpec, before);
    const after = subjectOf(raceText.replace("'was asked'", "'is asked'"));
    const found = await compareWithGolden(raceSpec, after, golden);
    expect(found).toHaveLength(23);
    expect(found[0]).toEqual({
      kind: 'text-only',
      place: 'log.info',
      before: 'log.info("was asked")',
      after: 'log.info("is asked")',
      case: 'calm',
      schedule: 'all',
    });
    expect(found.at(-1)).toMatchObject({ case: 'race', schedule: 'seed 20' });
  });

  it('ends the search once there is enough', async () => {
    const golden = await recordGolden(raceSpec, before);
    const after = subjectOf(raceText.replace("'was asked'", "'is asked'"));
    expect(await compareWithGolden(raceSpec, after, golden, (found) => found.length > 0)).toHaveLength(1);
  });

  it('shows a race that is gone, and one that is new', async () => {
    const calm = subjectOf(raceText.replace('await Promise.all([one(), other()])', 'await one(); await other()'));
    const racing = await recordGolden(raceSpec, before);
    const quiet = await recordGolden(raceSpec, calm);
    for (const found of [await compareWithGolden(raceSpec, calm, racing), await compareWithGolden(raceSpec, before, quiet)]) {
      expect(found.length).toBeGreaterThan(0);
      expect(new Set(found.map((each) => each.case))).toEqual(new Set(['race']));
      expect(found.map(({ schedule }) => schedule)).toContain('lifo');
      expect(found.map(({ schedule }) => schedule)).not.toContain('all');
    }
  });

  it('shows a case that it does not have', async () => {
    const golden = await recordGolden({ ...raceSpec, scenarios: [] }, before);
    expect(await compareWithGolden({ ...raceSpec, scenarios: [noted] }, before, golden)).toEqual([
      { kind: 'extra effect', place: 'case', after: 'noted', case: 'noted', schedule: 'all' },
    ]);
  });

  it('compares no schedule that one side does not know', async () => {
    const golden = await recordGolden(raceSpec, before);
    const cases = golden.cases.map(({ name, traces }) => ({ name, traces: new Map([...traces].slice(0, 2)) }));
    expect(await compareWithGolden(raceSpec, before, { ...golden, cases })).toEqual([]);
  });
});

describe('branchesOf', () => {
  it('reports the branches that the scenarios reached', async () => {
    const subject = subjectOf(raceText);
    await recordGolden(raceSpec, subject);
    expect(branchesOf(raceSpec, subject)).toMatchObject({ missed: ['a.ts:10 function'], unreachable: 0 });
  });
});
