// Results on their way to the database: handed over together when several are waiting, again and again until it answers.
import { messageOf, TaskerError } from '../domain/errors.ts';
import type { Clock, Logger } from '../domain/ports.ts';
import { failureResult } from '../domain/step-result.ts';
import type { SentMessages, StepReport, SubmitResult, WorkerStore } from '../store/store.ts';
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

  /** False: the database does not answer, and the batch has to be tried again. */
  async #submit(batch: readonly StepReport[]): Promise<boolean> {
    const { store, workerUuid, logger, statistics } = this.#options;
    try {
      this.#accepted(batch, await store.submitResults(workerUuid, batch));
      return true;
    } catch (error) {
      statistics.add('submitErrors');
      if (!isOutage(error)) return this.#submitOneByOne(batch, error);
      this.#failures += 1;
      logger.warn({ results: batch.length, error: messageOf(error) }, 'handing results over failed; trying again');
      return false;
    }
  }

  /** The database refuses something in the batch: the others must not wait for it, and the one it is fails its step. */
  async #submitOneByOne(batch: readonly StepReport[], error: unknown): Promise<boolean> {
    const [only] = batch;
    if (batch.length > 1) {
      for (const report of batch) if (!(await this.#submit([report]))) return false;
      return true;
    }
    if (only === undefined || only.result.error?.error_type === 'result_not_storable') {
      this.#options.logger.error(
        { stepUuid: only?.stepUuid, error: messageOf(error) },
        'a result cannot be handed over; its lease will run out',
      );
      // Or the lease would be renewed for ever.
      this.#options.onSubmitted(batch);
      return true;
    }
    return this.#submit([notStorable(only, error)]);
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
      this.#options.clock.schedule(delayMs, resolve);
    });
  }
}

function isOutage(error: unknown): boolean {
  return error instanceof TaskerError && error.code === 'STORE_UNREACHABLE';
}

function notStorable(report: StepReport, error: unknown): StepReport {
  const message = `the result could not be stored: ${messageOf(error)}`;
  const failed = failureResult(
    { stepUuid: report.stepUuid, executionTimeMs: report.executionTimeMs, completedAt: report.result.metadata.completed_at },
    { message, errorType: 'result_not_storable', retryable: false },
  );
  return { ...report, success: false, result: failed };
}
