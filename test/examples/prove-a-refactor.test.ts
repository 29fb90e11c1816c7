// The worked example of docs/proof.md: a refactor by hand that passes its types and changed three things.
import process from 'node:process';
import { expect, it } from 'vitest';
import {
  branchesOf,
  compareWithGolden,
  PolicyUse,
  printDifferences,
  readPolicy,
  recordGolden,
  refuseUnusedGoldens,
  requireGolden,
  updateGolden,
} from '../../codemods/proof/index.ts';
import { after, before, goldenFolder, openReminders, policyFile, reminders } from '../../examples/prove-a-refactor/scenarios.ts';

it('the reminders do what their golden says, and no branch of theirs is unseen', async () => {
  const subject = openReminders(before);
  if (process.env['UPDATE_GOLDENS'] === '1') updateGolden(goldenFolder, await recordGolden(reminders, subject));
  const differences = await compareWithGolden(reminders, subject, requireGolden(goldenFolder, reminders));
  expect(printDifferences(differences)).toBe('');
  expect(branchesOf(reminders, subject).missed).toEqual([]);
  refuseUnusedGoldens(goldenFolder, ['reminders']);
});

it('their refactor takes the customer out of the log, as was wanted, and changes an order, as was not', async () => {
  const differences = await compareWithGolden(reminders, openReminders(after), requireGolden(goldenFolder, reminders));
  const policy = new PolicyUse(readPolicy(policyFile));
  const open = policy.remaining('reminders', differences);
  policy.assertAllUsed();
  expect(printDifferences(differences)).toContain('field-only at log.warn');
  expect(printDifferences(open)).not.toContain('field-only at log.warn');
  expect(printDifferences(open)).toContain('order-only at mail.send');
  expect(printDifferences(open)).toContain('order-only at invoices.markReminded');
});

it('nothing is said of situations in which nothing was changed', async () => {
  const differences = await compareWithGolden(reminders, openReminders(after), requireGolden(goldenFolder, reminders));
  expect(new Set(differences.map((each) => each.case))).toEqual(
    new Set([
      'marking fails',
      ...['arrives', 'fails'].flatMap((first) =>
        ['arrives', 'fails'].map((second) => `of two mails one ${first}, one ${second}`),
      ),
    ]),
  );
});
