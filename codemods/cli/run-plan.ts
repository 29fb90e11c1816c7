// Runs a plan on a project for the command line: loads, lints, executes, traces, and gathers the evidence.
import { join, resolve } from 'node:path';
import type { ChangedFile } from '../kernel/apply.ts';
import { RefitError } from '../kernel/refit-error.ts';
import { Workspace } from '../kernel/workspace.ts';
import { lintPlan } from '../plan/lint-plan.ts';
import { checkStructure } from '../plan/check-structure.ts';
import { executePlan, type StepFailure, type StepRecord } from '../plan/execute-plan.ts';
import type { Plan, Step } from '../plan/plan.ts';
import type { Trace, TracedSubject } from '../proof/trace-verdict.ts';
import { loadModule } from './load-module.ts';

export interface RunFlags {
  readonly project?: readonly string[];
  readonly root?: string;
  readonly only?: readonly string[];
  readonly proof?: string;
  readonly random: number;
  readonly seed?: number;
}

export interface PlanRun {
  readonly plan: Plan;
  readonly workspace: Workspace;
  readonly records: readonly StepRecord[];
  /** Traces after each step, by step id. */
  readonly traces: ReadonlyMap<string, readonly TracedSubject[]>;
  /** All subjects, with random scenarios, at the end; undefined when no proof module was given or a step failed. */
  readonly finalTraces: readonly TracedSubject[] | undefined;
  readonly seconds: { readonly load: number; readonly apply: number; readonly proof: number };
}

function isPlan(value: unknown): value is Plan {
  return typeof value === 'object' && value !== null && 'steps' in value && 'phases' in value && 'name' in value;
}

/** The one plan a module exports. */
export async function loadPlan(path: string): Promise<Plan> {
  const plans = Object.values(await loadModule(path, 'plan')).filter(isPlan);
  const [plan] = plans;
  if (plan !== undefined && plans.length === 1) return plan;
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

/** The project the plan runs on: what the flags say, else what the plan was written for. */
export function loadProject(plan: Plan, flags: Pick<RunFlags, 'project' | 'root'>, cwd: string): Workspace {
  const root = resolve(cwd, flags.root ?? plan.root);
  const projects =
    flags.project === undefined ? plan.projects.map((path) => join(root, path)) : flags.project.map((path) => resolve(cwd, path));
  return Workspace.load(projects, flags.project !== undefined && flags.root === undefined ? undefined : root);
}

/** What the traces of a step say against it. */
export function behaviourFailure(traced: readonly TracedSubject[]): StepFailure | undefined {
  const moved = traced.find(({ differences }) => differences.length > 0);
  if (moved === undefined) return undefined;
  const list = moved.differences.slice(0, 5).join('\n  ');
  return {
    code: 'REFIT_BEHAVIOUR_CHANGED',
    message: `The effect traces of ${moved.subject} differ from those of the code before:\n  ${list}`,
  };
}

/** A claim of structure that the texts do not bear out: a declaration that changed while it moved, a helper that is not its clones. */
export function structureFailure(record: StepRecord): StepFailure | undefined {
  const broken = checkStructure(record).find(({ holds, decidedByTraces }) => !holds && !decidedByTraces);
  if (broken === undefined) return undefined;
  return { code: 'REFIT_STRUCTURE_CHANGED', message: `The codemod claims: ${broken.claim}; the texts say: ${broken.found}.` };
}

/** What is said while it runs. */
export interface Progress {
  step(step: Step, record: StepRecord | undefined): void;
  say(line: string): void;
}

/** Runs the plan at `path`. Throws RefitError for bad input; a refused or failed step is a record. */
export async function runPlan(
  path: string,
  flags: RunFlags,
  context: { readonly cwd: string; readonly progress: Progress },
): Promise<PlanRun> {
  const plan = await loadPlan(resolve(context.cwd, path));
  const trace = await loadTrace(flags.proof, context.cwd);
  const started = performance.now();
  const workspace = loadProject(plan, flags, context.cwd);
  const { findings } = lintPlan(workspace, plan);
  const [wrong] = findings;
  if (wrong !== undefined) {
    throw new RefitError(
      'REFIT_PLAN_WRONG',
      `Step ${wrong.step} says: ${wrong.says}; the code says: ${wrong.found}. ${String(findings.length)} claims do not hold (refit lint lists them); correct the plan first.`,
    );
  }
  const loaded = performance.now();
  const traces = new Map<string, readonly TracedSubject[]>();
  let proofMs = 0;
  const judge = async (step: Step, record: StepRecord): Promise<StepFailure | undefined> => {
    const structure = structureFailure(record);
    if (structure !== undefined || trace === undefined || step.subjects.length === 0) return structure;
    const from = performance.now();
    const traced = await trace(workspace.changes(), { subjects: step.subjects, random: 0 });
    proofMs += performance.now() - from;
    traces.set(step.id, traced);
    return behaviourFailure(traced);
  };
  const records = await executePlan(workspace, plan, {
    ...(flags.only === undefined ? {} : { only: flags.only }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    onStep: (step, record) => context.progress.step(step, record),
    judge,
  });
  const applied = performance.now();
  const stopped = records.some(({ failure }) => failure !== undefined);
  let finalTraces: readonly TracedSubject[] | undefined;
  if (trace !== undefined && !stopped) {
    context.progress.say('tracing all subjects');
    finalTraces = await trace(workspace.changes(), { random: flags.random });
  }
  const ended = performance.now();
  const seconds = {
    load: (loaded - started) / 1000,
    apply: (applied - loaded - proofMs) / 1000,
    proof: (proofMs + ended - applied) / 1000,
  };
  return { plan, workspace, records, traces, finalTraces, seconds };
}

/** Every file the run changed, with its texts before the first and after the last step. */
export function changedFiles(records: readonly StepRecord[]): readonly ChangedFile[] {
  const files = new Map<string, ChangedFile>();
  for (const record of records) {
    if (record.failure !== undefined) continue;
    for (const file of record.files) files.set(file.path, { ...(files.get(file.path) ?? file), after: file.after });
  }
  return [...files.values()].filter((file) => file.before !== file.after).toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
