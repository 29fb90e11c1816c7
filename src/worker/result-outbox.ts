// Results on their way to the database: handed over together when several are waiting, again and again until it answers.
import { messageOf, TaskerError } from '../domain/errors.ts';
import type { Clock, Logger } from '../domain/ports.ts';
import { failureResult } from '../domain/step-result.ts';
import type { SentMessages, StepReport, SubmitResult, WorkerStore } from '../store/store.ts';
import { settledWithin } from './settled-within.ts';
import type { WorkerStatistics } from './worker-statistics.ts';

export interface ResultOutboxOptions {
  readonly workerUuid: string;
  readonly store: Pick<WorkerStore, 'submitResults'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly statistics: WorkerStatistics;
  readonly announce: (sent: SentMessages) => void;
  /** These reports are done with, accepted or refused. */
  readonly onSubmitted: (reports: readonly StepReport[]) => void;
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
  #endPause: () => void = () => undefined;
  #isClosed = false;

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

  /** The last flush, for this long at most: results that no database took by then are left to their leases. */
  async close(withinMs: number): Promise<void> {
    const { clock, logger, onSubmitted } = this.#options;
    if (this.#flushing === undefined || (await settledWithin(clock, withinMs, this.#flushing))) return;
    this.#isClosed = true;
    this.#endPause();
    logger.error(
      { steps: this.#waiting.map(({ stepUuid }) => stepUuid), withinMs },
      'results could not be handed over before the worker had to stop; their steps run again when their leases end',
    );
    onSubmitted(this.#waiting);
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#isClosed) {
      const batch = this.#waiting.slice(0, maxBatch);
      const kept = await this.#submit(batch);
      this.#waiting = [...this.#waiting.slice(batch.length), ...kept];
      if (kept.length > 0 && !this.#isClosed) await this.#pause();
    }
  }

  /** Answers with the reports that have to be tried again. */
  async #submit(batch: readonly StepReport[]): Promise<readonly StepReport[]> {
    const { store, workerUuid, logger, statistics } = this.#options;
    try {
      this.#accepted(batch, await store.submitResults(workerUuid, batch));
      return [];
    } catch (error) {
      statistics.add('submitErrors');
      const code = error instanceof TaskerError ? error.code : undefined;
      if (code !== 'STORE_UNREACHABLE' && batch.length > 1) return this.#submitOneByOne(batch);
      if (code === 'STORE_DATA_REFUSED') return this.#refused(batch, error);
      this.#failures += 1;
      logger.warn({ results: batch.length, error: messageOf(error) }, 'handing results over failed; trying again');
      return batch;
    }
  }

  /** Something in the batch, or the batch as a whole, is in the way: the others must not wait for it. */
  async #submitOneByOne(batch: readonly StepReport[]): Promise<readonly StepReport[]> {
    for (const [index, report] of batch.entries()) {
      const kept = await this.#submit([report]);
      // To the back: it is this report's fault, or else all of them wait a moment anyway.
      if (kept.length > 0) return [...batch.slice(index + 1), ...kept];
    }
    return [];
  }

  /** The database will never take this result: its step fails, with the reason. */
  async #refused([report]: readonly StepReport[], error: unknown): Promise<readonly StepReport[]> {
    if (report === undefined) return [];
    if (report.result.error?.error_type !== 'result_not_storable') return this.#submit([notStorable(report, error)]);
    this.#options.logger.error(
      { stepUuid: report.stepUuid, error: messageOf(error) },
      'a result cannot be handed over; its lease will run out',
    );
    // Or the lease would be renewed for ever.
    this.#options.onSubmitted([report]);
    return [];
  }

  #accepted(batch: readonly StepReport[], { refused, sent }: SubmitResult): void {
    this.#options.announce(sent);
    if (refused.length > 0) {
      this.#options.statistics.add('reportsRefused', refused.length);
      this.#options.logger.warn(
        { refused },
        'results were refused: the lease was lost, or the step was cancelled or resolved meanwhile',
      );
    }
    this.#failures = 0;
    this.#options.onSubmitted(batch);
  }

  #pause(): Promise<void> {
    const delayMs = Math.min(lastRetryMs, firstRetryMs * 2 ** Math.min(this.#failures - 1, 10));
    return new Promise((resolve) => {
      const cancel = this.#options.clock.schedule(delayMs, resolve);
      this.#endPause = () => {
        cancel();
        resolve();
      };
    });
  }
}

function notStorable(report: StepReport, error: unknown): StepReport {
  const message = `the result could not be stored: ${messageOf(error)}`;
  const failed = failureResult(
    { stepUuid: report.stepUuid, executionTimeMs: report.executionTimeMs, completedAt: report.result.metadata.completed_at },
    { message, errorType: 'result_not_storable', retryable: false },
  );
  return { ...report, success: false, result: failed };
}
