// What a plan run leaves behind after each confirmed step, so that a run that was stopped goes on where it was.
import { existsSync, readFileSync } from 'node:fs';
import { hashOf } from '../kernel/disk-texts.ts';
import { RefitError } from '../kernel/refit-error.ts';
import type { Snapshot, Workspace } from '../kernel/workspace.ts';
import { hashOfStep } from '../plan/lint-plan.ts';
import type { Plan } from '../plan/plan.ts';
import { jsonObject } from './linted.ts';
import type { StepEvidence } from './step-evidence.ts';

/** One confirmed step. */
export interface RecordedStep {
  readonly id: string;
  /** Of the step as the plan had it. */
  readonly hash: string;
  readonly evidence: StepEvidence;
}

/** A run as far as it came. Paths absolute. */
export interface RunRecord {
  readonly schema: 'refit-run/1';
  readonly plan: string;
  readonly root: string;
  /** Every file that was read, with the hash of its bytes. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly steps: readonly RecordedStep[];
  /** The project after the last of them: path and text, null for a file that is deleted. */
  readonly changes: readonly (readonly [path: string, text: string | null])[];
}

/** The record after `steps`, the last of which left the project with `changes`. */
export function recordOfRun(plan: Plan, workspace: Workspace, steps: readonly RecordedStep[], changes: Snapshot): RunRecord {
  return {
    schema: 'refit-run/1',
    plan: plan.name,
    root: workspace.root,
    inputs: Object.fromEntries([...workspace.loaded].map(([path, { hash }]) => [path, hash])),
    steps,
    changes: [...changes],
  };
}

function isRecord(value: object | undefined): value is RunRecord {
  if (value === undefined || !('schema' in value && 'plan' in value && 'root' in value && 'inputs' in value)) return false;
  const isWhole = typeof value.plan === 'string' && typeof value.root === 'string' && typeof value.inputs === 'object';
  const lists = 'steps' in value && Array.isArray(value.steps) && 'changes' in value && Array.isArray(value.changes);
  return value.schema === 'refit-run/1' && isWhole && value.inputs !== null && lists;
}

/**
 * The record at `path`.
 * @throws RefitError REFIT_RUN_RECORD where there is none.
 */
export function readRunRecord(path: string): RunRecord {
  const found = existsSync(path) ? jsonObject(readFileSync(path, 'utf8')) : undefined;
  if (isRecord(found)) return found;
  throw new RefitError(
    'REFIT_RUN_RECORD',
    `There is no record of a stopped run at ${path}: nothing to resume. Run the plan without --resume.`,
  );
}

function stale(what: string): RefitError {
  return new RefitError(
    'REFIT_RUN_STALE',
    `${what} since the run was stopped, so its steps would not be those of this project. Run the plan again without --resume.`,
  );
}

/** Refuses a record that is not of this plan on the files as they are now. Steps that are not done yet may be other ones. */
export function requireResumable(record: RunRecord, plan: Plan, workspace: Workspace): void {
  if (record.plan !== plan.name || record.root !== workspace.root)
    throw stale(`The record is of plan ${record.plan} in ${record.root}; the plan or its root changed`);
  for (const { id, hash } of record.steps) {
    const step = plan.steps.find((each) => each.id === id);
    if (step === undefined || hashOfStep(step) !== hash) throw stale(`Step ${id}, which is done, changed in the plan`);
  }
  for (const [path, hash] of Object.entries(record.inputs)) {
    if (!existsSync(path)) throw stale(`${workspace.relative(path)} was deleted`);
    if (hashOf(readFileSync(path)) !== hash) throw stale(`${workspace.relative(path)} changed`);
  }
  const appeared = record.changes.find(([path]) => record.inputs[path] === undefined && existsSync(path));
  if (appeared !== undefined) throw stale(`${workspace.relative(appeared[0])} was created`);
}

/** Brings the workspace to where the run was stopped. */
export function takeUp(record: RunRecord, workspace: Workspace): void {
  // Reading a file notes what it was like, so that a write later on finds out whether it changed meanwhile.
  for (const [path] of record.changes) workspace.textOf(path);
  workspace.restore(new Map(record.changes));
}
