// What an operator's actions decide about a task: the step's new state, its metadata, and where the task goes from there.
import { describe, expect, it } from 'vitest';
import type { TaskerError } from '../../../src/domain/errors.ts';
import { stepStates, taskStates } from '../../../src/domain/states.ts';
import { decideCancel, decideStepAction } from '../../../src/orchestration/lifecycle/operator-actions.ts';
import type { StepAction } from '../../../src/orchestration/lifecycle/operator-actions.ts';
import { applyDecision, statesOf, stepView, taskView } from './task-views.ts';

const by = { reason: 'checked', by: 'ann' };
const now = Date.UTC(2026, 0, 1);
const blocked = () =>
  taskView('blocked_by_failures', [stepView('a', { state: 'error', attempts: 3 }), stepView('b', { parents: ['a'] })]);
const decide = (action: StepAction, view = blocked()) => decideStepAction(view, 'a', action, now);

describe('a step action', () => {
  it('resets: attempts at 0, enqueued at once, the task goes on', () => {
    const decision = decide({ kind: 'reset_for_retry', ...by });
    expect(decision.steps).toMatchObject([
      { id: 'a', from: 'error', to: 'enqueued', via: ['pending'], attempts: 0, metadata: { action: 'reset_for_retry', ...by } },
    ]);
    expect(decision).toMatchObject({
      enqueued: ['a'],
      task: { from: 'blocked_by_failures', to: 'steps_in_process', metadata: { action: 'reset_for_retry', ...by } },
    });
  });

  it('resets a step that waits for its retry, whatever is left of the wait', () => {
    const view = taskView('waiting_for_retry', [
      stepView('a', { state: 'waiting_for_retry', attempts: 1, nextRetryAt: now + 60_000 }),
    ]);
    expect(decide({ kind: 'reset_for_retry', ...by }, view)).toMatchObject({
      enqueued: ['a'],
      steps: [{ attempts: 0, nextRetryAt: undefined }],
    });
  });

  it('resolves: the dependents run', () => {
    const view = blocked();
    const decision = decide({ kind: 'resolve_manually', ...by }, view);
    expect(statesOf(applyDecision(view, decision))).toEqual({ a: 'resolved_manually', b: 'enqueued' });
    expect(decision.steps[0]).toMatchObject({ result: undefined, attempts: undefined });
  });

  it('completes with a result in the form in which workers store theirs', () => {
    const decision = decide({ kind: 'complete_manually', ...by, result: { receipt: 'R\0-1' } });
    expect(decision.steps[0]).toMatchObject({
      to: 'complete',
      result: {
        success: true,
        result: { receipt: 'R-1' },
        metadata: { custom: { manually_completed: true, completed_by: 'ann', completion_reason: 'checked' } },
      },
    });
  });

  it('refuses a result that cannot be stored', () => {
    const result = 'x'.repeat(10_001);
    expect(() => decide({ kind: 'complete_manually', ...by, result })).toThrow(
      expect.objectContaining({ code: 'JSON_STRING_TOO_LONG', kind: 'input' }),
    );
  });

  it('leaves the task blocked while another step is in error', () => {
    const view = taskView('blocked_by_failures', [
      stepView('a', { state: 'error' }),
      stepView('b', { state: 'error' }),
      stepView('c', { parents: ['a'] }),
    ]);
    const decision = decide({ kind: 'resolve_manually', ...by }, view);
    expect(decision).toMatchObject({ task: undefined, enqueued: [], state: 'blocked_by_failures' });
    expect(statesOf(applyDecision(view, decision))).toEqual({ a: 'resolved_manually', b: 'error', c: 'pending' });
  });

  it('completes the task when it was the last step that was missing', () => {
    const view = taskView('blocked_by_failures', [stepView('a', { state: 'error' })]);
    expect(decide({ kind: 'resolve_manually', ...by }, view).task).toMatchObject({ to: 'complete' });
  });

  it.each(stepStates)('resolves and completes from %s, whatever the state', (state) => {
    const view = taskView('steps_in_process', [stepView('a', { state }), stepView('b', { state: 'in_progress' })]);
    expect(decide({ kind: 'resolve_manually', ...by }, view).steps[0]).toMatchObject({ from: state, to: 'resolved_manually' });
    expect(decide({ kind: 'complete_manually', ...by, result: 1 }, view).steps[0]).toMatchObject({ from: state, to: 'complete' });
  });

  it('names step, state and event when the machine refuses', () => {
    const view = taskView('steps_in_process', [stepView('a', { state: 'in_progress' })]);
    expect(() => decide({ kind: 'reset_for_retry', ...by }, view)).toThrow(
      expect.objectContaining({
        code: 'INVALID_TRANSITION',
        kind: 'state',
        details: { stepUuid: 'a', from: 'in_progress', event: 'ResetForRetry' },
      }),
    );
    expect(() => decideStepAction(view, 'nobody', { kind: 'resolve_manually', ...by }, now)).toThrow(
      expect.objectContaining({ code: 'STEP_NOT_IN_TASK', kind: 'input' }),
    );
  });
});

describe('cancelling', () => {
  it('takes the task and every step that has not ended', () => {
    const view = taskView(
      'steps_in_process',
      stepStates.map((state) => stepView(state, { state })),
    );
    const decision = decideCancel(view, { action: 'cancel', ...by });
    const after = statesOf(applyDecision(view, decision));
    expect(after).toMatchObject({ complete: 'complete', resolved_manually: 'resolved_manually', cancelled: 'cancelled' });
    const { complete: _, resolved_manually: __, ...others } = after;
    expect(new Set(Object.values(others))).toEqual(new Set(['cancelled']));
    expect(decision).toMatchObject({
      state: 'cancelled',
      enqueued: [],
      task: { from: 'steps_in_process', to: 'cancelled', via: [] },
    });
  });

  it.each(taskStates)('is possible from %s, unless the task has ended', (state) => {
    const attempt = () => decideCancel(taskView(state, []), {});
    const ended = ['complete', 'error', 'cancelled', 'resolved_manually'].includes(state);
    if (ended)
      expect(attempt).toThrow(expect.objectContaining({ code: 'TERMINAL_STATE', kind: 'state' } satisfies Partial<TaskerError>));
    else expect(attempt().task).toMatchObject({ from: state, to: 'cancelled' });
  });
});
