// Coverage of one file as the gate counts it, whatever format the report had.

/** Something that can be executed: a line, an arm of a branch, a function, a statement. */
export interface Hit {
  readonly line: number;
  readonly count: number;
  /** What tells it from others on its line: the name of a function, the arm of a branch. */
  readonly name?: string;
}

/** One kind of thing, counted; `hits` is absent where the report has nothing but sums. */
export interface Measure {
  readonly total: number;
  readonly covered: number;
  readonly hits?: readonly Hit[];
}

/** Names of what a floor can ask for. */
export const metrics = ['lines', 'branches', 'functions', 'statements'] as const;
export type Metric = (typeof metrics)[number];

export interface FileCoverage {
  /** Path as the report has it, with forward slashes. */
  readonly path: string;
  readonly lines: Measure;
  /** Absent measures are those the format cannot say: a floor that asks for one fails. */
  readonly branches: Measure | undefined;
  readonly functions: Measure | undefined;
  readonly statements: Measure | undefined;
  /** The last line the report speaks of; beyond the end of the file when the file has changed since. */
  readonly lastLine: number;
}

export interface CoverageReport {
  readonly files: readonly FileCoverage[];
  /** What was put right on reading and a reader should know. */
  readonly notes: readonly string[];
}

/** Sums up hits; a count that is not above zero covers nothing. */
export function measureOf(hits: readonly Hit[]): Measure {
  return { total: hits.length, covered: hits.filter((hit) => hit.count > 0).length, hits };
}

/** Lines of hits, ascending, each once with the highest count of what starts on it. */
export function linesOf(hits: readonly Hit[]): readonly Hit[] {
  const counts = new Map<number, number>();
  for (const { line, count } of hits) counts.set(line, Math.max(count, counts.get(line) ?? 0));
  return [...counts].map(([line, count]) => ({ line, count })).toSorted((left, right) => left.line - right.line);
}

/** Lines that nothing ran on; empty for a report of sums. */
export function openLinesOf(coverage: FileCoverage | undefined): readonly number[] {
  return (coverage?.lines.hits ?? []).filter((hit) => hit.count <= 0).map((hit) => hit.line);
}

/** A span of lines, both ends included. */
export interface LineSpan {
  readonly from: number;
  readonly to: number;
}

/** The same coverage without what stands on the lines of `spans`. */
export function withoutSpans(coverage: FileCoverage, spans: readonly LineSpan[]): FileCoverage {
  if (spans.length === 0) return coverage;
  const inside = (line: number): boolean => spans.some((span) => line >= span.from && line <= span.to);
  const rest = (measure: Measure): Measure =>
    measure.hits === undefined ? measure : measureOf(measure.hits.filter((hit) => !inside(hit.line)));
  return {
    ...coverage,
    lines: rest(coverage.lines),
    branches: coverage.branches && rest(coverage.branches),
    functions: coverage.functions && rest(coverage.functions),
    statements: coverage.statements && rest(coverage.statements),
  };
}
