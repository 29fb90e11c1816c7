// Looks at database, command channel and queues every five seconds and keeps what it found in the caches (spec 7.8).
import { messageOf } from '../../domain/errors.ts';
import { silentLogger, type Clock, type Logger, type Service } from '../../domain/ports.ts';
import type { MessagingProvider } from '../../messaging/provider.ts';
import { orchestrationQueues, type OrchestrationQueues } from '../../messaging/queue-names.ts';
import type { CommandChannel } from '../commands/command-channel.ts';
import type { OrchestrationCommand } from '../commands/commands.ts';
import type { ChannelMonitor } from '../event-systems/channel-monitor.ts';
import { createInTurn } from '../in-turn.ts';
import { decideBackpressure } from './backpressure.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import { evaluateHealthStatus, type SystemHealth } from './health-check-evaluator.ts';
import {
  databaseNotEvaluated,
  queueHealthOf,
  type ChannelHealthStatus,
  type DatabaseHealth,
  type QueueHealth,
} from './health-status.ts';
import { StatusCaches } from './status-caches.ts';

const EVALUATE_EVERY_MS = 5000;
const DATABASE_TIMEOUT_MS = 1000;

export interface StatusEvaluatorOptions {
  readonly clock: Clock;
  readonly channel: CommandChannel<OrchestrationCommand>;
  readonly monitor: ChannelMonitor;
  readonly provider: Pick<MessagingProvider, 'queueStats'>;
  /** One cheap query; rejects when the database does not answer. */
  readonly checkDatabase: () => Promise<void>;
  /** The database's breaker, where there is one: while it is open the database is not asked. */
  readonly breaker?: CircuitBreaker;
  readonly queues?: OrchestrationQueues;
  readonly caches?: StatusCaches;
  readonly logger?: Logger;
  readonly intervalMs?: number;
  readonly databaseTimeoutMs?: number;
}

export class StatusEvaluator implements Service {
  readonly caches: StatusCaches;
  readonly #options: StatusEvaluatorOptions;
  readonly #logger: Logger;
  readonly #inTurn = createInTurn();
  #cancelTimer: () => void = () => undefined;
  #isRunning = false;
  #evaluating: Promise<void> | undefined;

  constructor(options: StatusEvaluatorOptions) {
    this.#options = options;
    this.caches = options.caches ?? new StatusCaches();
    this.#logger = options.logger ?? silentLogger;
  }

  /** Resolves after the first evaluation, so that a started orchestrator knows how it is. */
  start(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isRunning) return;
      this.#isRunning = true;
      this.#tick();
      await this.#evaluating;
    });
  }

  stop(): Promise<void> {
    return this.#inTurn(async () => {
      this.#isRunning = false;
      this.#cancelTimer();
      await this.#evaluating;
    });
  }

  /** Answers from the caches alone. */
  health(actorCount?: number): SystemHealth {
    return evaluateHealthStatus(this.caches.findings, actorCount);
  }

  /** One evaluation; those asked for while one runs share it. */
  evaluateNow(): Promise<void> {
    this.#evaluating ??= this.#evaluate().finally(() => {
      this.#evaluating = undefined;
    });
    return this.#evaluating;
  }

  #tick(): void {
    this.#cancelTimer = this.#options.clock.schedule(this.#options.intervalMs ?? EVALUATE_EVERY_MS, () => this.#tick());
    void this.evaluateNow();
  }

  async #evaluate(): Promise<void> {
    const [database, queues] = await Promise.all([this.#checkDatabase(), this.#checkQueues()]);
    const found = { database, queues, channel: this.#checkChannel() };
    this.caches.replace({ ...found, backpressure: decideBackpressure(found) }, this.#options.clock.now());
  }

  async #checkDatabase(): Promise<DatabaseHealth> {
    const { clock, breaker } = this.#options;
    const circuitBreakerFailures = breaker?.metrics().consecutiveFailures ?? 0;
    const evaluated = { ...databaseNotEvaluated, isEvaluated: true, circuitBreakerFailures };
    if (breaker?.state === 'open') return { ...evaluated, isCircuitBreakerOpen: true, errorMessage: 'Circuit breaker open' };
    const startedAtMs = clock.now();
    const errorMessage = await this.#askDatabase();
    return {
      ...evaluated,
      isConnected: errorMessage === undefined,
      lastCheckDurationMs: clock.now() - startedAtMs,
      errorMessage,
    };
  }

  /** What went wrong, undefined when the database answered in time. */
  #askDatabase(): Promise<string | undefined> {
    const { clock, checkDatabase, databaseTimeoutMs = DATABASE_TIMEOUT_MS } = this.#options;
    return new Promise((resolve) => {
      const cancel = clock.schedule(databaseTimeoutMs, () => resolve(`Health check timed out after ${databaseTimeoutMs}ms`));
      const settle = (error: string | undefined): void => {
        cancel();
        resolve(error);
      };
      checkDatabase().then(
        () => settle(undefined),
        (thrown: unknown) => settle(messageOf(thrown)),
      );
    });
  }

  #checkChannel(): ChannelHealthStatus {
    const { channel, monitor } = this.#options;
    const { messagesSent, overflowEvents } = monitor.metrics();
    return {
      isEvaluated: true,
      commandSaturationPercent: (channel.size / channel.maxCapacity) * 100,
      commandAvailableCapacity: channel.capacity,
      commandMessagesSent: messagesSent,
      commandOverflowEvents: overflowEvents,
    };
  }

  /** A provider that does not answer leaves the last known depths: the database check tells the outage. */
  async #checkQueues(): Promise<QueueHealth> {
    const { provider, queues = orchestrationQueues } = this.#options;
    const names = [queues.stepResults, queues.taskRequests, queues.taskFinalizations];
    try {
      const stats = await provider.queueStats(names);
      const depthOf = (name: string): number => stats.find((one) => one.queueName === name)?.messageCount ?? 0;
      return queueHealthOf(Object.fromEntries(names.map((name) => [name, depthOf(name)])));
    } catch (thrown) {
      this.#logger.warn({ error: messageOf(thrown) }, 'the depths of the queues could not be read');
      return this.caches.findings.queues;
    }
  }
}
