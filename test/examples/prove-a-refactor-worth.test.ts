// The worked example of docs/proof.md: random scenarios, how goldens are written, and what the golden is worth.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  compareRandom,
  recordGolden,
  requireGolden,
  runMutants,
  scoreOf,
  traceRandom,
  updateGolden,
} from '../../codemods/proof/index.ts';
import { after, before, goldenFolder, openReminders, reminders } from '../../examples/prove-a-refactor/scenarios.ts';

describe('random scenarios of the reminders', () => {
  it('find nothing between a version and itself', async () => {
    const same = await compareRandom(
      reminders,
      { before: openReminders(before), after: openReminders(before) },
      {
        runs: 200,
        seed: 1,
      },
    );
    expect(same).toEqual({ runs: 200 });
  });

  it('find the refactor, and draw what found it again from its seed', async () => {
    const versions = { before: openReminders(before), after: openReminders(after) };
    const { counterexample } = await compareRandom(reminders, versions, { runs: 200, seed: 1 });
    expect(counterexample?.differences.length).toBeGreaterThan(0);
    const seed = counterexample?.seed ?? 0;
    const [one, other] = [
      await traceRandom(reminders, versions.before, seed),
      await traceRandom(reminders, versions.after, seed),
    ];
    expect(one).not.toEqual(other);
  });
});

describe('the golden of the reminders', () => {
  it('is written where it changes, and says what changed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'reminders-'));
    try {
      const golden = await recordGolden(reminders, openReminders(before));
      expect(updateGolden(folder, golden)?.added).toContain('marking fails');
      expect(updateGolden(folder, golden)).toBeUndefined();
      const changed = updateGolden(folder, await recordGolden(reminders, openReminders(after)));
      expect(changed?.changed.get('marking fails')?.join('\n')).toContain('field-only at log.warn');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('notices every mutant of the code', async () => {
    const subject = openReminders(before);
    await recordGolden(reminders, subject);
    const golden = requireGolden(goldenFolder, reminders);
    const ports = {
      spec: reminders,
      golden,
      open: (_: string, text: string) => openReminders(text),
      read: () => before,
    };
    const results = await runMutants(ports, subject);
    const survivors = results.filter(({ verdict }) => verdict === 'survived').map(({ mutant }) => mutant);
    // 28 of 28 on 2026-11-27; an operator that is added may need a scenario more.
    expect({ ...scoreOf(results), survivors }).toMatchObject({ score: 100, survivors: [] });
    expect(results.length).toBeGreaterThanOrEqual(20);
  });
});
