// Keeps this process's row in the health table: what it runs, how it is, what woke it; `tasker health` reads the rows.
import { hostname } from 'node:os';
import { messageOf } from '../domain/errors.ts';
import { checkJson } from '../domain/json-limits.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Service } from '../domain/ports.ts';
import type { HealthStore, ProcessHealth } from '../store/store.ts';
import type { Worker } from '../worker/worker.ts';
import { judgeProcess } from './judge-process.ts';
import type { WorkerFacts } from './judge-process.ts';
import type { Runtime } from './open-runtime.ts';
import type { Orchestrator } from './start-orchestrator.ts';

// Spec 7.8: health is evaluated every 5 s; a row older than six of those tells of a process that is gone.
const reportEveryMs = 5_000;

export interface HealthReporterPorts extends Pick<Runtime, 'clock' | 'logger' | 'processUuid' | 'startedAt'> {
  readonly store: Pick<HealthStore, 'reportHealth'>;
}

export class HealthReporter implements Service {
  readonly #runtime: HealthReporterPorts;
  readonly #orchestrators: Orchestrator[] = [];
  readonly #workers: Worker[] = [];
  /** What each worker had counted when it was last reported. */
  readonly #reported = new WeakMap<Worker, WorkerFacts>();
  #cancelTimer: () => void = () => undefined;
  #isRunning = false;
  #reporting: Promise<void> = Promise.resolve();

  constructor(runtime: HealthReporterPorts) {
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

  async #write(lastWord?: ProcessHealth['status']): Promise<void> {
    const { store, processUuid, startedAt, logger } = this.#runtime;
    try {
      const snapshot = this.#snapshot();
      const status = lastWord ?? this.#status();
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
    const [orchestrators, workers] = [runningOf(this.#orchestrators), runningOf(this.#workers)];
    // A process whose services have all stopped keeps the name they gave it.
    const named = orchestrators.length + workers.length > 0 ? { orchestrators, workers } : this.#all();
    if (named.workers.length === 0) return 'orchestrator';
    return named.orchestrators.length === 0 ? 'worker' : 'combined';
  }

  #all() {
    return { orchestrators: this.#orchestrators, workers: this.#workers };
  }

  #status(): ProcessHealth['status'] {
    return judgeProcess({
      orchestrators: runningOf(this.#orchestrators).map((one) => ({
        system: one.health().status,
        events: one.events.healthCheck(),
      })),
      workers: runningOf(this.#workers).map((worker) => this.#sinceLastReport(worker)),
    });
  }

  #sinceLastReport(worker: Worker): WorkerFacts {
    const { stepsClaimed, claimErrors } = worker.statistics();
    const before = this.#reported.get(worker) ?? { stepsClaimed: 0, claimErrors: 0 };
    this.#reported.set(worker, { stepsClaimed, claimErrors });
    return { stepsClaimed: stepsClaimed - before.stepsClaimed, claimErrors: claimErrors - before.claimErrors };
  }

  #snapshot(): JsonObject {
    const snapshot = { orchestrators: this.#orchestrators.map(orchestratorPicture), workers: this.#workers.map(workerPicture) };
    return checkJson(snapshot, { what: 'the health snapshot', mustBe: 'object' });
  }
}

function runningOf<Part extends { readonly isRunning: boolean }>(services: readonly Part[]): readonly Part[] {
  return services.filter(({ isRunning }) => isRunning);
}

function orchestratorPicture(orchestrator: Orchestrator): object {
  const { isRunning, events, processor } = orchestrator;
  const { configuredMode, effectiveMode, overridden, wokenBy, totals, poller, listener } = events.statistics();
  return {
    isRunning,
    configuredMode,
    effectiveMode,
    overridden,
    wokenBy,
    events: { ...totals },
    healthCheck: events.healthCheck(),
    poller: poller.counters,
    listener: listener.counters,
    health: { ...orchestrator.health() },
    processing: processor.stats.snapshot().counters,
  };
}

function workerPicture(worker: Worker): object {
  const { workerUuid, isRunning } = worker;
  return { workerUuid, isRunning, running: worker.running(), ...worker.serves(), ...worker.statistics() };
}
