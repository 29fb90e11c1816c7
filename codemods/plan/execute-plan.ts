// Carries a plan out on a workspace: one transaction a step, stops at the first that fails, leaves the tree as that step found it.
import type { ChangedFile } from '../kernel/apply.ts';
import { affectedBy, DiagnosticBaseline, diagnosticsOf, importersOf } from '../kernel/diagnostics.ts';
import { isRefitError, reasonOf, RefitError } from '../kernel/refit-error.ts';
import { Refusal } from '../kernel/refusal.ts';
import { runOperation, type OperationRecord } from '../kernel/run-operation.ts';
import type { Workspace } from '../kernel/workspace.ts';
import type { Claim, ClaimResult } from './claim.ts';
import type { Plan, Step } from './plan.ts';
import { orderOf, requireWellFormed, withDependencies } from './step-order.ts';

/** What a promise of a step turned out to be. */
export interface Promised extends ClaimResult {
  readonly says: string;
}

/** Why a step was not done. */
export interface StepFailure {
  readonly code: string;
  readonly message: string;
  readonly path?: string;
  readonly line?: number;
}

/** What became of one step. */
export interface StepRecord {
  readonly id: string;
  readonly title: string;
  readonly status: 'done' | 'already-done' | 'refused' | 'failed' | 'not-run';
  readonly operations: readonly OperationRecord[];
  /** Files this step changed, with their texts before and after it. */
  readonly files: readonly ChangedFile[];
  readonly promised: readonly Promised[];
  /** New compiler messages after the step; 0 for every step that is done. */
  readonly newDiagnostics: number;
  readonly milliseconds: number;
  readonly failure?: StepFailure;
}

export interface ExecuteOptions {
  /** Ids of the steps to run; what they depend on runs too. Default: all. */
  readonly only?: readonly string[];
  /** Ids that an earlier run has done. */
  readonly done?: readonly string[];
  /** A random one of the orders the dependencies allow. */
  readonly seed?: number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
  /** Called before and after each step. */
  readonly onStep?: (step: Step, record: StepRecord | undefined) => void;
  /** Judges a step on the workspace as it left it; a failure undoes the step. */
  readonly judge?: (step: Step, record: StepRecord) => Promise<StepFailure | undefined>;
}

/** Refuses a project that does not compile: nothing could be shown about it. */
export function requireCompiling(workspace: Workspace): DiagnosticBaseline {
  const baseline = new DiagnosticBaseline(workspace);
  const [first] = baseline.all;
  if (first === undefined) return baseline;
  const more = baseline.all.length > 1 ? ` (and ${String(baseline.all.length - 1)} more)` : '';
  throw new RefitError(
    'REFIT_PROJECT_DOES_NOT_COMPILE',
    `${workspace.relative(first.path)}:${String(first.line)}: TS${String(first.code)} ${first.message}${more}. Make the project compile first; a plan runs only on one that does.`,
  );
}

function mergedFiles(operations: readonly OperationRecord[]): readonly ChangedFile[] {
  const files = new Map<string, ChangedFile>();
  for (const file of operations.flatMap((operation) => operation.files)) {
    const first = files.get(file.path);
    files.set(file.path, first === undefined ? file : { ...first, after: file.after });
  }
  return [...files.values()].filter((file) => file.before !== file.after);
}

function failureOf(thrown: unknown): StepFailure {
  if (!isRefitError(thrown)) throw thrown;
  const place = 'place' in thrown ? (thrown as Refusal).place : undefined; // a Refusal, perhaps of another copy of the class
  return { code: thrown.code, message: thrown.message, ...place };
}

function checkedPromises(workspace: Workspace, claims: readonly Claim[]): readonly Promised[] {
  return claims.map((claim) => ({ says: claim.says, ...claim.check(workspace) }));
}

/** What of a step is known before it is judged. */
type Attempt = Omit<StepRecord, 'milliseconds'>;

function requireTypes(workspace: Workspace, files: readonly ChangedFile[], baseline: DiagnosticBaseline): void {
  const changed = new Set(files.map((file) => file.path));
  const found = baseline.newAmong(diagnosticsOf(workspace, affectedBy(workspace, changed, importersOf(workspace))));
  const [first] = found;
  if (first === undefined) return;
  const list = found
    .slice(0, 8)
    .map((each) => `${workspace.relative(each.path)}:${String(each.line)} TS${String(each.code)} ${each.message}`);
  throw new Refusal(
    'REFIT_RESULT_TYPES',
    `The step's result does not compile under the project's own options:\n  ${list.join('\n  ')}`,
    {
      path: workspace.relative(first.path),
      line: first.line,
    },
  );
}

function attempt(workspace: Workspace, step: Step, baseline: DiagnosticBaseline): Attempt {
  const operations: OperationRecord[] = [];
  const base = { id: step.id, title: step.title };
  try {
    for (const operation of step.operations) operations.push(runOperation(workspace, operation));
    const files = mergedFiles(operations);
    requireTypes(workspace, files, baseline);
    const promised = checkedPromises(workspace, step.ensures);
    const broken = promised.find((promise) => !promise.holds);
    const status = files.length === 0 ? 'already-done' : 'done';
    if (broken === undefined) return { ...base, status, operations, files, promised, newDiagnostics: 0 };
    const failure = {
      code: 'REFIT_PROMISE_BROKEN',
      message: `The step promised "${broken.says}"; the result says: ${broken.found}.`,
    };
    return { ...base, status: 'failed', operations, files, promised, newDiagnostics: 0, failure };
  } catch (thrown) {
    const failure = failureOf(thrown);
    const at = operations.length;
    const which = step.operations[at]?.codemod.name ?? 'type check';
    const message = `operation ${String(at + 1)} (${which}): ${failure.message}`;
    return {
      ...base,
      status: 'refused',
      operations,
      files: [],
      promised: [],
      newDiagnostics: 0,
      failure: { ...failure, message },
    };
  }
}

async function runStep(
  workspace: Workspace,
  step: Step,
  baseline: DiagnosticBaseline,
  options: ExecuteOptions,
): Promise<StepRecord> {
  const now = options.now ?? (() => performance.now());
  const snapshot = workspace.changes();
  const started = now();
  try {
    const tried = attempt(workspace, step, baseline);
    const record: StepRecord = { ...tried, milliseconds: now() - started };
    const failure = record.failure ?? (await options.judge?.(step, record));
    if (failure === undefined) return record;
    workspace.restore(snapshot);
    return { ...record, status: record.status === 'refused' ? 'refused' : 'failed', failure };
  } catch (thrown) {
    workspace.restore(snapshot);
    throw new RefitError(
      'REFIT_STEP_BUG',
      `Step ${step.id}: ${reasonOf(thrown)}. The project is as the step found it; this is a bug of the codemod.`,
      {
        cause: thrown,
      },
    );
  }
}

function notRun(step: Step): StepRecord {
  return {
    id: step.id,
    title: step.title,
    status: 'not-run',
    operations: [],
    files: [],
    promised: [],
    newDiagnostics: 0,
    milliseconds: 0,
  };
}

/** Runs the plan; the workspace holds the result of every step that is done. */
export async function executePlan(
  workspace: Workspace,
  plan: Plan,
  options: ExecuteOptions = {},
): Promise<readonly StepRecord[]> {
  requireWellFormed(plan);
  const chosen = withDependencies(plan, options.only).filter((step) => options.done?.includes(step.id) !== true);
  const order = orderOf(plan, chosen, options.seed);
  const baseline = requireCompiling(workspace);
  const records: StepRecord[] = [];
  let stopped = false;
  for (const step of order) {
    if (stopped) {
      records.push(notRun(step));
      continue;
    }
    options.onStep?.(step, undefined);
    const record = await runStep(workspace, step, baseline, options);
    options.onStep?.(step, record);
    records.push(record);
    stopped = record.failure !== undefined;
  }
  return records;
}
