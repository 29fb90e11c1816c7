// `refit codemod` in process: list, manuals, dry runs, writing, refusals and wrong usage.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { codemodNames } from '../../../codemods/cli/codemod-registry.ts';
import { flagOf, optionsFrom } from '../../../codemods/cli/codemod-flags.ts';
import type { Codemod } from '../../../codemods/kernel/codemod.ts';
import { refit } from './refit-in-process.ts';

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

const source = 'export {};\nfunction greet(name: string, locale: string): string {\n  return name;\n}\ngreet("Ada", "en");\n';
const result = 'export {};\nfunction greet(name: string): string {\n  return name;\n}\ngreet("Ada");\n';

function project(): string {
  const root = mkdtempSync(join(tmpdir(), 'refit-command-'));
  made.push(root);
  writeFileSync(
    join(root, 'tsconfig.json'),
    '{ "compilerOptions": { "strict": true, "types": [], "lib": ["es2023"] }, "include": ["*.ts"] }',
  );
  writeFileSync(join(root, 'a.ts'), source);
  return root;
}

const removal = ['codemod', 'remove-unused-parameter', '--file', 'a.ts', '--function', 'greet', '--parameter', 'locale'];

describe('refit codemod', () => {
  it('lists every codemod with one line', async () => {
    const ran = await refit('.', 'codemod', '--list');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const lines = ran.stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual(codemodNames());
    for (const line of lines) expect(line).toMatch(/^[a-z-]+ +[A-Z].*[.!?]$/);
  });

  it('lists them as one JSON document', async () => {
    const ran = await refit('.', 'codemod', '--list', '--json');
    expect(JSON.parse(ran.stdout)).toMatchObject({
      schema: 'refit-codemods/1',
      codemods: expect.arrayContaining([
        { name: 'remove-unused-parameter', summary: expect.stringMatching(/^Removes a parameter/) },
      ]),
    });
  });

  it('shows the manual and the options of a codemod', async () => {
    const ran = await refit('.', 'codemod', 'remove-unused-parameter', '--help');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^remove-unused-parameter\n\nRemoves a parameter/);
    expect(ran.stdout).toMatch(/--parameter <text> +name of the parameter/);
    expect(ran.stdout).toContain('-> refused: REFIT_PARAMETER_VALUE_USE');
  });

  it('prints a diff by default, says so, and writes nothing', async () => {
    const root = project();
    for (const ran of [await refit(root, ...removal), await refit(root, ...removal, '--dry-run')]) {
      expect(ran.code).toBe(0);
      expect(ran.stdout).toMatch(/^diff --git a\/a\.ts b\/a\.ts\n--- a\/a\.ts\n\+\+\+ b\/a\.ts\n@@ /);
      expect(ran.stderr).toContain('1 file would change. Nothing was written; give --write or --out.');
    }
    expect(readFileSync(join(root, 'a.ts'), 'utf8')).toBe(source);
    expect(readdirSync(root).toSorted()).toEqual(['a.ts', 'tsconfig.json']);
  });

  it('writes with --write, and has nothing to do the second time', async () => {
    const root = project();
    const first = await refit(root, ...removal, '--write');
    expect(first).toMatchObject({ code: 0, stdout: '' });
    expect(first.stderr).toContain(`1 file changed in ${root}.`);
    expect(readFileSync(join(root, 'a.ts'), 'utf8')).toBe(result);
    const second = await refit(root, ...removal, '--write');
    expect(second).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('Nothing to do.') });
  });

  it('writes a copy with --out, and leaves the project alone', async () => {
    const root = project();
    const ran = await refit('/', ...removal, '--project', join(root, 'tsconfig.json'), '--out', join(root, 'copy'));
    expect(ran.code).toBe(0);
    expect(readFileSync(join(root, 'copy/a.ts'), 'utf8')).toBe(result);
    expect(readFileSync(join(root, 'a.ts'), 'utf8')).toBe(source);
  });

  it('answers with --json in one document that holds the record and the diff', async () => {
    const ran = await refit(project(), ...removal, '--json');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ran.stdout)).toMatchObject({
      schema: 'refit-codemod/1',
      pass: true,
      codemod: 'remove-unused-parameter',
      options: { file: 'a.ts', function: 'greet', parameter: 'locale' },
      files: [{ path: 'a.ts', change: 'edited' }],
      checked: expect.arrayContaining([{ statement: 'every use of greet is a direct call', witness: '1 calls in the project' }]),
      diff: expect.stringMatching(/^diff --git/),
    });
  });

  it('exits with 1 when it is refused, with code, place and what to do', async () => {
    const root = project();
    writeFileSync(
      join(root, 'a.ts'),
      source.replace('"en"', 'String(Math.random())').replace('return name', 'return name + locale'),
    );
    const ran = await refit(root, ...removal, '--write');
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toMatch(/^refit: REFIT_PARAMETER_USED: a\.ts:3: greet uses locale here\. Only a parameter/);
    const asJson = await refit(root, ...removal, '--json');
    expect(asJson.code).toBe(1);
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      schema: 'refit-codemod/1',
      pass: false,
      failures: [{ code: 'REFIT_PARAMETER_USED', path: 'a.ts', line: 3 }],
    });
  });

  it.each([
    ['no name', ['codemod'], 'Usage: refit codemod'],
    ['a name that is near one', ['codemod', 'remove-unused-paramter'], 'Did you mean remove-unused-parameter?'],
    ['an option that is missing', ['codemod', 'remove-unused-parameter', '--file', 'a.ts'], "required option '--function"],
    ['an option there is not', [...removal, '--locale', 'x'], "unknown option '--locale'"],
    ['an argument too many', [...removal, 'x'], 'too many arguments'],
    ['two places to write to', [...removal, '--write', '--out', 'x'], '--out and --write exclude each other'],
    ['a project there is not', [...removal, '--project', 'none.json'], 'There is no '],
    ['a file there is not', removal.with(3, 'b.ts'), 'b.ts is not a source file of this project. Did you mean a.ts?'],
  ])('answers %s with a message and no stack', async (what, argv, message) => {
    const ran = await refit(project(), ...argv);
    expect(ran.code).toBe(what === 'a file there is not' ? 1 : 2);
    expect(ran.stderr).toContain(message);
    expect(ran.stderr).not.toMatch(/\n +at /);
  });

  it('takes `codemod run` for `run`, in its failures too', async () => {
    const ran = await refit(project(), 'codemod', 'run', 'none.ts', '--json');
    expect(ran.code).toBe(2);
    expect(JSON.parse(ran.stdout)).toMatchObject({ schema: 'refit-run/1', pass: false });
  });

  it('tolerates messages the project has already, and says so', async () => {
    const root = project();
    writeFileSync(join(root, 'b.ts'), 'export const b: string = 1;\n');
    const ran = await refit(root, ...removal);
    expect(ran.code).toBe(0);
    expect(ran.stderr).toContain('the project has 1 messages of the compiler already; only new ones count');
  });

  it('does not read a tree that an interrupted run left half written, but finishes that with --write', async () => {
    const root = project();
    mkdirSync(join(root, '.refit/new'), { recursive: true });
    writeFileSync(join(root, '.refit/new/0'), 'export const finished = 1;\n');
    const entries = [{ path: 'b.ts', deletes: false, oldHash: null }];
    writeFileSync(join(root, '.refit/journal.json'), JSON.stringify({ schema: 'refit-journal/1', entries }));
    expect(await refit(root, ...removal)).toMatchObject({ code: 1, stderr: expect.stringContaining('REFIT_INTERRUPTED') });
    expect(await refit(root, ...removal, '--write')).toMatchObject({ code: 0 });
    expect(readFileSync(join(root, 'b.ts'), 'utf8')).toBe('export const finished = 1;\n');
    expect(readFileSync(join(root, 'a.ts'), 'utf8')).toBe(result);
    expect(existsSync(join(root, '.refit'))).toBe(false);
  });
});

describe('options as flags', () => {
  const codemod: Codemod = {
    name: 'x',
    options: {
      inFile: { kind: 'text', help: 'a' },
      symbols: { kind: 'list', help: 'b' },
      all: { kind: 'flag', help: 'c' },
      atMost: { kind: 'number', help: 'd' },
      holes: { kind: 'data', help: 'e' },
    },
    propose: () => undefined,
  };

  it('are named in kebab-case', () => {
    expect(['file', 'inFile', 'aBC'].map(flagOf)).toEqual(['--file', '--in-file', '--a-b-c']);
  });

  it('become what the codemod takes; what is not given is left out', () => {
    const given = { inFile: 'a.ts', symbols: 'A, B', all: true, atMost: '2.5', holes: '{"a":[1]}', project: ['x'] };
    expect(optionsFrom(codemod, given, '/')).toEqual({
      inFile: 'a.ts',
      symbols: ['A', 'B'],
      all: true,
      atMost: 2.5,
      holes: { a: [1] },
    });
    expect(optionsFrom(codemod, { project: ['x'] }, '/')).toEqual({});
  });

  it('take a JSON list where an item has a comma, and data from a file', () => {
    const root = project();
    writeFileSync(join(root, 'holes.json'), '[1]');
    expect(optionsFrom(codemod, { symbols: '["f(a, b)", "c"]', holes: '@holes.json' }, root)).toEqual({
      symbols: ['f(a, b)', 'c'],
      holes: [1],
    });
  });

  it.each([
    [{ atMost: 'two' }, '--at-most: two is not a number'],
    [{ atMost: '' }, '--at-most:  is not a number'],
    [{ holes: '{' }, '--holes: this is not JSON'],
    [{ holes: '@none.json' }, '--holes: the file cannot be read'],
    [{ symbols: '[1]' }, '--symbols: expected a JSON array of texts'],
  ])('refuse %j', (given, message) => {
    const refused = { code: 'REFIT_USAGE', message: expect.stringContaining(message) };
    expect(() => optionsFrom(codemod, given, '/')).toThrow(expect.objectContaining(refused));
  });
});
