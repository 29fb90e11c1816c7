// The worked example of docs/proof.md: a refactor by hand that passes its types and changed three things.
import { describe, expect, it } from 'vitest';
import {
  branchesOf,
  compareRandom,
  compareWithGolden,
  recordGolden,
  refuseUnusedGoldens,
  requireGolden,
  traceRandom,
} from '../../codemods/proof/index.ts';
import { goldenFolder, openVersion, remindersIn } from '../../examples/prove-a-refactor/scenarios.ts';

const before = remindersIn('reminders.ts');
const after = remindersIn('reminders-refactored.ts');

describe('the example of docs/proof.md', () => {
  it('has a golden of the code before, which reaches every branch', async () => {
    const subject = openVersion();
    expect(await compareWithGolden(before, subject, requireGolden(goldenFolder, before))).toEqual([]);
    expect(branchesOf(before, subject)).toMatchObject({ missed: [] });
    expect(() => refuseUnusedGoldens(goldenFolder, ['reminders'])).not.toThrow();
  });

  it('shows what the refactor changed: a field of a log record, and the order of what it does', async () => {
    const differences = await compareWithGolden(after, openVersion(), requireGolden(goldenFolder, before));
    const kinds = new Set(differences.map(({ kind, place }) => `${kind} at ${place}`));
    expect(kinds).toContain('field-only at log.warn');
    expect(kinds).toContain('order-only at mail.send');
    expect(kinds).toContain('order-only at invoices.markReminded');
  });

  it('says nothing where nothing was changed', async () => {
    const differing = new Set(
      (await compareWithGolden(after, openVersion(), requireGolden(goldenFolder, before))).map((each) => each.case),
    );
    expect(differing).not.toContain('nothing is open');
    expect(differing).not.toContain('the invoices cannot be read');
  });

  it('finds a difference in random scenarios too, and draws it again from its seed', async () => {
    const versions = { before: openVersion(), after: openVersion() };
    const same = await compareRandom(before, versions, { runs: 200, seed: 1 });
    expect(same).toEqual({ runs: 200 });
    const seed = 7;
    expect(await traceRandom(before, versions.before, seed)).toEqual(await traceRandom(before, versions.after, seed));
  });

  it('records the same golden twice', async () => {
    expect(await recordGolden(before, openVersion())).toEqual(await recordGolden(before, openVersion()));
  });
});
