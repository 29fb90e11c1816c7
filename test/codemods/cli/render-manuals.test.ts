// docs/codemods.md is what the head comments say.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codemodManual, codemodNames } from '../../../codemods/cli/codemod-registry.ts';
import { renderManuals } from '../../../codemods/cli/render-manuals.ts';

const page = renderManuals();

describe('docs/codemods.md', () => {
  it('is up to date; if not, run `npm run docs:codemods`', async () => {
    const committed = readFileSync(join(import.meta.dirname, '../../../docs/codemods.md'), 'utf8');
    expect(committed).toBe(await page);
  });

  it('has a section for every codemod, with its summary and its options', async () => {
    const text = await page;
    for (const name of codemodNames()) {
      expect(text).toContain(`\n## ${name}\n`);
      expect(text).toContain(`- [${name}](#${name}): ${codemodManual(name).summary}\n`);
    }
    expect(text).toContain('| `parameter` | `--parameter` | text | required | name of the parameter |');
  });

  it('shows the options of an example as JSON and what became of it by an arrow', async () => {
    const text = await page;
    expect(text).toContain('```json\n{ "file": "example.ts", "function": "greet", "parameter": "at" }\n```\n\n```ts\n');
    expect(text).toContain('```\n**→** refused: REFIT_PARAMETER_VALUE_USE\n');
    expect(text.match(/^```/gm)?.length).toSatisfy((fences: number) => fences % 2 === 0);
  });
});
