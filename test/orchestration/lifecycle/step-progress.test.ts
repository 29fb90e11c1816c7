// The working copy of a task's steps: events through the machine, what they leave to save, what readiness sees meanwhile.
import { describe, expect, it } from 'vitest';
import { StepsInProgress } from '../../../src/orchestration/lifecycle/step-progress.ts';
import { stepView } from './task-views.ts';

describe('steps in progress', () => {
  it('leave nothing to save when nothing happened', () => {
    expect(new StepsInProgress([stepView('a')]).changes()).toEqual([]);
  });

  it('collapse a way of several events into one change that names the states between', () => {
    const steps = new StepsInProgress([stepView('a', { state: 'error', attempts: 3 }), stepView('b')]);
    steps.apply('a', { type: 'ResetForRetry' }, { attempts: 0, metadata: { by: 'ann' } });
    steps.apply('a', { type: 'Enqueue' });
    expect(steps.stateOf('a')).toBe('enqueued');
    expect(steps.changes()).toEqual([
      {
        id: 'a',
        from: 'error',
        to: 'enqueued',
        via: ['pending'],
        attempts: 0,
        metadata: { by: 'ann' },
        nextRetryAt: undefined,
        backoffMs: undefined,
        result: undefined,
      },
    ]);
  });

  it('forget the time of a retry with the next event', () => {
    const steps = new StepsInProgress([stepView('a', { state: 'enqueued_as_error_for_orchestration', attempts: 1 })]);
    steps.apply('a', { type: 'WaitForRetry', data: 'x' }, { nextRetryAt: 5, backoffMs: 5 });
    expect(steps.facts()).toMatchObject([{ state: 'waiting_for_retry', nextRetryAt: 5 }]);
    steps.apply('a', { type: 'Retry' });
    expect(steps.changes()).toMatchObject([{ nextRetryAt: undefined, backoffMs: 5 }]);
  });

  it('see the parents as they are now, not as they were read', () => {
    const steps = new StepsInProgress([
      stepView('a', { state: 'enqueued_for_orchestration' }),
      stepView('b', { parents: ['a'] }),
    ]);
    expect(() => steps.apply('b', { type: 'Enqueue' })).toThrow(expect.objectContaining({ code: 'DEPENDENCIES_NOT_SATISFIED' }));
    steps.apply('a', { type: 'Complete' });
    expect(steps.facts()).toMatchObject([
      { id: 'a', processed: true },
      { id: 'b', parentStates: ['complete'] },
    ]);
    steps.apply('b', { type: 'Enqueue' });
    expect(steps.stateOf('b')).toBe('enqueued');
  });

  it('refuse an event with the step, its state and the event', () => {
    const steps = new StepsInProgress([stepView('a', { name: 'load' })]);
    expect(() => steps.apply('a', { type: 'Complete' })).toThrow(/^step load \(a\): .*Complete/);
    expect(() => steps.stateOf('z')).toThrow(
      expect.objectContaining({ code: 'STEP_NOT_IN_TASK', message: 'step z is not a step of this task.' }),
    );
    expect(steps.changes()).toEqual([]);
  });
});
