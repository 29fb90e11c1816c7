// The configuration of the gate: its shape for authors.
import type { FailureCode } from './failure.ts';

/** A folder or file that must be covered to at least so many percent, summed over its files. */
export interface Floor {
  /** Folder or file, relative to the configuration; `.` for the whole project. */
  readonly under: string;
  readonly lines: number;
  readonly branches: number;
  readonly functions?: number;
  readonly statements?: number;
  /** Asks it of each file under the folder, not of their sum. */
  readonly each?: boolean;
}

/** The most lines a file or function under this folder may have; where several apply, the innermost folder decides. */
export interface LineCeiling {
  readonly under: string;
  /** Physical lines of a file. */
  readonly lines: number;
  /** Lines of a file that are not blank and not comment. */
  readonly code?: number;
  /** Physical lines of one function. */
  readonly functionLines?: number;
}

/** Files released from one rule for good; an exemption that matches no file fails the gate. */
export interface Exemption {
  /** Glob, relative to the configuration. */
  readonly files: string;
  /** `coverage`: not in the floors' sums, may be absent from the report. `ceiling`: may have any number of lines. */
  readonly from: 'coverage' | 'ceiling';
  readonly reason: string;
}

/** A failure that is put up with until a day; after it, and when nothing is left to waive, the waiver itself fails. */
export interface Waiver {
  readonly rule: FailureCode;
  /** Glob of the files or folders the failure names. */
  readonly files: string;
  readonly reason: string;
  /** The last day it holds, `YYYY-MM-DD`. */
  readonly until: string;
}

/** Where the tests of a source folder are: same path below `tests`, `<name>.test.ts` or `<name>.<kind>.test.ts`. */
export interface TestMirror {
  readonly sources: string;
  readonly tests: string;
}

/** What each file must reach that the ratchet does not know yet, in percent. */
export interface NewFileFloor {
  readonly lines: number;
  readonly branches: number;
}

/** What new and edited lines must reach together, in percent; lines that were only moved are not among them. */
export interface ChangedFloor {
  readonly lines: number;
  readonly branches?: number;
  /** Commit or branch the change is measured from, where the command line names none with --base. */
  readonly base?: string;
}

/** Ceiling on dead code, from what `refit dead --json` or knip's JSON reporter printed. */
export interface DeadCeiling {
  readonly report: string;
  /** The most members of the classes `unreachable` and `test-only`; of knip, its unused files, exports, types and members. */
  readonly most: number;
}

/** Ceiling on copied code, from the JSON report of jscpd. */
export interface DuplicateCeiling {
  readonly report: string;
  /** The most clones. */
  readonly most: number;
  /** The most percent of lines that are part of a clone. */
  readonly percent?: number;
}

/** What mutants must show, from a report in the schema of Stryker, or from the record of the proof. */
export interface MutationFloor {
  readonly report: string;
  /** Percent of the mutants that tests must kill. */
  readonly score?: number;
  /** The most functions of which no mutant is killed; 0 by default. */
  readonly functions?: number;
}

/** Rules on single tests: the most findings that are allowed, or false for a rule that is off. */
export interface TestInventory {
  /** Tests that reach no assertion. */
  readonly withoutAssertion: number | false;
  /** Tests that are skipped, to do or run alone, and do not say why. */
  readonly skipped: number | false;
  /** Test files that the run left out. */
  readonly notRun: number | false;
  /** Test files that the run ran more than once. */
  readonly twice: number | false;
  /** Files that declare tests and that no name of a test file fits. */
  readonly orphaned: number | false;
  /** Names of calls that assert, besides the usual ones: `check*`, `*.verify`. */
  readonly assertions: readonly string[];
}

export interface CoverageReportConfig {
  /** Istanbul JSON, json-summary or lcov, relative to the configuration; several are united. */
  readonly report: string | readonly string[];
  /** Globs of the source files that must each be in the report. */
  readonly include: readonly string[];
  readonly tests: readonly TestMirror[];
  readonly floors: readonly Floor[];
  readonly ceilings: readonly LineCeiling[];
  readonly exemptions: readonly Exemption[];
  readonly waivers: readonly Waiver[];
  /** Globs of source files that must have a test of their own. */
  readonly tested: readonly string[];
  /** The committed file of what was reached once; absent for none. */
  readonly ratchet?: string;
  /** Percentage points that a measure may fall below the ratchet. */
  readonly slack: number;
  readonly newFiles?: NewFileFloor;
  readonly changed?: ChangedFloor;
  readonly dead?: DeadCeiling;
  readonly duplicates?: DuplicateCeiling;
  readonly mutation?: MutationFloor;
  readonly inventory: TestInventory;
  /** `required`: a report without refit-meta.json beside it is judged only with --accept-unstamped. */
  readonly stamp: 'required' | 'optional';
}

/** What an author writes: `include`, `tests` and `floors` are required, the rest has defaults. */
export interface CoverageReportOptions extends Partial<Omit<CoverageReportConfig, 'include' | 'tests' | 'floors' | 'inventory'>> {
  readonly inventory?: Partial<TestInventory>;
  readonly include: readonly string[];
  readonly tests: readonly TestMirror[];
  readonly floors: readonly Floor[];
}

export const defaultReport = 'coverage/coverage-final.json';

/** The hard ceiling of lines where none is configured (TAS-63, success criteria). */
export const defaultCeilingLines = 800;

/** Types the configuration for its author; checking happens when the gate loads it. */
export function defineCoverageReport(options: CoverageReportOptions): CoverageReportOptions {
  return options;
}
