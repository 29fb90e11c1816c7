// Follows each present line back to the base: unchanged where it stood, moved from somewhere else, or new.
import type { CodeLine } from './code-lines.ts';
import { codeLinesOf } from './code-lines.ts';
import type { Around } from './longest-runs.ts';
import { pairLongestRuns } from './longest-runs.ts';
import type { Run, Side, Window } from './matching.ts';
import { Matching } from './matching.ts';
import { pairNeighbours, weighs } from './near-pairs.ts';
import type { LinesOfFile } from './renamed-files.ts';
import { renamedFiles } from './renamed-files.ts';

export interface SourceText {
  /** Relative to the configuration, with forward slashes. */
  readonly file: string;
  readonly text: string;
}

/** A line of code: a statement and the like, over as many physical lines as it is broken into. */
export interface Place {
  readonly file: string;
  readonly lines: readonly number[];
}

export interface TracedLine {
  readonly lines: readonly number[];
  /** Equal for lines that say the same within the same function. */
  readonly same: string;
  /** `edited`: new, where a line of the base was taken away. */
  readonly status: 'unchanged' | 'moved' | 'edited' | 'new';
  /** Where it stood in the base; absent for new lines, and for the second part of what was one line. */
  readonly origin?: Place;
}

export interface TracedFile {
  readonly file: string;
  /** The base file it is compared with: itself, the one it was renamed from, or none. */
  readonly from?: string;
  readonly lines: readonly TracedLine[];
}

export interface Trace {
  readonly files: readonly TracedFile[];
  /** Base lines that nothing of the present is, and that nothing stands for. */
  readonly removed: readonly Place[];
}

/** So many letters and digits make a block that is known again elsewhere; git's `--color-moved=blocks` asks for as many. */
const BLOCK_WEIGHT = 20;

interface Range {
  readonly from: number;
  readonly to: number;
}

function sideOf(files: readonly LinesOfFile[]): { side: Side; ranges: ReadonlyMap<string, Range> } {
  const lines: CodeLine[] = [];
  const numbers: number[] = [];
  const ranges = new Map<string, Range>();
  for (const [number, file] of files.entries()) {
    ranges.set(file.file, { from: lines.length, to: lines.length + file.lines.length });
    for (const line of file.lines) {
      lines.push(line);
      numbers.push(number);
    }
  }
  return { side: { lines, files: numbers }, ranges };
}

interface Paired {
  readonly matching: Matching;
  /** Present lines that stand where they stood: in their file, in their order. */
  readonly stayed: Set<number>;
}

/** Within one file the order stays: a run that would cross what stayed is not the same place. */
function keepsOrder({ matching, stayed }: Paired, run: Run, { base }: Window): boolean {
  const nearest = (from: number, step: 1 | -1): number | undefined => {
    for (let at = from; at >= base.from && at < base.to; at += step) {
      const found = matching.presentOf(at);
      if (found !== undefined && stayed.has(found)) return found;
    }
    return undefined;
  };
  const before = nearest(run.base - 1, -1) ?? -1;
  const after = nearest(run.base + run.length, 1) ?? Number.POSITIVE_INFINITY;
  return before < run.present && run.present < after;
}

function markStayed(stayed: Set<number>, run: Run): void {
  for (let at = 0; at < run.length; at += 1) stayed.add(run.present + at);
}

/** Pairs what stands in its file and in its order. */
function pairInFiles(paired: Paired, compared: readonly Compared[], around: readonly Around[]): void {
  for (const { base, present } of compared) {
    if (base === undefined) continue;
    const window = { base, present };
    const accept = (run: Run): boolean => {
      const accepted = keepsOrder(paired, run, window);
      if (accepted) markStayed(paired.stayed, run);
      return accepted;
    };
    pairLongestRuns(paired.matching, { window, around, accept });
  }
}

/** Pairs blocks that stand elsewhere. */
function pairAnywhere({ matching }: Paired, around: readonly Around[]): void {
  const window = {
    base: { from: 0, to: matching.base.lines.length },
    present: { from: 0, to: matching.present.lines.length },
  };
  pairLongestRuns(matching, { window, around, accept: (run) => weighs(matching, run, BLOCK_WEIGHT) });
}

/** Lines beside what stayed stay with it, where they are in order. */
function addNeighboursThatStayed(paired: Paired, compared: readonly Compared[]): void {
  for (const { base, present } of compared) {
    if (base === undefined) continue;
    for (let at = present.from; at < present.to; at += 1) {
      const origin = paired.matching.baseOf(at);
      if (origin === undefined || paired.stayed.has(at) || origin < base.from || origin >= base.to) continue;
      const run = { base: origin, present: at, length: 1 };
      if (keepsOrder(paired, run, { base, present })) paired.stayed.add(at);
    }
  }
}

/** One present file and what it is compared with. */
interface Compared {
  readonly file: string;
  readonly present: Range;
  readonly from?: string;
  readonly base?: Range;
}

function comparedFiles(base: readonly LinesOfFile[], present: readonly LinesOfFile[]): ReadonlyMap<string, string> {
  const now = new Set(present.map((each) => each.file));
  const before = new Set(base.map((each) => each.file));
  const renamed = renamedFiles(
    base.filter((each) => !now.has(each.file)),
    present.filter((each) => !before.has(each.file)),
  );
  const kept = present.filter((each) => before.has(each.file)).map(({ file }) => [file, file] as const);
  return new Map([...kept, ...renamed]);
}

/** Lines that stand for each other, though they do not say the same. */
interface Edited {
  readonly base: Set<number>;
  readonly present: Set<number>;
}

/** Finds, between one line that stayed and the next, the new lines that stand for removed ones. */
function addEdited(edited: Edited, { matching, stayed }: Paired, { base, present }: Compared): void {
  if (base === undefined) return;
  let [fromBase, fromPresent] = [base.from, present.from];
  const free = (from: number, to: number, isFree: (at: number) => boolean): readonly number[] =>
    Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at).filter(isFree);
  const hunk = (toBase: number, toPresent: number): void => {
    const gone = free(fromBase, toBase, (at) => matching.isBaseFree(at));
    const come = free(fromPresent, toPresent, (at) => matching.isPresentFree(at));
    const both = Math.min(gone.length, come.length);
    for (const at of gone.slice(0, both)) edited.base.add(at);
    for (const at of come.slice(0, both)) edited.present.add(at);
  };
  for (let at = present.from; at < present.to; at += 1) {
    const origin = matching.baseOf(at);
    if (origin === undefined || !stayed.has(at)) continue;
    hunk(origin, at);
    [fromBase, fromPresent] = [origin + 1, at + 1];
  }
  hunk(base.to, present.to);
}

interface Sides extends Paired {
  readonly base: readonly LinesOfFile[];
  readonly edited: Edited;
}

function placeIn(base: readonly LinesOfFile[], side: Side, at: number): Place {
  return { file: base[side.files[at] ?? -1]?.file ?? '', lines: side.lines[at]?.lines ?? [] };
}

function tracedFile({ base, matching, stayed, edited }: Sides, compared: Compared): TracedFile {
  const { file, from, present } = compared;
  let status: TracedLine['status'] = 'unchanged';
  const lines = matching.present.lines.slice(present.from, present.to).map((line, offset): TracedLine => {
    const at = present.from + offset;
    const said = { lines: line.lines, same: `${line.owner}\n${line.key}` };
    const origin = matching.baseOf(at);
    if (matching.isPresentFree(at)) status = edited.present.has(at) ? 'edited' : 'new';
    // The second part of what was one line has become what the first part has.
    else if (origin !== undefined) status = stayed.has(at) && from === file ? 'unchanged' : 'moved';
    return { ...said, status, ...(origin !== undefined && { origin: placeIn(base, matching.base, origin) }) };
  });
  return { file, ...(from !== undefined && { from }), lines };
}

function removedLines({ matching, base, edited }: Sides): readonly Place[] {
  const free = [...matching.base.lines.keys()].filter((at) => matching.isBaseFree(at) && !edited.base.has(at));
  return free.map((at) => placeIn(base, matching.base, at));
}

function read(texts: readonly SourceText[]): readonly LinesOfFile[] {
  return texts
    .toSorted((left, right) => (left.file < right.file ? -1 : 1))
    .map(({ file, text }) => ({ file, lines: codeLinesOf(file, text) }));
}

/**
 * Compares all changed files at once. First each file with what it was, then what is left of all of them: a block of
 * removed lines that stands elsewhere was moved. A line of the base is found again once, so a copy is new.
 */
export function traceLines(baseTexts: readonly SourceText[], presentTexts: readonly SourceText[]): Trace {
  const [base, present] = [read(baseTexts), read(presentTexts)];
  const [before, now] = [sideOf(base), sideOf(present)];
  const matching = new Matching(before.side, now.side);
  const counterparts = comparedFiles(base, present);
  const compared = [...now.ranges].map(([file, range]): Compared => {
    const from = counterparts.get(file);
    const found = from === undefined ? undefined : before.ranges.get(from);
    return { file, present: range, ...(from !== undefined && { from }), ...(found !== undefined && { base: found }) };
  });
  const paired: Paired = { matching, stayed: new Set() };
  pairInFiles(paired, compared, ['all']);
  // What went elsewhere with its name is taken before what stayed under another.
  pairAnywhere(paired, ['all', 'innermost']);
  pairInFiles(paired, compared, ['innermost', 'none']);
  pairNeighbours(matching);
  pairAnywhere(paired, ['none']);
  pairNeighbours(matching);
  addNeighboursThatStayed(paired, compared);
  const sides: Sides = { ...paired, base, edited: { base: new Set(), present: new Set() } };
  for (const each of compared) addEdited(sides.edited, sides, each);
  return { files: compared.map((each) => tracedFile(sides, each)), removed: removedLines(sides) };
}
