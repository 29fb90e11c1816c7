// The worker: claims steps as slots are free, keeps their leases, hands results over in batches, drains when it stops.
import { messageOf, TaskerError } from '../domain/errors.ts';
import type { Clock, Logger, Service } from '../domain/ports.ts';
import type { MessagingProvider, Subscription } from '../messaging/provider.ts';
import type { SentMessages, WorkerStore } from '../store/store.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { ResultOutbox } from './result-outbox.ts';
import { WorkerStatistics } from './worker-statistics.ts';
import type { WorkerStatisticsSnapshot } from './worker-statistics.ts';
import type { RunStep } from './run-step.ts';

export interface WorkerOptions {
  readonly workerUuid: string;
  readonly store: WorkerStore;
  readonly provider: MessagingProvider;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The queues to serve, one a namespace. */
  readonly queueNames: readonly string[];
  readonly runStep: RunStep;
  /** Handlers that run at the same time; default 10 (spec 10.4). */
  readonly concurrency?: number;
  /** How long a worker may be silent before its steps go to another one; default 30,000 ms. */
  readonly leaseMs?: number;
  /** The safety net under the notifications; default 1,000 ms (spec 10.5). */
  readonly pollIntervalMs?: number;
  /** How long `stop` waits for handlers before it aborts them; default 30,000 ms. */
  readonly drainMs?: number;
}

export interface Worker extends Service {
  readonly workerUuid: string;
  /** Steps whose handler runs now. */
  running(): number;
  statistics(): WorkerStatisticsSnapshot;
}

export function createWorker(options: WorkerOptions): Worker {
  return new StepWorker(options);
}

const defaults = { concurrency: 10, leaseMs: 30_000, pollIntervalMs: 1_000, drainMs: 30_000 };

class StepWorker implements Worker {
  readonly #options: WorkerOptions & typeof defaults;
  readonly #statistics = new WorkerStatistics();
  readonly #leases: LeaseKeeper;
  readonly #outbox: ResultOutbox;
  readonly #executing = new Set<Promise<void>>();
  #subscription: Subscription | undefined;
  #cancelPoll: (() => void) | undefined;
  #accepting = false;
  #pumping: Promise<void> | undefined;
  /** Something may wait in a queue: set by notifications, polls and full batches, cleared when every queue came up short. */
  #wanted = false;
  #nextQueue = 0;

  constructor(options: WorkerOptions) {
    this.#options = { ...defaults, ...options };
    const announce = (sent: SentMessages) => this.#announce(sent);
    const shared = { ...this.#options, statistics: this.#statistics, announce };
    this.#leases = new LeaseKeeper(shared);
    this.#outbox = new ResultOutbox({ ...shared, onSubmitted: (reports) => this.#leases.drop(reports) });
  }

  get workerUuid(): string {
    return this.#options.workerUuid;
  }

  running(): number {
    return this.#executing.size;
  }

  statistics(): WorkerStatisticsSnapshot {
    return this.#statistics.snapshot();
  }

  async start(): Promise<void> {
    if (this.#accepting) return;
    this.#accepting = true;
    this.#leases.start();
    this.#subscription = await this.#options.provider.subscribe(this.#options.queueNames, () => this.#wake());
    this.#poll();
  }

  async stop(): Promise<void> {
    if (!this.#accepting) return;
    this.#accepting = false;
    this.#cancelPoll?.();
    await this.#subscription?.close();
    this.#subscription = undefined;
    await this.#pumping;
    await this.#drain();
    await this.#outbox.flushed();
    await this.#leases.stop();
  }

  async #drain(): Promise<void> {
    if (this.#executing.size === 0) return;
    const { clock, drainMs, logger, workerUuid, store } = this.#options;
    const finished = Promise.all(this.#executing);
    const timeUp = await new Promise<boolean>((resolve) => {
      const cancel = clock.schedule(drainMs, () => resolve(true));
      void finished.then(() => {
        cancel();
        resolve(false);
      });
    });
    if (!timeUp) return;
    const leases = this.#leases.abortAll(
      new TaskerError('WORKER_STOPPING', 'the worker stops; the step goes back to its queue', { kind: 'state' }),
    );
    logger.warn({ steps: leases.length }, 'handlers did not finish in time; their steps go back to the queue');
    const released = await store.releaseSteps(workerUuid, leases);
    this.#statistics.add('stepsReleased', released.length);
  }

  #poll(): void {
    if (!this.#accepting) return;
    this.#wake();
    this.#cancelPoll = this.#options.clock.schedule(this.#options.pollIntervalMs, () => this.#poll());
  }

  #wake(): void {
    this.#wanted = true;
    if (this.#pumping !== undefined || !this.#accepting) return;
    this.#pumping = this.#pump().finally(() => {
      this.#pumping = undefined;
      if (this.#wanted && this.#freeSlots() > 0) this.#wake();
    });
  }

  #freeSlots(): number {
    // Finished results that could not be handed over yet count too, or an outage would pile them up without bound.
    return this.#accepting ? this.#options.concurrency - this.#executing.size - this.#outbox.overdue() : 0;
  }

  async #pump(): Promise<void> {
    while (this.#wanted && this.#freeSlots() > 0) {
      this.#wanted = false;
      const full = await this.#claimRound();
      if (full) this.#wanted = true;
      // Handlers that end at once free their slots together: the next claim should see all of them.
      if (full) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Asks each queue once, in turn; true when one of them gave all it was asked for. */
  async #claimRound(): Promise<boolean> {
    const { queueNames } = this.#options;
    let full = false;
    for (let asked = 0; asked < queueNames.length; asked += 1) {
      const queueName = queueNames[this.#nextQueue % queueNames.length];
      const max = this.#freeSlots();
      if (queueName === undefined || max <= 0) return true;
      this.#nextQueue += 1;
      if ((await this.#claim(queueName, max)) === max) full = true;
    }
    return full;
  }

  async #claim(queueName: string, max: number): Promise<number> {
    const { store, leaseMs, workerUuid, logger } = this.#options;
    try {
      const { claimed, unclaimed, sent } = await store.claimSteps({ queueName, max, leaseMs, workerUuid });
      this.#announce(sent);
      this.#statistics.add('stepsClaimed', claimed.length);
      for (const message of unclaimed) {
        if (message.reason !== 'not_a_step_message' && message.reason !== 'unknown_step') continue;
        this.#statistics.add('messagesSetAside');
        logger.error({ queueName, ...message }, 'a message was set aside in the archive: it names no step');
      }
      for (const step of claimed) {
        const job = this.#execute(step);
        this.#executing.add(job);
        void job.finally(() => {
          this.#executing.delete(job);
          if (this.#wanted) this.#wake();
        });
      }
      return claimed.length + unclaimed.length;
    } catch (error) {
      this.#statistics.add('claimErrors');
      logger.warn({ queueName, error: messageOf(error) }, 'claiming failed; the next poll tries again');
      return 0;
    }
  }

  async #execute(step: Parameters<RunStep>[0]): Promise<void> {
    const abort = this.#leases.add(step);
    const outcome = await this.#options.runStep(step, abort);
    this.#statistics.add('executionTimeMs', outcome.executionTimeMs);
    this.#statistics.add(outcome.success ? 'stepsSucceeded' : 'stepsFailed');
    if (this.#leases.isLost(step.stepUuid, step.attempt)) return;
    this.#outbox.add({
      stepUuid: step.stepUuid,
      taskUuid: step.taskUuid,
      attempt: step.attempt,
      messageId: step.messageId,
      queueName: step.queueName,
      ...outcome,
    });
  }

  #announce(sent: SentMessages): void {
    for (const [queue, ids] of Object.entries(sent)) this.#options.provider.announce(queue, ids);
  }
}
