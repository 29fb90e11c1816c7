// The decision on one task: results taken over, retries planned, steps enqueued, the task brought where its steps say it belongs.
import { describe, expect, it } from 'vitest';
import type { RetryPolicy } from '../../../src/domain/backoff.ts';
import { decideTask } from '../../../src/orchestration/lifecycle/decide-task.ts';
import { applyDecision, failure, reported, statesOf, stepView, success, taskView } from './task-views.ts';

const now = Date.UTC(2026, 0, 1);
const context = (retry?: RetryPolicy) => ({ now, random: () => 0.5, retryPolicyOf: () => retry });

describe('a decision takes over', () => {
  it('a success, and enqueues what it made ready', () => {
    const view = taskView('steps_in_process', [
      reported('a', success),
      stepView('b', { parents: ['a'] }),
      stepView('c', { parents: ['b'] }),
    ]);
    const decision = decideTask(view, context());
    expect(decision.enqueued).toEqual(['b']);
    expect(decision.steps).toMatchObject([
      { id: 'a', from: 'enqueued_for_orchestration', to: 'complete', via: [] },
      { id: 'b', from: 'pending', to: 'enqueued', via: [] },
    ]);
    // From steps_in_process back to it: no change of the task that anybody could have seen.
    expect(decision).toMatchObject({ state: 'steps_in_process', task: undefined });
  });

  it('the last success, and completes the task', () => {
    const decision = decideTask(
      taskView('steps_in_process', [stepView('a', { state: 'resolved_manually' }), reported('b', success)]),
      context(),
    );
    expect(decision.task).toEqual({ from: 'steps_in_process', to: 'complete', via: ['evaluating_results'], metadata: undefined });
    expect(decision.state).toBe('complete');
  });

  it('a stored success that says it failed as the failure it is', () => {
    const view = taskView('steps_in_process', [
      reported('a', { ...failure, message: 'oops' }, { state: 'enqueued_for_orchestration' }),
    ]);
    expect(statesOf(applyDecision(view, decideTask(view, context())))).toEqual({ a: 'error' });
  });

  it('a success whose stored result cannot be read', () => {
    const unreadable = { ...success, success: undefined, message: undefined };
    const view = taskView('steps_in_process', [reported('a', unreadable, { state: 'enqueued_for_orchestration' })]);
    expect(statesOf(applyDecision(view, decideTask(view, context())))).toEqual({ a: 'complete' });
  });

  it('a failure that may pass, and plans its retry by the curve', () => {
    const view = taskView('steps_in_process', [reported('a', failure, { attempts: 2 })]);
    const decision = decideTask(view, context());
    expect(decision.steps).toEqual([
      {
        id: 'a',
        from: 'enqueued_as_error_for_orchestration',
        to: 'waiting_for_retry',
        via: [],
        nextRetryAt: now + 4_000,
        backoffMs: 4_000,
        attempts: undefined,
        result: undefined,
        metadata: { message: 'no luck', backoff: 'exponential' },
      },
    ]);
    expect(decision.task).toMatchObject({ to: 'waiting_for_retry', via: [] });
  });

  it.each([
    ['the Retry-After of the server', { retryAfter: '120' }, 120_000, 'server_requested'],
    ['a Retry-After that is a date', { retryAfter: new Date(now + 60_000).toUTCString() }, 60_000, 'server_requested'],
    ['the hint of the handler', { hintSeconds: 30 }, 30_000, 'handler_requested'],
    ['the server before the handler', { retryAfter: '5', hintSeconds: 30 }, 5_000, 'server_requested'],
    ['the curve where the Retry-After makes no sense', { retryAfter: 'soon' }, 2_000, 'exponential'],
  ])('a failure with %s', (_, wishes, delayMs, backoff) => {
    const decision = decideTask(taskView('steps_in_process', [reported('a', { ...failure, ...wishes })]), context());
    expect(decision.steps).toMatchObject([{ nextRetryAt: now + delayMs, backoffMs: delayMs, metadata: { backoff } }]);
  });

  it('a failure with backoff none, and enqueues the step again in the same breath', () => {
    const view = taskView('steps_in_process', [reported('a', failure)]);
    const decision = decideTask(view, context({ backoff: 'none' }));
    expect(decision).toMatchObject({ enqueued: ['a'], task: undefined, state: 'steps_in_process' });
    expect(decision.steps).toMatchObject([
      { to: 'enqueued', via: ['waiting_for_retry', 'pending'], nextRetryAt: undefined, backoffMs: 0 },
    ]);
  });

  it.each([
    ['its attempts are used up', failure, { attempts: 3 }],
    ['max_attempts is 0', failure, { attempts: 1, maxAttempts: 0 }],
    ['the step is not retryable', failure, { retryable: false }],
    ['the report says so', { ...failure, retryable: false }, {}],
  ])('a failure for good when %s, and blocks the task', (_, result, overrides) => {
    const view = taskView('steps_in_process', [reported('a', result, overrides), stepView('b')]);
    const decision = decideTask(view, context());
    expect(decision.steps).toMatchObject([{ id: 'a', to: 'error', metadata: { message: 'no luck' } }]);
    expect(decision).toMatchObject({ enqueued: [], state: 'blocked_by_failures', task: { via: ['evaluating_results'] } });
  });

  it('a failure that says nothing about retries as one that may pass', () => {
    const view = taskView('steps_in_process', [reported('a', { ...failure, retryable: undefined, message: undefined })]);
    expect(decideTask(view, context()).steps).toMatchObject([
      { to: 'waiting_for_retry', metadata: { message: 'the stored result could not be read' } },
    ]);
  });

  it('all results that wait, whichever of them was announced', () => {
    const view = taskView('steps_in_process', [
      reported('a', success),
      reported('b', failure),
      reported('c', success),
      stepView('d', { parents: ['a', 'c'] }),
    ]);
    const decided = applyDecision(view, decideTask(view, context()));
    expect(statesOf(decided)).toEqual({ a: 'complete', b: 'waiting_for_retry', c: 'complete', d: 'enqueued' });
  });
});

describe('a decision without a new result', () => {
  it('changes nothing while steps are under way', () => {
    const decision = decideTask(
      taskView('steps_in_process', [stepView('a', { state: 'in_progress' }), stepView('b', { parents: ['a'] })]),
      context(),
    );
    expect(decision).toMatchObject({ steps: [], task: undefined, enqueued: [] });
  });

  it('retries a step when its time has come, and not a millisecond before', () => {
    const waiting = (nextRetryAt: number) =>
      taskView('waiting_for_retry', [stepView('a', { state: 'waiting_for_retry', attempts: 1, nextRetryAt })]);
    expect(decideTask(waiting(now + 1), context())).toMatchObject({ steps: [], task: undefined, enqueued: [] });
    const due = decideTask(waiting(now), context());
    expect(due).toMatchObject({ enqueued: ['a'], task: { to: 'steps_in_process', via: ['enqueuing_steps'] } });
    expect(due.steps).toMatchObject([{ to: 'enqueued', via: ['pending'], nextRetryAt: undefined }]);
  });

  it('changes nothing of a task that has ended, whatever its steps say', () => {
    for (const state of ['complete', 'error', 'cancelled', 'resolved_manually'] as const) {
      expect(decideTask(taskView(state, [stepView('a')]), context())).toMatchObject({
        steps: [],
        task: undefined,
        enqueued: [],
        state,
      });
    }
  });
});
