// Waits until a task can go no further by itself, and, when a failure blocks it, until the steps beside the failed one have ended.
import type { Clock } from '../domain/ports.ts';
import type { StepState } from '../domain/states.ts';
import type { TaskHandle } from '../runtime/tasker.ts';

export interface AwaitOptions {
  readonly clock: Clock;
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal | undefined;
}

const inFlight: ReadonlySet<StepState> = new Set<StepState>([
  'enqueued',
  'in_progress',
  'enqueued_for_orchestration',
  'enqueued_as_error_for_orchestration',
]);

// A blocked task is announced once; that its last handler has ended is not.
const lookMs = 100;

/** Rejects with TASK_WAIT_TIMEOUT, TASK_NOT_FOUND, or the reason of the signal. */
export async function awaitTask(task: TaskHandle, { clock, timeoutMs, signal }: AwaitOptions): Promise<void> {
  const deadline = timeoutMs === undefined ? Number.POSITIVE_INFINITY : clock.now() + timeoutMs;
  for (;;) {
    const left = deadline - clock.now();
    const state = await task.outcome({ timeoutMs: timeoutMs === undefined ? undefined : Math.max(1, left), signal });
    if (state !== 'blocked_by_failures' || left <= lookMs) return;
    const { steps } = await task.details();
    if (!steps.some((step) => inFlight.has(step.state))) return;
    await new Promise<void>((resolve) => clock.schedule(lookMs, resolve));
  }
}
