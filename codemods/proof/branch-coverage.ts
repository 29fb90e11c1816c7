// Which branches of a subject its scenarios reached, within the ranges that matter.
import { isBranch } from './instrument.ts';
import type { Point } from './instrument.ts';
import type { FileCounters } from './subject-loader.ts';

/** Lines of a file, both inclusive. */
export interface LineRange {
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

/** A branch that no scenario can reach, with the proof why. */
export interface Unreachable {
  readonly path: string;
  readonly line: number;
  readonly proof: string;
}

export interface BranchReport {
  readonly total: number;
  readonly reached: number;
  /** `path:line kind` of each that was not reached and is not listed as unreachable. */
  readonly missed: readonly string[];
  /** Entries of the list that do not name a branch that was missed. */
  readonly wronglyListed: readonly string[];
  readonly unreachable: number;
}

type Counters = ReadonlyMap<string, FileCounters>;

export function reportBranches(
  counters: Counters,
  ranges: readonly LineRange[],
  unreachable: readonly Unreachable[] = [],
): BranchReport {
  const branches = ranges.flatMap((range) => branchesIn(counters, range));
  const missed = branches.filter(({ hits }) => hits === 0);
  const isListed = ({ path, point }: CountedBranch): boolean =>
    unreachable.some((each) => each.path === path && each.line === point.line);
  return {
    total: branches.length,
    reached: branches.length - missed.length,
    missed: [
      // Without a counter nothing says that the range has no branches.
      ...ranges.filter(({ path }) => !counters.has(path)).map(({ path, from }) => `${path}:${from} not loaded`),
      ...missed.filter((branch) => !isListed(branch)).map(({ path, point }) => `${path}:${point.line} ${point.kind}`),
    ],
    wronglyListed: unreachable
      .filter(({ path, line }) => !missed.some((branch) => branch.path === path && branch.point.line === line))
      .map(({ path, line }) => `${path}:${line}`),
    unreachable: missed.filter(isListed).length,
  };
}

interface CountedBranch {
  readonly path: string;
  readonly point: Point;
  readonly hits: number;
}

function branchesIn(counters: Counters, { path, from, to }: LineRange): readonly CountedBranch[] {
  const file = counters.get(path);
  if (file === undefined) return [];
  return file.points.flatMap((point, at) =>
    isBranch(point) && point.line >= from && point.line <= to ? [{ path, point, hits: file.hits[at] ?? 0 }] : [],
  );
}

/** Lines of a file on which a statement ran, those that it goes on over included, up to `lastLine`. */
export function executedLines(counters: Counters, path: string, lastLine: number): ReadonlySet<number> {
  const ranAt = new Map<number, boolean>();
  const file = counters.get(path);
  for (const [at, { line }] of file?.points.entries() ?? []) {
    ranAt.set(line, ranAt.get(line) === true || (file?.hits[at] ?? 0) > 0);
  }
  const lines = new Set<number>();
  let ran = false;
  for (let line = 1; line <= lastLine; line += 1) {
    // A line without a statement of its own belongs to the one before it.
    ran = ranAt.get(line) ?? ran;
    if (ran) lines.add(line);
  }
  return lines;
}
