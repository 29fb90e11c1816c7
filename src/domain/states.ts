// The states of tasks and steps (spec 2.1, 2.6), what each class of state means, and how a stored text is read back.
import { TaskerError } from './errors.ts';

export const taskStates = [
  'pending',
  'initializing',
  'enqueuing_steps',
  'steps_in_process',
  'evaluating_results',
  'waiting_for_dependencies',
  'waiting_for_retry',
  'blocked_by_failures',
  'complete',
  'error',
  'cancelled',
  'resolved_manually',
] as const;
export type TaskState = (typeof taskStates)[number];

export const stepStates = [
  'pending',
  'enqueued',
  'in_progress',
  'enqueued_for_orchestration',
  'enqueued_as_error_for_orchestration',
  'waiting_for_retry',
  'complete',
  'error',
  'cancelled',
  'resolved_manually',
] as const;
export type StepState = (typeof stepStates)[number];

const terminalTask: ReadonlySet<TaskState> = new Set<TaskState>(['complete', 'error', 'cancelled', 'resolved_manually']);
const activeTask: ReadonlySet<TaskState> = new Set<TaskState>([
  'initializing',
  'enqueuing_steps',
  'steps_in_process',
  'evaluating_results',
]);
const waitingTask: ReadonlySet<TaskState> = new Set<TaskState>([
  'waiting_for_dependencies',
  'waiting_for_retry',
  'blocked_by_failures',
]);
const processable: ReadonlySet<TaskState> = new Set<TaskState>(['pending', 'waiting_for_dependencies', 'waiting_for_retry']);
const terminalStep: ReadonlySet<StepState> = new Set<StepState>(['complete', 'cancelled', 'resolved_manually']);
const satisfying: ReadonlySet<StepState> = new Set<StepState>(['complete', 'resolved_manually']);
const pipeline: ReadonlySet<StepState> = new Set<StepState>([
  'enqueued',
  'in_progress',
  'enqueued_for_orchestration',
  'enqueued_as_error_for_orchestration',
]);

/** No event leaves this state. */
export function isTerminalTaskState(state: TaskState): boolean {
  return terminalTask.has(state);
}

/** The orchestrator or a worker is at work on the task. */
export function isActiveTaskState(state: TaskState): boolean {
  return activeTask.has(state);
}

/** The task waits for time, for a dependency or for an operator. */
export function isWaitingTaskState(state: TaskState): boolean {
  return waitingTask.has(state);
}

/** The poll for ready tasks may pick the task up. */
export function canBeProcessed(state: TaskState): boolean {
  return processable.has(state);
}

/** Only an operator's event leaves this state. `error` is not terminal: a step in it can be reset. */
export function isTerminalStepState(state: StepState): boolean {
  return terminalStep.has(state);
}

/** Steps that depend on a step in this state may run. */
export function satisfiesDependents(state: StepState): boolean {
  return satisfying.has(state);
}

/** The step is somewhere between its queue and the orchestrator's decision on its result. */
export function isInPipeline(state: StepState): boolean {
  return pipeline.has(state);
}

/** Reads a stored task state; `in_progress` is the old name of `steps_in_process`. Throws UNKNOWN_STATE. */
export function parseTaskState(text: string): TaskState {
  if (text === 'in_progress') return 'steps_in_process';
  return taskStates.find((state) => state === text) ?? unknownState('task', text, taskStates);
}

/** Reads a stored step state. Throws UNKNOWN_STATE. */
export function parseStepState(text: string): StepState {
  return stepStates.find((state) => state === text) ?? unknownState('step', text, stepStates);
}

function unknownState(what: 'task' | 'step', text: string, known: readonly string[]): never {
  throw new TaskerError(
    'UNKNOWN_STATE',
    `found the ${what} state ${JSON.stringify(text)}; expected one of ${known.join(', ')}. ` +
      `The row was written by a newer version or by hand: upgrade tasker, or correct the row.`,
    { kind: 'infrastructure', details: { what, found: text, known } },
  );
}
