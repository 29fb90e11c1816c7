// Uniting the coverage of shards: a true union, whatever the order and however often, and never of different sources.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileCoverage } from '../../../codemods/gate/coverage-model.ts';
import { mergeCoverage } from '../../../codemods/gate/merge-coverage.ts';
import { covered } from './sound-evidence.ts';

type Report = ReadonlyMap<string, FileCoverage>;

const reportOf = (shape: readonly (readonly [file: string, open: readonly number[], arms: number])[]): Report =>
  new Map(shape.map(([file, open, coveredArms]) => [file, covered(file, { open, coveredArms })]));

const reports: fc.Arbitrary<Report> = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom('src/a.ts', 'src/b.ts', 'src/c.ts'),
      fc.uniqueArray(fc.integer({ min: 1, max: 10 })),
      fc.integer({ min: 0, max: 4 }),
    ),
    { selector: ([file]) => file },
  )
  .map(reportOf);

const sorted = (report: Report): readonly unknown[] => [...report].toSorted(([left], [right]) => (left < right ? -1 : 1));

describe('mergeCoverage', () => {
  it('covers what one of the reports covers, and lists what only one of them has', () => {
    const united = mergeCoverage([
      reportOf([['src/a.ts', [1, 2, 3], 1]]),
      reportOf([
        ['src/a.ts', [3, 4], 2],
        ['src/b.ts', [], 4],
      ]),
    ]);
    expect(united.get('src/a.ts')).toMatchObject({ lines: { total: 10, covered: 9 }, branches: { total: 4, covered: 2 } });
    expect(united.get('src/b.ts')?.lines.covered).toBe(10);
  });

  it('is commutative, associative and idempotent', () => {
    fc.assert(
      fc.property(reports, reports, reports, (a, b, c) => {
        expect(sorted(mergeCoverage([a, b]))).toEqual(sorted(mergeCoverage([b, a])));
        const left = mergeCoverage([mergeCoverage([a, b]), c]);
        expect(sorted(left)).toEqual(sorted(mergeCoverage([a, mergeCoverage([b, c])])));
        expect(sorted(mergeCoverage([a, a]))).toEqual(sorted(a));
      }),
    );
  });

  it.each<readonly [what: string, other: Partial<FileCoverage>]>([
    ['other lines', { lines: { total: 1, covered: 1, hits: [{ line: 99, count: 1 }] } }],
    [
      'as many lines elsewhere',
      { lines: { ...covered('a').lines, hits: covered('a').lines.hits?.map((hit) => ({ ...hit, line: hit.line + 1 })) ?? [] } },
    ],
    ['sums alone', { lines: { total: 10, covered: 10 } }],
    ['no branches', { branches: undefined }],
    ['another end', { lastLine: 21 }],
  ])('refuses a report of the same file with %s', (_what, other) => {
    const report = reportOf([['src/a.ts', [], 4]]);
    const changed = new Map([['src/a.ts', { ...covered('src/a.ts'), ...other }]]);
    expect(() => mergeCoverage([report, changed])).toThrow(expect.objectContaining({ code: 'GATE_MERGE_DIFFERENT' }));
  });

  it('unites reports that both say nothing of statements', () => {
    const report = new Map([['src/a.ts', { ...covered('src/a.ts'), statements: undefined }]]);
    expect(mergeCoverage([report, report]).get('src/a.ts')?.statements).toBeUndefined();
  });
});
