// Checks every claim of a plan against the code, before anything is edited.
import { createHash } from 'node:crypto';
import { RefitError } from '../kernel/refit-error.ts';
import type { Workspace } from '../kernel/workspace.ts';
import type { Plan, Step } from './plan.ts';
import { orderOf, requireWellFormed } from './step-order.ts';

/** A claim that does not hold. */
export interface LintFinding {
  readonly step: string;
  readonly says: string;
  readonly found: string;
  readonly at?: string;
}

/** The texts a lint was made on: path relative to the root → hash of the text. */
export type LintRecord = ReadonlyMap<string, string>;

export interface LintResult {
  readonly claims: number;
  readonly findings: readonly LintFinding[];
  readonly record: LintRecord;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Hashes of all source files of the workspace. */
export function recordOf(workspace: Workspace): LintRecord {
  return new Map(workspace.sourceFiles().map((file) => [workspace.relative(file.getFilePath()), hash(file.getFullText())]));
}

/** A step as it is written: what it does, claims, promises and waits for. Functions inside of codemods are not part of it. */
export function hashOfStep(step: Step): string {
  const said = (claims: Step['claims']): readonly unknown[] => claims.map(({ says, quotes }) => [says, quotes]);
  const operations = step.operations.map(({ codemod, options }) => [codemod.name, options]);
  return hash(JSON.stringify([step.id, step.after, said(step.claims), operations, said(step.ensures), step.subjects, step.api]));
}

/** Step id -> its hash. */
export function stepHashes(plan: Plan): ReadonlyMap<string, string> {
  return new Map(plan.steps.map((step) => [step.id, hashOfStep(step)]));
}

/** Checks structure and claims; throws REFIT_PLAN_… for a plan that is not well formed. */
export function lintPlan(workspace: Workspace, plan: Plan): LintResult {
  requireWellFormed(plan);
  orderOf(plan, plan.steps);
  const findings = plan.steps.flatMap((step) =>
    step.claims.flatMap((claim): LintFinding[] => {
      const { holds, found, at } = claim.check(workspace);
      return holds ? [] : [{ step: step.id, says: claim.says, found, ...(at === undefined ? {} : { at }) }];
    }),
  );
  return { claims: plan.steps.reduce((sum, step) => sum + step.claims.length, 0), findings, record: recordOf(workspace) };
}

/** Refuses to go on when a source file is not what it was when the plan was linted. */
export function requireUnchanged(record: LintRecord, workspace: Workspace): void {
  const now = recordOf(workspace);
  const moved = [...new Set([...record.keys(), ...now.keys()])].filter((path) => record.get(path) !== now.get(path));
  const [first] = moved;
  if (first === undefined) return;
  const more = moved.length > 1 ? ` and ${String(moved.length - 1)} more` : '';
  throw new RefitError(
    'REFIT_PLAN_STALE',
    `${first}${more} changed since the plan was linted. Lint it again (refit lint <plan>) and look at what it says.`,
  );
}

/** Refuses to go on when a step of the plan is not what it was when the plan was linted. */
export function requireSameSteps(linted: ReadonlyMap<string, string>, plan: Plan): void {
  const now = stepHashes(plan);
  const first = [...new Set([...linted.keys(), ...now.keys()])].find((id) => linted.get(id) !== now.get(id));
  if (first === undefined) return;
  throw new RefitError(
    'REFIT_PLAN_STALE',
    `Step ${first} of plan ${plan.name} changed since the plan was linted. Lint it again (refit lint <plan>) and look at what it says.`,
  );
}
