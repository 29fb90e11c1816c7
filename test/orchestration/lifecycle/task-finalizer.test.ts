// From every open state and every execution status a task takes a legal path, and ends where its steps say it belongs.
import { describe, expect, it } from 'vitest';
import { executionStatuses } from '../../../src/domain/execution-context.ts';
import type { ExecutionStatus } from '../../../src/domain/execution-context.ts';
import { isTerminalTaskState, taskStates } from '../../../src/domain/states.ts';
import type { TaskState } from '../../../src/domain/states.ts';
import { walkTask } from '../../../src/domain/task-machine.ts';
import { coordinateTask } from '../../../src/orchestration/lifecycle/task-finalizer.ts';

const facts = { ready: ['step'], waitsForRetry: false, failure: 'Steps in error state: a', trigger: 'step' };
const ends: Record<ExecutionStatus, TaskState> = {
  has_ready_steps: 'steps_in_process',
  processing: 'steps_in_process',
  all_complete: 'complete',
  blocked_by_failures: 'blocked_by_failures',
  waiting_for_dependencies: 'waiting_for_dependencies',
};
const openStates = taskStates.filter((state) => !isTerminalTaskState(state));
const cases = openStates.flatMap((state) => executionStatuses.map((status) => ({ state, status })));

describe('coordinating a task', () => {
  it.each(cases)('from $state with $status', ({ state, status }) => {
    const ready = status === 'has_ready_steps' ? facts.ready : [];
    const path = walkTask(state, coordinateTask({ ...facts, ready, state, status }));
    const waitsAlready = state === 'waiting_for_retry' && status === 'waiting_for_dependencies';
    expect(path.at(-1) ?? state).toBe(waitsAlready ? 'waiting_for_retry' : ends[status]);
    // What has arrived stays: no path leads through the end and out again.
    expect(path.slice(0, -1).some(isTerminalTaskState)).toBe(false);
  });

  it.each(openStates)('enqueues from %s by way of enqueuing_steps', (state) => {
    const path = walkTask(state, coordinateTask({ ...facts, state, status: 'has_ready_steps' }));
    expect([state, ...path]).toContain('enqueuing_steps');
  });

  it('waits for the retry when that is all there is to wait for', () => {
    const events = coordinateTask({
      ...facts,
      ready: [],
      waitsForRetry: true,
      state: 'steps_in_process',
      status: 'waiting_for_dependencies',
    });
    expect(walkTask('steps_in_process', events)).toEqual(['waiting_for_retry']);
  });

  it('carries the reason, the ready steps and the trigger in its events', () => {
    expect(coordinateTask({ ...facts, state: 'steps_in_process', status: 'blocked_by_failures' })).toEqual([
      { type: 'StepCompleted', data: 'step' },
      { type: 'PermanentFailure', data: 'Steps in error state: a' },
    ]);
    expect(coordinateTask({ ...facts, state: 'evaluating_results', status: 'has_ready_steps' })).toEqual([
      { type: 'ReadyStepsFound', data: 1 },
      { type: 'StepsEnqueued', data: ['step'] },
    ]);
  });

  it.each(taskStates.filter(isTerminalTaskState))('does nothing from %s', (state) => {
    for (const status of executionStatuses) expect(coordinateTask({ ...facts, state, status })).toEqual([]);
  });
});
