// What two runs of the project's own tests say about the step between them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SuiteRun, TestCounts } from '../../../codemods/cli/run-suites.ts';
import { compareRuns, testFailure, testsReach } from '../../../codemods/cli/test-verdict.ts';
import { measureOf, type FileCoverage } from '../../../codemods/gate/coverage-model.ts';

const counts = (passed: number, failed = 0): TestCounts => ({ passed, failed, skipped: 0 });

/** Coverage of the lines 1, 2, …, each covered (1) or open (0). */
function lines(path: string, ...hits: readonly number[]): FileCoverage {
  const measure = measureOf(hits.map((count, at) => ({ line: at + 1, count })));
  return { path, lines: measure, branches: undefined, functions: undefined, statements: undefined, lastLine: hits.length };
}

function run(
  files: Readonly<Record<string, TestCounts>>,
  coverage: readonly FileCoverage[],
  failures: readonly string[] = [],
): SuiteRun {
  return {
    files: new Map(Object.entries(files)),
    failures,
    coverage: new Map(coverage.map((each) => [each.path, each])),
    seconds: 1,
  };
}

const shown = (path: string): string => path.slice(1);
const f = (body: string): string => `function f() {\n${body}}\n`;
const tested = { '/t.test.ts': counts(3) };

describe('the tests of a step', () => {
  it('stop it when one fails, with its name', () => {
    const pair = {
      before: run(tested, [lines('/a.ts', 1)]),
      after: run({ '/t.test.ts': counts(2, 1) }, [], ['adds: expected 2']),
    };
    const files = [{ path: '/a.ts', before: f(' 1;\n'), after: f(' 2;\n') }];
    const tests = compareRuns(pair, files, shown);
    expect(testFailure(tests)).toEqual({ code: 'REFIT_TESTS_FAILED', message: expect.stringContaining('adds: expected 2') });
    expect(testsReach(tests, files, pair.after)).toBe(false);
  });

  it('stop it when the runner ends with an error as it did not before, though no test fails', () => {
    const green = run(tested, [lines('/a.ts', 1)]);
    const files = [{ path: '/a.ts', before: f(' 1;\n'), after: f(' 2;\n') }];
    const pair = { before: { ...green, ended: [undefined] }, after: { ...green, ended: ['Unhandled Rejection: lost'] } };
    const tests = compareRuns(pair, files, shown);
    expect(testFailure(tests)).toEqual({
      code: 'REFIT_TESTS_ENDED',
      message: expect.stringContaining('Unhandled Rejection: lost'),
    });
    expect(testsReach(tests, files, pair.after)).toBe(false);
    const asBefore = compareRuns({ before: pair.after, after: pair.after }, files, shown);
    expect([testFailure(asBefore), testsReach(asBefore, files, pair.after)]).toEqual([undefined, true]);
  });

  it('stop it when fewer pass in a test file it did not touch, not when it removed the file', () => {
    const pair = { before: run(tested, [lines('/a.ts', 1)]), after: run({}, [lines('/a.ts', 1)]) };
    expect(testFailure(compareRuns(pair, [], shown))).toMatchObject({
      code: 'REFIT_TESTS_FEWER',
      message: expect.stringContaining('t.test.ts: 3 before, 0 after'),
    });
    const removed = [{ path: '/t.test.ts', before: 'it();', after: undefined }];
    expect(testFailure(compareRuns(pair, removed, shown))).toBeUndefined();
  });

  it('stop it when a touched declaration has more open lines and a smaller share covered', () => {
    const files = [{ path: '/a.ts', before: f(' 1;\n 2;\n'), after: f(' 1;\n 2;\n 3;\n') }];
    const pair = { before: run(tested, [lines('/a.ts', 1, 1, 1)]), after: run(tested, [lines('/a.ts', 1, 1, 0, 0)]) };
    expect(testFailure(compareRuns(pair, files, shown))).toMatchObject({
      code: 'REFIT_COVERAGE_LOWERED',
      message: expect.stringContaining('f in a.ts: 3 of 3 lines before, 2 of 4 lines after'),
    });
  });

  it('do not hold against it that covered lines went elsewhere, and follow a declaration into another file', () => {
    const text = f(' 1;\n 2;\n');
    const files = [
      { path: '/a.ts', before: text, after: '' },
      { path: '/b.ts', before: undefined, after: text },
      { path: '/a.md', before: 'f', after: '' },
    ];
    const pair = { before: run(tested, [lines('/a.ts', 1, 1, 0)]), after: run(tested, [lines('/b.ts', 1, 1, 0)]) };
    const tests = compareRuns(pair, files, shown);
    const same = { covered: 2, coverable: 3 };
    expect(tests.symbols).toEqual([{ symbol: 'f', path: 'b.ts', before: same, after: same }]);
    expect(testFailure(tests)).toBeUndefined();
    expect(testsReach(tests, files, pair.after)).toBe(true);
  });

  it('list what is new and what is gone, and leave out what the step did not touch', () => {
    const files = [{ path: '/a.ts', before: `${f(' 1;\n')}function gone() {}\n`, after: `${f(' 1;\n')}function fresh() {}\n` }];
    const pair = { before: run(tested, [lines('/a.ts', 1, 1, 1, 1)]), after: run(tested, [lines('/a.ts', 1, 1, 1, 0)]) };
    expect(compareRuns(pair, files, shown).symbols).toEqual([
      { symbol: 'gone', path: 'a.ts', before: { covered: 1, coverable: 1 }, after: undefined },
      { symbol: 'fresh', path: 'a.ts', before: undefined, after: { covered: 0, coverable: 1 } },
    ]);
  });

  it('reach a step that only adds tests which pass', () => {
    const pair = { before: run({}, [lines('/a.ts', 1)]), after: run(tested, [lines('/a.ts', 1)]) };
    const added = [{ path: '/t.test.ts', before: undefined, after: 'it();' }];
    expect(testsReach(compareRuns(pair, added, shown), added, pair.after)).toBe(true);
    const elsewhere = [{ path: '/b.ts', before: undefined, after: 'export {};' }];
    expect(testsReach(compareRuns(pair, elsewhere, shown), elsewhere, pair.after)).toBe(false);
  });

  it('never call coverage lowered when every line that was open is still one of them or covered', () => {
    const hits = fc.array(fc.nat(1), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(hits, fc.infiniteStream(fc.boolean()), (before, better) => {
        const body = before
          .slice(1)
          .map(() => ' 1;\n')
          .join('');
        const after = before.map((hit) => (hit === 0 && better.next().value === true ? 1 : hit));
        const files = [{ path: '/a.ts', before: f(body), after: f(`${body} // more\n`) }];
        const pair = { before: run(tested, [lines('/a.ts', ...before)]), after: run(tested, [lines('/a.ts', ...after)]) };
        expect(compareRuns(pair, files, shown).lowered).toEqual([]);
      }),
    );
  });
});
