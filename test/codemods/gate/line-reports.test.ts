// Reports that count every line of a file, and those that count too much.
import { describe, expect, it } from 'vitest';
import type { FileCoverage } from '../../../codemods/gate/coverage-model.ts';
import { measureOf } from '../../../codemods/gate/coverage-model.ts';
import { withoutEmptyLines } from '../../../codemods/gate/line-reports.ts';
import { covered, source } from './sound-evidence.ts';

const lines = (from: number, to: number): FileCoverage['lines'] =>
  measureOf(Array.from({ length: to - from + 1 }, (_, at) => ({ line: from + at, count: 1 })));

const everyLine = (path: string): FileCoverage => ({ ...covered(path), lines: lines(1, 20), statements: lines(1, 20) });
const empty = { emptyLines: [1, 2, 11, 12, 20] };

describe('withoutEmptyLines', () => {
  it('takes lines without code out of lines and statements, and says so', () => {
    const found = withoutEmptyLines(new Map([['src/a.ts', everyLine('src/a.ts')]]), [source('src/a.ts', empty)]);
    expect(found.coverage.get('src/a.ts')).toMatchObject({
      lines: { total: 15 },
      statements: { total: 15 },
      branches: { total: 4 },
    });
    expect(found.notes).toEqual([expect.stringContaining('blank lines and comments in 1 files')]);
  });

  it('holds for files of which a part is ignored by a comment, and for lcov without statements', () => {
    const part = { ...everyLine('src/a.ts'), lines: lines(1, 11), statements: undefined };
    const { coverage } = withoutEmptyLines(new Map([['src/a.ts', part]]), [source('src/a.ts', empty)]);
    expect(coverage.get('src/a.ts')).toMatchObject({ lines: { total: 8 }, statements: undefined });
  });

  it.each([
    ['one line of many that hold no code', { ...covered('src/a.ts'), lines: lines(3, 11) }],
    ['sums alone', { ...covered('src/a.ts'), lines: { total: 20, covered: 20 }, statements: { total: 20, covered: 20 } }],
  ])('leaves a report as it is that has %s: the gate then finds it impossible', (_what, coverage) => {
    const found = withoutEmptyLines(new Map([['src/a.ts', coverage]]), [source('src/a.ts', empty), source('src/b.ts', empty)]);
    expect(found.coverage.get('src/a.ts')).toEqual(coverage);
    expect(found.notes).toEqual([]);
  });

  it('leaves statements that are sums', () => {
    const mixed = { ...everyLine('src/a.ts'), statements: { total: 20, covered: 20 } };
    const { coverage } = withoutEmptyLines(new Map([['src/a.ts', mixed]]), [source('src/a.ts', empty)]);
    expect(coverage.get('src/a.ts')).toMatchObject({ lines: { total: 15 }, statements: { total: 20 } });
  });
});
