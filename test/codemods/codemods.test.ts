// Every codemod against its own manual and its directory of cases: what the kernel promises, shown for each of them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codemodManual, codemodNames, loadCodemod } from '../../codemods/cli/codemod-registry.ts';
import { reservedFlags } from '../../codemods/cli/codemod-flags.ts';
import type { OptionSpec } from '../../codemods/kernel/codemod.ts';
import type { DocExample } from '../../codemods/kernel/doc-examples.ts';
import { reasonOf } from '../../codemods/kernel/refit-error.ts';
import { checkExample } from './check-example.ts';
import { directoryCase } from './directory-case.ts';

const cases = join(import.meta.dirname, '../../fixtures/codemods');
const names = codemodNames();

it('there are codemods', () => {
  expect(names).toContain('remove-unused-parameter');
});

function directoriesOf(name: string): readonly string[] {
  const folder = join(cases, name);
  return existsSync(folder) ? readdirSync(folder).toSorted() : [];
}

/** The manual, or what is wrong with it, so that one bad manual does not hide the others. */
function readOrExplain(name: string): {
  readonly examples: readonly DocExample[];
  readonly name: string;
  readonly fault: string;
} {
  try {
    return { ...codemodManual(name), fault: '' };
  } catch (thrown) {
    return { examples: [], name: '', fault: reasonOf(thrown) };
  }
}

describe.each(names)('%s', (name) => {
  const manual = readOrExplain(name);

  it('is exported under the name of its file, with a manual of that name', async () => {
    expect(manual.fault).toBe('');
    expect(manual.name).toBe(name);
    expect((await loadCodemod(name)).name).toBe(name);
  });

  it('has options that the command line can take', async () => {
    const { options } = await loadCodemod(name);
    for (const [option, spec] of Object.entries(options)) {
      expect(option).toMatch(/^[a-z][A-Za-z0-9]*$/);
      expect(reservedFlags).not.toContain(option);
      expect(spec).toMatchObject({ help: expect.stringMatching(/\S/) });
    }
  });

  it('is shown with options it knows, the required ones among them', async () => {
    const { options } = await loadCodemod(name);
    const required = Object.entries<OptionSpec>(options).filter(([, spec]) => spec.required === true);
    for (const example of manual.examples) {
      expect(Object.keys(options)).toEqual(expect.arrayContaining(Object.keys(example.options)));
      expect(Object.keys(example.options)).toEqual(expect.arrayContaining(required.map(([option]) => option)));
    }
  });

  it('shows a change, and what it leaves alone or refuses', () => {
    const kinds = new Set(manual.examples.map((example) => (example.result.kind === 'changed' ? 'changed' : 'left')));
    expect([...kinds].toSorted()).toEqual(['changed', 'left']);
  });

  it.each(manual.examples.map((example) => [example.line, example] as const))(
    'does what its manual shows at line %i',
    async (line, example) => checkExample(await loadCodemod(name), { ...example, name: `line ${String(line)}` }),
  );

  it.each(directoriesOf(name))('handles the case %s', async (folder) => {
    checkExample(await loadCodemod(name), directoryCase(join(cases, name, folder)));
  });
});

describe('fixtures/codemods', () => {
  const folders = existsSync(cases) ? readdirSync(cases).filter((folder) => folder !== 'torture') : [];

  it('holds cases of codemods only', () => {
    expect(folders.filter((folder) => !names.includes(folder))).toEqual([]);
  });

  it.each(folders.flatMap((name) => directoriesOf(name).map((each) => `${name}/${each}`)))(
    '%s gives its options as JSON',
    (each) => {
      expect(JSON.parse(readFileSync(join(cases, each, 'options.json'), 'utf8'))).toBeTypeOf('object');
    },
  );
});
