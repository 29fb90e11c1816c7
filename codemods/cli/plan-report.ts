// What a plan run prints: a line for each step, and at the end the tables and what is left to people.
import type { StepRecord } from '../plan/execute-plan.ts';
import type { Step } from '../plan/plan.ts';
import { percentOf } from '../gate/facts.ts';
import type { Evidence, StepEvidence } from './evidence.ts';
import { totalsOf, type FileSide } from './file-table.ts';
import type { PlanRun } from './run-plan.ts';

/** The line of a step before (no newline) and after it ran. */
export function stepLine(step: Step, record: StepRecord | undefined): string {
  if (record === undefined) return `${step.id.padEnd(6)}${step.title} … `;
  const files = record.status === 'done' ? `, ${String(record.files.length)} files` : '';
  const time = `${(record.milliseconds / 1000).toFixed(1)} s`;
  const failure = record.failure === undefined ? '' : `\n    ${record.failure.code}: ${record.failure.message}`;
  return `${record.status}${files}, ${time}${failure}\n`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) => row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '))
    .join('\n');
}

function arrow(before: string | undefined, after: string | undefined): readonly string[] {
  return [before ?? '-', after ?? '-'];
}

function share(side: FileSide | undefined): string | undefined {
  if (side?.coverable === undefined) return undefined;
  return `${percentOf(side.covered ?? 0, side.coverable).toFixed(1)}%`;
}

function text(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

/** The cells of one file: each number before and after. */
function cells(path: string, before: FileSide | undefined, after: FileSide | undefined, isMeasured: boolean): readonly string[] {
  const lines = arrow(text(before?.lines), text(after?.lines));
  if (!isMeasured) return [path, ...lines];
  return [
    path,
    ...lines,
    ...arrow(text(before?.coverable), text(after?.coverable)),
    ...arrow(share(before), share(after)),
    ...arrow(text(before?.tests), text(after?.tests)),
  ];
}

/** The plan's table, recomputed: with coverage and tests where the project's own tests ran. */
function fileTableText(evidence: Evidence): string {
  const { files } = evidence;
  const isMeasured = files.some((row) => row.before?.coverable !== undefined || row.after?.coverable !== undefined);
  const measuredHeads = ['Coverable before', 'after', 'Coverage before', 'after', 'Tests before', 'after'];
  const rows = files.map((row) => cells(row.path, row.before, row.after, isMeasured));
  const total = isMeasured ? [cells('Total of measured files', totalsOf(files, 'before'), totalsOf(files, 'after'), true)] : [];
  return table([['File', 'Lines before', 'after', ...(isMeasured ? measuredHeads : [])], ...rows, ...total]);
}

/** What was found about a step besides its promises, in one line. */
function foundLine({ checks, tests }: StepEvidence): readonly string[] {
  const said: string[] = [];
  if (checks !== undefined) {
    const changed = checks.declarations.reduce((sum, each) => sum + each.added + each.removed, 0);
    said.push(`${String(checks.bindings.checked)} names checked`, `${String(changed)} lines of .d.ts differ`);
  }
  if (tests !== undefined) {
    said.push(`tests ${String(tests.before.passed)} -> ${String(tests.after.passed)} passed`);
    said.push(`${String(tests.symbols.length)} touched declarations measured, ${String(tests.lowered.length)} lowered`);
  }
  return said.length === 0 ? [] : [`      ${said.join(', ')}`];
}

/** The report of a run, for people. */
export function renderReport(run: PlanRun, evidence: Evidence): string {
  const parts: string[] = ['', run.plan.title, ''];
  parts.push(fileTableText(evidence), '');
  for (const step of evidence.steps) {
    const kept = step.promised.filter((promise) => promise.holds).length;
    parts.push(
      `${step.id.padEnd(6)}${step.verdict.padEnd(12)}${step.title}; ${String(kept)} of ${String(step.promised.length)} promises kept`,
    );
    if (step.failure !== undefined) parts.push(`      ${step.failure.code}: ${step.failure.message}`);
    parts.push(...foundLine(step));
    for (const promise of step.promised)
      parts.push(`      ${promise.holds ? 'kept' : 'BROKEN'}: ${promise.says} (${promise.found})`);
  }
  const list = (title: string, lines: readonly string[]): void => {
    parts.push('', `${title}: ${lines.length === 0 ? 'none' : String(lines.length)}`, ...lines.map((line) => `  ${line}`));
  };
  list('Suspected copy-paste slips', evidence.slips);
  list('Public API changes', evidence.api);
  list('Leaks and notes', evidence.notes);
  list('Left to you', evidence.obligations);
  if (evidence.traces !== undefined) {
    const { cases, random, differences, allowed } = evidence.traces;
    parts.push(
      '',
      `Effect traces: ${String(cases)} cases, ${String(random)} random scenarios, ${String(differences)} differences${allowed.length === 0 ? '' : `; ordered by the plan: ${allowed.join(', ')}`}`,
    );
  }
  if (evidence.testRuns !== undefined) {
    const { runs, seconds } = evidence.testRuns;
    parts.push('', `The project's own tests: ${String(runs)} runs, ${seconds.toFixed(1)} s, beside the steps`);
  }
  const { load, apply, proof } = run.seconds;
  parts.push('', `loaded in ${load.toFixed(1)} s, applied in ${apply.toFixed(1)} s, proved in ${proof.toFixed(1)} s`, '');
  return parts.join('\n');
}
