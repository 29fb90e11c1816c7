// Mutants by Stryker's report and by the record of the proof: functions that nothing pins down, and the score.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CoverageReportConfig, MutationFloor } from '../../../../codemods/gate/config.ts';
import type { SourceFacts } from '../../../../codemods/gate/facts.ts';
import { isUnjudged, judge } from '../../../../codemods/gate/judge.ts';
import { mutationRules } from '../../../../codemods/gate/other-tools/mutation-rules.ts';
import type { Mutation } from '../../../../codemods/gate/other-tools/read-mutation.ts';
import { readMutation } from '../../../../codemods/gate/other-tools/read-mutation.ts';
import { textFacts } from '../../../../codemods/gate/source-facts.ts';
import { sampleFolder, sampleProject } from '../sample-projects.ts';
import { config, sound, source } from '../sound-evidence.ts';

const asked = (more: Partial<MutationFloor> = {}): CoverageReportConfig => ({
  ...config,
  mutation: { report: 'report/mutation.json', ...more },
});

const refusal = (says: string): unknown =>
  expect.objectContaining({ code: 'GATE_MUTATION_UNREADABLE', message: expect.stringContaining(says) });

function sourcesIn(root: string): readonly SourceFacts[] {
  return ['index', 'left-over', 'order', 'refund'].map((name) => {
    const file = `src/${name}.ts`;
    return { file, modifiedMs: 0, ...textFacts(file, readFileSync(join(root, file), 'utf8')) };
  });
}

function folderWith(document: unknown): string {
  const root = mkdtempSync(join(tmpdir(), 'refit-mutants-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  writeFileSync(join(root, 'm.json'), JSON.stringify(document));
  return root;
}

const at = (line: number, lastLine = line): unknown => ({ start: { line, column: 1 }, end: { line: lastLine, column: 2 } });
const mutant = (status: string, line = 1): unknown => ({ status, location: at(line) });
const stryker = (mutants: readonly unknown[], more: object = {}): unknown => ({
  schemaVersion: '2',
  files: { 'src\\a.ts': { mutants } },
  ...more,
});
const readFrom = (document: unknown, more: Partial<MutationFloor> = {}) =>
  readMutation(folderWith(document), asked({ report: 'm.json', ...more }));

describe('a report that Stryker wrote', () => {
  it('names the functions of which no mutant is killed, those that are never run included', () => {
    const root = sampleProject('other-tools');
    const failures = mutationRules(readMutation(root, asked()), asked(), sourcesIn(root));
    expect(failures).toMatchObject([{ code: 'GATE_MUTANTS_SURVIVE', file: 'src/order.ts', line: 15 }]);
    expect(failures[0]?.message).toContain('src/order.ts:15 orphan can be changed in any way');
    expect(mutationRules(readMutation(root, asked()), asked({ functions: 1 }), sourcesIn(root))).toEqual([]);
  });

  it('has a score that a floor can ask for', () => {
    const root = sampleProject('other-tools');
    const mutation = readMutation(root, asked());
    const rules = (score: number) => mutationRules(mutation, asked({ score, functions: 9 }), sourcesIn(root));
    expect(mutation).toMatchObject({ killed: 14, survived: 21 });
    expect(rules(40)).toEqual([]);
    expect(rules(41)).toMatchObject([{ code: 'GATE_MUTATION_SCORE', measured: 40, required: 41 }]);
  });

  it('cannot be judged when a source has changed since', () => {
    const root = sampleProject('other-tools');
    const changed = sourcesIn(root).map((each) => (each.file === 'src/order.ts' ? { ...each, hash: 'other' } : each));
    const mutation = readMutation(root, asked());
    expect(mutationRules(mutation, asked({ score: 100 }), changed)).toMatchObject([
      { code: 'GATE_MUTATION_STALE', file: 'src/order.ts' },
    ]);
    const verdict = judge({ ...sound, config: asked(), mutation });
    expect(verdict.failures).toMatchObject([{ code: 'GATE_MUTATION_STALE' }]);
    expect(isUnjudged(verdict)).toBe(true);
  });

  it('is of another folder when none of its files is a source', () => {
    const mutation = readMutation(sampleFolder('other-tools'), asked());
    expect(mutationRules(mutation, asked(), sound.sources)[0]?.message).toContain('it is of another folder');
  });
});

describe('mutants', () => {
  it('count when they were killed, timed out, survived or were never run', () => {
    const states = ['Killed', 'Timeout', 'Survived', 'NoCoverage', 'Ignored', 'CompileError', 'RuntimeError'];
    expect(readFrom(stryker(states.map((each) => mutant(each))))).toMatchObject({ killed: 2, survived: 2 });
  });

  it('are of the paths of Windows too, relative to the root of the run', () => {
    const found = readFrom(stryker([mutant('Killed')], { projectRoot: '/elsewhere' }));
    expect(found?.files?.[0]?.file).toMatch(/elsewhere\/src\/a\.ts$/);
    expect(readFrom(stryker([mutant('Killed')]))?.files).toMatchObject([{ file: 'src/a.ts', hash: undefined }]);
  });

  const functions = [
    { name: 'outer', line: 1, lines: 9 },
    { name: 'inner', line: 3, lines: 3 },
    { name: 'beside', line: 11, lines: 2 },
    { name: 'empty', line: 14, lines: 2 },
  ];
  const sources = [source('src/a.ts', { functions })];
  const namesFor = (mutants: readonly unknown[]): readonly (number | undefined)[] =>
    mutationRules(readFrom(stryker(mutants)), asked(), sources).map((failure) => failure.line);

  it('of a function inside of another are named with the outer one when nothing of it is pinned down', () => {
    expect(namesFor([mutant('Survived', 2), mutant('Survived', 4), mutant('Killed', 11)])).toEqual([1]);
    expect(namesFor([mutant('Killed', 2), mutant('Survived', 4), mutant('Survived', 12)])).toEqual([3, 11]);
  });

  it('one killed mutant is enough for every function around it', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }), fc.nat(), (lines, pick) => {
        const killedLine = lines[pick % lines.length] ?? 1;
        const mutants = [...lines.map((line) => mutant('Survived', line)), mutant('Killed', killedLine)];
        const around = functions.filter(({ line, lines: length }) => killedLine >= line && killedLine < line + length);
        const named = new Set(namesFor(mutants));
        expect(around.filter(({ line }) => named.has(line))).toEqual([]);
      }),
    );
  });

  it.each([
    ['a mutant that is not judged yet', stryker([mutant('Pending')]), 'all mutants judged'],
    ['a mutant without a place', stryker([{ status: 'Killed' }]), 'all mutants judged'],
    ['a mutant on line 0', stryker([mutant('Killed', 0)]), 'all mutants judged'],
    ['a mutant that is none', stryker([7]), 'all mutants judged'],
    ['a file without mutants', { schemaVersion: '2', files: { 'a.ts': {} } }, 'all mutants judged'],
    ['a coverage report', { '/p/a.ts': { s: {} } }, 'neither of Stryker'],
    ['a text', 'mutants', 'neither of Stryker'],
    ['mutants that were all ignored', stryker([mutant('Ignored')]), 'no mutant that was judged'],
  ])('refuses %s', (_what, document, says) => {
    expect(() => readFrom(document)).toThrow(refusal(says));
  });
});

describe('a record of the proof', () => {
  const record = [
    { name: 'one', killed: 8, survived: 1, survivors: [] },
    { name: 'two', killed: 1, survived: 0, survivors: [] },
  ];

  it('is judged by its score alone', () => {
    const rules = (score: number) => mutationRules(readFrom(record, { score }), asked({ score }), sound.sources);
    expect(rules(90)).toEqual([]);
    expect(rules(91)).toMatchObject([{ code: 'GATE_MUTATION_SCORE', measured: 90 }]);
  });

  it('of this repository is read', () => {
    const root = join(import.meta.dirname, '../../../golden/tas-63');
    const found: Mutation | undefined = readMutation(root, asked({ report: 'mutation.json', score: 90 }));
    expect(found?.killed).toBeGreaterThan(1000);
    expect(mutationRules(found, asked({ score: 90 }), sound.sources)).toEqual([]);
  });

  it('is refused where it would judge nothing, and where its sums are none', () => {
    expect(() => readFrom(record)).toThrow(refusal('it would judge nothing'));
    expect(() => readFrom([{ killed: -1, survived: 0 }], { score: 1 })).toThrow(refusal('neither of Stryker'));
    expect(() => readFrom([7], { score: 1 })).toThrow(refusal('neither of Stryker'));
  });
});

describe('without mutants', () => {
  it('nothing is judged when the configuration asks for none, and a report that is missing is refused', () => {
    expect(readMutation('/nowhere', config)).toBeUndefined();
    expect(mutationRules(undefined, asked(), [])).toEqual([]);
    expect(() => readMutation('/nowhere', asked())).toThrow(expect.objectContaining({ code: 'GATE_MUTATION_MISSING' }));
  });
});
