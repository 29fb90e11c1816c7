// Pairs files that are gone with new ones that hold the same code, by their lines alone.
import type { CodeLine } from './code-lines.ts';

/** The share of equal lines, in percent of the longer file, from which on a new file is the old one under another name. */
const SAME_FILE = 50;
/** A line that stands in more of the old files than this tells nothing of which one a new file was. */
const RARE = 5;

export interface LinesOfFile {
  readonly file: string;
  readonly lines: readonly CodeLine[];
}

function told(lines: readonly CodeLine[]): readonly string[] {
  return lines.filter((line) => !line.trivial).map((line) => line.key);
}

/** Percent of the longer one's lines that both have, each line as often as both have it. */
function similarity(left: readonly string[], right: readonly string[]): number {
  const rest = new Map<string, number>();
  for (const key of left) rest.set(key, (rest.get(key) ?? 0) + 1);
  let shared = 0;
  for (const key of right) {
    const count = rest.get(key) ?? 0;
    if (count > 0) shared += 1;
    rest.set(key, count - 1);
  }
  return (shared * 100) / Math.max(1, left.length, right.length);
}

function filesByLine(files: readonly LinesOfFile[]): ReadonlyMap<string, ReadonlySet<LinesOfFile>> {
  const byLine = new Map<string, Set<LinesOfFile>>();
  for (const file of files) {
    for (const key of told(file.lines)) {
      const known = byLine.get(key) ?? new Set();
      byLine.set(key, known.add(file));
    }
  }
  return byLine;
}

/** For each file of `added` that is one of `deleted` under another name, that one's path; each old file is one new file at most. */
export function renamedFiles(deleted: readonly LinesOfFile[], added: readonly LinesOfFile[]): ReadonlyMap<string, string> {
  const byLine = filesByLine(deleted);
  const candidates = added.flatMap((file) => {
    const lines = told(file.lines);
    const possible = new Set<LinesOfFile>();
    for (const key of new Set(lines)) {
      const holders = byLine.get(key) ?? new Set();
      if (holders.size <= RARE) for (const holder of holders) possible.add(holder);
    }
    return [...possible].map((old) => ({ from: old.file, to: file.file, same: similarity(told(old.lines), lines) }));
  });
  const inOrder = (left: string, right: string): number => (left < right ? -1 : Number(left > right));
  const best = candidates
    .filter(({ same }) => same >= SAME_FILE)
    .toSorted((left, right) => right.same - left.same || inOrder(left.to, right.to) || inOrder(left.from, right.from));
  const renamed = new Map<string, string>();
  const taken = new Set<string>();
  for (const { from, to } of best) {
    if (renamed.has(to) || taken.has(from)) continue;
    renamed.set(to, from);
    taken.add(from);
  }
  return renamed;
}
