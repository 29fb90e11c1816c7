// Lets callers wait for tasks: an outcome that is announced answers at once, and a slow poll covers lost announcements.
import { messageOf, TaskerError } from '../domain/errors.ts';
import type { Clock, Logger } from '../domain/ports.ts';
import type { TaskState } from '../domain/states.ts';
import type { MessagingProvider, Subscription } from '../messaging/provider.ts';
import { isOutcome, subscribeOutcomes } from '../messaging/task-outcomes.ts';
import type { TaskOutcome } from '../messaging/task-outcomes.ts';
import type { InspectionStore } from '../store/store.ts';

export interface OutcomeWaiterOptions {
  readonly provider: MessagingProvider;
  readonly store: Pick<InspectionStore, 'taskStates'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default 5,000 ms; one query for all waiting callers. */
  readonly pollIntervalMs?: number;
}

export interface WaitOptions {
  /** Rejects with TASK_WAIT_TIMEOUT after this long; default: never. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Waiter {
  readonly resolve: (state: TaskState) => void;
  readonly reject: (reason: unknown) => void;
}

export class OutcomeWaiter {
  readonly #options: OutcomeWaiterOptions;
  readonly #waiters = new Map<string, Set<Waiter>>();
  #subscription: Promise<Subscription> | undefined;
  #cancelPoll: (() => void) | undefined;
  #isClosed = false;

  constructor(options: OutcomeWaiterOptions) {
    this.#options = options;
  }

  /** Listens before anything is submitted, so that no announcement is missed; safe twice. Rejects with TASKER_CLOSED once closed. */
  async ready(): Promise<void> {
    if (this.#isClosed) throw closed();
    this.#subscription ??= this.#subscribe();
    await this.#subscription;
  }

  /**
   * Resolves with the state in which the task can go no further by itself: terminal, or blocked_by_failures.
   * Rejects with TASK_NOT_FOUND, TASK_WAIT_TIMEOUT, TASKER_CLOSED, or the reason of the signal.
   */
  async outcomeOf(taskUuid: string, options: WaitOptions = {}): Promise<TaskState> {
    options.signal?.throwIfAborted();
    await this.ready();
    const [outcome, forget] = this.#register(taskUuid, options);
    this.#poll();
    try {
      // It may have ended before anybody waited.
      const known = await this.#options.store.taskStates([taskUuid]);
      if (known.length === 0) {
        throw new TaskerError('TASK_NOT_FOUND', `no task has the uuid ${taskUuid}; \`tasker task list\` shows those there are.`, {
          kind: 'input',
        });
      }
      known.filter(({ state }) => isOutcome(state)).forEach((found) => this.#tell(found));
      return await outcome;
    } finally {
      forget();
    }
  }

  /** Rejects whoever still waits with TASKER_CLOSED, and ends the subscription. Safe twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelPoll?.();
    this.#cancelPoll = undefined;
    for (const waiter of [...this.#waiters.values()].flatMap((waiters) => [...waiters])) waiter.reject(closed());
    // One that could not be made was told to whoever wanted it; there is nothing to end.
    const subscription = await this.#subscription?.catch(() => undefined);
    this.#subscription = undefined;
    await subscription?.close();
  }

  /** A failed subscription is forgotten, so that the next caller tries again. */
  #subscribe(): Promise<Subscription> {
    const subscription = subscribeOutcomes(this.#options.provider, {
      onOutcomes: (outcomes) => outcomes.forEach((outcome) => this.#tell(outcome)),
      onGap: () => void this.#look(),
    });
    subscription.catch(() => {
      if (this.#subscription === subscription) this.#subscription = undefined;
    });
    return subscription;
  }

  #register(taskUuid: string, { timeoutMs, signal }: WaitOptions): [Promise<TaskState>, () => void] {
    const waiters = this.#waiters.get(taskUuid) ?? new Set<Waiter>();
    this.#waiters.set(taskUuid, waiters);
    const cleanups: (() => void)[] = [];
    const outcome = new Promise<TaskState>((resolve, reject) => {
      const waiter = { resolve, reject };
      waiters.add(waiter);
      cleanups.push(() => waiters.delete(waiter));
      if (timeoutMs !== undefined) {
        cleanups.push(this.#options.clock.schedule(timeoutMs, () => reject(timeout(taskUuid, timeoutMs))));
      }
      const onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      cleanups.push(() => signal?.removeEventListener('abort', onAbort));
    });
    // Whoever leaves by an error above never reads this promise; its rejection is theirs, not the process's.
    outcome.catch(() => undefined);
    return [
      outcome,
      () => {
        for (const cleanup of cleanups) cleanup();
        if (waiters.size === 0) this.#waiters.delete(taskUuid);
      },
    ];
  }

  #tell({ taskUuid, state }: TaskOutcome): void {
    for (const waiter of this.#waiters.get(taskUuid) ?? []) waiter.resolve(state);
  }

  #poll(): void {
    if (this.#cancelPoll !== undefined || this.#isClosed) return;
    const { clock, pollIntervalMs = 5_000 } = this.#options;
    this.#cancelPoll = clock.schedule(pollIntervalMs, () => {
      this.#cancelPoll = undefined;
      if (this.#waiters.size === 0) return;
      void this.#look();
      this.#poll();
    });
  }

  async #look(): Promise<void> {
    if (this.#waiters.size === 0) return;
    try {
      const states = await this.#options.store.taskStates([...this.#waiters.keys()]);
      states.filter(({ state }) => isOutcome(state)).forEach((outcome) => this.#tell(outcome));
    } catch (error) {
      this.#options.logger.warn({ error: messageOf(error) }, 'looking for finished tasks failed; the next poll tries again');
    }
  }
}

function closed(): TaskerError {
  const text =
    'this tasker was closed, so nobody here waits for tasks any more. They go on elsewhere; open a new tasker to wait.';
  return new TaskerError('TASKER_CLOSED', text, { kind: 'state' });
}

function timeout(taskUuid: string, timeoutMs: number): TaskerError {
  return new TaskerError(
    'TASK_WAIT_TIMEOUT',
    `task ${taskUuid} was not done after ${String(timeoutMs)} ms. It goes on; wait again, or ask \`tasker doctor\` why it does not move.`,
    {
      kind: 'state',
      details: { taskUuid, timeoutMs },
    },
  );
}
