// The defects G-1 to G-14 of a real project's coverage scripts: each passes its re-creation and fails here.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { measureOf } from '../../../codemods/gate/coverage-model.ts';
import { parseCoverageReport } from '../../../codemods/gate/coverage-report.ts';
import { gatherFacts, percentOf, totalOf } from '../../../codemods/gate/facts.ts';
import { judge } from '../../../codemods/gate/judge.ts';
import { mergeCoverage } from '../../../codemods/gate/merge-coverage.ts';
import { runGate } from '../../../codemods/gate/run-gate.ts';
import { textFacts } from '../../../codemods/gate/source-facts.ts';
import type { Stamp } from '../../../codemods/gate/stamp.ts';
import * as defective from './defective-gate.ts';
import { codesOf, config, covered, sound, source, withCoverage, messagesOf } from './sound-evidence.ts';
import { soundProject } from './temporary-project.ts';

const unit = (name: string, part: number, total: number): defective.Unit => ({ name, covered: part, total });
const refusal = (code: string): unknown => expect.objectContaining({ code });
const gateIn = (root: string) => runGate({ config: 'coverage-report.config.ts', cwd: root });

const stamp: Stamp = {
  schema: 'refit-meta/1',
  commit: null,
  root: '/p',
  sources: { 'src/a.ts': 'hash of src/a.ts', 'src/store/b.ts': 'hash of src/store/b.ts' },
  tests: { passed: 6, failed: 0, skipped: 0, files: Object.fromEntries(sound.tests.map(({ file }) => [file, 1])) },
};

describe('the defects of a gate that passed', () => {
  it('passes with a stamp of this run, so that the failures below are of what they change', () => {
    expect(codesOf({ ...sound, stamps: [stamp] })).toEqual([]);
  });

  it('G-1: a missing configuration is refused, not an empty list of floors', async () => {
    expect(defective.g1Passes([unit('orchestration', 0, 10)], undefined)).toBe(true);
    const { root } = soundProject();
    rmSync(join(root, 'coverage-report.config.ts'));
    await expect(gateIn(root)).rejects.toEqual(refusal('GATE_CONFIG_MISSING'));
  });

  it('G-2: a unit without a report fails, and so does a file that no report lists', () => {
    expect(defective.g2Passes([], { orchestration: 55 })).toBe(true);
    expect(codesOf({ ...sound, coverage: new Map([['src/a.ts', covered('src/a.ts')]]) })).toContain('GATE_FILE_UNREPORTED');
    const floors = [...config.floors, { under: 'src/orchestration', lines: 55, branches: 0 }];
    expect(codesOf({ ...sound, config: { ...config, floors } })).toEqual(['GATE_FLOOR_EMPTY']);
  });

  it('G-3: a report that does not parse is refused, not skipped', () => {
    expect(defective.g3Passes(['{"percent": 60}', '{"perc'], 55)).toBe(true);
    expect(() => parseCoverageReport('{"perc')).toThrow(refusal('GATE_REPORT_NOT_JSON'));
  });

  it('G-4: a report of another commit, and of other sources, is not judged', () => {
    expect(defective.g4Passes({ commit: 'old', percent: 60 }, 'new', 55)).toBe(true);
    expect(codesOf({ ...sound, commit: 'new', stamps: [{ ...stamp, commit: 'old' }] })).toEqual(['GATE_REPORT_COMMIT']);
    const sources = { ...stamp.sources, 'src/a.ts': 'another hash' };
    expect(codesOf({ ...sound, stamps: [{ ...stamp, sources }] })).toEqual(['GATE_REPORT_STALE']);
  });

  it('G-4: cannot judge by a stamp of before there was a configuration, and says so once', () => {
    const evidence = { ...sound, stamps: [{ ...stamp, sources: {} }] };
    expect(codesOf(evidence)).toEqual(['GATE_REPORT_STALE']);
    expect(messagesOf(evidence)).toContain('Run the tests once more, now that there is a configuration');
    expect(codesOf({ ...evidence, sources: [], coverage: new Map() })).not.toContain('GATE_REPORT_STALE');
  });

  it('G-5: a total that its files do not add up to is refused, and ours is their sum', () => {
    expect(defective.g5Passes(unit('all', 60, 100), [unit('a', 0, 10)], 55)).toBe(true);
    const sums = (total: number, part: number): unknown => ({ total, covered: part });
    const entry = (total: number, part: number): unknown =>
      Object.fromEntries(['lines', 'branches', 'functions', 'statements'].map((metric) => [metric, sums(total, part)]));
    const text = JSON.stringify({ total: entry(100, 60), '/p/src/a.ts': entry(10, 0) });
    expect(() => parseCoverageReport(text)).toThrow(refusal('GATE_REPORT_INCONSISTENT'));
    const verdict = judge(withCoverage('vendor/c.ts', { open: [1, 2, 3] }));
    expect(verdict.total).toEqual(totalOf(verdict.files));
  });

  it('G-6: a report that no file of the project is in is refused, not taken whole', () => {
    expect(defective.g6Files(['/other/src/a.ts'], '/p/')).toEqual(['/other/src/a.ts']);
    const coverage = new Map([['../other/src/a.ts', covered('/other/src/a.ts')]]);
    expect(codesOf({ ...sound, coverage })).toContain('GATE_REPORT_ROOT');
    expect(judge({ ...sound, coverage }).total.covered).toBe(0);
  });

  it('G-7: branches, functions, each file and the ratchet are judged beside the lines', () => {
    expect(defective.g7Passes(unit('lines', 10, 10), unit('branches', 0, 8), 55)).toBe(true);
    expect(codesOf(withCoverage('src/a.ts', { coveredArms: 0 }))).toEqual(['GATE_FLOOR_BRANCHES']);
    const functions = [{ under: 'src', lines: 0, branches: 0, functions: 90 }];
    const unreached = { ...withCoverage('src/a.ts', { coveredFunctions: 1 }), config: { ...config, floors: functions } };
    expect(codesOf(unreached)).toEqual(['GATE_FLOOR_FUNCTIONS']);
    const each = [{ under: 'src', lines: 85, branches: 0, each: true }];
    const uneven = { ...withCoverage('src/a.ts', { open: [1, 2] }), config: { ...config, floors: each } };
    expect(judge(uneven).failures).toEqual([expect.objectContaining({ code: 'GATE_FLOOR_LINES', file: 'src/a.ts', line: 1 })]);
  });

  it('G-8: inline tests neither are coverable nor cover', () => {
    const [code, tests] = [unit('code', 1, 2), unit('tests', 8, 8)];
    expect(defective.g8Percent(code, tests)).toBe(90);
    const text = 'export const a = 1;\nif (import.meta.vitest) {\n  it("a");\n}\nexport const b = () => 2;\n';
    const facts = { file: 'src/a.ts', modifiedMs: 0, ...textFacts('src/a.ts', text) };
    const lines = measureOf([1, 2, 3, 5].map((line) => ({ line, count: line === 5 ? 0 : 1 })));
    const coverage = new Map([['src/a.ts', { ...covered('src/a.ts'), lines }]]);
    const [row] = gatherFacts({ ...sound, sources: [facts], coverage });
    expect(row).toMatchObject({ coverable: 2, covered: 1, openLines: [5] });
  });

  it('G-9: lines of other languages are not added up', () => {
    expect(defective.g9Total([unit('typescript', 1, 10), unit('ruby', 1, 10)])).toBe(20);
    const verdict = codesOf({ ...sound, sources: [...sound.sources, source('src/c.rb')] });
    expect(verdict).toContain('GATE_NOT_SOURCE');
  });

  it('G-10: shards are united line by line, and shards of other sources refused', () => {
    expect(defective.g10Covered([1, 2, 3], [4, 5])).toBe(3);
    const shard = (open: readonly number[]) => new Map([['src/a.ts', covered('src/a.ts', { open })]]);
    const united = mergeCoverage([shard([4, 5, 6]), shard([1, 2, 3, 6])]);
    expect(united.get('src/a.ts')?.lines).toMatchObject({ total: 10, covered: 9 });
    const other = new Map([['src/a.ts', { ...covered('src/a.ts'), lines: measureOf([{ line: 3, count: 1 }]) }]]);
    expect(() => mergeCoverage([shard([]), other])).toThrow(refusal('GATE_MERGE_DIFFERENT'));
  });

  it('G-11: a missing report ends the run, and an empty one too', async () => {
    expect(defective.g11Passes(undefined, {})).toBe(true);
    const { root } = soundProject();
    rmSync(join(root, 'coverage'), { recursive: true });
    await expect(gateIn(root)).rejects.toEqual(refusal('GATE_REPORT_MISSING'));
    expect(() => parseCoverageReport('{}')).toThrow(refusal('GATE_REPORT_EMPTY'));
  });

  it('G-12: failed tests fail the gate, however much they covered', () => {
    expect(defective.g12Passes(unit('all', 9, 10), 4, 55)).toBe(true);
    expect(codesOf({ ...sound, stamps: [{ ...stamp, tests: { ...stamp.tests, failed: 4 } }] })).toEqual(['GATE_TESTS_FAILED']);
  });

  it('G-13: a test file that was not run, or that no runner finds, fails the gate', () => {
    expect(defective.g13Passes(unit('all', 9, 10), ['a.test.ts', 'b.test.ts'], ['a.test.ts'])).toBe(true);
    const files = { ...stamp.tests.files, 'test/a.test.ts': 0 };
    expect(codesOf({ ...sound, stamps: [{ ...stamp, tests: { ...stamp.tests, files } }] })).toEqual(['GATE_TEST_NOT_RUN']);
    expect(codesOf({ ...sound, orphans: ['test/a-tests.ts'] })).toEqual(['GATE_TEST_ORPHANED']);
  });

  it('G-14: dead code fails the gate, however well its tests cover it', () => {
    expect(defective.g14Passes(unit('viable-steps', 8, 10), 3, 55)).toBe(true);
    const dead = [{ symbol: 'Old.run', file: 'src/a.ts', line: 3, class: 'test-only' }];
    const verdict = judge({ ...sound, dead, config: { ...config, dead: { report: 'dead.json', most: 0 } } });
    expect(verdict.failures).toEqual([expect.objectContaining({ code: 'GATE_DEAD_CODE', file: 'src/a.ts', line: 3 })]);
    expect(percentOf(verdict.total.covered, verdict.total.coverable)).toBe(100);
  });
});
