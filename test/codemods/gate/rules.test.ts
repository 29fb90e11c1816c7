// Rules beside the floors' sums: sizes, tests of modules, impossible reports, foreign roots, floors of single files.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUnjudged, judge } from '../../../codemods/gate/judge.ts';
import type { Stamp } from '../../../codemods/gate/stamp.ts';
import { codesOf, config, covered, messagesOf, sound, source, withCoverage } from './sound-evidence.ts';

describe('sizes', () => {
  const long = {
    ...sound,
    sources: [source('src/a.ts', { functions: [{ name: 'run', line: 4, lines: 61 }] }), source('src/store/b.ts')],
  };

  it('holds functions and lines of code to their ceilings, with the line of the function', () => {
    const ceilings = [{ under: '.', lines: 400, code: 14, functionLines: 60 }];
    const verdict = judge({ ...long, config: { ...config, ceilings } });
    expect(verdict.failures).toMatchObject([
      { code: 'GATE_FILE_TOO_LONG', file: 'src/a.ts', measured: 15, required: 14 },
      { code: 'GATE_FUNCTION_TOO_LONG', file: 'src/a.ts', line: 4, measured: 61, required: 60 },
      { code: 'GATE_FILE_TOO_LONG', file: 'src/store/b.ts', measured: 15, required: 14 },
    ]);
  });

  it('lets through what reaches its ceilings exactly, and any function without one', () => {
    expect(
      codesOf({ ...long, config: { ...config, ceilings: [{ under: '.', lines: 20, code: 15, functionLines: 61 }] } }),
    ).toEqual([]);
    expect(codesOf(long)).toEqual([]);
  });
});

describe('tests of modules', () => {
  it('fails a module that must have tests and has none', () => {
    const tests = sound.tests.filter(({ file }) => file !== 'test/a.test.ts');
    const evidence = { ...sound, tests, config: { ...config, tested: ['src/**'] } };
    expect(judge(evidence).failures).toMatchObject([{ code: 'GATE_MODULE_UNTESTED', file: 'src/a.ts' }]);
    expect(codesOf({ ...sound, config: { ...config, tested: ['src/**'] } })).toEqual([]);
  });
});

describe('evidence', () => {
  it('cannot judge by more coverable lines than a file has lines of code', () => {
    const evidence = { ...sound, sources: [source('src/a.ts', { codeLines: 9 }), source('src/store/b.ts')] };
    expect(judge(evidence).failures).toMatchObject([{ code: 'GATE_REPORT_IMPOSSIBLE', measured: 10, required: 9 }]);
    expect(isUnjudged(judge(evidence))).toBe(true);
  });

  it('cannot judge a report that was written in another root', () => {
    const stamp: Stamp = {
      schema: 'refit-meta/1',
      commit: null,
      root: '/elsewhere',
      sources: Object.fromEntries(sound.sources.map(({ file, hash }) => [file, hash])),
      tests: { passed: 1, failed: 0, skipped: 0, files: Object.fromEntries(sound.tests.map(({ file }) => [file, 1])) },
    };
    expect(codesOf({ ...sound, stamps: [stamp] })).toEqual(['GATE_REPORT_ROOT']);
    expect(messagesOf({ ...sound, stamps: [stamp] })).toContain('/elsewhere');
  });

  it('fails a floor on what the report cannot say', () => {
    const silent = new Map([...sound.coverage].map(([file, each]) => [file, { ...each, statements: undefined }]));
    const floors = [{ under: 'src', lines: 0, branches: 0, statements: 1 }];
    const evidence = { ...sound, coverage: silent, config: { ...config, floors } };
    expect(codesOf(evidence)).toEqual(['GATE_FLOOR_STATEMENTS']);
    expect(messagesOf(evidence)).toContain('the report says nothing of them in src/a.ts');
    expect(codesOf({ ...evidence, coverage: sound.coverage })).toEqual([]);
  });
});

describe('floors', () => {
  it('holds a single file', () => {
    const floors = [{ under: 'src/a.ts', lines: 100, branches: 0 }];
    const verdict = judge({ ...withCoverage('src/a.ts', { open: [4] }), config: { ...config, floors } });
    expect(verdict.failures).toMatchObject([
      { code: 'GATE_FLOOR_LINES', file: 'src/a.ts', line: 4, measured: 90, required: 100 },
    ]);
    expect(judge({ ...withCoverage('src/store/b.ts', { open: [4] }), config: { ...config, floors } }).failures).toEqual([]);
  });

  it('never rises by a line that is not covered', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 10 })), (open) => {
        const before = judge(withCoverage('src/a.ts', { open })).total;
        const lines = covered('src/a.ts', { open }).lines;
        const hits = [...(lines.hits ?? []), { line: 11, count: 0 }];
        const more = { ...covered('src/a.ts', { open }), lines: { total: lines.total + 1, covered: lines.covered, hits } };
        const after = judge({ ...sound, coverage: new Map([...sound.coverage, ['src/a.ts', more]]) }).total;
        expect(after.covered * before.coverable).toBeLessThanOrEqual(before.covered * after.coverable);
      }),
    );
  });
});
