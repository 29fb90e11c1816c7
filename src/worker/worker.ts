// The worker: claims steps as slots are free, keeps their leases, hands results over in batches, drains when it stops.
import { messageOf, TaskerError } from '../domain/errors.ts';
import type { Clock, Logger, Service } from '../domain/ports.ts';
import type { MessagingProvider, Subscription } from '../messaging/provider.ts';
import type { ClaimedStep, SentMessages, WorkerStore } from '../store/store.ts';
import type { ForeignSteps } from './foreign-steps.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { ResultOutbox } from './result-outbox.ts';
import { settledWithin } from './settled-within.ts';
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
  readonly foreign: ForeignSteps;
  /** For the health row; a registry may grow. */
  readonly serves: () => WorkerScope;
  /** Handlers that run at the same time; default 10 (spec 10.4). */
  readonly concurrency?: number;
  /** How long a worker may be silent before its steps go to another one; default 30,000 ms. */
  readonly leaseMs?: number;
  /** The safety net under the notifications; default 1,000 ms (spec 10.5). */
  readonly pollIntervalMs?: number;
  /** How long `stop` waits for handlers before it aborts them, and then for a database that takes their results; default 30,000 ms. */
  readonly drainMs?: number;
}

/** Which steps find their worker here; `tasker doctor` compares it with those that wait. */
export interface WorkerScope {
  readonly namespaces: readonly string[];
  /** The callables; null when they cannot be told: resolvers of its own may know any, or there are too many. */
  readonly handlers: readonly string[] | null;
}

export interface Worker extends Service {
  readonly workerUuid: string;
  /** It takes steps: started, and not asked to stop. */
  readonly isRunning: boolean;
  /** Steps whose handler runs now. */
  running(): number;
  statistics(): WorkerStatisticsSnapshot;
  serves(): WorkerScope;
}

export function createWorker(options: WorkerOptions): Worker {
  return new StepWorker(options);
}

const defaults = { concurrency: 10, leaseMs: 30_000, pollIntervalMs: 1_000, drainMs: 30_000 };

class StepWorker implements Worker {
  readonly #options: WorkerOptions & typeof defaults;
  readonly #statistics = new WorkerStatistics();
  readonly #leases: LeaseKeeper;
  /** One a start: a closed one hands nothing over any more. */
  #outbox: ResultOutbox;
  readonly #executing = new Set<Promise<void>>();
  #subscription: Subscription | undefined;
  #cancelPoll: (() => void) | undefined;
  #accepting = false;
  #lastAct: Promise<void> = Promise.resolve();
  #pumping: Promise<void> | undefined;
  /** Something may wait in a queue: set by notifications, polls and full batches, cleared when every queue came up short. */
  #wanted = false;
  #nextQueue = 0;

  constructor(options: WorkerOptions) {
    this.#options = { ...defaults, ...options };
    this.#leases = new LeaseKeeper({ ...this.#options, statistics: this.#statistics });
    this.#outbox = this.#newOutbox();
  }

  get workerUuid(): string {
    return this.#options.workerUuid;
  }

  get isRunning(): boolean {
    return this.#accepting;
  }

  running(): number {
    return this.#executing.size;
  }

  statistics(): WorkerStatisticsSnapshot {
    return this.#statistics.snapshot();
  }

  serves(): WorkerScope {
    return this.#options.serves();
  }

  start(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#accepting) return;
      // First what can fail: a start that failed leaves nothing behind and may be tried again.
      this.#subscription = await this.#options.provider.subscribe(this.#options.queueNames, () => this.#wake());
      this.#outbox = this.#newOutbox();
      this.#accepting = true;
      this.#leases.start();
      this.#poll();
    });
  }

  /** Ends within `drainMs` for the handlers and once more for their results, whatever the database does; never rejects. */
  stop(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#accepting) return;
      this.#accepting = false;
      this.#cancelPoll?.();
      await this.#unsubscribe();
      await this.#pumping;
      await this.#drain();
      await this.#outbox.close(this.#options.drainMs);
      await this.#leases.stop();
    });
  }

  /** Starts and stops one after the other: whoever stops a worker that is stopping waits for the same end. */
  #inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.#lastAct.then(act);
    this.#lastAct = done.catch(() => undefined);
    return done;
  }

  async #unsubscribe(): Promise<void> {
    try {
      await this.#subscription?.close();
    } catch (error) {
      this.#options.logger.warn(
        { error: messageOf(error) },
        'the subscription could not be closed; the worker stops all the same',
      );
    }
    this.#subscription = undefined;
  }

  async #drain(): Promise<void> {
    if (this.#executing.size === 0) return;
    const { clock, drainMs, logger, workerUuid, store } = this.#options;
    if (await settledWithin(clock, drainMs, Promise.all(this.#executing))) return;
    const leases = this.#leases.abortAll(
      new TaskerError('WORKER_STOPPING', 'the worker stops; the step goes back to its queue', { kind: 'state' }),
    );
    logger.warn({ steps: leases.length }, 'handlers did not finish in time; their steps go back to the queue');
    try {
      const released = await store.releaseSteps(workerUuid, leases);
      this.#statistics.add('stepsReleased', released.length);
    } catch (error) {
      const steps = leases.map(({ stepUuid }) => stepUuid);
      logger.error({ steps, error: messageOf(error) }, 'steps could not be given back; they run again when their leases end');
    }
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
    const { store, leaseMs, workerUuid, logger, foreign } = this.#options;
    try {
      const { claimed, unclaimed, sent } = await store.claimSteps({
        queueName,
        max,
        leaseMs,
        workerUuid,
        except: foreign.kinds(),
      });
      this.#announce(sent);
      this.#statistics.add('stepsClaimed', claimed.length);
      for (const message of unclaimed) {
        if (message.reason !== 'not_a_step_message' && message.reason !== 'unknown_step') continue;
        this.#statistics.add('messagesSetAside');
        logger.error({ queueName, ...message }, 'a message was set aside in the archive: it names no step');
      }
      const sorted = await foreign.sortOut(claimed);
      for (const step of sorted.own) this.#begin(step);
      await this.#giveBack(queueName, sorted.foreign);
      return claimed.length + unclaimed.length;
    } catch (error) {
      this.#statistics.add('claimErrors');
      logger.warn({ queueName, error: messageOf(error) }, 'claiming failed; the next poll tries again');
      return 0;
    }
  }

  #begin(step: ClaimedStep): void {
    const job = this.#execute(step);
    this.#executing.add(job);
    void job.finally(() => {
      this.#executing.delete(job);
      if (this.#wanted) this.#wake();
    });
  }

  async #giveBack(queueName: string, steps: readonly ClaimedStep[]): Promise<void> {
    if (steps.length === 0) return;
    const released = await this.#options.foreign.giveBack(steps);
    this.#statistics.add('stepsReleased', released.length);
    // Their worker was told of them when they were hidden.
    this.#announce({ [queueName]: released.map(({ messageId }) => messageId) });
  }

  async #execute(step: ClaimedStep): Promise<void> {
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

  #newOutbox(): ResultOutbox {
    return new ResultOutbox({
      ...this.#options,
      statistics: this.#statistics,
      announce: (sent) => this.#announce(sent),
      onSubmitted: (reports) => this.#leases.drop(reports),
    });
  }

  #announce(sent: SentMessages): void {
    for (const [queue, ids] of Object.entries(sent)) this.#options.provider.announce(queue, ids);
  }
}
