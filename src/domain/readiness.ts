// May a step run now, and if not, why (spec 3.1 to 3.4); the same rules stand in SQL, and tests compare the two.
import { satisfiesDependents } from './states.ts';
import type { StepState } from './states.ts';

export { dependencyLevels } from './dependency-graph.ts';

/** What decides whether a step may run. */
export interface StepFacts {
  readonly state: StepState;
  /** Executions begun so far. */
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly retryable: boolean;
  readonly processed: boolean;
  readonly inProcess: boolean;
  /** The state of each direct parent; empty for a root. */
  readonly parentStates: readonly StepState[];
  /** When the backoff ends, in ms since the epoch; undefined when none runs. */
  readonly nextRetryAt: number | undefined;
}

/**
 * In the order in which they are asked. `backoff_running` is ours: the spec calls that `invalid_state`, which tells an operator nothing.
 * `unknown` means that the row's flags contradict its state.
 */
export type BlockingReason =
  | 'dependencies_not_satisfied'
  | 'retry_not_eligible'
  | 'invalid_state'
  | 'backoff_running'
  | 'unknown';

export interface StepReadiness {
  readonly dependenciesSatisfied: boolean;
  readonly retryEligible: boolean;
  readonly readyForExecution: boolean;
  /** Undefined for a step that is ready. */
  readonly blockingReason: BlockingReason | undefined;
}

/** Spec 3.3 and 3.4. The first attempt is always eligible, even with `maxAttempts` 0. `now` in ms since the epoch. */
export function stepReadiness(step: StepFacts, now: number): StepReadiness {
  const dependenciesSatisfied = step.parentStates.every(satisfiesDependents);
  const retryEligible = step.attempts === 0 || (step.retryable && step.attempts < step.maxAttempts);
  const blockingReason = firstObstacle(step, { dependenciesSatisfied, retryEligible, now });
  return { dependenciesSatisfied, retryEligible, readyForExecution: blockingReason === undefined, blockingReason };
}

interface Findings {
  readonly dependenciesSatisfied: boolean;
  readonly retryEligible: boolean;
  readonly now: number;
}

function firstObstacle(step: StepFacts, { dependenciesSatisfied, retryEligible, now }: Findings): BlockingReason | undefined {
  if (!dependenciesSatisfied) return 'dependencies_not_satisfied';
  if (!retryEligible) return 'retry_not_eligible';
  if (step.state !== 'pending' && step.state !== 'waiting_for_retry') return 'invalid_state';
  if (step.nextRetryAt !== undefined && step.nextRetryAt > now) return 'backoff_running';
  return step.processed || step.inProcess ? 'unknown' : undefined;
}

/** Those whose parents are done, in the order given (spec 6.6); an empty answer is no error. */
export function withSatisfiedDependencies<T extends { readonly dependenciesSatisfied: boolean }>(
  steps: readonly T[],
): readonly T[] {
  return steps.filter((step) => step.dependenciesSatisfied);
}

export interface RetryTimeFacts {
  /** The delay that was asked for, in ms. */
  readonly backoffRequestMs: number | undefined;
  /** All times in ms since the epoch. */
  readonly lastAttemptedAt: number | undefined;
  readonly failedAt: number | undefined;
  readonly attempts: number | undefined;
  readonly maxBackoffMs?: number;
  readonly multiplier?: number;
}

/** When the next attempt may begin (spec 3.2), in ms since the epoch; undefined when nothing says so, that is at once. */
export function nextRetryTime(facts: RetryTimeFacts): number | undefined {
  const { backoffRequestMs, lastAttemptedAt, failedAt, attempts = 1, maxBackoffMs = 60_000, multiplier = 2 } = facts;
  if (backoffRequestMs !== undefined && lastAttemptedAt !== undefined) return lastAttemptedAt + backoffRequestMs;
  return failedAt === undefined ? undefined : failedAt + Math.min(multiplier ** attempts * 1000, maxBackoffMs);
}
