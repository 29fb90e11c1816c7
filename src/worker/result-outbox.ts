// Results on their way to the database: handed over together when several are waiting, again and again until it answers.
import { messageOf } from '../domain/errors.ts';
import type { Clock, Logger } from '../domain/ports.ts';
import type { SentMessages, StepReport, WorkerStore } from '../store/store.ts';
import type { WorkerStatistics } from './worker-statistics.ts';

export interface ResultOutboxOptions {
  readonly workerUuid: string;
  readonly store: Pick<WorkerStore, 'submitResults'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly statistics: WorkerStatistics;
  readonly announce: (sent: SentMessages) => void;
  /** These steps are done with, accepted or refused. */
  readonly onSubmitted: (stepUuids: readonly string[]) => void;
}

// 500 reports of a small result are about 250 kB of parameters; above that one statement blocks the connection for long.
const maxBatch = 500;
const firstRetryMs = 100;
const lastRetryMs = 5_000;

export class ResultOutbox {
  readonly #options: ResultOutboxOptions;
  #waiting: StepReport[] = [];
  #flushing: Promise<void> | undefined;
  #failures = 0;

  constructor(options: ResultOutboxOptions) {
    this.#options = options;
  }

  add(report: StepReport): void {
    this.#waiting.push(report);
    // In a microtask: handlers that end in the same turn share one transaction.
    this.#flushing ??= Promise.resolve()
      .then(() => this.#flush())
      .finally(() => (this.#flushing = undefined));
  }

  /** Reports that failed to be handed over and wait for the next try. */
  overdue(): number {
    return this.#failures > 0 ? this.#waiting.length : 0;
  }

  async flushed(): Promise<void> {
    await this.#flushing;
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, maxBatch);
      const done = await this.#submit(batch);
      if (done) this.#waiting = this.#waiting.slice(batch.length);
      else await this.#pause();
    }
  }

  async #submit(batch: readonly StepReport[]): Promise<boolean> {
    const { store, workerUuid, announce, logger, statistics, onSubmitted } = this.#options;
    try {
      const { refused, sent } = await store.submitResults(workerUuid, batch);
      announce(sent);
      if (refused.length > 0) {
        statistics.add('reportsRefused', refused.length);
        logger.warn({ refused }, 'results were refused: the lease was lost, or the step was cancelled or resolved meanwhile');
      }
      this.#failures = 0;
      onSubmitted(batch.map((report) => report.stepUuid));
      return true;
    } catch (error) {
      this.#failures += 1;
      statistics.add('submitErrors');
      logger.warn({ results: batch.length, error: messageOf(error) }, 'handing results over failed; trying again');
      return false;
    }
  }

  #pause(): Promise<void> {
    const delayMs = Math.min(lastRetryMs, firstRetryMs * 2 ** Math.min(this.#failures - 1, 10));
    return new Promise((resolve) => {
      this.#options.clock.schedule(delayMs, resolve);
    });
  }
}
