// Writes a verdict out: the plan's table for people, one JSON document for programs.
import { isUnder } from '../kernel/glob.ts';
import { changeDocument, renderChange } from './changes/render-changes.ts';
import { metrics } from './coverage-model.ts';
import type { FileFacts, Totals } from './facts.ts';
import { measured, percentOf, totalOf } from './facts.ts';
import type { FloorResult, Verdict } from './judge.ts';
import type { Waived } from './waivers.ts';

/** Rows shown unless all are asked for; the worst come first. */
export const rowsShown = 30;

export interface TableOptions {
  /** Files or folders to show; empty for all. The judgement is always of the whole project. */
  readonly only: readonly string[];
  readonly all: boolean;
}

export type Row = readonly [name: string, lines: string, coverable: string, coverage: string, branches: string, tests: string];

export const header: Row = ['File', 'Lines', 'Coverable', 'Coverage', 'Branches', 'Tests'];

export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** Rounded down, so that 99.99 % never reads as 100.0 %. */
export function percentText(part: number, whole: number): string {
  return `${(Math.floor(percentOf(part, whole) * 10) / 10).toFixed(1)}%`;
}

export function rowOf(name: string, facts: Omit<Totals, 'files'>): Row {
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

/** The files that are asked for: all of them, or those under the folders that are named. */
export function askedFiles(files: readonly FileFacts[], { only }: TableOptions): readonly FileFacts[] {
  return only.length === 0 ? files : files.filter(({ file }) => only.some((folder) => isUnder(file, folder)));
}

/** The table of the plan: file, lines, coverable, coverage, tests, with a total over every row asked for. */
export function renderTable(files: readonly FileFacts[], options: TableOptions): string {
  const asked = askedFiles(files, options);
  const shown = options.all || options.only.length > 0 ? asked : asked.slice(0, rowsShown);
  const rows = shown.map((file) => rowOf(file.exempt === undefined ? file.file : `${file.file} (exempt)`, file));
  const lines = [...layOut([header, ...rows, rowOf('Total', totalOf(asked))])];
  if (asked.length === 0 && options.only.length > 0)
    lines.splice(-1, 0, `no source file is ${options.only.join(' or ')} or under it`);
  if (shown.length < asked.length) lines.splice(-1, 0, `… ${asked.length - shown.length} better covered files: --all shows them`);
  return lines.join('\n');
}

/** What a floor asks and what was found, in one line. */
export function floorText({ floor, measured: found }: FloorResult): string {
  const parts = metrics.flatMap((metric) => {
    const required = floor[metric];
    const { covered, total } = measured(found, metric);
    return required === undefined ? [] : [`${metric} ${percentText(covered, total)} of ${required}%`];
  });
  return `${floor.under}: ${parts.join(', ')} (${found.files} files${floor.each === true ? ', each' : ''})`;
}

function floorLine(result: FloorResult): string {
  return `${result.pass ? 'pass' : 'FAIL'}  ${floorText(result)}`;
}

function waivedLine({ failure, waiver }: Waived): string {
  return `waived until ${waiver.until}  ${failure.code}  ${failure.message} (${waiver.reason})`;
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
    renderChange(verdict.change),
    notes.map((note) => `note  ${note}`).join('\n'),
    verdict.waived.map(waivedLine).join('\n'),
    failures.join('\n'),
    closing,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** The same answer as one JSON document, `refit-gate/1`; docs/schemas/gate.schema.json describes it. */
export function verdictDocument(verdict: Verdict): Readonly<Record<string, unknown>> {
  const { pass, failures, total, notes } = verdict;
  const floors = verdict.floors.map(({ floor, measured: found, pass: floorPass }) => ({
    under: floor.under,
    each: floor.each === true,
    pass: floorPass,
    files: found.files,
    lines: { required: floor.lines, covered: found.covered, coverable: found.coverable },
    branches: { required: floor.branches, covered: found.coveredBranches, coverable: found.branches },
    functions: { required: floor.functions ?? 0, covered: found.coveredFunctions, coverable: found.functions },
    statements: { required: floor.statements ?? 0, covered: found.coveredStatements, coverable: found.statements },
  }));
  const files = verdict.files.map(({ exempt, ...facts }) => ({ ...facts, exempt: exempt ?? null }));
  const waived = verdict.waived.map(({ failure, waiver }) => ({ ...failure, reason: waiver.reason, until: waiver.until }));
  const change = verdict.change && { change: changeDocument(verdict.change) };
  return { schema: 'refit-gate/1', pass, failures, waived, floors, total, files, notes, ...change };
}
