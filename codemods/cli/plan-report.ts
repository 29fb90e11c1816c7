// What a plan run prints: a line for each step, and at the end the tables and what is left to people.
import type { StepRecord } from '../plan/execute-plan.ts';
import type { Step } from '../plan/plan.ts';
import type { Evidence } from './evidence.ts';
import type { PlanRun } from './run-plan.ts';

/** The line of a step before (no newline) and after it ran. */
export function stepLine(step: Step, record: StepRecord | undefined): string {
  if (record === undefined) return `${step.id.padEnd(4)}${step.title} … `;
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

function count(value: number | undefined): string {
  return value === undefined ? '-' : String(value);
}

/** The report of a run, for people. */
export function renderReport(run: PlanRun, evidence: Evidence): string {
  const parts: string[] = ['', run.plan.title, ''];
  const files = evidence.files.map((file) => [file.path, count(file.linesBefore), count(file.linesAfter)]);
  parts.push(table([['File', 'Lines before', 'after'], ...files]), '');
  for (const step of evidence.steps) {
    const kept = step.promised.filter((promise) => promise.holds).length;
    parts.push(
      `${step.id.padEnd(4)}${step.verdict.padEnd(12)}${step.title}; ${String(kept)} of ${String(step.promised.length)} promises kept`,
    );
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
  const { load, apply, proof } = run.seconds;
  parts.push('', `loaded in ${load.toFixed(1)} s, applied in ${apply.toFixed(1)} s, proved in ${proof.toFixed(1)} s`, '');
  return parts.join('\n');
}
