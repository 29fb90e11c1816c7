// Writes a verdict out: the plan's table for people, one JSON document for programs.
import { isUnder } from '../kernel/glob.ts';
import type { FileFacts, Totals } from './facts.ts';
import { percentOf, totalOf } from './facts.ts';
import type { FloorResult, Verdict } from './judge.ts';

/** Rows shown unless all are asked for; the worst come first. */
export const rowsShown = 30;

export interface TableOptions {
  /** Files or folders to show; empty for all. The judgement is always of the whole project. */
  readonly only: readonly string[];
  readonly all: boolean;
}

type Row = readonly [name: string, lines: string, coverable: string, coverage: string, branches: string, tests: string];

const header: Row = ['File', 'Lines', 'Coverable', 'Coverage', 'Branches', 'Tests'];

function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** Rounded down, so that 99.99 % never reads as 100.0 %. */
export function percentText(part: number, whole: number): string {
  return `${(Math.floor(percentOf(part, whole) * 10) / 10).toFixed(1)}%`;
}

function rowOf(name: string, facts: Omit<Totals, 'files'>): Row {
  const share = (part: number, whole: number): string => (whole === 0 ? '—' : percentText(part, whole));
  return [
    name,
    grouped(facts.lines),
    grouped(facts.coverable),
    share(facts.covered, facts.coverable),
    share(facts.coveredBranches, facts.branches),
    grouped(facts.tests),
  ];
}

function layOut(rows: readonly Row[]): readonly string[] {
  const widths = header.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '),
  );
}

/** The table of the plan: file, lines, coverable, coverage, tests, with a total over every row asked for. */
export function renderTable(files: readonly FileFacts[], options: TableOptions): string {
  const asked =
    options.only.length === 0 ? files : files.filter(({ file }) => options.only.some((folder) => isUnder(file, folder)));
  const shown = options.all || options.only.length > 0 ? asked : asked.slice(0, rowsShown);
  const rows = shown.map((file) => rowOf(file.exempt === undefined ? file.file : `${file.file} (exempt)`, file));
  const lines = [...layOut([header, ...rows, rowOf('Total', totalOf(asked))])];
  if (shown.length < asked.length) lines.splice(-1, 0, `… ${asked.length - shown.length} better covered files: --all shows them`);
  return lines.join('\n');
}

function floorLine({ floor, measured, pass }: FloorResult): string {
  const lines = `lines ${percentText(measured.covered, measured.coverable)} of ${floor.lines}%`;
  const branches = `branches ${percentText(measured.coveredBranches, measured.branches)} of ${floor.branches}%`;
  return `${pass ? 'pass' : 'FAIL'}  ${floor.under}: ${lines}, ${branches} (${measured.files} files)`;
}

/** The whole answer for a terminal: table, floors, notes, failures, and one closing line. */
export function renderVerdict(verdict: Verdict, options: TableOptions): string {
  const count = verdict.failures.length;
  const closing = verdict.pass ? 'The gate passes.' : `The gate fails: ${count} ${count === 1 ? 'failure' : 'failures'}.`;
  const failures = verdict.failures.map(({ code, message }) => `${code}  ${message}`);
  const notes = verdict.notes.length > 5 ? [...verdict.notes.slice(0, 5), `and ${verdict.notes.length - 5} more`] : verdict.notes;
  const parts = [
    renderTable(verdict.files, options),
    verdict.floors.map(floorLine).join('\n'),
    notes.map((note) => `note  ${note}`).join('\n'),
    failures.join('\n'),
    closing,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** The same answer as one JSON document, `refit-gate/1`. */
export function verdictDocument(verdict: Verdict): Readonly<Record<string, unknown>> {
  const { pass, failures, total, notes } = verdict;
  const floors = verdict.floors.map(({ floor, measured, pass: floorPass }) => ({
    under: floor.under,
    pass: floorPass,
    files: measured.files,
    lines: { required: floor.lines, covered: measured.covered, coverable: measured.coverable },
    branches: { required: floor.branches, covered: measured.coveredBranches, coverable: measured.branches },
  }));
  const files = verdict.files.map(({ modifiedMs: _modifiedMs, exempt, ...facts }) => ({ ...facts, exempt: exempt ?? null }));
  return { schema: 'refit-gate/1', pass, failures, floors, total, files, notes };
}
