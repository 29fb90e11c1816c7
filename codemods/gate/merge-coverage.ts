// Unites the coverage of several runs over the same sources; runs over different ones are refused.
import { RefitError } from '../kernel/refit-error.ts';
import type { FileCoverage, Hit, Measure } from './coverage-model.ts';
import { measureOf } from './coverage-model.ts';

function keyOf(hit: Hit): string {
  return `${hit.line} ${hit.name ?? ''}`;
}

function different(path: string): RefitError {
  const message = `Two reports count different things in ${path}: they are of different sources or different tools. Run all shards on one commit with one provider.`;
  return new RefitError('GATE_MERGE_DIFFERENT', message);
}

/** What one of the runs covered is covered; both must count the same things, in the same order. */
function unite(left: Measure | undefined, right: Measure | undefined, path: string): Measure | undefined {
  if (left === undefined && right === undefined) return undefined;
  const [a, b] = [left?.hits, right?.hits];
  if (a === undefined || b === undefined || a.length !== b.length) throw different(path);
  const hits = a.map((hit, at): Hit => {
    const other = b[at];
    if (other === undefined || keyOf(other) !== keyOf(hit)) throw different(path);
    return { ...hit, count: Math.max(hit.count, other.count) };
  });
  return measureOf(hits);
}

function uniteFile(left: FileCoverage, right: FileCoverage): FileCoverage {
  const lines = unite(left.lines, right.lines, left.path);
  if (lines === undefined || left.lastLine !== right.lastLine) throw different(left.path);
  return {
    path: left.path,
    lines,
    branches: unite(left.branches, right.branches, left.path),
    functions: unite(left.functions, right.functions, left.path),
    statements: unite(left.statements, right.statements, left.path),
    lastLine: left.lastLine,
  };
}

type ByPath = ReadonlyMap<string, FileCoverage>;

/**
 * The union of several reports, whatever their order and however often one is given.
 * @throws RefitError GATE_MERGE_DIFFERENT when two of them do not count the same things in a file.
 */
export function mergeCoverage(reports: readonly ByPath[]): ByPath {
  const united = new Map<string, FileCoverage>();
  for (const report of reports) {
    for (const [file, coverage] of report) {
      const before = united.get(file);
      united.set(file, before === undefined ? coverage : uniteFile(before, coverage));
    }
  }
  return united;
}
