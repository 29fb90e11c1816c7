// Rules on the evidence itself: whether there is a report of these sources, of this checkout, from a run of the tests.
import { matcherOf } from '../kernel/glob.ts';
import { exemptionFor } from './facts.ts';
import type { Inventory, SourceFacts } from './facts.ts';
import type { Failure } from './failure.ts';
import type { Inventory as TestsByFile } from './inventory/rules-inventory.ts';
import { runTests } from './failure.ts';
import type { Stamp } from './stamp.ts';

export interface ReportEvidence extends Inventory {
  /** When the report was written, milliseconds since the epoch. */
  readonly reportModifiedMs: number;
  readonly notes: readonly string[];
  /** One for each report; empty when none of them is stamped. */
  readonly stamps: readonly Stamp[];
  /** Whether a report without a stamp may be judged. */
  readonly acceptUnstamped: boolean;
  /** Absolute folder of the configuration. */
  readonly root: string;
  /** Commit that is checked out, null outside of git. */
  readonly commit: string | null;
  /** Files that declare tests at their top and that no name of a test file fits. */
  readonly orphans: readonly string[];
  /** What test files and the helpers beside them say of their tests; absent where nothing was read of them. */
  readonly inventory?: TestsByFile;
}

const languages = /\.(d\.)?[cm]?[jt]sx?$/;

export function noFiles(evidence: ReportEvidence): readonly Failure[] {
  if (evidence.sources.length > 0) return [];
  const globs = evidence.config.include.join(', ');
  return [
    {
      code: 'GATE_NO_FILES',
      message: `No source file matches \`include\` (${globs}). Correct the globs: they are relative to the configuration.`,
    },
  ];
}

/** A line is not the same thing in two languages: their sums would say nothing. */
export function otherLanguages(evidence: ReportEvidence): readonly Failure[] {
  return evidence.sources.flatMap(({ file }): readonly Failure[] => {
    if (languages.test(file)) return [];
    const message = `${file} matches \`include\` and is neither TypeScript nor JavaScript; lines of several languages do not add up. Narrow the globs.`;
    return [{ code: 'GATE_NOT_SOURCE', file, message }];
  });
}

export function noTests(evidence: ReportEvidence): readonly Failure[] {
  const cases = evidence.tests.reduce((sum, test) => sum + test.cases, 0);
  const ran = evidence.stamps.reduce((sum, stamp) => sum + stamp.tests.passed + stamp.tests.failed, 0);
  const folders = evidence.config.tests.map((mirror) => mirror.tests).join(', ');
  if (cases === 0) {
    const message = `No test case was found in ${evidence.tests.length} test files under ${folders}. Write tests or correct \`tests\`.`;
    return [{ code: 'GATE_NO_TESTS', message }];
  }
  if (evidence.stamps.length === 0 || ran > 0) return [];
  return [
    { code: 'GATE_NO_TESTS', message: `The run that wrote the report ran no test. Correct the runner's filter. ${runTests}` },
  ];
}

export function failedTests(evidence: ReportEvidence): readonly Failure[] {
  const failed = evidence.stamps.reduce((sum, stamp) => sum + stamp.tests.failed, 0);
  if (failed === 0) return [];
  const message = `${failed} tests failed in the run that wrote the report; what it covers proves nothing. Correct them. ${runTests}`;
  return [{ code: 'GATE_TESTS_FAILED', message, measured: failed, required: 0 }];
}

function staleByTime(source: SourceFacts, evidence: ReportEvidence): string | undefined {
  if (evidence.stamps.length > 0 || source.modifiedMs <= evidence.reportModifiedMs) return undefined;
  const seconds = ((source.modifiedMs - evidence.reportModifiedMs) / 1000).toFixed(1);
  return `${source.file} was changed ${seconds} s after the report was written.`;
}

function staleByHash({ file, hash }: SourceFacts, evidence: ReportEvidence): string | undefined {
  const differs = evidence.stamps.some((stamp) => stamp.sources[file] !== hash);
  return differs ? `${file} is not what it was when the tests ran.` : undefined;
}

/** The stamp of a run without a configuration says nothing of any source; one failure tells that better than one a file. */
function stampedBlindly({ sources, stamps }: ReportEvidence): readonly Failure[] {
  const blind = stamps.some((stamp) => Object.keys(stamp.sources).length === 0);
  if (!blind || sources.length === 0) return [];
  const message =
    'The stamp beside the report names no source: the tests ran before there was a configuration that says which files count. Run the tests once more, now that there is a configuration.';
  return [{ code: 'GATE_REPORT_STALE', message }];
}

/** A file that is not what the tests ran: by its hash where there is a stamp, else by its time, and in any case by its length. */
export function stale(evidence: ReportEvidence): readonly Failure[] {
  const blind = stampedBlindly(evidence);
  if (blind.length > 0) return blind;
  return evidence.sources.flatMap((source): readonly Failure[] => {
    const { file } = source;
    const lastLine = evidence.coverage.get(file)?.lastLine ?? 0;
    const short =
      lastLine > source.lines ? `${file} has ${source.lines} lines, the report speaks of line ${lastLine}.` : undefined;
    const reason = staleByTime(source, evidence) ?? staleByHash(source, evidence) ?? short;
    return reason === undefined ? [] : [{ code: 'GATE_REPORT_STALE', file, message: `${reason} ${runTests}` }];
  });
}

export function unstamped(evidence: ReportEvidence): readonly Failure[] {
  if (evidence.stamps.length > 0 || evidence.config.stamp === 'optional' || evidence.acceptUnstamped) return [];
  const message =
    'The report has no refit-meta.json beside it: nothing says which commit and which tests it is of. Add the reporter of refit to the runner, or judge it with --accept-unstamped.';
  return [{ code: 'GATE_UNSTAMPED', message }];
}

export function otherCommit(evidence: ReportEvidence): readonly Failure[] {
  return evidence.stamps.flatMap(({ commit, root }): readonly Failure[] => {
    if (root !== evidence.root) {
      const message = `The report was written in ${root}, this is ${evidence.root}. Run the tests with coverage here.`;
      return [{ code: 'GATE_REPORT_ROOT', message }];
    }
    if (commit === evidence.commit) return [];
    const name = (each: string | null): string => each?.slice(0, 12) ?? 'no commit';
    const message = `The report is of ${name(commit)}, checked out is ${name(evidence.commit)}. ${runTests}`;
    return [{ code: 'GATE_REPORT_COMMIT', message }];
  });
}

function isOutside(file: string): boolean {
  return file.startsWith('../') || /^([A-Za-z]:)?\//.test(file);
}

/** Files of the report that no glob asks for and that are counted nowhere. */
export function foreignFiles(evidence: ReportEvidence): readonly string[] {
  const asked = matcherOf(evidence.config.include);
  return [...evidence.coverage.keys()].filter((file) => !asked(file));
}

/** A report with not one file of the project was written somewhere else; taking all of it instead would judge other code. */
export function otherRoot(evidence: ReportEvidence): readonly Failure[] {
  const files = [...evidence.coverage.keys()];
  const outside = files.filter(isOutside);
  if (evidence.sources.length === 0 || outside.length < files.length) return [];
  const message = `The report has ${outside[0] ?? 'no file'}, and no file inside of the project: it was written in another folder. ${runTests}`;
  return [{ code: 'GATE_REPORT_ROOT', message }];
}

/** Functions, and a report that has neither a line nor a function of them: whatever was run, nobody counted it. */
function uncounted(evidence: ReportEvidence): readonly Failure[] {
  const { coverage, config } = evidence;
  return evidence.sources.flatMap(({ file, functions }): readonly Failure[] => {
    const found = coverage.get(file);
    const isSilent = found?.lines.total === 0 && (found.functions?.total ?? 0) === 0;
    if (!isSilent || functions.length === 0 || exemptionFor(file, 'coverage', config.exemptions) !== undefined) return [];
    const count = functions.length === 1 ? 'a function' : `${functions.length} functions`;
    const message = `The report has nothing to cover in ${file}, which has ${count}: a comment tells the tool to leave it out, or the tool did not count it. Correct that, or exempt it with a reason.`;
    return [{ code: 'GATE_REPORT_IMPOSSIBLE', file, message, measured: 0, required: functions.length }];
  });
}

/** More coverable lines than lines of code, or none where there is code: the report counts something else than this file. */
export function impossible(evidence: ReportEvidence): readonly Failure[] {
  return [...uncounted(evidence), ...tooManyLines(evidence)];
}

function tooManyLines(evidence: ReportEvidence): readonly Failure[] {
  return evidence.sources.flatMap(({ file, codeLines, lines }): readonly Failure[] => {
    const found = evidence.coverage.get(file);
    if (found === undefined || found.lines.total <= codeLines || found.lastLine > lines) return [];
    // Only single lines tell which of them hold no code.
    const advice =
      found.lines.hits === undefined ? 'If its tool counts every line (c8), judge its coverage-final.json or lcov.' : runTests;
    const message = `The report has ${found.lines.total} coverable lines in ${file}, which has ${codeLines} that are not blank or comment. ${advice}`;
    return [{ code: 'GATE_REPORT_IMPOSSIBLE', file, message, measured: found.lines.total, required: codeLines }];
  });
}

export function unreported(evidence: ReportEvidence): readonly Failure[] {
  return evidence.sources.flatMap(({ file }): readonly Failure[] => {
    if (evidence.coverage.has(file) || exemptionFor(file, 'coverage', evidence.config.exemptions) !== undefined) return [];
    const message = `${file} matches \`include\` but is not in the report. Add it to the runner's \`coverage.include\`, or exempt it with a reason.`;
    return [{ code: 'GATE_FILE_UNREPORTED', file, message }];
  });
}

/** Files of the report that the globs ask for and the disk does not have: a report of before a deletion. */
export function gone(evidence: ReportEvidence): readonly Failure[] {
  const present = new Set(evidence.sources.map((source) => source.file));
  const asked = matcherOf(evidence.config.include);
  return [...evidence.coverage.keys()].flatMap((file): readonly Failure[] => {
    if (present.has(file) || !asked(file) || isTestFile(file)) return [];
    return [{ code: 'GATE_FILE_GONE', file, message: `The report has ${file}, which no longer exists. ${runTests}` }];
  });
}

/** Test code never counts, wherever it lies: what ends in .test, .spec or .test-d. */
export function isTestFile(file: string): boolean {
  return /\.(test|spec|test-d)\.[cm]?[jt]sx?$/.test(file);
}
