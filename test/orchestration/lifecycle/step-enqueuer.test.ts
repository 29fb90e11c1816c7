// Enqueuing takes a step through the machine: from pending, or from the end of its backoff.
import { expect, it } from 'vitest';
import { enqueueSteps } from '../../../src/orchestration/lifecycle/step-enqueuer.ts';
import { StepsInProgress } from '../../../src/orchestration/lifecycle/step-progress.ts';
import { stepView } from './task-views.ts';

it('enqueues pending steps, and waiting ones by way of pending, in the order given', () => {
  const steps = new StepsInProgress([stepView('a'), stepView('b', { state: 'waiting_for_retry', attempts: 1, nextRetryAt: 1 })]);
  expect(enqueueSteps(steps, steps.facts())).toEqual(['a', 'b']);
  expect(steps.changes()).toMatchObject([
    { id: 'a', to: 'enqueued', via: [] },
    { id: 'b', to: 'enqueued', via: ['pending'], nextRetryAt: undefined },
  ]);
});

it('enqueues nothing of nothing, and refuses a step whose parents are not done', () => {
  const steps = new StepsInProgress([stepView('a'), stepView('b', { parents: ['a'] })]);
  expect(enqueueSteps(steps, [])).toEqual([]);
  expect(() => enqueueSteps(steps, steps.facts().slice(1))).toThrow(
    expect.objectContaining({ code: 'DEPENDENCIES_NOT_SATISFIED' }),
  );
});
