// Rules on a change: new and edited lines are tested well enough, and code that was covered still is, wherever it stands now.
import { exactPercent, percentOf } from '../facts.ts';
import type { Failure } from '../failure.ts';
import { ranges } from '../rules-floors.ts';
import type { ChangedFile, ChangeReport, LostLine, Share } from './change-report.ts';

/** One measure of the change. */
interface Demand {
  readonly code: 'GATE_CHANGED_LINES' | 'GATE_CHANGED_BRANCHES';
  readonly what: string;
  readonly required: number;
  readonly whole: Share;
  readonly of: (file: ChangedFile) => Share;
  readonly open: (file: ChangedFile) => readonly number[];
}

const text = ({ covered, coverable }: Share): string => `${exactPercent(covered, coverable)} % (${covered} of ${coverable})`;

function isShort({ covered, coverable }: Share, required: number): boolean {
  return covered * 100 < required * coverable;
}

/** How many more have to be covered. */
function missing({ covered, coverable }: Share, required: number): number {
  return Math.ceil((required * coverable) / 100) - covered;
}

/** The whole change must reach it; the failures are of the files that do not, most to gain first. */
function shortfalls(report: ChangeReport, demand: Demand): readonly Failure[] {
  const { code, what, required, whole } = demand;
  if (!isShort(whole, required)) return [];
  const short = report.files
    .filter((file) => isShort(demand.of(file), required))
    .toSorted((left, right) => demand.open(right).length - demand.open(left).length);
  return short.map((file): Failure => {
    const own = demand.of(file);
    const open = demand.open(file);
    const message = `${file.file} has ${text(own)} of its ${what}, required ${required} % of the change, which has ${text(whole)}. ${missing(whole, required)} more reach it; open here: ${ranges(open)}.`;
    const line = open[0];
    const measured = percentOf(own.covered, own.coverable);
    return { code, file: file.file, message, measured, required, ...(line !== undefined && { line }) };
  });
}

function branchFailures(report: ChangeReport, required: number): readonly Failure[] {
  const silent = report.files.find((file) => file.branches === null);
  if (silent !== undefined && required > 0) {
    const message = `${required} % of the branches on changed lines are required, and the report says nothing of branches in ${silent.file}. Write coverage-final.json, or drop \`changed.branches\`.`;
    return [{ code: 'GATE_CHANGED_BRANCHES', file: silent.file, message, required }];
  }
  return shortfalls(report, {
    code: 'GATE_CHANGED_BRANCHES',
    what: 'branches on new and edited lines',
    required,
    whole: report.branches ?? { covered: 0, coverable: 0 },
    of: (file) => file.branches ?? { covered: 0, coverable: 0 },
    open: (file) => file.openBranches,
  });
}

function lostFailures(report: ChangeReport): readonly Failure[] {
  const { sameCode } = report;
  if (sameCode === null) return [];
  const byFile = new Map<string, LostLine[]>();
  for (const each of sameCode.lost) byFile.set(each.file, [...(byFile.get(each.file) ?? []), each]);
  return [...byFile].map(([file, lost]): Failure => {
    const from = [...new Set(lost.map((each) => each.from.file))].map(
      (old) => `${old}:${ranges(lost.filter((each) => each.from.file === old).map((each) => each.from.line))}`,
    );
    const lines = lost.map((each) => each.line);
    const count = `${lost.length} ${lost.length === 1 ? 'line' : 'lines'}`;
    const message = `${count} of ${file} (${ranges(lines)}) say what ${from.join('; ')} said, were covered there and are not now. Look for a test that was lost, or one that still speaks to the old place.`;
    const { before, now } = sameCode;
    return {
      code: 'GATE_SAME_CODE',
      file,
      message,
      measured: percentOf(now.covered, now.coverable),
      required: percentOf(before.covered, before.coverable),
      line: lines[0] ?? 1,
    };
  });
}

/** Judges a change; where the configuration asks nothing of changed lines, only the code that both sides have is judged. */
export function changeRules(report: ChangeReport): readonly Failure[] {
  const { lines, branches } = report.required;
  const ofLines: Demand = {
    code: 'GATE_CHANGED_LINES',
    what: 'new and edited lines',
    required: lines ?? 0,
    whole: report.lines,
    of: (file) => file.lines,
    open: (file) => file.openLines,
  };
  return [...shortfalls(report, ofLines), ...branchFailures(report, branches ?? 0), ...lostFailures(report)];
}
