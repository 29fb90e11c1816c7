// The gate with its cache: the same verdict as without, whatever happens to the files and to the cache in between.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cacheFileOf } from '../../../codemods/gate/cache-file.ts';
import type { Verdict } from '../../../codemods/gate/judge.ts';
import { runGate } from '../../../codemods/gate/run-gate.ts';
import { istanbulFile } from './istanbul-file.ts';
import type { TemporaryProject } from './temporary-project.ts';
import { emptyProject, plainConfig, reportOf, soundProject } from './temporary-project.ts';

const config = 'coverage-report.config.ts';
const today = '2026-01-15';
const fresh = (root: string): Promise<Verdict> => runGate({ config, cwd: root, today, cache: false });
const cached = (root: string): Promise<Verdict> => runGate({ config, cwd: root, today, cache: '.cache' });
const cacheOf = (root: string): string => join(root, '.cache/gate.json');

const contents = [
  'export const a = 1;\n',
  'export const a = 1;\r\n',
  '\uFEFFexport const a = 1;\n',
  'export function a(): number {\n  return 2;\n}\n',
  "it('a', () => {});\n",
  "describe('b', () => { it.skip('c', () => {}); it('d', () => {}); });\n",
  '',
];
const files = ['src/a.ts', 'src/b.ts', 'test/a.test.ts', 'test/b.test.ts', 'test/b-tests.ts'];

/** A report with a file a line, of any files, which the cache knows by line; any of its lines can change. */
function reportByLine(root: string, counts: readonly (readonly number[])[]): string {
  const entries = counts.map((each, nr) => {
    const path = join(root, files[nr] ?? 'src/c.ts');
    const lines = each.map((_, at) => at + 1);
    const entry = istanbulFile(path, { lines, counts: each, arms: [each] });
    return `${nr === 0 ? '{' : ','}${JSON.stringify(path)}: ${JSON.stringify(entry)}\n`;
  });
  return `${entries.join('')}}\n`;
}

interface Change {
  readonly file: string;
  /** Undefined: the file is deleted. */
  readonly text: string | undefined;
}

function carryOut(project: TemporaryProject, { file, text }: Change): void {
  if (text === undefined) rmSync(join(project.root, file), { force: true });
  else project.write(file, text);
}

describe('a gate with a cache', () => {
  it('judges as without one, whatever is written and deleted between its runs', async () => {
    const text = fc.option(fc.constantFrom(...contents), { nil: undefined });
    const changes = fc.array(fc.record({ file: fc.constantFrom(...files), text }), { maxLength: 6 });
    const project = soundProject();
    const property = fc.asyncProperty(changes, async (each) => {
      for (const change of each) carryOut(project, change);
      expect(await cached(project.root)).toEqual(await fresh(project.root));
      expect(await cached(project.root)).toEqual(await fresh(project.root));
    });
    await fc.assert(property, { numRuns: 8 });
  });

  it('judges reports and shards as without one, whichever of their lines change', async () => {
    const counts = fc.array(fc.array(fc.integer({ min: -1, max: 2 }), { maxLength: 3 }), { minLength: 1, maxLength: 3 });
    const project = soundProject();
    project.write(config, plainConfig.replace('{', "{ report: ['coverage/coverage-final.json', 'coverage/second.json'],"));
    const outcome = (judged: Promise<Verdict>): Promise<unknown> => judged.catch((error: unknown) => error);
    const property = fc.asyncProperty(counts, fc.option(counts, { nil: undefined }), async (first, other) => {
      project.write('coverage/coverage-final.json', reportByLine(project.root, first), 9);
      project.write('coverage/second.json', reportByLine(project.root, other ?? first), 9);
      const expected = await outcome(fresh(project.root));
      expect(await outcome(cached(project.root))).toEqual(expected);
      expect(await outcome(cached(project.root))).toEqual(expected);
    });
    await fc.assert(property, { numRuns: 8 });
  });

  it('keeps a report by its lines, each once, and none that is gone', async () => {
    const project = soundProject();
    const kept = (): number => readFileSync(cacheOf(project.root), 'utf8').split('"entry ').length - 1;
    const write = (...counts: readonly (readonly number[])[]): void =>
      project.write('coverage/coverage-final.json', reportByLine(project.root, counts), 9);
    write([1], [1]);
    await cached(project.root);
    expect(kept()).toBe(2);
    write([1], [0]);
    expect(await cached(project.root)).toEqual(await fresh(project.root));
    expect(kept()).toBe(2);
    write([1]);
    await cached(project.root);
    expect(kept()).toBe(1);
  });

  it('keeps one file, and does not touch it when nothing has changed', async () => {
    const { root } = soundProject();
    await cached(root);
    const before = readFileSync(cacheOf(root), 'utf8');
    await cached(root);
    expect(readFileSync(cacheOf(root), 'utf8')).toBe(before);
    expect(readdirSync(join(root, '.cache'))).toEqual(['gate.json']);
  });

  it('uses what is in it', async () => {
    const project = soundProject();
    await cached(project.root);
    const before = readFileSync(cacheOf(project.root), 'utf8');
    project.write('src/b.ts', 'export const b = 2;\n');
    await cached(project.root);
    const after = readFileSync(cacheOf(project.root), 'utf8');
    expect(after).not.toBe(before);
    expect(after).toContain('"source src/a.ts"');
    rmSync(join(project.root, 'src/b.ts'));
    await cached(project.root);
    expect(readFileSync(cacheOf(project.root), 'utf8')).toBe(before);
  });

  it('reads files of any size, one after the other', async () => {
    const project = soundProject();
    project.write('src/a.ts', `export const a = 1;\n// ${'x'.repeat(600_000)}\n`);
    project.write('test/b.test.ts', `it('b', () => expect(1).toBe(1));\n// ${'x'.repeat(300_000)}\n`);
    const verdict = await fresh(project.root);
    expect(verdict.total).toMatchObject({ files: 1, lines: 2, tests: 1 });
    expect(await cached(project.root)).toEqual(verdict);
  });

  it('counts anew when its file is damaged, and repairs it', async () => {
    const { root } = soundProject();
    await cached(root);
    const whole = readFileSync(cacheOf(root), 'utf8');
    writeFileSync(cacheOf(root), whole.replace('"cases":1', '"cases":9'));
    expect(await cached(root)).toEqual(await fresh(root));
    expect(readFileSync(cacheOf(root), 'utf8')).toBe(whole);
  });

  it('lets two gates run at once', async () => {
    const { root } = soundProject();
    const expected = await fresh(root);
    expect(await Promise.all([cached(root), cached(root), cached(root)])).toEqual([expected, expected, expected]);
    expect(readdirSync(join(root, '.cache'))).toEqual(['gate.json']);
    expect(await cached(root)).toEqual(expected);
  });

  it('judges where the cache cannot be written', async () => {
    const project = soundProject();
    project.write('.cache', 'a file where the folder should be\n');
    expect(await cached(project.root)).toEqual(await fresh(project.root));
    expect(readFileSync(join(project.root, '.cache'), 'utf8')).toBe('a file where the folder should be\n');
  });

  it('leaves no draft behind where its file cannot be replaced', async () => {
    const { root } = soundProject();
    mkdirSync(join(cacheOf(root), 'in-the-way'), { recursive: true });
    expect(await cached(root)).toEqual(await fresh(root));
    expect(readdirSync(join(root, '.cache'))).toEqual(['gate.json']);
  });

  it('still tells a report that is stale', async () => {
    const project = soundProject();
    await cached(project.root);
    project.write('src/a.ts', 'export const a = 1;\n', 5);
    expect((await cached(project.root)).failures).toMatchObject([{ code: 'GATE_REPORT_STALE' }]);
    project.write('coverage/coverage-final.json', reportOf(project.root, ['src/a.ts']), 6);
    expect((await cached(project.root)).failures).toEqual([]);
  });
});

describe('the place of the cache', () => {
  it('is in the innermost node_modules, with another name for each configuration below it', () => {
    const { root } = emptyProject();
    const inner = join(root, 'packages/api');
    mkdirSync(join(inner), { recursive: true });
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'package.json'), '{}');
    const folder = join(root, 'node_modules/.cache/refit');
    expect(cacheFileOf(join(root, config))).toBe(join(folder, 'gate.json'));
    const names = [join(inner, config), join(root, 'other.config.ts')].map((path) => cacheFileOf(path) ?? '');
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/[/\\]\.cache[/\\]refit[/\\]gate-[0-9a-f]{12}\.json$/);
  });

  it('is nowhere without node_modules, and nothing is written then', async () => {
    const { root } = soundProject();
    const before = readdirSync(root);
    await runGate({ config, cwd: root, today });
    expect(readdirSync(root)).toEqual(before);
  });

  it('is node_modules/.cache/refit when nothing else is said', async () => {
    const project = soundProject();
    project.write('package.json', '{}');
    mkdirSync(join(project.root, 'node_modules'));
    await runGate({ config, cwd: project.root, today });
    expect(readdirSync(join(project.root, 'node_modules/.cache/refit'))).toEqual(['gate.json']);
  });

  it('is a folder that can be named', () => {
    expect(cacheFileOf('/p/coverage-report.config.ts', '/cache')).toBe(join('/cache', 'gate.json'));
  });
});
