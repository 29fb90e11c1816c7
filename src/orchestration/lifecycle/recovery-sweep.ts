// The recovery sweep: what no message will wake (due retries, lost messages, tasks between states) is found within one interval.
import { messageOf, TaskerError } from '../../domain/errors.ts';
import type { Clock, Logger, Service } from '../../domain/ports.ts';
import type { TaskDecision } from '../../domain/task-view.ts';
import type { OrchestrationStore } from '../../store/store.ts';
import type { OrchestrationCore } from './orchestration-core.ts';

export interface RecoverySweepOptions {
  readonly store: Pick<OrchestrationStore, 'findReadyTasks' | 'nextRetryInMs' | 'resendLostMessages'>;
  readonly core: Pick<OrchestrationCore, 'reevaluate' | 'announce'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default 5,000 ms (architecture 3.2). */
  readonly intervalMs?: number;
  /** Tasks decided on in one transaction; default 100. */
  readonly batchSize?: number;
  /** Every how many sweeps messages are looked for even though the server did not crash; default 12 (one minute). */
  readonly fullCheckEvery?: number;
  /** Called after each sweep; tests wait for it instead of sleeping. */
  readonly onSwept?: (report: SweepReport) => void;
}

export interface SweepReport {
  readonly decided: number;
  readonly resent: number;
  readonly failed: boolean;
}

export interface RecoverySweep extends Service {
  /** Sweeps now, or as soon as the sweep under way has ended. */
  sweepNow(): Promise<SweepReport>;
  /** Sweeps at this moment if that is before the next regular sweep: a retry was planned for then. */
  wakeAt(atMs: number): void;
}

export function createRecoverySweep(options: RecoverySweepOptions): RecoverySweep {
  return new Sweep(options);
}

class Sweep implements RecoverySweep {
  readonly #options: Required<Omit<RecoverySweepOptions, 'onSwept'>> & Pick<RecoverySweepOptions, 'onSwept'>;
  #cancelTimer: (() => void) | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #running = false;
  #current: Promise<SweepReport> = Promise.resolve({ decided: 0, resent: 0, failed: false });
  #sweeps = 0;

  constructor(options: RecoverySweepOptions) {
    this.#options = { intervalMs: 5_000, batchSize: 100, fullCheckEvery: 12, ...options };
  }

  async start(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    await this.sweepNow();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#timerAt = Number.POSITIVE_INFINITY;
    await this.#current;
  }

  sweepNow(): Promise<SweepReport> {
    this.#current = this.#current.then(() => this.#sweep());
    return this.#current;
  }

  wakeAt(atMs: number): void {
    if (!this.#running || atMs >= this.#timerAt) return;
    this.#cancelTimer?.();
    this.#timerAt = atMs;
    this.#cancelTimer = this.#options.clock.schedule(Math.max(0, atMs - this.#options.clock.now()), () => {
      this.#timerAt = Number.POSITIVE_INFINITY;
      void this.sweepNow();
    });
  }

  async #sweep(): Promise<SweepReport> {
    const { clock, intervalMs, onSwept } = this.#options;
    // Asked before the due retries are looked for: one that falls due in between is found then, and one after it is not missed.
    const retryAt = await this.#nextRetryAt();
    const report = await this.#recover();
    if (this.#running) this.wakeAt(Math.min(clock.now() + intervalMs, retryAt));
    onSwept?.(report);
    return report;
  }

  async #nextRetryAt(): Promise<number> {
    const { store, clock } = this.#options;
    const inMs = await store.nextRetryInMs().catch(() => undefined);
    // Rounded up: a timer that is early by a fraction would sweep for nothing.
    return inMs === undefined ? Number.POSITIVE_INFINITY : clock.now() + Math.ceil(inMs);
  }

  async #recover(): Promise<SweepReport> {
    const { store, core, logger, fullCheckEvery, batchSize } = this.#options;
    this.#sweeps += 1;
    try {
      const sent = await store.resendLostMessages({ evenWithoutCrash: this.#sweeps % fullCheckEvery === 0 });
      core.announce(sent);
      const resent = Object.values(sent).reduce((sum, ids) => sum + ids.length, 0);
      if (resent > 0) logger.warn({ resent, queues: Object.keys(sent) }, 'sent lost messages again');
      const decided = await this.#decideReady(batchSize);
      return { decided, resent, failed: false };
    } catch (error) {
      logger.warn({ error: messageOf(error) }, 'the sweep failed; the next one tries again');
      return { decided: 0, resent: 0, failed: true };
    }
  }

  /** Full batches go on at once; a batch that changed nothing ends the sweep, or blocked tasks would keep it busy for ever. */
  async #decideReady(batchSize: number): Promise<number> {
    let decided = 0;
    for (;;) {
      const found = await this.#options.store.findReadyTasks(batchSize);
      if (found.length === 0) return decided;
      const decisions = await this.#reevaluate(found);
      const changed = decisions.filter((decision) => decision.task !== undefined || decision.steps.length > 0).length;
      decided += changed;
      if (changed === 0 || found.length < batchSize) return decided;
    }
  }

  /** One task that cannot be read or decided on must not keep the others waiting: halves find it in few tries. */
  async #reevaluate(found: readonly string[]): Promise<readonly TaskDecision[]> {
    const { core, logger } = this.#options;
    try {
      return await core.reevaluate(found);
    } catch (error) {
      if (error instanceof TaskerError && error.code === 'STORE_UNREACHABLE') throw error;
      if (found.length === 1) {
        logger.error({ taskUuid: found[0], error: messageOf(error) }, 'a task cannot be decided on; the others go on');
        return [];
      }
      const half = Math.ceil(found.length / 2);
      const first = await this.#reevaluate(found.slice(0, half));
      return [...first, ...(await this.#reevaluate(found.slice(half)))];
    }
  }
}
