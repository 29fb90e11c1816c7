// The task state machine: which event leads from which state to which (spec 2.2 to 2.4), as one table and one pure function.
import { TaskerError } from './errors.ts';
import { isTerminalTaskState } from './states.ts';
import type { TaskState } from './states.ts';

export { eventType } from './event-type.ts';

/** The wire form: `type`, and `data` only where the event carries something. UUIDs are lower-case text. */
export type TaskEvent =
  | { readonly type: TaskEventWithoutData }
  /** How many steps are ready. */
  | { readonly type: 'ReadyStepsFound'; readonly data: number }
  /** The UUIDs of the steps. */
  | { readonly type: 'StepsEnqueued'; readonly data: readonly string[] }
  /** The UUID of the step. */
  | { readonly type: 'StepCompleted' | 'StepFailed'; readonly data: string }
  /** What went wrong. */
  | { readonly type: 'EnqueueFailed' | 'PermanentFailure' | 'Fail'; readonly data: string };

export const taskEventTypes = [
  'Start',
  'Cancel',
  'GiveUp',
  'ManualResolution',
  'ReadyStepsFound',
  'NoStepsFound',
  'NoDependenciesReady',
  'DependenciesReady',
  'StepsEnqueued',
  'EnqueueFailed',
  'StepCompleted',
  'StepFailed',
  'AllStepsCompleted',
  'AllStepsSuccessful',
  'PermanentFailure',
  'RetryReady',
  'Timeout',
  'ProcessorCrashed',
  'Complete',
  'Fail',
  'ResolveManually',
  'Reset',
  // Ours, beyond the 22 of the spec: an operator fixed a step of a blocked task, so the task is looked at again (spec 14 #5).
  'ReevaluationRequested',
] as const;
export type TaskEventType = (typeof taskEventTypes)[number];

type TaskEventWithoutData = Exclude<
  TaskEventType,
  'ReadyStepsFound' | 'StepsEnqueued' | 'StepCompleted' | 'StepFailed' | 'EnqueueFailed' | 'PermanentFailure' | 'Fail'
>;

export type TaskTransition =
  | { readonly kind: 'moved'; readonly to: TaskState }
  | { readonly kind: 'refused'; readonly code: 'TERMINAL_STATE' | 'INVALID_TRANSITION'; readonly message: string };

type Row = Readonly<Partial<Record<TaskEventType, TaskState>>>;

const anywhere = { Cancel: 'cancelled', ResolveManually: 'resolved_manually' } as const satisfies Row;

/**
 * Spec 2.3. Timeout and ProcessorCrashed lead nowhere: a sweep recovers such tasks from where they are. Reset is known and
 * leads nowhere either: its only source, `error`, is terminal.
 */
export const taskTransitions: Readonly<Record<TaskState, Row>> = {
  pending: { ...anywhere, Start: 'initializing' },
  initializing: {
    ...anywhere,
    ReadyStepsFound: 'enqueuing_steps',
    NoStepsFound: 'complete',
    NoDependenciesReady: 'waiting_for_dependencies',
  },
  enqueuing_steps: { ...anywhere, StepsEnqueued: 'steps_in_process', EnqueueFailed: 'error' },
  steps_in_process: {
    ...anywhere,
    AllStepsCompleted: 'evaluating_results',
    StepCompleted: 'evaluating_results',
    StepFailed: 'waiting_for_retry',
    Complete: 'complete',
    Fail: 'error',
  },
  evaluating_results: {
    ...anywhere,
    AllStepsSuccessful: 'complete',
    ReadyStepsFound: 'enqueuing_steps',
    NoDependenciesReady: 'waiting_for_dependencies',
    PermanentFailure: 'blocked_by_failures',
  },
  waiting_for_dependencies: { ...anywhere, DependenciesReady: 'evaluating_results' },
  waiting_for_retry: { ...anywhere, RetryReady: 'enqueuing_steps' },
  blocked_by_failures: {
    ...anywhere,
    GiveUp: 'error',
    ManualResolution: 'resolved_manually',
    ReevaluationRequested: 'evaluating_results',
  },
  complete: {},
  error: {},
  cancelled: {},
  resolved_manually: {},
};

/** Where `event` leads a task in state `from`, or why it is refused. */
export function taskTransition(from: TaskState, event: TaskEvent): TaskTransition {
  const to = taskTransitions[from][event.type];
  if (to !== undefined) return { kind: 'moved', to };
  if (isTerminalTaskState(from)) {
    const message = `Cannot transition from terminal state: the task is ${from}, the event was ${event.type}. Create a new task instead.`;
    return { kind: 'refused', code: 'TERMINAL_STATE', message };
  }
  const possible = Object.keys(taskTransitions[from]).join(', ');
  const message = `a task in ${from} does not take the event ${event.type}; expected one of ${possible}. Read the task's state again.`;
  return { kind: 'refused', code: 'INVALID_TRANSITION', message };
}

/** The states entered, one for each event, `from` left out. Throws the refusal as a TaskerError of kind `state`. */
export function walkTask(from: TaskState, events: readonly TaskEvent[]): readonly TaskState[] {
  let current = from;
  return events.map((event) => {
    const transition = taskTransition(current, event);
    if (transition.kind === 'refused') {
      throw new TaskerError(transition.code, transition.message, {
        kind: 'state',
        details: { from: current, event: event.type },
      });
    }
    current = transition.to;
    return current;
  });
}

const terminalEvents: ReadonlySet<TaskEventType> = new Set<TaskEventType>([
  'Complete',
  'Cancel',
  'ResolveManually',
  'ManualResolution',
  'GiveUp',
]);

/** The event by itself says that the task ends (spec 2.2); events that end it only in some states are not among them. */
export function isTerminalTaskEvent(event: TaskEvent): boolean {
  return terminalEvents.has(event.type);
}

/** The error message an event carries, for the log line of a task that failed. */
export function taskEventError(event: TaskEvent): string | undefined {
  return event.type === 'Fail' || event.type === 'EnqueueFailed' || event.type === 'PermanentFailure' ? event.data : undefined;
}

const namesByPair: Readonly<Record<string, string>> = {
  'pending→initializing': 'task.initialize_requested',
  'initializing→enqueuing_steps': 'task.steps_discovery_completed',
  'enqueuing_steps→steps_in_process': 'task.steps_enqueued',
  'steps_in_process→evaluating_results': 'task.step_results_received',
  'waiting_for_dependencies→evaluating_results': 'task.dependencies_satisfied',
  'error→pending': 'task.retry_requested',
  'waiting_for_retry→pending': 'task.retry_requested',
  'blocked_by_failures→evaluating_results': 'task.reevaluation_requested',
};

const namesByTarget: Readonly<Partial<Record<TaskState, string>>> = {
  waiting_for_dependencies: 'task.awaiting_dependencies',
  waiting_for_retry: 'task.retry_backoff_started',
  blocked_by_failures: 'task.blocked_by_failures',
  complete: 'task.completed',
  error: 'task.failed',
  cancelled: 'task.cancelled',
  resolved_manually: 'task.resolved_manually',
};

/** The name under which a task's transition is published (spec 2.4); undefined where the spec publishes nothing. */
export function lifecycleEventName(from: TaskState, to: TaskState): string | undefined {
  return namesByPair[`${from}→${to}`] ?? namesByTarget[to];
}
