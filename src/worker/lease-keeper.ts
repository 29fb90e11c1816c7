// Keeps the leases of the steps a worker holds: renewed at a third of their length, and a lost one aborts its handler.
import { messageOf, TaskerError } from '../domain/errors.ts';
import type { Clock, Logger } from '../domain/ports.ts';
import type { ClaimedStep, LeaseRef, WorkerStore } from '../store/store.ts';
import type { WorkerStatistics } from './worker-statistics.ts';

export interface LeaseKeeperOptions {
  readonly workerUuid: string;
  readonly store: Pick<WorkerStore, 'renewLeases'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly leaseMs: number;
  readonly statistics: WorkerStatistics;
}

interface Held {
  readonly lease: LeaseRef;
  readonly abort: AbortController;
  readonly since: number;
}

export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #held = new Map<string, Held>();
  #cancelTimer: (() => void) | undefined;
  #renewing: Promise<void> = Promise.resolve();

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    // A third: two renewals may fail before the lease ends.
    this.#cancelTimer = this.#options.clock.schedule(this.#options.leaseMs / 3, () => {
      this.#renewing = this.#renew();
      this.start();
    });
  }

  async stop(): Promise<void> {
    this.#cancelTimer?.();
    await this.#renewing;
  }

  add(step: ClaimedStep): AbortController {
    const { stepUuid, attempt, messageId, queueName } = step;
    // This worker was frozen for longer than the lease and has now claimed its own step again.
    const older = this.#held.get(stepUuid);
    if (older !== undefined) this.#lose(older);
    const abort = new AbortController();
    this.#held.set(stepUuid, { lease: { stepUuid, attempt, messageId, queueName }, abort, since: this.#options.clock.now() });
    return abort;
  }

  /** Done with these attempts; a later attempt of the same step stays. */
  drop(reports: readonly Pick<LeaseRef, 'stepUuid' | 'attempt'>[]): void {
    for (const { stepUuid, attempt } of reports) {
      if (!this.isLost(stepUuid, attempt)) this.#held.delete(stepUuid);
    }
  }

  /** True when the step is no longer this worker's, or not in this attempt. */
  isLost(stepUuid: string, attempt: number): boolean {
    return this.#held.get(stepUuid)?.lease.attempt !== attempt;
  }

  /** Aborts every handler and forgets the leases; answers with them, to be given back. */
  abortAll(reason: TaskerError): readonly LeaseRef[] {
    const held = [...this.#held.values()];
    this.#held.clear();
    for (const { abort } of held) abort.abort(reason);
    return held.map(({ lease }) => lease);
  }

  async #renew(): Promise<void> {
    const { clock, store, workerUuid, leaseMs, logger } = this.#options;
    // A step claimed a moment ago has its whole lease before it.
    const due = [...this.#held.values()].filter(({ since }) => clock.now() - since >= leaseMs / 4);
    if (due.length === 0) return;
    try {
      const kept = new Set(
        await store.renewLeases(
          workerUuid,
          due.map(({ lease }) => lease),
          leaseMs,
        ),
      );
      for (const held of due) {
        const { stepUuid, attempt } = held.lease;
        if (kept.has(stepUuid) || this.isLost(stepUuid, attempt)) continue;
        this.#held.delete(stepUuid);
        this.#lose(held);
      }
    } catch (error) {
      // Not a lost lease: the database may be restarting. If another worker takes over meanwhile, the result is refused.
      logger.warn({ steps: due.length, error: messageOf(error) }, 'renewing leases failed; the next renewal tries again');
    }
  }

  #lose({ lease: { stepUuid, attempt }, abort }: Held): void {
    const { statistics, logger } = this.#options;
    statistics.add('leasesLost');
    logger.warn({ stepUuid, attempt }, 'the lease was lost; the handler is aborted and its result will not count');
    const message = `step ${stepUuid} is no longer this worker's (attempt ${String(attempt)})`;
    abort.abort(new TaskerError('LEASE_LOST', message, { kind: 'state' }));
  }
}
