// The status of a task from its steps: the first row of spec 3.8 that holds.
import { describe, expect, it } from 'vitest';
import { executionContext, executionStatuses, parseExecutionStatus } from '../../src/domain/execution-context.ts';
import type { StepFacts } from '../../src/domain/readiness.ts';
import type { StepState } from '../../src/domain/states.ts';

const now = 1_000_000;

function step(state: StepState, facts: Partial<StepFacts> = {}): StepFacts {
  const attempts = state === 'pending' ? 0 : 1;
  const base = { maxAttempts: 3, retryable: true, processed: false, inProcess: false, parentStates: [], nextRetryAt: undefined };
  return { state, attempts, ...base, ...facts };
}

const waiting = step('pending', { parentStates: ['in_progress'] });
const backingOff = step('waiting_for_retry', { nextRetryAt: now + 1 });

describe('executionContext', () => {
  it.each([
    ['blocked_by_failures', 'handle_failures', [step('error'), step('pending'), step('in_progress')]],
    ['has_ready_steps', 'execute_ready_steps', [step('pending'), step('in_progress')]],
    ['has_ready_steps', 'execute_ready_steps', [step('waiting_for_retry', { nextRetryAt: now })]],
    ['processing', 'wait_for_completion', [step('in_progress'), waiting]],
    ['processing', 'wait_for_completion', [step('enqueued')]],
    ['processing', 'wait_for_completion', [step('enqueued_for_orchestration'), step('complete')]],
    ['processing', 'wait_for_completion', [step('enqueued_as_error_for_orchestration')]],
    ['all_complete', 'finalize_task', [step('complete'), step('resolved_manually')]],
    ['waiting_for_dependencies', 'wait_for_dependencies', [backingOff, step('complete')]],
    ['waiting_for_dependencies', 'wait_for_dependencies', [step('cancelled'), step('complete')]],
    ['waiting_for_dependencies', 'wait_for_dependencies', []],
  ] as const)('is %s, so %s', (executionStatus, recommendedAction, steps) => {
    expect(executionContext(steps, now)).toMatchObject({ executionStatus, recommendedAction });
  });

  it('counts each class of step', () => {
    const steps = [
      step('pending'),
      waiting,
      backingOff,
      step('in_progress'),
      step('enqueued'),
      step('enqueued_for_orchestration'),
      step('enqueued_as_error_for_orchestration'),
      step('complete'),
      step('resolved_manually'),
      step('error'),
      step('cancelled'),
    ];
    expect(executionContext(steps, now)).toEqual({
      totalSteps: 11,
      pendingSteps: 3,
      inProgressSteps: 1,
      completedSteps: 2,
      failedSteps: 1,
      readySteps: 1,
      enqueuedSteps: 3,
      executionStatus: 'blocked_by_failures',
      recommendedAction: 'handle_failures',
      completionPercentage: 18.18,
      healthStatus: 'blocked',
    });
  });

  it.each([
    [0, 0, 0],
    [1, 3, 33.33],
    [2, 3, 66.67],
    [1, 800, 0.13],
    [3, 3, 100],
  ])('%i of %i steps is %f percent', (done, total, percentage) => {
    const steps = Array.from({ length: total }, (_, i) => (i < done ? step('complete') : step('enqueued')));
    expect(executionContext(steps, now)).toMatchObject({ completionPercentage: percentage, healthStatus: 'healthy' });
  });
});

describe('parseExecutionStatus', () => {
  it('reads every status, and an unknown text as waiting_for_dependencies', () => {
    expect(executionStatuses.map(parseExecutionStatus)).toEqual(executionStatuses);
    expect(parseExecutionStatus('asleep')).toBe('waiting_for_dependencies');
  });
});
