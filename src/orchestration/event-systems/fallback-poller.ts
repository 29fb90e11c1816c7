// Receives from the orchestrator's queues at an interval and on demand: what no notification brought still arrives (spec 4.7).
import { messageOf } from '../../domain/errors.ts';
import { silentLogger, type Clock, type Logger, type Service } from '../../domain/ports.ts';
import type { QueuedMessage } from '../../messaging/envelope.ts';
import { defaultMaxReceives, partitionPoison, setAside } from '../../messaging/poison.ts';
import type { MessagingProvider } from '../../messaging/provider.ts';
import { orchestrationQueues, type OrchestrationQueues } from '../../messaging/queue-names.ts';
import { ComponentStatistics, noPollerCounts, type PollerCounters } from '../component-statistics.ts';
import { createInTurn } from '../in-turn.ts';
import { queuesInOrder } from './act-of-queue.ts';
import { commandFor, sendCommand, type Act, type DispatchOutcome, type SendPorts } from './command-dispatch.ts';

export interface FallbackPollerSettings {
  /** Milliseconds between two ticks; default: what the provider asks for, else 5000. */
  readonly pollingIntervalMs?: number;
  readonly batchSize?: number;
  readonly visibilityMs?: number;
  /** A message received more often than this is set aside. */
  readonly maxReceives?: number;
  /** How many full batches one cycle takes from one queue before the next queue has its turn. */
  readonly maxRounds?: number;
  /**
   * Receives no more while this many received messages have no reply yet. 512 is two batches of the processor: enough to
   * keep it busy, and little enough that a slow one is done before the messages become visible again.
   */
  readonly maxOutstanding?: number;
}

export interface FallbackPollerOptions extends FallbackPollerSettings, Omit<SendPorts, 'signal'> {
  readonly provider: MessagingProvider;
  readonly clock: Clock;
  readonly queues?: OrchestrationQueues;
  readonly logger?: Logger;
  readonly stats?: ComponentStatistics<PollerCounters>;
  /** Hears the reply of every command it queued. */
  readonly onReply?: (reply: DispatchOutcome) => void;
}

/**
 * One poll at a time: a tick during a poll is skipped, a `pollNow` during a poll adds exactly one more cycle after it.
 * A poll goes on in cycles until no queue gave it full batches, so that a backlog is drained at the processor's pace and
 * not at the interval's (10,000 messages on pgmq, 2 cores: 0.3 s instead of 45 s).
 * `pollNow` works without `start`, for systems that are event-driven but must catch up.
 */
export class FallbackPoller implements Service {
  readonly stats: ComponentStatistics<PollerCounters>;
  readonly #options: FallbackPollerOptions;
  readonly #logger: Logger;
  readonly #inTurn = createInTurn();
  #abort = new AbortController();
  #isRunning = false;
  #cancelTimer: () => void = () => undefined;
  #polling: Promise<void> | undefined;
  #again = false;
  #outstanding = 0;
  #replied: () => void = () => undefined;

  constructor(options: FallbackPollerOptions) {
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
    this.stats = options.stats ?? new ComponentStatistics(noPollerCounts);
  }

  get isHealthy(): boolean {
    return this.#isRunning;
  }

  start(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isRunning) return;
      this.#isRunning = true;
      if (this.#abort.signal.aborted) this.#abort = new AbortController();
      this.stats.startedAtMs = this.#options.clock.now();
      this.#tick();
    });
  }

  /** Ends the timer, gives back what could not be queued any more, and resolves when no poll runs. */
  stop(): Promise<void> {
    return this.#inTurn(async () => {
      this.#isRunning = false;
      this.#cancelTimer();
      this.#abort.abort();
      this.#replied();
      await this.#polling;
    });
  }

  /** Resolves when a cycle that began after this call has ended and no backlog is left. Does nothing once stopped. */
  pollNow(): Promise<void> {
    if (this.#abort.signal.aborted) return Promise.resolve();
    this.#again = true;
    this.#polling ??= this.#poll();
    return this.#polling;
  }

  #tick(): void {
    const { clock, provider, pollingIntervalMs = provider.capabilities.fallbackPollingMs ?? 5000 } = this.#options;
    this.#cancelTimer = clock.schedule(pollingIntervalMs, () => this.#tick());
    if (this.#polling === undefined) void this.pollNow();
  }

  async #poll(): Promise<void> {
    const { signal } = this.#abort;
    while (this.#again && !signal.aborted) {
      this.#again = false;
      await this.#cycle(signal);
    }
    this.#polling = undefined;
  }

  async #cycle(signal: AbortSignal): Promise<void> {
    const { queues = orchestrationQueues, maxRounds = 10, clock } = this.#options;
    this.stats.counters.pollingCycles += 1;
    this.stats.lastEventAtMs = clock.now();
    for (const { queueName, act } of queuesInOrder(queues)) {
      let more = true;
      for (let round = 0; more && round < maxRounds && !signal.aborted; round++) more = await this.#pollOnce(queueName, act);
      if (more) this.#again = true;
    }
  }

  /** True when the batch was full, so that more may wait. An error costs this queue's turn, not the cycle. */
  async #pollOnce(queueName: string, act: Act): Promise<boolean> {
    const { provider, batchSize = 100, visibilityMs = 30_000, maxReceives = defaultMaxReceives } = this.#options;
    await this.#waitForReplies();
    if (this.#abort.signal.aborted) return false;
    try {
      const messages = await provider.receive({ queueName, max: batchSize, visibilityMs });
      const { healthy, poison } = partitionPoison(messages, maxReceives);
      await setAside(provider, poison, this.#logger);
      this.stats.counters.messagesSetAside += poison.length;
      const isQueued = await this.#queueAll(healthy, act);
      return isQueued && messages.length >= batchSize;
    } catch (thrown) {
      this.#countError(queueName, thrown);
      return false;
    }
  }

  /** Queues in order; at the first refusal the rest goes back to where it came from, visible at once. */
  async #queueAll(messages: readonly QueuedMessage[], act: Act): Promise<boolean> {
    const { channel, monitor, provider } = this.#options;
    const reply = (outcome: DispatchOutcome): void => this.#settle(outcome);
    const ports: SendPorts = { channel, monitor, signal: this.#abort.signal };
    for (const [index, message] of messages.entries()) {
      try {
        const pending = sendCommand(commandFor({ act, source: { via: 'message', message } }, reply), ports);
        if (pending !== undefined) await pending;
        this.#outstanding += 1;
        this.stats.counters.messagesProcessed += 1;
      } catch (thrown) {
        if (!this.#abort.signal.aborted) this.#countError(message.handle.queueName, thrown);
        const rest = messages.slice(index).map(({ handle }) => handle);
        await provider.nack(rest, { requeue: true });
        return false;
      }
    }
    return true;
  }

  async #waitForReplies(): Promise<void> {
    const { maxOutstanding = 512 } = this.#options;
    while (this.#outstanding >= maxOutstanding && !this.#abort.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#replied = resolve;
      });
    }
  }

  #settle(reply: DispatchOutcome): void {
    this.#outstanding -= 1;
    this.#replied();
    this.#options.onReply?.(reply);
  }

  #countError(queueName: string, thrown: unknown): void {
    this.stats.counters.pollingErrors += 1;
    this.#logger.warn({ queueName, error: messageOf(thrown) }, 'polling a queue failed, the next tick tries again');
  }
}
