// What the gate knows of each source file: its size, its coverage, its tests, and the rules it is released from.
import { isUnder, matcherOf } from '../kernel/glob.ts';
import type { CoverageReportConfig, Exemption, TestMirror } from './config.ts';
import type { FileCoverage, Measure, Metric } from './coverage-model.ts';
import { openLinesOf, withoutSpans } from './coverage-model.ts';
import type { TextFacts } from './source-facts.ts';

/** A source file on disk. */
export interface SourceFacts extends TextFacts {
  /** Relative to the configuration, with forward slashes. */
  readonly file: string;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** What the text of a test file declares. */
export interface TestText {
  readonly cases: number;
}

/** A test file on disk and the cases it declares. */
export interface TestFacts extends TestText {
  readonly file: string;
}

/** One row of the table. */
export interface FileFacts {
  readonly file: string;
  readonly lines: number;
  readonly codeLines: number;
  readonly coverable: number;
  readonly covered: number;
  readonly openLines: readonly number[];
  readonly branches: number;
  readonly coveredBranches: number;
  readonly functions: number;
  readonly coveredFunctions: number;
  readonly statements: number;
  readonly coveredStatements: number;
  /** Measures that the report cannot say: no floor that asks for one of them can pass. */
  readonly unknown: readonly Metric[];
  readonly tests: number;
  /** Why the floors do not count this file, or undefined when they do. */
  readonly exempt: string | undefined;
}

export interface Inventory {
  readonly config: CoverageReportConfig;
  readonly sources: readonly SourceFacts[];
  readonly tests: readonly TestFacts[];
  /** Coverage by the file's path relative to the configuration. */
  readonly coverage: ReadonlyMap<string, FileCoverage>;
}

/** Patterns by exemption: every file is held against each of them. */
const patterns = new WeakMap<Exemption, (file: string) => boolean>();

function releases(exemption: Exemption, file: string): boolean {
  const matches = patterns.get(exemption) ?? matcherOf([exemption.files]);
  patterns.set(exemption, matches);
  return matches(file);
}

export function exemptionFor(file: string, from: Exemption['from'], exemptions: readonly Exemption[]): Exemption | undefined {
  return exemptions.find((each) => each.from === from && releases(each, file));
}

function withoutExtension(file: string): string {
  return file.replace(/\.[^./]+$/, '');
}

/** The start that the names of a source file's test files share: `test/store/claim.` for `src/store/claim.ts`. */
export function testStemOf(file: string, mirrors: readonly TestMirror[]): string | undefined {
  const innermost = mirrors
    .filter((mirror) => isUnder(file, mirror.sources))
    .toSorted((left, right) => right.sources.length - left.sources.length)[0];
  if (innermost === undefined) return undefined;
  const below = innermost.sources === '.' ? file : file.slice(innermost.sources.length + 1);
  const prefix = innermost.tests === '.' ? '' : `${innermost.tests}/`;
  return `${prefix}${withoutExtension(below)}.`;
}

/** The place of the first of the sorted `tests` whose file does not come before `name`. */
function placeOf(tests: readonly TestFacts[], name: string): number {
  let [low, high] = [0, tests.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((tests[middle]?.file ?? '') < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Counts the cases of a source file's tests. Names with the same start stand side by side when sorted: no file is held against all tests. */
function caseCounter({ config, tests }: Inventory): (file: string) => number {
  const sorted = tests.toSorted((left, right) => (left.file < right.file ? -1 : 1));
  return (file) => {
    const stem = testStemOf(file, config.tests);
    if (stem === undefined) return 0;
    let cases = 0;
    for (let at = placeOf(sorted, stem); sorted[at]?.file.startsWith(stem) === true; at += 1) cases += sorted[at]?.cases ?? 0;
    return cases;
  };
}

/** What a file has to cover by its own text: all of it open, for a file that no test imported. */
function uncovered(source: SourceFacts): FileCoverage {
  const hits = source.statementLines.map((line) => ({ line, count: 0 }));
  const open = (total: number): Measure => ({ total, covered: 0 });
  return {
    path: source.file,
    lines: { ...open(hits.length), hits },
    branches: open(0),
    functions: open(source.functions.length),
    statements: open(hits.length),
    lastLine: 0,
  };
}

/** What counts of a source file's coverage: without its inline tests, and all open when the report leaves it out. */
export function countedCoverage(source: SourceFacts, coverage: Inventory['coverage']): FileCoverage {
  return withoutSpans(coverage.get(source.file) ?? uncovered(source), source.inlineTests);
}

const nothing: Measure = { total: 0, covered: 0 };

/** A row for every source file; one that the report leaves out counts as nothing covered, and the gate fails on it besides. */
export function gatherFacts(inventory: Inventory): readonly FileFacts[] {
  const casesOf = caseCounter(inventory);
  return inventory.sources.map((source) => {
    const found = countedCoverage(source, inventory.coverage);
    const { lines, branches = nothing, functions = nothing, statements = nothing } = found;
    const asked = ['branches', 'functions', 'statements'] as const;
    return {
      file: source.file,
      lines: source.lines,
      codeLines: source.codeLines,
      coverable: lines.total,
      covered: lines.covered,
      openLines: openLinesOf(found),
      branches: branches.total,
      coveredBranches: branches.covered,
      functions: functions.total,
      coveredFunctions: functions.covered,
      statements: statements.total,
      coveredStatements: statements.covered,
      unknown: asked.filter((metric) => found[metric] === undefined),
      tests: casesOf(source.file),
      exempt: exemptionFor(source.file, 'coverage', inventory.config.exemptions)?.reason,
    };
  });
}

export interface Totals {
  readonly files: number;
  readonly lines: number;
  readonly codeLines: number;
  readonly coverable: number;
  readonly covered: number;
  readonly branches: number;
  readonly coveredBranches: number;
  readonly functions: number;
  readonly coveredFunctions: number;
  readonly statements: number;
  readonly coveredStatements: number;
  readonly tests: number;
}

export function totalOf(files: readonly FileFacts[]): Totals {
  const sum = (pick: (file: FileFacts) => number): number => files.reduce((total, file) => total + pick(file), 0);
  return {
    files: files.length,
    lines: sum((file) => file.lines),
    codeLines: sum((file) => file.codeLines),
    coverable: sum((file) => file.coverable),
    covered: sum((file) => file.covered),
    branches: sum((file) => file.branches),
    coveredBranches: sum((file) => file.coveredBranches),
    functions: sum((file) => file.functions),
    coveredFunctions: sum((file) => file.coveredFunctions),
    statements: sum((file) => file.statements),
    coveredStatements: sum((file) => file.coveredStatements),
    tests: sum((file) => file.tests),
  };
}

/** Part and whole of one metric. */
export function measured(facts: Omit<Totals, 'files'>, metric: Metric): Measure {
  const pairs = {
    lines: { total: facts.coverable, covered: facts.covered },
    branches: { total: facts.branches, covered: facts.coveredBranches },
    functions: { total: facts.functions, covered: facts.coveredFunctions },
    statements: { total: facts.statements, covered: facts.coveredStatements },
  };
  return pairs[metric];
}

/** Percent of `part` in `whole` with two decimals, rounded down: what falls short never reads as what is required. */
export function exactPercent(part: number, whole: number): string {
  return whole === 0 ? '100.00' : (Math.floor((part * 10_000) / whole) / 100).toFixed(2);
}

/** Percent of `part` in `whole`; nothing to cover is covered. */
export function percentOf(part: number, whole: number): number {
  return whole === 0 ? 100 : (part * 100) / whole;
}
