// What the gate knows of each source file: its size, its coverage, its tests, and the rules it is released from.
import { isUnder, matcherOf } from '../kernel/glob.ts';
import type { CoverageReportConfig, Exemption, TestMirror } from './config.ts';
import type { FileCoverage } from './coverage-report.ts';

/** A source file on disk. */
export interface SourceFacts {
  /** Relative to the configuration, with forward slashes. */
  readonly file: string;
  readonly lines: number;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** A test file on disk and the cases it declares. */
export interface TestFacts {
  readonly file: string;
  readonly cases: number;
}

/** One row of the table. */
export interface FileFacts extends SourceFacts {
  readonly coverable: number;
  readonly covered: number;
  readonly openLines: readonly number[];
  readonly branches: number;
  readonly coveredBranches: number;
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

export function exemptionFor(file: string, from: Exemption['from'], exemptions: readonly Exemption[]): Exemption | undefined {
  return exemptions.find((each) => each.from === from && matcherOf([each.files])(file));
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

function testsOf(file: string, inventory: Inventory): number {
  const stem = testStemOf(file, inventory.config.tests);
  if (stem === undefined) return 0;
  return inventory.tests.filter((test) => test.file.startsWith(stem)).reduce((sum, test) => sum + test.cases, 0);
}

/** A row for every source file; one that the report leaves out counts as nothing covered, and the gate fails on it besides. */
export function gatherFacts(inventory: Inventory): readonly FileFacts[] {
  return inventory.sources.map((source) => {
    const found = inventory.coverage.get(source.file);
    const coverable = found?.coverableLines ?? 0;
    const openLines = found?.openLines ?? [];
    return {
      ...source,
      coverable,
      covered: coverable - openLines.length,
      openLines,
      branches: found?.branches ?? 0,
      coveredBranches: found?.coveredBranches ?? 0,
      tests: testsOf(source.file, inventory),
      exempt: exemptionFor(source.file, 'coverage', inventory.config.exemptions)?.reason,
    };
  });
}

export interface Totals {
  readonly files: number;
  readonly lines: number;
  readonly coverable: number;
  readonly covered: number;
  readonly branches: number;
  readonly coveredBranches: number;
  readonly tests: number;
}

export function totalOf(files: readonly FileFacts[]): Totals {
  const sum = (pick: (file: FileFacts) => number): number => files.reduce((total, file) => total + pick(file), 0);
  return {
    files: files.length,
    lines: sum((file) => file.lines),
    coverable: sum((file) => file.coverable),
    covered: sum((file) => file.covered),
    branches: sum((file) => file.branches),
    coveredBranches: sum((file) => file.coveredBranches),
    tests: sum((file) => file.tests),
  };
}

/** Percent of `part` in `whole`; nothing to cover is covered. */
export function percentOf(part: number, whole: number): number {
  return whole === 0 ? 100 : (part * 100) / whole;
}
