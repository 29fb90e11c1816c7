// Properties of a measured change: moving proves nothing and costs nothing, an open line never helps, order says nothing.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChangeReport, Share } from '../../../../codemods/gate/changes/change-report.ts';
import { percentOf } from '../../../../codemods/gate/facts.ts';
import type { MarkedFiles } from './changed-code.ts';
import { changeOf } from './changed-code.ts';

/** Statements that many functions share: what moves must be told apart by where it stood. */
const statements = ['log(items);', 'const one = items.at(0);', 'if (one === undefined) return;', 'items.push(one);', 'return;'];

const place = fc.record({
  file: fc.constantFrom('src/a.ts', 'src/b.ts', 'src/dir/c.ts'),
  order: fc.nat(1000),
  indent: fc.nat(3),
});

const movable = fc.record({
  body: fc.array(fc.record({ statement: fc.constantFrom(...statements), runs: fc.boolean() }), { minLength: 1, maxLength: 6 }),
  before: place,
  now: place,
});

type Movable = typeof movable extends fc.Arbitrary<infer T> ? T : never;

function linesOf(name: string, { body }: Movable, indent: number): readonly string[] {
  const space = '  '.repeat(indent);
  const lines = body.map(({ statement, runs }) => `${space}  ${statement} // ${runs ? '+' : '-'}`);
  return [`${space}function ${name}(items: Item[]): void {`, ...lines, `${space}}`];
}

/** The files in which the functions stand, in the order that `at` gives them. */
function filesOf(functions: readonly Movable[], at: (each: Movable) => Movable['now']): MarkedFiles {
  const sorted = functions
    .map((each, number) => ({ each, name: `handle${number}` }))
    .toSorted((left, right) => at(left.each).order - at(right.each).order);
  const files: Record<string, string[]> = {};
  for (const { each, name } of sorted) (files[at(each).file] ??= []).push(...linesOf(name, each, at(each).indent));
  return files;
}

const functions = fc.array(movable, { minLength: 1, maxLength: 8 });

const percent = ({ covered, coverable }: Share): number => percentOf(covered, coverable);

function percentages(report: ChangeReport): readonly number[] {
  const shares = [report.lines, report.branches, report.asIs.now, report.sameCode?.now];
  return shares.map((share) => (share === undefined || share === null ? 100 : percent(share)));
}

/** Before and after of which some functions are moved, some are gone, and some are new. */
const change = fc
  .record({ kept: functions, gone: fc.array(movable, { maxLength: 3 }), come: fc.array(movable, { maxLength: 3 }) })
  .map(({ kept, gone, come }) => ({
    before: filesOf([...kept, ...gone], (each) => each.before),
    now: filesOf([...kept, ...come], (each) => each.now),
  }));

/** The same files, each statement with the name of its function and its number among those that say the same in it. */
function toldApart(files: MarkedFiles): MarkedFiles {
  const apart = (lines: readonly string[]): readonly string[] => {
    let owner = '';
    const times = new Map<string, number>();
    return lines.map((line) => {
      owner = /function (\w+)/.exec(line)?.[1] ?? owner;
      const said = line.trim();
      if (!/ \/\/ [+-]$/.test(said) || said.startsWith('neverRuns')) return line;
      const key = `${owner} ${said.slice(0, -5)}`;
      times.set(key, (times.get(key) ?? 0) + 1);
      return line.replace(/;( \/\/ [+-])$/, `; ${owner}(${times.get(key) ?? 0});$1`);
    });
  };
  return Object.fromEntries(Object.entries(files).map(([file, lines]) => [file, apart(lines)]));
}

describe('a measured change', () => {
  it('has the same figures for the same code, wherever it was moved, and asks nothing of it', () => {
    fc.assert(
      fc.property(functions, (moved) => {
        const report = changeOf(
          filesOf(moved, (each) => each.before),
          filesOf(moved, (each) => each.now),
        );
        const lines = moved.flatMap(({ body }) => body);
        const share = { covered: lines.filter(({ runs }) => runs).length, coverable: lines.length };
        expect(report.sameCode).toEqual({ before: share, now: share, lost: [] });
        expect(report.lines).toEqual({ covered: 0, coverable: 0 });
        expect(report.removedCode).toEqual({ coverable: 0, neverCovered: 0 });
        expect(report.asIs).toEqual({ before: share, now: share });
      }),
      { numRuns: 60 },
    );
  });

  const withOneMore = (now: MarkedFiles, which: { readonly file: number; readonly line: number }): MarkedFiles => {
    const names = Object.keys(now);
    const file = names[which.file % names.length] ?? '';
    const lines = now[file] ?? [];
    return { ...now, [file]: lines.toSpliced(which.line % (lines.length + 1), 0, 'neverRuns(it); // -') };
  };
  const anywhere = fc.record({ file: fc.nat(), line: fc.nat() });

  it('is not better in any figure for a line more that nothing runs, where lines can be told apart', () => {
    fc.assert(
      fc.property(change, anywhere, ({ before, now }, which) => {
        const [own, more] = [toldApart(before), toldApart(withOneMore(now, which))];
        const [without, withIt] = [percentages(changeOf(own, toldApart(now))), percentages(changeOf(own, more))];
        for (const [at, value] of withIt.entries()) expect(value).toBeLessThanOrEqual(without[at] ?? 0);
      }),
      { numRuns: 60 },
    );
  });

  it('has no better coverage as a whole for a line more that nothing runs, whatever the lines say', () => {
    fc.assert(
      fc.property(change, anywhere, ({ before, now }, which) => {
        const [without, withIt] = [changeOf(before, now), changeOf(before, withOneMore(now, which))];
        expect(percent(withIt.asIs.now)).toBeLessThanOrEqual(percent(without.asIs.now));
        const open = ({ lines, sameCode }: ChangeReport): number =>
          lines.coverable - lines.covered + (sameCode?.now.coverable ?? 0) - (sameCode?.now.covered ?? 0);
        expect(open(withIt)).toBe(open(without) + 1);
      }),
      { numRuns: 30 },
    );
  });

  it('is the same whatever the order of the files', () => {
    fc.assert(
      fc.property(change, ({ before, now }) => {
        const turned = (files: MarkedFiles): MarkedFiles => Object.fromEntries(Object.entries(files).toReversed());
        const report = changeOf(before, now);
        const other = changeOf(turned(before), turned(now));
        const byPlace = <T>(list: readonly T[] = []): readonly T[] =>
          list.toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
        expect({ ...other, sameCode: { ...other.sameCode, lost: byPlace(other.sameCode?.lost) } }).toEqual({
          ...report,
          sameCode: { ...report.sameCode, lost: byPlace(report.sameCode?.lost) },
        });
      }),
      { numRuns: 30 },
    );
  });

  it('counts each line that can be covered once: as new, or as the same code', () => {
    fc.assert(
      fc.property(change, ({ before, now }) => {
        const report = changeOf(before, now);
        const all = Object.values(now)
          .flat()
          .filter((line) => /\/\/ [+-]$/.test(line)).length;
        expect(report.lines.coverable + (report.sameCode?.now.coverable ?? 0)).toBe(all);
        expect(report.asIs.now.coverable).toBe(all);
      }),
      { numRuns: 50 },
    );
  });
});
