// Writes evidence.json and evidence.md into a folder.
import { accessSync, constants, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RefitError } from '../kernel/refit-error.ts';
import type { Evidence, StepEvidence } from './evidence.ts';
import { apiLine } from './step-checks.ts';
import type { LineCoverage } from './test-verdict.ts';

/** What the programs before and after the step say. */
function checkLines({ checks }: StepEvidence): readonly string[] {
  if (checks === undefined) return [];
  const { bindings, declarations, api } = checks;
  const declared = api.declared === undefined ? '' : `; declared by the step: ${api.declared.join(', ') || 'none'}`;
  return [
    `- names: ${String(bindings.checked)} in unchanged lines looked up, ${String(bindings.moved.length)} mean another declaration, ${String(bindings.replaced.length)} mean what took the place of theirs`,
    ...bindings.moved.map(
      (each) => `  - ${each.path}:${String(each.line)}: ${each.name} meant ${each.before}, now ${each.after}`,
    ),
    ...bindings.replaced.map((each) => `  - replaced: ${each}`),
    `- exports of packages: ${String(api.changes.length)} changed${declared}`,
    ...api.changes.map((change) => `  - ${apiLine(change)}`),
    ...declarations.map((each) => `- .d.ts of ${each.path}: +${String(each.added)} -${String(each.removed)}`),
  ];
}

function linesText(lines: LineCoverage | undefined): string {
  return lines === undefined ? 'not there' : `${String(lines.covered)} of ${String(lines.coverable)}`;
}

/** What the project's own tests say. */
function testLines({ tests, status }: StepEvidence): readonly string[] {
  if (tests === undefined) return status === 'done' ? ['- tests: not run'] : [];
  const { before, after } = tests;
  return [
    `- tests: ${String(before.passed)} passed before, ${String(after.passed)} after; ${String(after.failed)} failed, ${String(after.skipped)} skipped`,
    ...tests.failures.map((each) => `  - failed: ${each}`),
    ...tests.fewer.map((each) => `  - fewer: ${each}`),
    ...tests.lowered.map((each) => `  - lowered: ${each}`),
    ...tests.symbols.map(
      (each) => `  - lines of ${each.symbol}: ${linesText(each.before)} before, ${linesText(each.after)} after`,
    ),
  ];
}

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
    lines.push(...checkLines(step), ...testLines(step));
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

function isWritableFolder(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Refuses a folder that cannot be written or made, before a run that would end without its evidence. Makes nothing.
 * @throws RefitError REFIT_EVIDENCE_FOLDER
 */
export function requireFolder(folder: string): void {
  let at = folder;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  if (isWritableFolder(at)) return;
  const why = at === folder ? 'is no folder that can be written' : `cannot be made: ${at} is no folder that can be written`;
  throw new RefitError('REFIT_EVIDENCE_FOLDER', `--evidence ${folder} ${why}. Name another one.`);
}

/** Writes both forms; the folder is made when it is missing. */
export function writeReport(folder: string, evidence: Evidence): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'evidence.json'), `${JSON.stringify(evidence, undefined, 2)}\n`);
  writeFileSync(join(folder, 'evidence.md'), page(evidence));
}
