// Measures a change: coverage of new and edited lines, of the code that was there before and is there now, and what the change consists of.
import { countTests } from '../count-tests.ts';
import type { FileCoverage, LineSpan, Measure } from '../coverage-model.ts';
import { withoutSpans } from '../coverage-model.ts';
import type { Inventory, SourceFacts } from '../facts.ts';
import { countedCoverage, exemptionFor } from '../facts.ts';
import type { ChangedTexts, ChangeEvidence, CoverageOfBase } from './change-evidence.ts';
import type { Place, Trace, TracedFile, TracedLine } from './trace-lines.ts';
import { traceLines } from './trace-lines.ts';

export interface Share {
  readonly covered: number;
  readonly coverable: number;
}

/** A line that was covered in the base and is not now, though it says the same. */
export interface LostLine {
  readonly file: string;
  readonly line: number;
  /** Where it stood. */
  readonly from: { readonly file: string; readonly line: number };
}

/** Physical lines that hold code, by what became of them. */
export interface LineSplit {
  readonly added: number;
  readonly edited: number;
  readonly moved: number;
  readonly removed: number;
}

/** What a source file has of the change. */
export interface ChangedFile extends Omit<LineSplit, 'removed'> {
  readonly file: string;
  /** The file of the base it is compared with, null for a new one. */
  readonly from: string | null;
  /** Of new and edited lines. */
  readonly lines: Share;
  /** Arms on new and edited lines, null where the report does not say. */
  readonly branches: Share | null;
  /** New and edited lines that nothing ran on. */
  readonly openLines: readonly number[];
  /** New and edited lines on which an arm did not run. */
  readonly openBranches: readonly number[];
}

export interface ChangeReport {
  /** As it was named. */
  readonly base: string;
  /** The merge base of it and HEAD. */
  readonly commit: string;
  /** Percent that the configuration asks of new and edited lines; null where it asks nothing. */
  readonly required: { readonly lines: number | null; readonly branches: number | null };
  /** Source files with new, edited or moved lines, by name. */
  readonly files: readonly ChangedFile[];
  readonly lines: Share;
  readonly branches: Share | null;
  /** All source lines; `before` is null without the base's coverage. */
  readonly asIs: { readonly before: Share | null; readonly now: Share };
  /** Lines that both have, by the same code before and now; null without the base's coverage. */
  readonly sameCode: { readonly before: Share; readonly now: Share; readonly lost: readonly LostLine[] } | null;
  readonly sources: LineSplit;
  /** Of the removed lines, those that could be covered and those that never were; null without the base's coverage. */
  readonly removedCode: { readonly coverable: number; readonly neverCovered: number } | null;
  readonly tests: LineSplit & { readonly casesBefore: number; readonly casesNow: number };
  /** What a reader should know of the base. */
  readonly notes: readonly string[];
}

type Covered = ReadonlyMap<number, boolean>;

function coveredLines(coverage: FileCoverage | undefined): Covered {
  return new Map((coverage?.lines.hits ?? []).map(({ line, count }) => [line, count > 0]));
}

function sumOf(shares: readonly Share[]): Share {
  return {
    covered: shares.reduce((sum, share) => sum + share.covered, 0),
    coverable: shares.reduce((sum, share) => sum + share.coverable, 0),
  };
}

const shareOf = ({ covered, total }: Measure): Share => ({ covered, coverable: total });

function lineCount(lines: readonly { readonly lines: readonly number[] }[]): number {
  return lines.reduce((sum, line) => sum + line.lines.length, 0);
}

function withStatus(file: TracedFile, status: TracedLine['status']): number {
  return lineCount(file.lines.filter((line) => line.status === status));
}

function splitOf({ files, removed }: Trace): LineSplit {
  const sum = (status: TracedLine['status']): number => files.reduce((total, file) => total + withStatus(file, status), 0);
  return { added: sum('new'), edited: sum('edited'), moved: sum('moved'), removed: lineCount(removed) };
}

/** Everything but the lines that are known to be of the base: what the report counts on no line of code is judged too. */
function changedFile(traced: TracedFile, coverage: FileCoverage): ChangedFile {
  const kept = traced.lines.filter(({ status }) => status === 'unchanged' || status === 'moved');
  const spans = kept.flatMap(({ lines }): readonly LineSpan[] => lines.map((line) => ({ from: line, to: line })));
  const { lines, branches } = withoutSpans(coverage, spans);
  const open = (measure: Measure | undefined): readonly number[] => [
    ...new Set((measure?.hits ?? []).filter((hit) => hit.count <= 0).map((hit) => hit.line)),
  ];
  return {
    file: traced.file,
    from: traced.from ?? null,
    added: withStatus(traced, 'new'),
    edited: withStatus(traced, 'edited'),
    moved: withStatus(traced, 'moved'),
    lines: shareOf(lines),
    branches: branches === undefined ? null : shareOf(branches),
    openLines: open(lines),
    openBranches: open(branches).toSorted((left, right) => left - right),
  };
}

/** One line of the base and the same line now. */
interface PairedLine {
  readonly before: boolean;
  readonly now: boolean;
  readonly lost: LostLine;
}

interface BothSides {
  readonly file: string;
  readonly now: Covered;
  readonly before: BaseLines;
}

/** The coverable lines of one line of code on both sides; what was broken into other lines is compared as one. */
function pairsOf({ file, now, before }: BothSides, lines: readonly number[], origin: Place): readonly PairedLine[] {
  const was = before(origin.file);
  const [then, today] = [origin.lines.filter((line) => was.has(line)), lines.filter((line) => now.has(line))];
  const [first, firstNow] = [then[0], today[0]];
  if (first === undefined || firstNow === undefined) return [];
  const lostAt = (line: number, from: number): LostLine => ({ file, line, from: { file: origin.file, line: from } });
  if (then.length !== today.length) {
    const any = (all: Covered, some: readonly number[]): boolean => some.some((line) => all.get(line) === true);
    return [{ before: any(was, then), now: any(now, today), lost: lostAt(firstNow, first) }];
  }
  return today.map((line, at) => {
    const from = then[at] ?? first;
    return { before: was.get(from) === true, now: now.get(line) === true, lost: lostAt(line, from) };
  });
}

/** Every line of code of a file that has an origin; a file that did not change is its own. */
function originsOf(file: string, now: Covered, traced: TracedFile | undefined): readonly TracedLine[] {
  if (traced !== undefined) return traced.lines;
  return [...now.keys()].map((line) => ({ lines: [line], same: '', status: 'unchanged', origin: { file, lines: [line] } }));
}

/** Whether any of a line's physical lines ran: 1, none: 0, or none can be covered: -1. */
function rankOf(lines: readonly number[], covered: Covered | undefined): number {
  const known = lines.flatMap((line) => covered?.get(line) ?? []);
  return known.length === 0 ? -1 : Number(known.includes(true));
}

/**
 * Lines of one function that say the same cannot be told apart when one of them is new: as many as ran before are taken to
 * be those that run now. So an inserted line does not decide which of its neighbours was there before.
 */
function settled(file: TracedFile, now: Covered, before: BaseLines | undefined): TracedFile {
  const groups = new Map<string, number[]>();
  for (const [at, { same }] of file.lines.entries()) groups.set(same, [...(groups.get(same) ?? []), at]);
  const lines = [...file.lines];
  const worth = ({ status, origin }: TracedLine): number => {
    if (status === 'new' || status === 'edited') return -2;
    return origin === undefined ? -1 : rankOf(origin.lines, before?.(origin.file));
  };
  for (const group of groups.values()) {
    if (group.length === 1) continue;
    const own = group.flatMap((at) => file.lines[at] ?? []);
    const fates = own.toSorted((left, right) => worth(right) - worth(left));
    const ran = own.toSorted((left, right) => rankOf(right.lines, now) - rankOf(left.lines, now));
    for (const [order, line] of ran.entries()) {
      const fate = fates[order];
      if (fate !== undefined) lines[file.lines.indexOf(line)] = { ...fate, lines: line.lines };
    }
  }
  return { ...file, lines };
}

interface Sides {
  readonly inventory: Inventory;
  readonly trace: Trace;
  /** Source files that no exemption takes out of coverage. */
  readonly counted: readonly SourceFacts[];
}

/** Lines that can be covered, by file of the base. */
type BaseLines = (file: string) => Covered;

function baseLines({ files, facts }: CoverageOfBase): BaseLines {
  const known = new Map<string, Covered>();
  return (file) => {
    const found = known.get(file);
    if (found !== undefined) return found;
    const coverage = files.get(file);
    const lines = coveredLines(coverage && withoutSpans(coverage, facts.get(file)?.inlineTests ?? []));
    known.set(file, lines);
    return lines;
  };
}

function sameCodeOf(sides: Sides, before: BaseLines): ChangeReport['sameCode'] {
  const tracedBy = new Map(sides.trace.files.map((file) => [file.file, file]));
  const pairs = sides.counted.flatMap((source) => {
    const now = coveredLines(countedCoverage(source, sides.inventory.coverage));
    const lines = originsOf(source.file, now, tracedBy.get(source.file));
    return lines.flatMap(({ lines: own, origin }) =>
      origin === undefined ? [] : pairsOf({ file: source.file, now, before }, own, origin),
    );
  });
  return {
    before: { covered: pairs.filter((pair) => pair.before).length, coverable: pairs.length },
    now: { covered: pairs.filter((pair) => pair.now).length, coverable: pairs.length },
    lost: pairs.filter((pair) => pair.before && !pair.now).map((pair) => pair.lost),
  };
}

function allBefore({ inventory }: Sides, { files }: CoverageOfBase, before: BaseLines): Share {
  const isCounted = (file: string): boolean => exemptionFor(file, 'coverage', inventory.config.exemptions) === undefined;
  const lines = [...files.keys()].filter(isCounted).flatMap((file) => [...before(file).values()]);
  return { covered: lines.filter(Boolean).length, coverable: lines.length };
}

function removedCodeOf({ trace }: Sides, before: BaseLines): ChangeReport['removedCode'] {
  const removed = trace.removed.flatMap(({ file, lines }) => lines.map((line) => before(file).get(line)));
  const known = removed.filter((covered) => covered !== undefined);
  return { coverable: known.length, neverCovered: known.filter((covered) => !covered).length };
}

/** What only the base's coverage can say. */
function againstBase(sides: Sides, coverage: CoverageOfBase | undefined) {
  if (coverage === undefined) return { before: null, sameCode: null, removedCode: null };
  const before = baseLines(coverage);
  return {
    before: allBefore(sides, coverage, before),
    sameCode: sameCodeOf(sides, before),
    removedCode: removedCodeOf(sides, before),
  };
}

function testsOf(inventory: Inventory, { base, present }: ChangedTexts): ChangeReport['tests'] {
  const casesNow = inventory.tests.reduce((sum, test) => sum + test.cases, 0);
  const cases = (texts: ChangedTexts['base']): number => texts.reduce((sum, { file, text }) => sum + countTests(file, text), 0);
  return { ...splitOf(traceLines(base, present)), casesBefore: casesNow - cases(present) + cases(base), casesNow };
}

/** Measures a change by the present report and, where it is given, by the base's. */
export function measureChange(inventory: Inventory, changes: ChangeEvidence): ChangeReport {
  const { changed, exemptions } = inventory.config;
  const counted = inventory.sources.filter(({ file }) => exemptionFor(file, 'coverage', exemptions) === undefined);
  const byFile = new Map(counted.map((source) => [source.file, source]));
  const lines = changes.coverage && baseLines(changes.coverage);
  const traced = traceLines(changes.sources.base, changes.sources.present);
  const settle = (file: TracedFile): TracedFile => {
    const source = byFile.get(file.file);
    return source === undefined ? file : settled(file, coveredLines(countedCoverage(source, inventory.coverage)), lines);
  };
  const trace = { ...traced, files: traced.files.map(settle) };
  const files = trace.files.flatMap((file): readonly ChangedFile[] => {
    const source = byFile.get(file.file);
    return source === undefined ? [] : [changedFile(file, countedCoverage(source, inventory.coverage))];
  });
  const known = files.flatMap(({ branches }) => (branches === null ? [] : [branches]));
  const { before, sameCode, removedCode } = againstBase({ inventory, trace, counted }, changes.coverage);
  const now = sumOf(counted.map((source) => shareOf(countedCoverage(source, inventory.coverage).lines)));
  return {
    base: changes.ref,
    commit: changes.commit,
    required: { lines: changed?.lines ?? null, branches: changed?.branches ?? null },
    files,
    lines: sumOf(files.map((file) => file.lines)),
    branches: known.length < files.length ? null : sumOf(known),
    asIs: { before, now },
    sameCode,
    sources: splitOf(trace),
    removedCode,
    tests: testsOf(inventory, changes.tests),
    notes: changes.notes,
  };
}
