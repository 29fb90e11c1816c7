// The second example of docs/proof.md: a function whose imports are replaced, and the order across flows.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareWithGolden, recordGolden, writeGolden } from '../../codemods/proof/index.ts';
import { newsletter, openNewsletter } from '../../examples/prove-a-refactor/newsletter-scenarios.ts';

const text = readFileSync('examples/prove-a-refactor/newsletter.ts', 'utf8');

const archiving = 'await archive(randomUUID(), text);';
const mailing = 'await Promise.all(readers.map(send));';

async function differencesOf(changed: string): Promise<readonly string[]> {
  expect(changed).not.toBe(text);
  const golden = await recordGolden(newsletter, openNewsletter());
  const found = await compareWithGolden(newsletter, openNewsletter(changed), golden);
  return [...new Set(found.map(({ kind, place, before, after }) => `${kind} at ${place}: ${before} -> ${after}`))];
}

describe('the newsletter', () => {
  it('is recorded with ids of the world, its statistics watched, and a flow for each mail', async () => {
    const written = writeGolden(await recordGolden(newsletter, openNewsletter()));
    expect(written).toContain('archive.store("00000000-0000-4000-8000-000000000001", "News.") resolved undefined');
    expect(written).toContain('[mail to b] mail.send("b", "News.") resolved undefined');
    expect(written).toContain('statistics.add("sent", 1)');
  });

  it('may mail its readers in any order', async () => {
    expect(await differencesOf(text.replace('readers.map', 'readers.toReversed().map'))).toEqual([]);
  });

  it('must archive before it mails, which only happensBefore says', async () => {
    const later = `const mailed = Promise.all(readers.map(send)); ${archiving} await mailed;`;
    expect(await differencesOf(text.replace(archiving, '').replace(mailing, later))).toEqual([
      'order-only at archive.store: archive.store before mail.send -> mail.send before archive.store',
    ]);
  });
});
