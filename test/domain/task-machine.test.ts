// The task machine against the table of spec 2.3, and the laws that hold for every state and event.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTerminalTaskState, taskStates } from '../../src/domain/states.ts';
import type { TaskState } from '../../src/domain/states.ts';
import {
  eventType,
  isTerminalTaskEvent,
  lifecycleEventName,
  taskEventError,
  taskEventTypes,
  taskTransition,
  walkTask,
} from '../../src/domain/task-machine.ts';
import type { TaskEvent, TaskEventType } from '../../src/domain/task-machine.ts';
import { thrownBy } from './thrown-by.ts';

function event(type: TaskEventType): TaskEvent {
  switch (type) {
    case 'ReadyStepsFound':
      return { type, data: 2 };
    case 'StepsEnqueued':
      return { type, data: ['step'] };
    case 'StepCompleted':
    case 'StepFailed':
    case 'EnqueueFailed':
    case 'PermanentFailure':
    case 'Fail':
      return { type, data: 'text' };
    default:
      return { type };
  }
}

const table: readonly (readonly [TaskState, TaskEventType, TaskState])[] = [
  ['pending', 'Start', 'initializing'],
  ['initializing', 'ReadyStepsFound', 'enqueuing_steps'],
  ['initializing', 'NoStepsFound', 'complete'],
  ['initializing', 'NoDependenciesReady', 'waiting_for_dependencies'],
  ['enqueuing_steps', 'StepsEnqueued', 'steps_in_process'],
  ['enqueuing_steps', 'EnqueueFailed', 'error'],
  ['steps_in_process', 'AllStepsCompleted', 'evaluating_results'],
  ['steps_in_process', 'StepCompleted', 'evaluating_results'],
  ['steps_in_process', 'StepFailed', 'waiting_for_retry'],
  ['steps_in_process', 'Complete', 'complete'],
  ['steps_in_process', 'Fail', 'error'],
  ['evaluating_results', 'AllStepsSuccessful', 'complete'],
  ['evaluating_results', 'ReadyStepsFound', 'enqueuing_steps'],
  ['evaluating_results', 'NoDependenciesReady', 'waiting_for_dependencies'],
  ['evaluating_results', 'PermanentFailure', 'blocked_by_failures'],
  ['waiting_for_dependencies', 'DependenciesReady', 'evaluating_results'],
  ['waiting_for_retry', 'RetryReady', 'enqueuing_steps'],
  ['blocked_by_failures', 'GiveUp', 'error'],
  ['blocked_by_failures', 'ManualResolution', 'resolved_manually'],
  ['blocked_by_failures', 'ReevaluationRequested', 'evaluating_results'],
  ...taskStates
    .filter((state) => !isTerminalTaskState(state))
    .flatMap((state): readonly (readonly [TaskState, TaskEventType, TaskState])[] => [
      [state, 'Cancel', 'cancelled'],
      [state, 'ResolveManually', 'resolved_manually'],
    ]),
];

describe('taskTransition', () => {
  it.each(table)('leads from %s by %s to %s', (from, type, to) => {
    expect(taskTransition(from, event(type))).toEqual({ kind: 'moved', to });
  });

  it('refuses everything else', () => {
    const allowed = new Set(table.map(([from, type]) => `${from} ${type}`));
    const others = taskStates.flatMap((from) =>
      taskEventTypes.filter((type) => !allowed.has(`${from} ${type}`)).map((type) => ({ from, type })),
    );
    expect(others).toHaveLength(12 * 23 - table.length);
    for (const { from, type } of others) {
      const code = isTerminalTaskState(from) ? 'TERMINAL_STATE' : 'INVALID_TRANSITION';
      expect(taskTransition(from, event(type)), `${from} ${type}`).toMatchObject({ kind: 'refused', code });
    }
  });

  it('says what was found and what would be taken', () => {
    expect(refusal('pending', 'RetryReady')).toMatch(
      /pending does not take the event RetryReady; expected one of Cancel, ResolveManually, Start/,
    );
    expect(refusal('complete', 'Start')).toMatch(
      /^Cannot transition from terminal state: the task is complete, the event was Start/,
    );
  });

  function refusal(from: TaskState, type: TaskEventType): string | undefined {
    const transition = taskTransition(from, event(type));
    return transition.kind === 'refused' ? transition.message : undefined;
  }
});

describe('laws of the task machine', () => {
  const anyEvents = fc.array(fc.constantFrom(...taskEventTypes).map(event), { maxLength: 40 });

  it('lets no event leave a terminal state', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        let state: TaskState = 'pending';
        for (const next of events) {
          const transition = taskTransition(state, next);
          expect(isTerminalTaskState(state) && transition.kind === 'moved').toBe(false);
          if (transition.kind === 'moved') state = transition.to;
        }
      }),
    );
  });

  it('can end every reachable state without an operator giving it up or cancelling it', () => {
    const withoutForce = taskEventTypes.filter((type) => type !== 'Cancel' && type !== 'ResolveManually');
    const reachable = new Set<TaskState>(['pending']);
    for (const state of reachable) for (const to of targets(state, taskEventTypes)) reachable.add(to);
    expect([...reachable].toSorted()).toEqual(taskStates.toSorted());

    const ends = new Set<TaskState>(taskStates.filter(isTerminalTaskState));
    for (let size = 0; size < ends.size;) {
      size = ends.size;
      for (const state of taskStates) if (targets(state, withoutForce).some((to) => ends.has(to))) ends.add(state);
    }
    expect([...reachable].filter((state) => !ends.has(state))).toEqual([]);
  });

  function targets(from: TaskState, types: readonly TaskEventType[]): readonly TaskState[] {
    return types.flatMap((type) => {
      const transition = taskTransition(from, event(type));
      return transition.kind === 'moved' ? [transition.to] : [];
    });
  }
});

describe('walkTask', () => {
  it('returns each state entered', () => {
    expect(walkTask('pending', [event('Start'), event('ReadyStepsFound'), event('StepsEnqueued')])).toEqual([
      'initializing',
      'enqueuing_steps',
      'steps_in_process',
    ]);
    expect(walkTask('complete', [])).toEqual([]);
  });

  it('throws the refusal of the first event that is not allowed', () => {
    expect(thrownBy(() => walkTask('pending', [event('Start'), event('StepsEnqueued')]))).toMatchObject({
      code: 'INVALID_TRANSITION',
      kind: 'state',
      details: { from: 'initializing', event: 'StepsEnqueued' },
    });
  });
});

describe('task events', () => {
  it('has the 22 of the spec and one of ours', () => {
    expect(new Set(taskEventTypes).size).toBe(23);
  });

  it('spells them in snake case', () => {
    expect(eventType(event('ReadyStepsFound'))).toBe('ready_steps_found');
    expect(eventType(event('Start'))).toBe('start');
  });

  it('knows those that end a task by themselves', () => {
    expect(taskEventTypes.filter((type) => isTerminalTaskEvent(event(type)))).toEqual([
      'Cancel',
      'GiveUp',
      'ManualResolution',
      'Complete',
      'ResolveManually',
    ]);
  });

  it('finds the message of those that carry one', () => {
    expect(taskEventTypes.filter((type) => taskEventError(event(type)) === 'text')).toEqual([
      'EnqueueFailed',
      'PermanentFailure',
      'Fail',
    ]);
    expect(taskEventError(event('StepFailed'))).toBeUndefined();
  });
});

describe('lifecycleEventName', () => {
  it.each([
    ['pending', 'initializing', 'task.initialize_requested'],
    ['initializing', 'enqueuing_steps', 'task.steps_discovery_completed'],
    ['enqueuing_steps', 'steps_in_process', 'task.steps_enqueued'],
    ['steps_in_process', 'evaluating_results', 'task.step_results_received'],
    ['initializing', 'waiting_for_dependencies', 'task.awaiting_dependencies'],
    ['waiting_for_dependencies', 'evaluating_results', 'task.dependencies_satisfied'],
    ['steps_in_process', 'waiting_for_retry', 'task.retry_backoff_started'],
    ['evaluating_results', 'blocked_by_failures', 'task.blocked_by_failures'],
    ['evaluating_results', 'complete', 'task.completed'],
    ['blocked_by_failures', 'error', 'task.failed'],
    ['pending', 'cancelled', 'task.cancelled'],
    ['blocked_by_failures', 'resolved_manually', 'task.resolved_manually'],
    ['error', 'pending', 'task.retry_requested'],
    ['waiting_for_retry', 'pending', 'task.retry_requested'],
    ['blocked_by_failures', 'evaluating_results', 'task.reevaluation_requested'],
    ['evaluating_results', 'enqueuing_steps', undefined],
  ] as const)('calls %s → %s %s', (from, to, name) => {
    expect(lifecycleEventName(from, to)).toBe(name);
  });
});
