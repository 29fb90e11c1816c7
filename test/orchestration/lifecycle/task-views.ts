// Tasks as a decision sees them, and a store of one task in memory that applies decisions the way SQL does.
import type { StepState, TaskState } from '../../../src/domain/states.ts';
import type { ReportedResult, StepView, TaskDecision, TaskView } from '../../../src/domain/task-view.ts';

export const success: ReportedResult = {
  success: true,
  retryable: false,
  message: undefined,
  retryAfter: undefined,
  hintSeconds: undefined,
};
export const failure: ReportedResult = {
  success: false,
  retryable: true,
  message: 'no luck',
  retryAfter: undefined,
  hintSeconds: undefined,
};

export function stepView(id: string, overrides: Partial<StepView> = {}): StepView {
  return {
    id,
    name: id,
    state: 'pending',
    attempts: 0,
    maxAttempts: 3,
    retryable: true,
    parents: [],
    nextRetryAt: undefined,
    result: undefined,
    ...overrides,
  };
}

/** A step whose worker has reported. */
export function reported(id: string, result: ReportedResult, overrides: Partial<StepView> = {}): StepView {
  const state: StepState = result.success === false ? 'enqueued_as_error_for_orchestration' : 'enqueued_for_orchestration';
  return stepView(id, { state, attempts: 1, result, ...overrides });
}

export function taskView(state: TaskState, steps: readonly StepView[]): TaskView {
  return { taskUuid: 'task', state, namedTaskUuid: 'named', correlationId: 'correlation', namespace: 'tests', steps };
}

/** The view after the decision was saved; throws where the store would refuse. */
export function applyDecision(view: TaskView, decision: TaskDecision): TaskView {
  if (decision.task !== undefined && decision.task.from !== view.state)
    throw new Error('the task is not in the state decided from');
  const changes = new Map(decision.steps.map((change) => [change.id, change]));
  const steps = view.steps.map((step) => {
    const change = changes.get(step.id);
    if (change === undefined) return step;
    if (change.from !== step.state) throw new Error(`${step.id} is not in the state decided from`);
    return {
      ...step,
      state: change.to,
      attempts: change.attempts ?? step.attempts,
      nextRetryAt: change.nextRetryAt,
      result: undefined,
    };
  });
  return { ...view, state: decision.task?.to ?? view.state, steps };
}

/** The view with one step changed, as a worker does it. */
export function withStep(view: TaskView, id: string, change: Partial<StepView>): TaskView {
  return { ...view, steps: view.steps.map((step) => (step.id === id ? { ...step, ...change } : step)) };
}

export const statesOf = (view: TaskView) => Object.fromEntries(view.steps.map(({ id, state }) => [id, state]));
