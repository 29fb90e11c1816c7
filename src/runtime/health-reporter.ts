// Keeps this process's row in the health table: what it runs, how it is, what woke it; `tasker health` reads the rows.
import { hostname } from 'node:os';
import { messageOf } from '../domain/errors.ts';
import { checkJson } from '../domain/json-limits.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Service } from '../domain/ports.ts';
import type { ProcessHealth } from '../store/store.ts';
import type { Worker } from '../worker/worker.ts';
import type { Runtime } from './open-runtime.ts';
import type { Orchestrator } from './start-orchestrator.ts';

// Spec 7.8: health is evaluated every 5 s; a row older than six of those tells of a process that is gone.
const reportEveryMs = 5_000;

export class HealthReporter implements Service {
  readonly #runtime: Pick<Runtime, 'store' | 'clock' | 'logger' | 'processUuid' | 'startedAt'>;
  readonly #orchestrators: Orchestrator[] = [];
  readonly #workers: Worker[] = [];
  #cancelTimer: () => void = () => undefined;
  #isRunning = false;
  #reporting: Promise<void> = Promise.resolve();

  constructor(runtime: Pick<Runtime, 'store' | 'clock' | 'logger' | 'processUuid' | 'startedAt'>) {
    this.#runtime = runtime;
  }

  addOrchestrator(orchestrator: Orchestrator): Promise<void> {
    this.#orchestrators.push(orchestrator);
    return this.start();
  }

  addWorker(worker: Worker): Promise<void> {
    this.#workers.push(worker);
    return this.start();
  }

  /** Resolves when the row is written; called again, it writes it anew. */
  async start(): Promise<void> {
    this.#isRunning = true;
    this.#cancelTimer();
    await this.#report();
    this.#schedule();
  }

  /** The last word: the row says that the process stopped. */
  async stop(): Promise<void> {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    this.#cancelTimer();
    await this.#report('stopped');
  }

  #schedule(): void {
    if (!this.#isRunning) return;
    this.#cancelTimer = this.#runtime.clock.schedule(reportEveryMs, () => void this.#report().then(() => this.#schedule()));
  }

  /** One after the other, so that the last one written is the last one made. */
  #report(status?: ProcessHealth['status']): Promise<void> {
    this.#reporting = this.#reporting.then(() => this.#write(status));
    return this.#reporting;
  }

  async #write(status: ProcessHealth['status'] = this.#status()): Promise<void> {
    const { store, processUuid, startedAt, logger } = this.#runtime;
    try {
      const snapshot = this.#snapshot();
      await store.reportHealth({
        processUuid,
        kind: this.#kind(),
        hostname: hostname(),
        pid: process.pid,
        startedAt,
        status,
        snapshot,
      });
    } catch (error) {
      logger.warn({ error: messageOf(error) }, 'the health row could not be written; the next report tries again');
    }
  }

  #kind(): ProcessHealth['kind'] {
    if (this.#workers.length === 0) return 'orchestrator';
    return this.#orchestrators.length === 0 ? 'worker' : 'combined';
  }

  /** A worker has no evaluator of its own: that the row is written says that it reaches the database. */
  #status(): ProcessHealth['status'] {
    return this.#orchestrators[0]?.health().status ?? 'healthy';
  }

  #snapshot(): JsonObject {
    const orchestrators = this.#orchestrators.map((orchestrator) => {
      const { configuredMode, effectiveMode, overridden, wokenBy, totals } = orchestrator.events.statistics();
      return {
        configuredMode,
        effectiveMode,
        overridden,
        wokenBy,
        events: { ...totals },
        health: { ...orchestrator.health() },
        processing: orchestrator.processor.stats.snapshot().counters,
      };
    });
    const workers = this.#workers.map((worker) => ({
      workerUuid: worker.workerUuid,
      running: worker.running(),
      ...worker.statistics(),
    }));
    return checkJson({ orchestrators, workers }, { what: 'the health snapshot', mustBe: 'object' });
  }
}
