// Where a task stands, counted from its steps, and what to do next (spec 3.8, in the readings of spec 14 #22 and #23).
import { satisfiesDependents } from './states.ts';
import type { StepState } from './states.ts';
import { stepReadiness } from './readiness.ts';
import type { StepFacts } from './readiness.ts';

export const executionStatuses = [
  'blocked_by_failures',
  'has_ready_steps',
  'processing',
  'all_complete',
  'waiting_for_dependencies',
] as const;
export type ExecutionStatus = (typeof executionStatuses)[number];

export type RecommendedAction =
  | 'handle_failures'
  | 'execute_ready_steps'
  | 'wait_for_completion'
  | 'finalize_task'
  | 'wait_for_dependencies';

/** The spec's `recovering` and `unknown` cannot occur once every step in `error` blocks its task (14 #22). */
export type TaskHealth = 'healthy' | 'blocked';

export interface ExecutionContext {
  readonly totalSteps: number;
  /** `pending` and `waiting_for_retry`. */
  readonly pendingSteps: number;
  readonly inProgressSteps: number;
  /** `complete` and `resolved_manually`. */
  readonly completedSteps: number;
  readonly failedSteps: number;
  readonly readySteps: number;
  /** On a worker's queue, or saved and waiting for the orchestrator. */
  readonly enqueuedSteps: number;
  readonly executionStatus: ExecutionStatus;
  readonly recommendedAction: RecommendedAction;
  /** 0 to 100, two decimals. */
  readonly completionPercentage: number;
  readonly healthStatus: TaskHealth;
}

const enqueued: ReadonlySet<StepState> = new Set<StepState>([
  'enqueued',
  'enqueued_for_orchestration',
  'enqueued_as_error_for_orchestration',
]);

const actions: Readonly<Record<ExecutionStatus, RecommendedAction>> = {
  blocked_by_failures: 'handle_failures',
  has_ready_steps: 'execute_ready_steps',
  processing: 'wait_for_completion',
  all_complete: 'finalize_task',
  waiting_for_dependencies: 'wait_for_dependencies',
};

/** `now` in ms since the epoch: a backoff that has run out makes its step ready. */
export function executionContext(steps: readonly StepFacts[], now: number): ExecutionContext {
  const count = (test: (step: StepFacts) => boolean): number => steps.filter(test).length;
  const counts = {
    totalSteps: steps.length,
    pendingSteps: count((step) => step.state === 'pending' || step.state === 'waiting_for_retry'),
    inProgressSteps: count((step) => step.state === 'in_progress'),
    completedSteps: count((step) => satisfiesDependents(step.state)),
    failedSteps: count((step) => step.state === 'error'),
    readySteps: count((step) => stepReadiness(step, now).readyForExecution),
    enqueuedSteps: count((step) => enqueued.has(step.state)),
  };
  const executionStatus = statusOf(counts);
  const { totalSteps, completedSteps, failedSteps } = counts;
  return {
    ...counts,
    executionStatus,
    recommendedAction: actions[executionStatus],
    completionPercentage: totalSteps === 0 ? 0 : Math.round((completedSteps * 10_000) / totalSteps) / 100,
    healthStatus: failedSteps > 0 ? 'blocked' : 'healthy',
  };
}

type Counts = Pick<
  ExecutionContext,
  'totalSteps' | 'inProgressSteps' | 'completedSteps' | 'failedSteps' | 'readySteps' | 'enqueuedSteps'
>;

/** The first row of spec 3.8 that holds. */
function statusOf(counts: Counts): ExecutionStatus {
  if (counts.failedSteps > 0) return 'blocked_by_failures';
  if (counts.readySteps > 0) return 'has_ready_steps';
  if (counts.inProgressSteps > 0 || counts.enqueuedSteps > 0) return 'processing';
  if (counts.totalSteps > 0 && counts.completedSteps === counts.totalSteps) return 'all_complete';
  return 'waiting_for_dependencies';
}

/** Reads the status that SQL computed; an unknown text reads as `waiting_for_dependencies` (spec 3.8). */
export function parseExecutionStatus(text: string): ExecutionStatus {
  return executionStatuses.find((status) => status === text) ?? 'waiting_for_dependencies';
}
