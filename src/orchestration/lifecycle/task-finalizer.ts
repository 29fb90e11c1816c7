// Which events a task takes once its steps are known: one table from execution status and state to a path (spec 6.3, 6.8, 6.9).
import type { ExecutionStatus } from '../../domain/execution-context.ts';
import type { TaskState } from '../../domain/states.ts';
import type { TaskEvent } from '../../domain/task-machine.ts';

export interface Coordination {
  readonly state: TaskState;
  readonly status: ExecutionStatus;
  /** Uuids of the steps about to be enqueued. */
  readonly ready: readonly string[];
  readonly waitsForRetry: boolean;
  /** Why the task is blocked, when it is. */
  readonly failure: string;
  /** The step whose result brought this about, for the audit trail. */
  readonly trigger: string;
}

type Path = (facts: Coordination) => readonly TaskEvent[];
type OpenState = Exclude<TaskState, 'complete' | 'error' | 'cancelled' | 'resolved_manually'>;

// What brings a task from each open state to evaluating_results, the one state in which everything can be decided.
const toEvaluation: Record<OpenState, Path> = {
  pending: () => [{ type: 'Start' }, { type: 'NoDependenciesReady' }, { type: 'DependenciesReady' }],
  initializing: () => [{ type: 'NoDependenciesReady' }, { type: 'DependenciesReady' }],
  enqueuing_steps: ({ trigger }) => [
    { type: 'StepsEnqueued', data: [] },
    { type: 'StepCompleted', data: trigger },
  ],
  steps_in_process: ({ trigger }) => [{ type: 'StepCompleted', data: trigger }],
  evaluating_results: () => [],
  waiting_for_dependencies: () => [{ type: 'DependenciesReady' }],
  waiting_for_retry: ({ trigger }) => [
    { type: 'RetryReady' },
    { type: 'StepsEnqueued', data: [] },
    { type: 'StepCompleted', data: trigger },
  ],
  blocked_by_failures: () => [{ type: 'ReevaluationRequested' }],
};

const enqueue = (ready: readonly string[]): readonly TaskEvent[] => [
  { type: 'ReadyStepsFound', data: ready.length },
  { type: 'StepsEnqueued', data: ready },
];

const startOrEvaluate = (facts: Coordination, state: OpenState): readonly TaskEvent[] => {
  if (state === 'pending') return [{ type: 'Start' }];
  if (state === 'initializing') return [];
  return toEvaluation[state](facts);
};

const decisions: Record<ExecutionStatus, (facts: Coordination, state: OpenState) => readonly TaskEvent[]> = {
  has_ready_steps(facts, state) {
    if (state === 'enqueuing_steps') return [{ type: 'StepsEnqueued', data: facts.ready }];
    if (state === 'waiting_for_retry') return [{ type: 'RetryReady' }, { type: 'StepsEnqueued', data: facts.ready }];
    return [...startOrEvaluate(facts, state), ...enqueue(facts.ready)];
  },
  all_complete(facts, state) {
    return [...toEvaluation[state](facts), { type: 'AllStepsSuccessful' }];
  },
  blocked_by_failures(facts, state) {
    if (state === 'blocked_by_failures') return [];
    return [...toEvaluation[state](facts), { type: 'PermanentFailure', data: facts.failure }];
  },
  // Steps are with workers: that is what steps_in_process says, so the task is brought back there and nowhere else.
  processing(facts, state) {
    if (state === 'steps_in_process') return [];
    if (state === 'enqueuing_steps') return [{ type: 'StepsEnqueued', data: [] }];
    if (state === 'waiting_for_retry') return [{ type: 'RetryReady' }, { type: 'StepsEnqueued', data: [] }];
    return [...startOrEvaluate(facts, state), ...enqueue([])];
  },
  waiting_for_dependencies(facts, state) {
    if (state === 'waiting_for_dependencies' || state === 'waiting_for_retry') return [];
    if (state === 'steps_in_process' && facts.waitsForRetry) return [{ type: 'StepFailed', data: facts.trigger }];
    return [...startOrEvaluate(facts, state), { type: 'NoDependenciesReady' }];
  },
};

/** The events, in order, that bring the task where its steps say it belongs; none when it is there, or when it has ended. */
export function coordinateTask(facts: Coordination): readonly TaskEvent[] {
  const { state } = facts;
  if (state === 'complete' || state === 'error' || state === 'cancelled' || state === 'resolved_manually') return [];
  return decisions[facts.status](facts, state);
}
