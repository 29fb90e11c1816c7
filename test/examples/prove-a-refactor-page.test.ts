// The code of docs/proof.md is the code of its example, so that what is typed from the page works.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = readFileSync('docs/proof.md', 'utf8');
const blocks = [...page.matchAll(/```(?<info>(?:ts|json)\b.*)\n(?<text>[^]*?)```/g)].map(({ groups }) => ({
  info: groups?.['info'] ?? '',
  text: groups?.['text'] ?? '',
}));

/** As a stranger types it: the package's own name, files next to each other; without indentation. */
function asTyped(text: string): string {
  return text
    .replaceAll('../../codemods/proof/index.ts', 'tasker-refit/proof')
    .replaceAll('../../examples/prove-a-refactor/', './')
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .trim();
}

describe('docs/proof.md', () => {
  it('has code', () => {
    expect(blocks.length).toBeGreaterThan(5);
  });

  it.each(blocks)('shows what stands in the file it names: $info', ({ info, text }) => {
    const path = / file=(?<path>\S+)$/.exec(info)?.groups?.['path'] ?? 'no file is named';
    expect(asTyped(readFileSync(path, 'utf8'))).toContain(asTyped(text));
  });
});
