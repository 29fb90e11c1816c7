// Programs that a careless tool breaks: each prints the same after the operation, or the operation says why it refuses.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { codemodNames, loadCodemod } from '../../codemods/cli/codemod-registry.ts';
import type { Codemod } from '../../codemods/kernel/codemod.ts';
import { answerOf, mixedLineEnds, readProgram, type TortureProgram } from './torture-program.ts';
import { outputOfProcess, outputOfProgram, outputOfThread } from './torture-run.ts';

const corpus = join(import.meta.dirname, '../../fixtures/codemods/torture');
const programs: readonly TortureProgram[] = readdirSync(corpus)
  .toSorted()
  .map((name) => readProgram(corpus, name));

const scratch = mkdtempSync(join(tmpdir(), 'torture-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function isRefused({ expected }: TortureProgram): boolean {
  return expected.startsWith('refused ');
}

describe.each(programs)('$name', (each) => {
  it(`${each.codemod}: ${each.expected}`, async () => {
    const answer = await answerOf(each, await loadCodemod(each.codemod), scratch);
    expect(answer.before).toMatch(/\S/);
    expect(answer.before).not.toContain('ended with');
    expect(answer).toMatchObject({ verdict: each.expected });
    if (isRefused(each)) expect(answer.reason, 'it says why').toMatch(/\w+ \w+ \w+/);
  });
});

describe('the corpus', () => {
  it('has at least forty programs, at most 40 % of which are refused', () => {
    expect(programs.length).toBeGreaterThanOrEqual(40);
    expect(programs.filter(isRefused).length / programs.length).toBeLessThanOrEqual(0.4);
  });

  it('expects nothing but the same output or a refusal with its code', () => {
    const odd = programs.filter(({ expected }) => !/^(?:same output|refused REFIT_[A-Z_]+)$/.test(expected));
    expect(odd.map(({ name }) => name)).toEqual([]);
  });

  it('is sorted by category, and each category is handled at least once', () => {
    const misplaced = programs.filter(({ category, name }) => category.replaceAll(' ', '-') !== name.replace(/-\d+$/, ''));
    expect(misplaced.map(({ name }) => name)).toEqual([]);
    const handled = new Set(programs.filter((each) => !isRefused(each)).map(({ category }) => category));
    expect([...new Set(programs.map(({ category }) => category))].filter((category) => !handled.has(category))).toEqual([]);
  });

  it('still has the bytes it was written with', () => {
    const without = (category: string, mark: string): readonly string[] =>
      programs
        .filter((each) => each.category === category && !Object.values(each.files).some((text) => text.includes(mark)))
        .map(({ name }) => name);
    expect(without('crlf', '\r\n')).toEqual([]);
    expect(without('byte order mark', '\uFEFF')).toEqual([]);
  });

  it('puts every codemod to the test', () => {
    const used = new Set(programs.map(({ codemod }) => codemod));
    expect(codemodNames().filter((name) => !used.has(name))).toEqual([]);
  });
});

const program: TortureProgram = {
  name: 'careless',
  category: '',
  codemod: '',
  options: {},
  expected: '',
  files: {
    'main.ts': `let count = 0;
function register(name: string): number {
  console.log('registered', name);
  return ++count;
}
const handle = register('plugin');
export const dead = handle + 1;
console.log(count);
`,
  },
};

/** A codemod that replaces a text of `main.ts` without asking; without a text it does nothing. */
function careless(from = '', to = ''): Codemod {
  return {
    name: 'careless',
    options: {},
    propose(workspace, _options, out) {
      const start = from === '' ? -1 : (workspace.textOf('main.ts') ?? '').indexOf(from);
      if (start >= 0) out.edit('main.ts', [start, start + from.length], to, 'deleted');
    },
  };
}

describe('a careless codemod is caught when it', () => {
  const call = "const handle = register('plugin');\n";
  it.each([
    ['drops a call with the variable it fills', `${call}export const dead = handle + 1;\n`, '', 'other output'],
    ['lets the program fail', 'console.log(count);', "throw new Error('no');", 'other output'],
    ['runs twice what ran once', 'console.log(count);', "console.log(register('again'));", 'other output'],
    ['leaves what does not compile', call, '', 'refused REFIT_RESULT_TYPES'],
    ['finds something to do each time', 'count = 0', 'count = 0 + 0', 'a second run has more to do'],
    ['does nothing', '', '', 'nothing to do'],
  ])('%s', async (_what, from, to, verdict) => {
    expect(await answerOf(program, careless(from, to), scratch)).toMatchObject({ verdict });
  });

  it('does not, when all is well', async () => {
    expect(await answerOf(program, careless('count = 0;', 'count = 1 - 1;'), scratch)).toMatchObject({ verdict: 'same output' });
  });

  it('mixes line ends', () => {
    const files = [
      { path: 'a.ts', before: 'a;\r\nb;\r\n', after: 'a;\n\r\nb;\r\n' },
      { path: 'b.ts', before: 'a;\r\n', after: 'b;\r\n' },
      { path: 'c.ts', before: 'a;\n', after: 'b;\n' },
    ];
    expect(mixedLineEnds(files)).toEqual(['a.ts']);
  });
});

describe('a program in a thread', () => {
  const write = (name: string, text: string, type = 'module'): string => {
    const folder = join(scratch, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
    writeFileSync(join(folder, 'main.js'), text);
    return join(folder, 'main.js');
  };
  const later = "console.log('a'); setTimeout(() => { console.error('no'); console.log('b'); }, 5);";

  it.each([
    ['an ES module', `import 'node:fs';\n${later}`, 'module'],
    ['CommonJS', `require('node:fs');\n${later}`, 'commonjs'],
  ])('prints what it prints in a process, to the end: %s', async (name, text, type) => {
    const path = write(name, text, type);
    expect(await outputOfThread(path)).toBe('a\nb\n');
    expect(await outputOfProcess(path)).toBe('a\nb\n');
  });

  it.each([
    ['throws', "console.log('a'); throw new Error('no');", 'ended with 1'],
    ['throws later', "console.log('a'); setTimeout(() => { throw new Error('no'); });", 'ended with 1'],
    ['rejects', "console.log('a'); void Promise.reject(new Error('no'));", 'ended with 1'],
    ['says that it failed', "console.log('a'); process.exitCode = 3;", 'ended with 3'],
  ])('is not believed when it %s: a process says how it ends', async (name, text, end) => {
    const path = write(name, text);
    expect(await outputOfThread(path)).toBeUndefined();
    expect(await outputOfProgram(path)).toMatch(new RegExp(`^a\n[^]*${end}$`));
  });
});
