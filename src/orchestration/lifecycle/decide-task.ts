// The decision on one task: take over what workers reported, retry what is due, enqueue what became ready, finalize (spec 6.8–6.10).
import { backoffDelay, parseRetryAfter } from '../../domain/backoff.ts';
import type { RetryPolicy } from '../../domain/backoff.ts';
import { executionContext } from '../../domain/execution-context.ts';
import type { Json } from '../../domain/json.ts';
import type { Random } from '../../domain/ports.ts';
import { walkTask } from '../../domain/task-machine.ts';
import type { StepView, TaskDecision, TaskView } from '../../domain/task-view.ts';
import { enqueueSteps } from './step-enqueuer.ts';
import { StepsInProgress } from './step-progress.ts';
import { coordinateTask } from './task-finalizer.ts';
import { discoverViableSteps } from './viable-step-discovery.ts';

export interface DecisionContext {
  /** Ms since the epoch. */
  readonly now: number;
  readonly random: Random;
  /** The template's retry block of a step; undefined = the defaults. */
  readonly retryPolicyOf: (stepName: string) => RetryPolicy | undefined;
}

/** Decides everything that can be decided about the task now. Pure: saving is the store's part. */
export function decideTask(view: TaskView, context: DecisionContext): TaskDecision {
  const steps = new StepsInProgress(view.steps);
  const reported = view.steps.filter((step) => step.result !== undefined);
  for (const step of reported) takeOverResult(steps, step, context);
  return settleTask(view, steps, { now: context.now, trigger: reported[0]?.id, metadata: undefined });
}

export interface SettleOptions {
  readonly now: number;
  /** The step that brought the decision about. */
  readonly trigger: string | undefined;
  readonly metadata: Json | undefined;
}

/** Brings task and queue in line with the steps as they stand now; the last part of every decision. */
export function settleTask(view: TaskView, steps: StepsInProgress, options: SettleOptions): TaskDecision {
  const facts = steps.facts();
  const { executionStatus } = executionContext(facts, options.now);
  const ready = executionStatus === 'has_ready_steps' ? discoverViableSteps(facts, options.now) : [];
  const failed = facts.filter((step) => step.state === 'error').map((step) => nameOf(view, step.id));
  const events = coordinateTask({
    state: view.state,
    status: executionStatus,
    ready: ready.map((step) => step.id),
    waitsForRetry: facts.some((step) => step.state === 'waiting_for_retry'),
    failure: `Steps in error state: ${failed.join(', ')}`,
    trigger: options.trigger ?? view.taskUuid,
  });
  const path = walkTask(view.state, events);
  // Nothing is enqueued unless the task passes enqueuing_steps: a blocked task keeps its ready steps waiting.
  const enqueues = path.includes('enqueuing_steps') || view.state === 'enqueuing_steps';
  const enqueued = enqueues ? enqueueSteps(steps, ready) : [];
  const to = path.at(-1) ?? view.state;
  // Through evaluating_results and back to steps_in_process in one transaction is no change: nobody can have seen it, the
  // transitions of the steps tell what happened, and each such row would cost the task's log as much as a step's.
  const changed = to !== view.state;
  return {
    taskUuid: view.taskUuid,
    state: to,
    steps: steps.changes(),
    task: changed ? { from: view.state, to, via: path.slice(0, -1), metadata: options.metadata } : undefined,
    enqueued,
  };
}

function nameOf(view: TaskView, id: string): string {
  return view.steps.find((step) => step.id === id)?.name ?? id;
}

function takeOverResult(steps: StepsInProgress, step: StepView, context: DecisionContext): void {
  const message = step.result?.message ?? 'the stored result could not be read';
  if (step.state === 'enqueued_for_orchestration') {
    const failed = step.result?.success === false;
    steps.apply(step.id, failed ? { type: 'Fail', data: `Step failed: ${message}` } : { type: 'Complete' });
    return;
  }
  // The step's own `retryable` stands in the row; the report's says whether this failure may pass (spec 6.8).
  const mayRetry = step.retryable && step.result?.retryable !== false && step.attempts < step.maxAttempts;
  if (!mayRetry) {
    steps.apply(step.id, { type: 'Fail', data: message }, { metadata: { message } });
    return;
  }
  const serverRequestedSeconds = parseRetryAfter(step.result?.retryAfter, context.now);
  const delay = backoffDelay({
    retry: context.retryPolicyOf(step.name),
    attempts: step.attempts,
    serverRequestedSeconds,
    hintSeconds: step.result?.hintSeconds,
    random: context.random,
  });
  steps.apply(
    step.id,
    { type: 'WaitForRetry', data: `${message} - retryable` },
    { nextRetryAt: context.now + delay.delayMs, backoffMs: delay.delayMs, metadata: { message, backoff: delay.type } },
  );
}
