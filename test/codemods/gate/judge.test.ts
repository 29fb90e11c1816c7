// The gate's judgement over plain facts: each rule passes and fails on its own.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testStemOf } from '../../../codemods/gate/facts.ts';
import { isUnjudged, judge } from '../../../codemods/gate/judge.ts';
import { codesOf, config, covered, messagesOf, sound, withCoverage } from './sound-evidence.ts';

describe('judge', () => {
  it('passes a project that keeps every rule', () => {
    const verdict = judge(sound);
    expect(verdict.failures).toEqual([]);
    expect(verdict.pass).toBe(true);
    expect(isUnjudged(verdict)).toBe(false);
    expect(verdict.total).toEqual({
      files: 2,
      lines: 40,
      codeLines: 30,
      coverable: 20,
      covered: 20,
      branches: 8,
      coveredBranches: 8,
      functions: 4,
      coveredFunctions: 4,
      statements: 20,
      coveredStatements: 20,
      tests: 6,
    });
  });

  it('counts the cases of every kind of mirrored test file and of no other', () => {
    const tests = new Map(judge(sound).files.map((file) => [file.file, file.tests]));
    expect(tests).toEqual(
      new Map([
        ['src/a.ts', 2],
        ['src/store/b.ts', 4],
      ]),
    );
  });

  it('looks for the tests of a file where the innermost folder it lies in has them', () => {
    const mirrors = [
      { sources: 'src', tests: 'test' },
      { sources: 'src/store', tests: 'store-tests' },
      { sources: '.', tests: '.' },
    ];
    const stems = ['src/a.ts', 'src/store/b.ts', 'tools/c.ts'].map((file) => testStemOf(file, mirrors));
    expect(stems).toEqual(['test/a.', 'store-tests/b.', 'tools/c.']);
    expect(testStemOf('tools/c.ts', mirrors.slice(0, 2))).toBeUndefined();
  });

  it('puts the worst covered file first', () => {
    const verdict = judge(withCoverage('src/store/b.ts', { open: [4] }));
    expect(verdict.files.map((file) => file.file)).toEqual(['src/store/b.ts', 'src/a.ts']);
  });

  it('fails below a floor of lines and names what is open', () => {
    const evidence = withCoverage('src/a.ts', { open: [3, 4, 5, 9] });
    expect(codesOf(evidence)).toEqual(['GATE_FLOOR_LINES']);
    expect(messagesOf(evidence)).toBe('src has lines 80.00 % (16 of 20), required 90 %. Most to gain: src/a.ts:3-5, 9.');
  });

  it('passes exactly at a floor and fails one line below it', () => {
    expect(codesOf(withCoverage('src/a.ts', { open: [3, 4] }))).toEqual([]);
    expect(codesOf(withCoverage('src/a.ts', { open: [3, 4, 5] }))).toEqual(['GATE_FLOOR_LINES']);
  });

  it('fails below a floor of branches', () => {
    const evidence = withCoverage('src/a.ts', { coveredArms: 0 });
    expect(codesOf(evidence)).toEqual(['GATE_FLOOR_BRANCHES']);
    expect(messagesOf(evidence)).toContain('src/a.ts (4 arms)');
  });

  it('fails a floor under which no file lies', () => {
    const floors = [...config.floors, { under: 'src/domain', lines: 0, branches: 0 }];
    const verdict = judge({ ...sound, config: { ...config, floors } });
    expect(verdict.failures.map((failure) => failure.code)).toEqual(['GATE_FLOOR_EMPTY']);
    expect(verdict.floors.map((result) => result.pass)).toEqual([true, false]);
  });

  it('cannot judge without source files', () => {
    const verdict = judge({ ...sound, sources: [], coverage: new Map() });
    expect(verdict.failures.map((failure) => failure.code)).toContain('GATE_NO_FILES');
    expect(isUnjudged(verdict)).toBe(true);
  });

  it('fails without a test case', () => {
    expect(codesOf({ ...sound, tests: [{ file: 'test/a.test.ts', cases: 0 }] })).toEqual(['GATE_NO_TESTS']);
    expect(codesOf({ ...sound, tests: [] })).toEqual(['GATE_NO_TESTS']);
  });

  it('cannot judge when a source file was changed after the report was written', () => {
    const evidence = { ...sound, reportModifiedMs: 500 };
    expect(codesOf(evidence)).toEqual(['GATE_REPORT_STALE', 'GATE_REPORT_STALE']);
    expect(messagesOf(evidence)).toContain('src/a.ts was changed 0.5 s after the report was written');
    expect(isUnjudged(judge(evidence))).toBe(true);
  });

  it('cannot judge when the report speaks of lines that a file does not have', () => {
    const evidence = withCoverage('src/a.ts', { lastLine: 21 });
    expect(codesOf(evidence)).toEqual(['GATE_REPORT_STALE']);
    expect(messagesOf(evidence)).toContain('src/a.ts has 20 lines, the report speaks of line 21');
  });

  it('fails on a source file that the report leaves out', () => {
    const evidence = { ...sound, coverage: new Map([['src/a.ts', covered('src/a.ts')]]) };
    expect(codesOf(evidence)).toEqual(['GATE_FILE_UNREPORTED', 'GATE_FLOOR_LINES']);
    expect(judge(evidence).files[0]).toMatchObject({ file: 'src/store/b.ts', coverable: 3, covered: 0, openLines: [1, 2, 3] });
    expect(messagesOf(evidence)).toContain('src/store/b.ts matches `include` but is not in the report');
  });

  it('fails on a reported file that no longer exists', () => {
    expect(codesOf(withCoverage('src/gone.ts', {}))).toEqual(['GATE_FILE_GONE']);
  });

  it.each(['../other/src/a.ts', 'C:/other/src/a.ts'])('cannot judge by a report of another folder alone: %s', (file) => {
    const evidence = { ...sound, coverage: new Map([[file, covered(file)]]) };
    expect(codesOf(evidence)).toContain('GATE_REPORT_ROOT');
    expect(messagesOf(evidence)).toContain('written in another folder');
    expect(isUnjudged(judge(evidence))).toBe(true);
  });

  it('lets a report speak of files that no glob asks for', () => {
    const evidence = withCoverage('scripts/build.ts', { open: [1] });
    expect(codesOf(evidence)).toEqual([]);
    expect(judge(evidence).total).toEqual(judge(sound).total);
    expect(judge(evidence).notes).toContain('1 files of the report are not under `include` and count nowhere.');
  });

  it('holds files to 800 lines unless an inner ceiling says otherwise', () => {
    const long = { ...sound, sources: sound.sources.map((source) => ({ ...source, lines: 801 })) };
    expect(codesOf(long)).toEqual(['GATE_FILE_TOO_LONG', 'GATE_FILE_TOO_LONG']);
    const ceilings = [
      { under: '.', lines: 400 },
      { under: 'src/store', lines: 900 },
    ];
    const judged = judge({ ...long, config: { ...config, ceilings } });
    expect(judged.failures.map((failure) => failure.message)).toEqual([
      'src/a.ts has 801 lines, at most 400 are allowed. Split it, or exempt it with a reason.',
    ]);
  });

  it('releases what is exempt from its rule, and shows why', () => {
    const exemptions = [{ files: 'src/a.ts', from: 'coverage', reason: 'generated' }] as const;
    const evidence = { ...sound, config: { ...config, exemptions }, coverage: new Map([['src/store/b.ts', covered('b')]]) };
    const verdict = judge(evidence);
    expect(verdict.pass).toBe(true);
    expect(verdict.floors[0]?.measured.files).toBe(1);
    expect(verdict.files.find((file) => file.file === 'src/a.ts')?.exempt).toBe('generated');
  });

  it('releases a long file from the ceiling', () => {
    const exemptions = [{ files: 'src/*.ts', from: 'ceiling', reason: 'a table' }] as const;
    const [first, second] = sound.sources;
    const sources = [first, second].flatMap((source) =>
      source ? [{ ...source, lines: source.file === 'src/a.ts' ? 900 : 20 }] : [],
    );
    expect(codesOf({ ...sound, sources, config: { ...config, exemptions } })).toEqual([]);
  });

  it.each([
    { files: 'src/none.ts', from: 'coverage', reason: 'gone' },
    { files: 'src/a.ts', from: 'ceiling', reason: 'it was long once' },
  ] as const)('fails on an exemption that releases nothing: %j', (exemption) => {
    expect(codesOf({ ...sound, config: { ...config, exemptions: [exemption] } })).toEqual(['GATE_EXEMPTION_UNUSED']);
  });

  it('never judges better after a covered line is opened', () => {
    const openLines = fc.uniqueArray(fc.integer({ min: 1, max: 10 }), { maxLength: 9 });
    fc.assert(
      fc.property(openLines, fc.integer({ min: 1, max: 10 }), (open, more) => {
        const before = judge(withCoverage('src/a.ts', { open }));
        const after = judge(withCoverage('src/a.ts', { open: [...new Set([...open, more])] }));
        expect(after.total.covered).toBeLessThanOrEqual(before.total.covered);
        expect(Number(after.pass)).toBeLessThanOrEqual(Number(before.pass));
      }),
    );
  });

  it('judges the same whatever the order of the files', () => {
    const evidence = withCoverage('src/a.ts', { open: [3, 4, 5, 9] });
    const reversed = { ...evidence, sources: evidence.sources.toReversed(), tests: evidence.tests.toReversed() };
    expect(judge(reversed)).toEqual(judge(evidence));
  });
});
