// Carries a plan out on a workspace: one transaction a step, stops at the first that fails, leaves the tree as that step found it.
import type { ChangedFile } from '../kernel/apply.ts';
import { affectedBy, DiagnosticBaseline, diagnosticsOf, importersOf } from '../kernel/diagnostics.ts';
import { isRefitError, reasonOf, RefitError } from '../kernel/refit-error.ts';
import { Refusal } from '../kernel/refusal.ts';
import { runOperation, type OperationRecord } from '../kernel/run-operation.ts';
import type { Snapshot, Workspace } from '../kernel/workspace.ts';
import { Confirmations, type Unconfirmed, withUndone } from './confirmations.ts';
import type { Claim } from './claim.ts';
import type { Plan, Step } from './plan.ts';
import type { Promised, StepFailure, StepRecord } from './step-record.ts';
import { orderOf, requireWellFormed, withDependencies } from './step-order.ts';

export type { Promised, StepFailure, StepRecord } from './step-record.ts';

export interface ExecuteOptions {
  /** Ids of the steps to run; what they depend on runs too. Default: all. */
  readonly only?: readonly string[];
  /** Ids that an earlier run has done. */
  readonly done?: readonly string[];
  /** The messages the project has without the plan, where the caller knows them: the whole project is not checked again. */
  readonly baseline?: DiagnosticBaseline;
  /** A random one of the orders the dependencies allow. */
  readonly seed?: number;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
  /** Called before and after each step. */
  readonly onStep?: (step: Step, record: StepRecord | undefined) => void;
  /** Judges a step on the workspace as it left it; a failure undoes the step. */
  readonly judge?: (step: Step, record: StepRecord) => Promise<StepFailure | undefined>;
  /**
   * Judges a step that is done, from a copy of the changes, while later steps run already; a failure undoes it and all
   * that came after it. Asked in the order of the steps.
   */
  readonly confirm?: (step: Step, record: StepRecord, changes: Snapshot) => Promise<StepFailure | undefined>;
  /** Work on the finished project, done while the last confirmations are awaited; not begun when a step failed. */
  readonly meanwhile?: () => Promise<void>;
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

/** Steps one after the other, until one fails or an earlier one turns out not to be confirmed. */
async function runSteps(
  run: { readonly workspace: Workspace; readonly baseline: DiagnosticBaseline; readonly options: ExecuteOptions },
  order: readonly Step[],
  confirmations: Confirmations,
): Promise<readonly StepRecord[]> {
  const { workspace, baseline, options } = run;
  const records: StepRecord[] = [];
  let stopped = false;
  for (const step of order) {
    stopped ||= (await confirmations.known()) !== undefined;
    if (stopped) {
      records.push(notRun(step));
      continue;
    }
    options.onStep?.(step, undefined);
    const before = workspace.changes();
    const record = await runStep(workspace, step, baseline, options);
    options.onStep?.(step, record);
    if (record.failure === undefined && options.confirm !== undefined) {
      confirmations.add(records.length, before, options.confirm(step, record, workspace.changes()));
    }
    records.push(record);
    stopped = record.failure !== undefined;
  }
  return records;
}

async function lastWork(records: readonly StepRecord[], options: ExecuteOptions): Promise<void> {
  if (records.every(({ failure, status }) => failure === undefined && status !== 'not-run')) await options.meanwhile?.();
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
  const baseline = options.baseline ?? requireCompiling(workspace);
  const confirmations = new Confirmations();
  const records = await runSteps({ workspace, baseline, options }, order, confirmations);
  const [unconfirmed] = await Promise.all([confirmations.all(), lastWork(records, options)]);
  return unconfirmed === undefined ? records : undone(workspace, records, unconfirmed);
}

function undone(workspace: Workspace, records: readonly StepRecord[], unconfirmed: Unconfirmed): readonly StepRecord[] {
  workspace.restore(unconfirmed.before);
  return withUndone(records, unconfirmed);
}
