// Decides whether the gate passes: every rule over the gathered facts, each failure with its own code and the cheapest way out.
import { isUnder, matcherOf } from '../kernel/glob.ts';
import type { CoverageReportConfig, Floor } from './config.ts';
import { defaultCeilingLines } from './config.ts';
import type { FileFacts, Inventory, Totals } from './facts.ts';
import { exemptionFor, gatherFacts, percentOf, totalOf } from './facts.ts';

export type FailureCode =
  | 'GATE_NO_FILES'
  | 'GATE_NO_TESTS'
  | 'GATE_REPORT_STALE'
  | 'GATE_FILE_UNREPORTED'
  | 'GATE_FILE_GONE'
  | 'GATE_FLOOR_EMPTY'
  | 'GATE_FLOOR_LINES'
  | 'GATE_FLOOR_BRANCHES'
  | 'GATE_FILE_TOO_LONG'
  | 'GATE_EXEMPTION_UNUSED';

export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  /** The file or folder it is about, where there is one. */
  readonly file?: string;
}

/** One floor and what was measured under it, files released from coverage left out. */
export interface FloorResult {
  readonly floor: Floor;
  readonly measured: Totals;
  readonly pass: boolean;
}

export interface Verdict {
  readonly pass: boolean;
  readonly failures: readonly Failure[];
  readonly floors: readonly FloorResult[];
  readonly files: readonly FileFacts[];
  readonly total: Totals;
  readonly notes: readonly string[];
}

export interface Evidence extends Inventory {
  /** When the report was written, milliseconds since the epoch. */
  readonly reportModifiedMs: number;
  readonly notes: readonly string[];
}

/** Failures that leave nothing to judge: the input is wrong, not the code. */
const cannotJudge: ReadonlySet<FailureCode> = new Set(['GATE_NO_FILES', 'GATE_REPORT_STALE']);

export function isUnjudged(verdict: Verdict): boolean {
  return verdict.failures.some((failure) => cannotJudge.has(failure.code));
}

const runTests = 'Run the tests with coverage again.';

function noFiles(evidence: Evidence): readonly Failure[] {
  if (evidence.sources.length > 0) return [];
  const globs = evidence.config.include.join(', ');
  return [
    {
      code: 'GATE_NO_FILES',
      message: `No source file matches \`include\` (${globs}). Correct the globs: they are relative to the configuration.`,
    },
  ];
}

function noTests(evidence: Evidence): readonly Failure[] {
  const cases = evidence.tests.reduce((sum, test) => sum + test.cases, 0);
  if (cases > 0) return [];
  const folders = evidence.config.tests.map((mirror) => mirror.tests).join(', ');
  return [
    {
      code: 'GATE_NO_TESTS',
      message: `No test case was found in ${evidence.tests.length} test files under ${folders}. Write tests or correct \`tests\`.`,
    },
  ];
}

/** A file changed after the report was written, or shorter than the report believes, was not what the tests ran. */
function stale(evidence: Evidence): readonly Failure[] {
  return evidence.sources.flatMap((source): readonly Failure[] => {
    const { file } = source;
    if (source.modifiedMs > evidence.reportModifiedMs) {
      const seconds = ((source.modifiedMs - evidence.reportModifiedMs) / 1000).toFixed(1);
      return [
        {
          code: 'GATE_REPORT_STALE',
          file,
          message: `${file} was changed ${seconds} s after the report was written. ${runTests}`,
        },
      ];
    }
    const lastLine = evidence.coverage.get(file)?.lastLine ?? 0;
    if (lastLine <= source.lines) return [];
    return [
      {
        code: 'GATE_REPORT_STALE',
        file,
        message: `${file} has ${source.lines} lines, the report speaks of line ${lastLine}. ${runTests}`,
      },
    ];
  });
}

function unreported(evidence: Evidence): readonly Failure[] {
  return evidence.sources.flatMap(({ file }): readonly Failure[] => {
    if (evidence.coverage.has(file) || exemptionFor(file, 'coverage', evidence.config.exemptions) !== undefined) return [];
    const message = `${file} matches \`include\` but is not in the report. Add it to the runner's \`coverage.include\`, or exempt it with a reason.`;
    return [{ code: 'GATE_FILE_UNREPORTED', file, message }];
  });
}

/** Files of the report that the globs ask for and the disk does not have: a report of another checkout, or of before a deletion. */
function gone(evidence: Evidence): readonly Failure[] {
  const present = new Set(evidence.sources.map((source) => source.file));
  const asked = matcherOf(evidence.config.include);
  return [...evidence.coverage.keys()].flatMap((file): readonly Failure[] => {
    const outside = file.startsWith('../') || /^([A-Za-z]:)?\//.test(file);
    if (present.has(file) || !(asked(file) || outside)) return [];
    const what = outside ? 'lies outside of the project: the report was written in another folder' : 'no longer exists';
    return [{ code: 'GATE_FILE_GONE', file, message: `The report has ${file}, which ${what}. ${runTests}` }];
  });
}

function ranges(lines: readonly number[]): string {
  const parts: { from: number; to: number }[] = [];
  for (const line of lines) {
    const last = parts.at(-1);
    if (last !== undefined && line === last.to + 1) last.to = line;
    else parts.push({ from: line, to: line });
  }
  const shown = parts.slice(0, 5).map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
  return parts.length > shown.length ? `${shown.join(', ')}, …` : shown.join(', ');
}

/** The three files with the most to gain, with the lines or the number of arms that no test reached. */
function cheapest(files: readonly FileFacts[], what: 'lines' | 'branches'): string {
  const openOf = (file: FileFacts): number => (what === 'lines' ? file.openLines.length : file.branches - file.coveredBranches);
  const worst = files
    .filter((file) => openOf(file) > 0)
    .toSorted((left, right) => openOf(right) - openOf(left) || (left.file < right.file ? -1 : 1));
  const name = (file: FileFacts): string =>
    what === 'lines' ? `${file.file}:${ranges(file.openLines)}` : `${file.file} (${openOf(file)} arms)`;
  return worst.slice(0, 3).map(name).join('; ');
}

function counted(files: readonly FileFacts[], floor: Floor): readonly FileFacts[] {
  return files.filter((file) => file.exempt === undefined && isUnder(file.file, floor.under));
}

function measureFloor(files: readonly FileFacts[], floor: Floor): FloorResult {
  const measured = totalOf(counted(files, floor));
  const linesPass = measured.covered * 100 >= floor.lines * measured.coverable;
  const branchesPass = measured.coveredBranches * 100 >= floor.branches * measured.branches;
  return { floor, measured, pass: measured.files > 0 && linesPass && branchesPass };
}

function floorFailures(result: FloorResult, files: readonly FileFacts[]): readonly Failure[] {
  const { floor, measured } = result;
  const file = floor.under;
  if (measured.files === 0) {
    return [
      {
        code: 'GATE_FLOOR_EMPTY',
        file,
        message: `The floor of ${file} has no source file under it. Correct its \`under\`, or remove it.`,
      },
    ];
  }
  const failures: Failure[] = [];
  const under = counted(files, floor);
  const shortOf = (code: FailureCode, what: 'lines' | 'branches', part: number, whole: number): void => {
    const required = floor[what];
    if (part * 100 >= required * whole) return;
    const found = `${what} ${percentOf(part, whole).toFixed(2)} % (${part} of ${whole})`;
    failures.push({
      code,
      file,
      message: `${file} has ${found}, required ${required} %. Most to gain: ${cheapest(under, what)}.`,
    });
  };
  shortOf('GATE_FLOOR_LINES', 'lines', measured.covered, measured.coverable);
  shortOf('GATE_FLOOR_BRANCHES', 'branches', measured.coveredBranches, measured.branches);
  return failures;
}

function ceilingOf(file: string, config: CoverageReportConfig): number {
  const innermost = config.ceilings
    .filter((ceiling) => isUnder(file, ceiling.under))
    .toSorted((left, right) => right.under.length - left.under.length)[0];
  return innermost?.lines ?? defaultCeilingLines;
}

function tooLong(evidence: Evidence): readonly Failure[] {
  return evidence.sources.flatMap(({ file, lines }): readonly Failure[] => {
    const most = ceilingOf(file, evidence.config);
    if (lines <= most || exemptionFor(file, 'ceiling', evidence.config.exemptions) !== undefined) return [];
    return [
      {
        code: 'GATE_FILE_TOO_LONG',
        file,
        message: `${file} has ${lines} lines, at most ${most} are allowed. Split it, or exempt it with a reason.`,
      },
    ];
  });
}

function unusedExemptions(evidence: Evidence): readonly Failure[] {
  return evidence.config.exemptions.flatMap((exemption): readonly Failure[] => {
    const matches = matcherOf([exemption.files]);
    const tooLongAnyway = (file: string, lines: number): boolean =>
      exemption.from === 'coverage' || lines > ceilingOf(file, evidence.config);
    if (evidence.sources.some(({ file, lines }) => matches(file) && tooLongAnyway(file, lines))) return [];
    const message = `The exemption of ${exemption.files} from ${exemption.from} releases no file. Remove it.`;
    return [{ code: 'GATE_EXEMPTION_UNUSED', file: exemption.files, message }];
  });
}

/** Judges the evidence; files come worst covered first, everything else in the order of the configuration. */
export function judge(evidence: Evidence): Verdict {
  const files = gatherFacts(evidence).toSorted(worstFirst);
  const floors = evidence.config.floors.map((floor) => measureFloor(files, floor));
  const failures = [
    ...noFiles(evidence),
    ...stale(evidence),
    ...noTests(evidence),
    ...unreported(evidence),
    ...gone(evidence),
    ...floors.flatMap((result) => floorFailures(result, files)),
    ...tooLong(evidence),
    ...unusedExemptions(evidence),
  ];
  return { pass: failures.length === 0, failures, floors, files, total: totalOf(files), notes: evidence.notes };
}

function worstFirst(left: FileFacts, right: FileFacts): number {
  const byPercent = percentOf(left.covered, left.coverable) - percentOf(right.covered, right.coverable);
  const byOpen = right.openLines.length - left.openLines.length;
  return byPercent || byOpen || (left.file < right.file ? -1 : 1);
}
