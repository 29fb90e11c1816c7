// The step state machine: which event leads from which state to which, and under which guard (spec 2.7 to 2.9).
import type { Json } from './json.ts';
import { isTerminalStepState } from './states.ts';
import type { StepState } from './states.ts';

export const stepEventTypes = [
  'Enqueue',
  'Start',
  'EnqueueForOrchestration',
  'EnqueueAsErrorForOrchestration',
  'Complete',
  'Fail',
  'Cancel',
  'ResolveManually',
  'CompleteManually',
  'ResetForRetry',
  'Retry',
  'WaitForRetry',
  // Ours, beyond the 12 of the spec: the attempt was lost with its worker, so the step goes back to its queue (spec 6.15).
  'LeaseExpired',
] as const;
export type StepEventType = (typeof stepEventTypes)[number];

/** The wire form: `type`, and `data` only where there is something to carry (results, or an error message). */
export type StepEvent =
  | { readonly type: 'Enqueue' | 'Start' | 'Cancel' | 'ResolveManually' | 'ResetForRetry' | 'Retry' | 'LeaseExpired' }
  | {
      readonly type: 'EnqueueForOrchestration' | 'EnqueueAsErrorForOrchestration' | 'Complete' | 'CompleteManually';
      readonly data?: Json;
    }
  | { readonly type: 'Fail' | 'WaitForRetry'; readonly data: string };

/** What the guards need to know. Not said counts as not satisfied: a step must never run before its parents by omission. */
export interface StepTransitionFacts {
  readonly dependenciesSatisfied?: boolean;
}

export type StepTransition =
  | { readonly kind: 'moved'; readonly to: StepState }
  | {
      readonly kind: 'refused';
      readonly code: 'TERMINAL_STATE' | 'INVALID_TRANSITION' | 'DEPENDENCIES_NOT_SATISFIED';
      readonly message: string;
    };

type Row = Readonly<Partial<Record<StepEventType, StepState>>>;

const operator = { CompleteManually: 'complete', ResolveManually: 'resolved_manually' } as const satisfies Row;
const open = { ...operator, Cancel: 'cancelled' } as const satisfies Row;
const failing = { Fail: 'error', WaitForRetry: 'waiting_for_retry' } as const satisfies Row;

/** Spec 2.8, without the guards. */
export const stepTransitions: Readonly<Record<StepState, Row>> = {
  pending: { ...open, ...failing, Enqueue: 'enqueued', Start: 'in_progress' },
  enqueued: { ...open, ...failing, Start: 'in_progress' },
  in_progress: {
    ...open,
    ...failing,
    EnqueueForOrchestration: 'enqueued_for_orchestration',
    EnqueueAsErrorForOrchestration: 'enqueued_as_error_for_orchestration',
    Complete: 'complete',
    LeaseExpired: 'enqueued',
  },
  enqueued_for_orchestration: { ...open, Complete: 'complete', Fail: 'error' },
  enqueued_as_error_for_orchestration: { ...open, ...failing, Complete: 'complete' },
  waiting_for_retry: { ...open, Retry: 'pending' },
  error: { ...open, Retry: 'pending', ResetForRetry: 'pending' },
  complete: operator,
  cancelled: operator,
  resolved_manually: operator,
};

/** Where `event` leads a step in state `from`, or why it is refused. */
export function stepTransition(from: StepState, event: StepEvent, facts: StepTransitionFacts = {}): StepTransition {
  const to = stepTransitions[from][event.type];
  if (to === undefined) return refusal(from, event.type);
  // Only these two leave the step free to run; from every other state the step has passed this guard before.
  const guarded = from === 'pending' && (event.type === 'Enqueue' || event.type === 'Start');
  if (guarded && facts.dependenciesSatisfied !== true) {
    const message = `the event ${event.type} needs every step this one depends on to be complete or resolved_manually, and they are not. Wait for them, or resolve them.`;
    return { kind: 'refused', code: 'DEPENDENCIES_NOT_SATISFIED', message };
  }
  return { kind: 'moved', to };
}

function refusal(from: StepState, type: StepEventType): StepTransition {
  const possible = Object.keys(stepTransitions[from]).join(', ');
  if (isTerminalStepState(from)) {
    const message = `Cannot transition from terminal state: the step is ${from}, the event was ${type}; only an operator's ${possible} is accepted.`;
    return { kind: 'refused', code: 'TERMINAL_STATE', message };
  }
  const message = `a step in ${from} does not take the event ${type}; expected one of ${possible}. Read the step's state again.`;
  return { kind: 'refused', code: 'INVALID_TRANSITION', message };
}

const namesByPair: Readonly<Record<string, string>> = {
  'pending→enqueued': 'step.enqueue_requested',
  'enqueued→in_progress': 'step.execution_requested',
  'in_progress→enqueued': 'step.lease_expired',
  'error→pending': 'step.retry_requested',
  'waiting_for_retry→pending': 'step.retry_requested',
};

const namesByTarget: Readonly<Partial<Record<StepState, string>>> = {
  in_progress: 'step.handle',
  enqueued_for_orchestration: 'step.enqueued_for_orchestration',
  enqueued_as_error_for_orchestration: 'step.enqueued_as_error_for_orchestration',
  waiting_for_retry: 'step.retry_requested',
  complete: 'step.completed',
  error: 'step.failed',
  cancelled: 'step.cancelled',
  resolved_manually: 'step.resolved_manually',
};

/** The name under which a step's transition is published (spec 2.9); undefined where the spec publishes nothing. */
export function stepLifecycleEventName(from: StepState, to: StepState): string | undefined {
  return namesByPair[`${from}→${to}`] ?? namesByTarget[to];
}
