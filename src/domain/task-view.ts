// A task as a decision sees it, and what a decision answers: plain data, no database.
import type { Json } from './json.ts';
import type { StepState, TaskState } from './states.ts';

/** What the worker reported, as far as the decision needs it (spec 6.8). */
export interface ReportedResult {
  /** Undefined: the stored result could not be read. */
  readonly success: boolean | undefined;
  readonly retryable: boolean | undefined;
  readonly message: string | undefined;
  /** Retry-After as the handler gave it: seconds or an HTTP date. */
  readonly retryAfter: string | undefined;
  /** A handler's own wish for the delay (spec 9.4 backoff_hint). */
  readonly hintSeconds: number | undefined;
}

export interface StepView {
  readonly id: string;
  readonly name: string;
  readonly state: StepState;
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly retryable: boolean;
  /** Uuids of the direct parents. */
  readonly parents: readonly string[];
  /** Ms since the epoch. */
  readonly nextRetryAt: number | undefined;
  /** Only for the two states a worker's report leaves behind. */
  readonly result: ReportedResult | undefined;
}

export interface TaskView {
  readonly taskUuid: string;
  readonly state: TaskState;
  readonly namedTaskUuid: string;
  readonly correlationId: string;
  readonly namespace: string;
  readonly steps: readonly StepView[];
}

/** One step's way from one committed state to the next; `via` holds the states passed on the way. */
export interface StepChange {
  readonly id: string;
  readonly from: StepState;
  readonly to: StepState;
  readonly via: readonly StepState[];
  readonly nextRetryAt: number | undefined;
  readonly backoffMs: number | undefined;
  /** A new attempt count, when an operator reset it. */
  readonly attempts: number | undefined;
  /** A new stored result, when an operator gave one. */
  readonly result: Json | undefined;
  readonly metadata: Json | undefined;
}

export interface TaskChange {
  readonly from: TaskState;
  readonly to: TaskState;
  readonly via: readonly TaskState[];
  readonly metadata: Json | undefined;
}

export interface TaskDecision {
  readonly taskUuid: string;
  /** Where the task is when the decision is saved. */
  readonly state: TaskState;
  readonly steps: readonly StepChange[];
  /** Undefined: the task stays where it is. */
  readonly task: TaskChange | undefined;
  /** Uuids of the steps that go to their queue. */
  readonly enqueued: readonly string[];
}
