// Runs a plan on a project for the command line: loads, lints, executes, traces, and gathers the evidence.
import { dirname, join, resolve } from 'node:path';
import { finishInterruptedRuns, requireWholeTree } from '../kernel/apply-to-disk.ts';
import { RefitError } from '../kernel/refit-error.ts';
import { Workspace } from '../kernel/workspace.ts';
import { lintPlan } from '../plan/lint-plan.ts';
import { executePlan, type StepRecord } from '../plan/execute-plan.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { requirePlanShape } from '../plan/plan-shape.ts';
import type { Trace, TracedSubject } from '../proof/trace-verdict.ts';
import type { SuitePair } from './file-table.ts';
import { requireAsLinted } from './linted.ts';
import { loadModule } from './load-module.ts';
import { readRunRecord, requireResumable, takeUp, type RunRecord } from './run-record.ts';
import type { StepEvidence } from './step-evidence.ts';
import { StepJudge } from './step-judge.ts';
import { requireCommitted } from './uncommitted.ts';
import { recordPath } from './write-run-record.ts';

export { behaviourFailure, structureFailure } from './step-failures.ts';

export interface RunFlags {
  readonly project?: readonly string[];
  readonly root?: string;
  readonly only?: readonly string[];
  readonly proof?: string;
  readonly random: number;
  readonly seed?: number;
  /** Runs the project's own tests, where the plan names them, after each step. */
  readonly tests?: true;
  /** A record of `refit lint --json`. */
  readonly linted?: string;
  /** Records the run after each confirmed step: for the copy `out` (absolute), else for the project itself. */
  readonly record?: { readonly out?: string };
  /** Writes into the project although files of it have changes that are not committed. */
  readonly allowDirty?: true;
  /** Goes on from that record. */
  readonly resume?: true;
}

export interface PlanRun {
  readonly plan: Plan;
  readonly workspace: Workspace;
  /** Of the steps this run carried out. */
  readonly records: readonly StepRecord[];
  /** Of all steps, those of the run that was resumed included. */
  readonly steps: readonly StepEvidence[];
  /** All subjects, with random scenarios, at the end; undefined when no proof module was given or a step failed. */
  readonly finalTraces: readonly TracedSubject[] | undefined;
  /** The project's own tests before the first step and after the last; undefined when they did not run. */
  readonly suites: SuitePair | undefined;
  /** Where the run is recorded; undefined: nowhere. */
  readonly recordPath: string | undefined;
  readonly testRuns: { readonly runs: number; readonly seconds: number } | undefined;
  readonly seconds: { readonly load: number; readonly apply: number; readonly proof: number };
}

function isPlan(value: unknown): value is Plan {
  return typeof value === 'object' && value !== null && 'steps' in value && 'phases' in value && 'name' in value;
}

/** The one plan a module exports. */
export async function loadPlan(path: string): Promise<Plan> {
  const plans = Object.values(await loadModule(path, 'plan')).filter(isPlan);
  const [plan] = plans;
  if (plan !== undefined && plans.length === 1) {
    requirePlanShape(plan, path);
    return plan;
  }
  throw new RefitError(
    'REFIT_PLAN_MODULE',
    `${path} exports ${String(plans.length)} plans. Export exactly one (\`export const plan: Plan = { … }\`).`,
  );
}

async function loadTrace(path: string | undefined, cwd: string): Promise<Trace | undefined> {
  if (path === undefined) return undefined;
  const { trace } = await loadModule(resolve(cwd, path), 'proof');
  if (typeof trace !== 'function')
    throw new RefitError('REFIT_PROOF_MODULE', `${path} does not export a function \`trace\` (see docs/proof.md).`);
  // Its shape is checked by the user's compiler; here only that it is a function.
  return trace as Trace;
}

/** Whether the result goes into the project itself. */
function isWritten({ record }: Pick<RunFlags, 'record'>): boolean {
  return record !== undefined && record.out === undefined;
}

/** The project the plan runs on: what the flags say, else what the plan was written for. */
export function loadProject(
  plan: Plan,
  flags: Pick<RunFlags, 'project' | 'root' | 'record' | 'allowDirty'>,
  cwd: string,
): Workspace {
  const root = resolve(cwd, flags.root ?? plan.root);
  const projects =
    flags.project === undefined ? plan.projects.map((path) => join(root, path)) : flags.project.map((path) => resolve(cwd, path));
  const folders = [root, ...projects.map((path) => dirname(path))];
  if (isWritten(flags)) finishInterruptedRuns(folders);
  else requireWholeTree(folders);
  const workspace = Workspace.load(projects, flags.project !== undefined && flags.root === undefined ? undefined : root);
  if (isWritten(flags) && flags.allowDirty !== true) requireCommitted(workspace);
  return workspace;
}

/** What is said while it runs. */
export interface Progress {
  step(step: Step, record: StepRecord | undefined): void;
  say(line: string): void;
}

function requireLintClean(workspace: Workspace, plan: Plan): void {
  const { findings } = lintPlan(workspace, plan);
  const [wrong] = findings;
  if (wrong === undefined) return;
  throw new RefitError(
    'REFIT_PLAN_WRONG',
    `Step ${wrong.step} says: ${wrong.says}; the code says: ${wrong.found}. ${String(findings.length)} claims do not hold (refit lint lists them); correct the plan first.`,
  );
}

/** What an earlier run left, taken up; undefined for a run that begins. */
function earlierRun(path: string | undefined, plan: Plan, workspace: Workspace): RunRecord | undefined {
  if (path === undefined) return undefined;
  const record = readRunRecord(path);
  requireResumable(record, plan, workspace);
  takeUp(record, workspace);
  return record;
}

function nameSteps(progress: Progress, earlier: RunRecord | undefined): void {
  if (earlier === undefined) return;
  const ids = earlier.steps.map(({ id }) => id).join(', ');
  progress.say(`resumed: ${ids === '' ? 'no step' : ids} done before`);
}

/** A plan and its project, ready to be run. */
interface Prepared {
  readonly plan: Plan;
  readonly trace: Trace | undefined;
  readonly workspace: Workspace;
  readonly judge: StepJudge;
  readonly earlier: RunRecord | undefined;
  readonly record: string | undefined;
  readonly loadMs: number;
}

async function prepare(path: string, flags: RunFlags, cwd: string): Promise<Prepared> {
  const plan = await loadPlan(resolve(cwd, path));
  const trace = await loadTrace(flags.proof, cwd);
  const started = performance.now();
  const workspace = loadProject(plan, flags, cwd);
  if (flags.linted !== undefined) requireAsLinted(resolve(cwd, flags.linted), plan, workspace);
  requireLintClean(workspace, plan);
  const record = flags.record === undefined ? undefined : recordPath({ ...flags.record, root: workspace.root });
  const earlier = earlierRun(flags.resume === true ? record : undefined, plan, workspace);
  const judge = new StepJudge({ plan, workspace, trace, tests: flags.tests === true, record, earlier });
  return { plan, trace, workspace, judge, earlier, record, loadMs: performance.now() - started };
}

/** The steps, and beside the last confirmations all traces. */
async function carryOut(prepared: Prepared, flags: RunFlags, progress: Progress): Promise<PlanRun> {
  const { plan, trace, workspace, judge, earlier, record, loadMs } = prepared;
  const began = performance.now();
  let applied: number | undefined;
  let finalTraces: readonly TracedSubject[] | undefined;
  const records = await executePlan(workspace, plan, {
    ...(flags.only === undefined ? {} : { only: flags.only }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    done: earlier?.steps.map(({ id }) => id) ?? [],
    onStep: (step, done) => {
      if (done === undefined) judge.begin();
      progress.step(step, done);
    },
    judge: async (step, done) => await judge.judge(step, done),
    confirm: async (step, done, changes) => await judge.confirm(step, done, changes),
    meanwhile: async () => {
      applied = performance.now();
      if (trace === undefined) return;
      progress.say('tracing all subjects');
      finalTraces = await trace(workspace.changes(), { random: flags.random });
    },
  });
  const ended = performance.now();
  const stepsEnded = applied ?? ended;
  const stopped = records.some(({ failure }) => failure !== undefined);
  return {
    plan,
    workspace,
    records,
    steps: judge.evidence(records),
    finalTraces: stopped ? undefined : finalTraces,
    ...(await judge.suites()),
    recordPath: record,
    seconds: {
      load: loadMs / 1000,
      apply: (stepsEnded - began - judge.milliseconds) / 1000,
      proof: (judge.milliseconds + ended - stepsEnded) / 1000,
    },
  };
}

/** Runs the plan at `path`. Throws RefitError for bad input; a refused or failed step is a record. */
export async function runPlan(
  path: string,
  flags: RunFlags,
  context: { readonly cwd: string; readonly progress: Progress },
): Promise<PlanRun> {
  const prepared = await prepare(path, flags, context.cwd);
  try {
    nameSteps(context.progress, prepared.earlier);
    return await carryOut(prepared, flags, context.progress);
  } finally {
    await prepared.judge.close();
  }
}
