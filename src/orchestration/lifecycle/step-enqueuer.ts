// Sends viable steps on their way: each goes through the step machine to `enqueued` (spec 6.4).
import type { StepsInProgress } from './step-progress.ts';
import type { DiscoverableStep } from './viable-step-discovery.ts';

/**
 * A step that waited for its retry passes through pending first. State and message are saved together by the store, so a
 * worker never sees a message whose step is not enqueued yet, and no step is enqueued without its message.
 */
export function enqueueSteps(steps: StepsInProgress, viable: readonly DiscoverableStep[]): readonly string[] {
  for (const step of viable) {
    if (step.state === 'waiting_for_retry') steps.apply(step.id, { type: 'Retry' });
    steps.apply(step.id, { type: 'Enqueue' });
  }
  return viable.map((step) => step.id);
}
