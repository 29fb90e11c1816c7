// The programs of the torture corpus, and the test of each: the same output after the operation, or a refusal that says why.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadCodemod } from '../../codemods/cli/codemod-registry.ts';
import { answerOf, readProgram, type TortureProgram } from './torture-program.ts';

const folder = join(import.meta.dirname, '../../fixtures/codemods/torture');

export const programs: readonly TortureProgram[] = readdirSync(folder)
  .toSorted()
  .map((name) => readProgram(folder, name));

export function isRefused({ expected }: TortureProgram): boolean {
  return expected.startsWith('refused ');
}

/** A folder to write to, until the tests of the file are over. */
export function scratchFolder(): string {
  const scratch = mkdtempSync(join(tmpdir(), 'torture-'));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));
  return scratch;
}

/** Tests of every second program, from the first or from the second on: two files share the corpus, so that two workers can. */
export function describeEverySecond(from: 0 | 1): void {
  const scratch = scratchFolder();
  describe.each(programs.filter((_, at) => at % 2 === from))('$name', (each) => {
    it(`${each.codemod}: ${each.expected}`, async () => {
      const answer = await answerOf(each, await loadCodemod(each.codemod), scratch);
      expect(answer.before).toMatch(/\S/);
      expect(answer.before).not.toContain('ended with');
      expect(answer).toMatchObject({ verdict: each.expected });
      if (isRefused(each)) expect(answer.reason, 'it says why').toMatch(/\w+ \w+ \w+/);
    });
  });
}
