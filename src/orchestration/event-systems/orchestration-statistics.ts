// What the event system counts and how it rates itself: processing rate, latency, success and the mode's score (spec 7.6).
import {
  ComponentStatistics,
  type ComponentSnapshot,
  type ListenerCounters,
  type PollerCounters,
} from '../component-statistics.ts';

/** The latency list is cut to its newest 501 entries when the 1,001st arrives, so that cutting is rare. */
const LATENCY_LIMIT = 1000;
const LATENCY_DROP = 500;
/** The rate looks at the newest latencies only; the average at all that are kept. */
const RATE_WINDOW = 100;
/** A mean latency up to this many ms costs no score. */
const GOOD_LATENCY_MS = 100;

export type OrchestrationCounters = {
  eventsProcessed: number;
  eventsFailed: number;
  operationsCoordinated: number;
};

export interface OrchestrationSnapshot extends ComponentSnapshot<OrchestrationCounters> {
  /** Events a second, derived from the last 100 latencies. */
  readonly processingRate: number;
  readonly averageLatencyMs: number;
  /** 0 to 1. */
  readonly successRate: number;
  /** 0 to 1. */
  readonly deploymentModeScore: number;
}

/** `lastEventAtMs` is the time of the last processed notification. */
export class OrchestrationStatistics extends ComponentStatistics<OrchestrationCounters> {
  #latenciesMs: number[] = [];

  constructor(initial: OrchestrationCounters = { eventsProcessed: 0, eventsFailed: 0, operationsCoordinated: 0 }) {
    super(initial);
  }

  get latencyCount(): number {
    return this.#latenciesMs.length;
  }

  recordLatency(latencyMs: number): void {
    this.#latenciesMs.push(latencyMs);
    if (this.#latenciesMs.length > LATENCY_LIMIT) this.#latenciesMs.splice(0, LATENCY_DROP);
  }

  processingRate(): number {
    const window = this.#latenciesMs.slice(-RATE_WINDOW);
    const totalMs = sum(window);
    return totalMs > 0 ? window.length / (totalMs / 1000) : 0;
  }

  averageLatencyMs(): number {
    const count = this.#latenciesMs.length;
    return count === 0 ? 0 : Math.floor(sum(this.#latenciesMs)) / count;
  }

  successRate(): number {
    const { eventsProcessed, eventsFailed } = this.counters;
    const total = eventsProcessed + eventsFailed;
    return total === 0 ? 1 : eventsProcessed / total;
  }

  deploymentModeScore(): number {
    const { eventsProcessed, eventsFailed } = this.counters;
    if (eventsProcessed + eventsFailed === 0) return 1;
    const averageMs = this.averageLatencyMs();
    const latencyScore = averageMs > 0 ? Math.min(GOOD_LATENCY_MS / averageMs, 1) : 1;
    return (this.successRate() + latencyScore) / 2;
  }

  /** An independent copy. */
  clone(): OrchestrationStatistics {
    const copy = new OrchestrationStatistics(this.counters);
    copy.startedAtMs = this.startedAtMs;
    copy.lastEventAtMs = this.lastEventAtMs;
    copy.#latenciesMs = [...this.#latenciesMs];
    return copy;
  }

  /**
   * A copy that also counts what the poller and the listener saw. A message both notified and processed is counted
   * twice: the figure is an activity figure, not a number of messages (spec 14, 20).
   */
  withComponentAggregation(
    poller?: ComponentSnapshot<PollerCounters>,
    listener?: ComponentSnapshot<ListenerCounters>,
  ): OrchestrationStatistics {
    const copy = this.clone();
    copy.counters.eventsProcessed += (poller?.counters.messagesProcessed ?? 0) + (listener?.counters.eventsReceived ?? 0);
    copy.counters.eventsFailed += (poller?.counters.pollingErrors ?? 0) + (listener?.counters.connectionErrors ?? 0);
    return copy;
  }

  override snapshot(): OrchestrationSnapshot {
    return {
      ...super.snapshot(),
      processingRate: this.processingRate(),
      averageLatencyMs: this.averageLatencyMs(),
      successRate: this.successRate(),
      deploymentModeScore: this.deploymentModeScore(),
    };
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
