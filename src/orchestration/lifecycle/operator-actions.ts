// Decisions an operator asks for: cancel a task, or reset, resolve or complete one of its steps by hand (spec 6.11).
import { settleTask } from './decide-task.ts';
import { checkJson } from '../../domain/json-limits.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { isTerminalStepState } from '../../domain/states.ts';
import { StepsInProgress } from './step-progress.ts';
import type { StepExtras } from './step-progress.ts';
import type { StepEvent } from '../../domain/step-machine.ts';
import { walkTask } from '../../domain/task-machine.ts';
import type { TaskDecision, TaskView } from '../../domain/task-view.ts';

export type StepAction =
  /** error → pending with its attempts back at 0; a step that waits for its retry is retried now. */
  | { readonly kind: 'reset_for_retry'; readonly reason: string; readonly by: string }
  /** Accepted without a result; its dependents may run. */
  | { readonly kind: 'resolve_manually'; readonly reason: string; readonly by: string }
  /** Accepted with a result given by the operator, stored as a StepExecutionResult. */
  | { readonly kind: 'complete_manually'; readonly reason: string; readonly by: string; readonly result: Json };

/** Applies the action and looks at the whole task again. Throws the machine's refusal (kind `state`), JSON_* for what cannot be stored. */
export function decideStepAction(view: TaskView, stepUuid: string, action: StepAction, now: number): TaskDecision {
  const steps = new StepsInProgress(view.steps);
  const metadata = checkJson(
    { action: action.kind, reason: action.reason, by: action.by },
    { what: 'the action', mustBe: 'object' },
  );
  const { event, extras } = eventOf(action, steps.stateOf(stepUuid));
  steps.apply(stepUuid, event, { ...extras, metadata });
  return settleTask(view, steps, { now, trigger: stepUuid, metadata });
}

function eventOf(action: StepAction, state: string): { readonly event: StepEvent; readonly extras: StepExtras } {
  switch (action.kind) {
    case 'reset_for_retry':
      return { event: { type: state === 'waiting_for_retry' ? 'Retry' : 'ResetForRetry' }, extras: { attempts: 0 } };
    case 'resolve_manually':
      return { event: { type: 'ResolveManually' }, extras: {} };
    case 'complete_manually':
      return { event: { type: 'CompleteManually' }, extras: { result: resultByHand(action) } };
  }
}

/** Stored like a worker's result, so that dependents find it where they look; the custom metadata is that of spec 6.11. */
function resultByHand(action: StepAction & { readonly kind: 'complete_manually' }): JsonObject {
  return {
    success: true,
    result: checkJson(action.result, { what: 'the result of the step', mustBe: 'any' }),
    metadata: { custom: { manually_completed: true, completed_by: action.by, completion_reason: action.reason } },
  };
}

/** Cancels the task and each of its steps that has not ended, in one decision. Throws TERMINAL_STATE for an ended task. */
export function decideCancel(view: TaskView, metadata: Json): TaskDecision {
  const path = walkTask(view.state, [{ type: 'Cancel' }]);
  const steps = new StepsInProgress(view.steps);
  for (const step of view.steps) {
    if (!isTerminalStepState(step.state)) steps.apply(step.id, { type: 'Cancel' }, { metadata });
  }
  return {
    taskUuid: view.taskUuid,
    state: 'cancelled',
    steps: steps.changes(),
    task: { from: view.state, to: 'cancelled', via: path.slice(0, -1), metadata },
    enqueued: [],
  };
}
