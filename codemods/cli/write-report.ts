// Writes evidence.json and evidence.md into a folder.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Evidence } from './evidence.ts';

function page(evidence: Evidence): string {
  const lines = [`# Evidence: ${evidence.plan}`, '', '| Step | Verdict | What |', '|---|---|---|'];
  for (const step of evidence.steps) lines.push(`| ${step.id} | ${step.verdict} | ${step.title} |`);
  for (const step of evidence.steps) {
    lines.push('', `## ${step.id} ${step.title}: ${step.verdict}`, '');
    if (step.failure !== undefined) lines.push(`${step.failure.code}: ${step.failure.message}`, '');
    for (const operation of step.operations) {
      lines.push(`- \`${operation.codemod}\`: ${String(operation.edits)} edits`);
      for (const checked of operation.preconditions) lines.push(`  - checked: ${checked.statement} (${checked.witness})`);
      for (const skip of operation.skips) lines.push(`  - skipped: ${skip}`);
    }
    for (const each of step.structure)
      lines.push(`- structure: ${each.claim}: ${each.holds ? 'holds' : 'not shown'} (${each.found})`);
    for (const each of step.promised) lines.push(`- promise: ${each.says}: ${each.holds ? 'kept' : 'BROKEN'} (${each.found})`);
    for (const each of step.traces) {
      lines.push(
        `- traces of ${each.subject}: ${String(each.cases)} cases, ${String(each.differences.length)} differences, branches ${String(each.branchesReached)} of ${String(each.branches)}`,
      );
    }
  }
  const list = (title: string, entries: readonly string[]): void => {
    lines.push('', `## ${title}`, '', ...(entries.length === 0 ? ['None.'] : entries.map((entry) => `- ${entry}`)));
  };
  list('Suspected copy-paste slips', evidence.slips);
  list('Public API changes', evidence.api);
  list('Leaks and notes', evidence.notes);
  list('Left to people', evidence.obligations);
  return `${lines.join('\n')}\n`;
}

/** Writes both forms; the folder is made when it is missing. */
export function writeReport(folder: string, evidence: Evidence): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'evidence.json'), `${JSON.stringify(evidence, undefined, 2)}\n`);
  writeFileSync(join(folder, 'evidence.md'), page(evidence));
}
