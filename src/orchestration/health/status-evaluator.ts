// Looks at database, command channel and queues every five seconds and keeps what it found in the caches (spec 7.8).
import { messageOf, TaskerError } from '../../domain/errors.ts';
import { silentLogger, type Clock, type Logger, type Service } from '../../domain/ports.ts';
import type { MessagingProvider, QueueStats } from '../../messaging/provider.ts';
import { orchestrationQueues, type OrchestrationQueues } from '../../messaging/queue-names.ts';
import type { CommandChannel } from '../commands/command-channel.ts';
import type { OrchestrationCommand } from '../commands/commands.ts';
import type { ChannelMonitor } from '../event-systems/channel-monitor.ts';
import { createInTurn } from '../in-turn.ts';
import { BackpressureChecker, decideBackpressure } from './backpressure.ts';
import { CIRCUIT_OPEN } from './circuit-breaker.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import { evaluateHealthStatus, type SystemHealth } from './health-check-evaluator.ts';
import { queueHealthOf, type ChannelHealthStatus, type DatabaseHealth, type QueueHealth } from './health-status.ts';
import { StatusCaches } from './status-caches.ts';
import { createTimedQuestion } from './timed-question.ts';

const EVALUATE_EVERY_MS = 5000;
const CHECK_TIMEOUT_MS = 1000;

export interface StatusEvaluatorOptions {
  readonly clock: Clock;
  readonly channel: CommandChannel<OrchestrationCommand>;
  readonly monitor: ChannelMonitor;
  readonly provider: Pick<MessagingProvider, 'queueStats'>;
  /** One cheap query; rejects when the database does not answer. */
  readonly checkDatabase: () => Promise<void>;
  /** The database's breaker, where there is one: it counts the checks, and while it refuses calls the database is not asked. */
  readonly breaker?: CircuitBreaker;
  readonly queues?: OrchestrationQueues;
  readonly caches?: StatusCaches;
  readonly logger?: Logger;
  readonly intervalMs?: number;
  /** How long one check waits for the database, and for the depths of the queues. */
  readonly checkTimeoutMs?: number;
}

export class StatusEvaluator implements Service {
  readonly caches: StatusCaches;
  readonly backpressure: BackpressureChecker;
  readonly #options: StatusEvaluatorOptions;
  readonly #logger: Logger;
  readonly #inTurn = createInTurn();
  readonly #askDatabase: () => Promise<void>;
  readonly #askQueues: () => Promise<readonly QueueStats[]>;
  #cancelTimer: () => void = () => undefined;
  #isRunning = false;
  #evaluating: Promise<void> | undefined;

  constructor(options: StatusEvaluatorOptions) {
    this.#options = options;
    this.caches = options.caches ?? new StatusCaches();
    this.#logger = options.logger ?? silentLogger;
    const { clock, provider, checkDatabase, checkTimeoutMs: timeoutMs = CHECK_TIMEOUT_MS } = options;
    this.backpressure = new BackpressureChecker(this.caches, () => clock.now());
    this.#askDatabase = createTimedQuestion({ clock, timeoutMs, ask: checkDatabase });
    this.#askQueues = createTimedQuestion({ clock, timeoutMs, ask: () => provider.queueStats(namesOf(options.queues)) });
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

  /** Answers from the caches alone; unknown when what they hold is too old to say anything about now. */
  health(actorCount?: number): SystemHealth {
    const health = evaluateHealthStatus(this.caches.findings, actorCount);
    return this.backpressure.isStale ? { ...health, status: 'unknown', healthEvaluated: false } : health;
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
    const startedAtMs = clock.now();
    const refusal = await this.#reasonAgainst();
    return {
      isEvaluated: true,
      isConnected: refusal === undefined,
      isCircuitBreakerOpen: breaker?.state === 'open',
      circuitBreakerFailures: breaker?.metrics().consecutiveFailures ?? 0,
      lastCheckDurationMs: clock.now() - startedAtMs,
      errorMessage: refusal,
    };
  }

  /** Undefined when the database answered in time. */
  async #reasonAgainst(): Promise<string | undefined> {
    const { breaker } = this.#options;
    try {
      await (breaker === undefined ? this.#askDatabase() : breaker.run(this.#askDatabase));
      return undefined;
    } catch (thrown) {
      if (thrown instanceof TaskerError && thrown.code === CIRCUIT_OPEN) return 'Circuit breaker open';
      return messageOf(thrown);
    }
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
    const names = namesOf(this.#options.queues);
    try {
      const stats = await this.#askQueues();
      const depthOf = (name: string): number => stats.find((one) => one.queueName === name)?.messageCount ?? 0;
      return queueHealthOf(Object.fromEntries(names.map((name) => [name, depthOf(name)])));
    } catch (thrown) {
      this.#logger.warn({ error: messageOf(thrown) }, 'the depths of the queues could not be read');
      return this.caches.findings.queues;
    }
  }
}

function namesOf(queues: OrchestrationQueues = orchestrationQueues): readonly string[] {
  return [queues.stepResults, queues.taskRequests, queues.taskFinalizations];
}
