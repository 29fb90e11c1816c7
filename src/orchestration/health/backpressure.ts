// Decides when callers should hold back, and answers the question on the API's hot path from the cache (spec 7.8).
import { isChannelCritical, noBackpressure, type Backpressure } from './health-status.ts';
import type { HealthFindings } from './health-check-evaluator.ts';
import type { StatusCaches } from './status-caches.ts';

/** Findings older than this say nothing about now: six missed evaluations. */
const STALE_AFTER_MS = 30_000;

/** The first reason that applies, gravest first. */
export function decideBackpressure({ database, channel, queues }: Omit<HealthFindings, 'backpressure'>): Backpressure {
  if (database.isCircuitBreakerOpen) {
    return { isActive: true, reason: 'Circuit breaker open', retryAfterSeconds: 30, source: { kind: 'circuit_breaker' } };
  }
  if (isChannelCritical(channel)) {
    const percent = channel.commandSaturationPercent;
    const reason = `Command channel critically saturated (${percent.toFixed(1)}%)`;
    return { isActive: true, reason, retryAfterSeconds: 15, source: { kind: 'channel_saturation', channel: 'command', percent } };
  }
  if (queues.tier !== 'Overflow' && queues.tier !== 'Critical') return noBackpressure;
  const { worstQueue: queueName = 'unknown', maxDepth: depth } = queues;
  const isOverflow = queues.tier === 'Overflow';
  return {
    isActive: true,
    reason: `Queue '${queueName}' at ${isOverflow ? 'overflow' : 'critical'} depth (${depth} messages)`,
    retryAfterSeconds: isOverflow ? 60 : 30,
    source: { kind: 'queue_depth', queueName, depth },
  };
}

/** Reads only; stale findings never hold a caller back, but they are not healthy either. */
export class BackpressureChecker {
  readonly #caches: StatusCaches;
  readonly #now: () => number;

  constructor(caches: StatusCaches, now: () => number) {
    this.#caches = caches;
    this.#now = now;
  }

  get isStale(): boolean {
    const { lastEvaluatedAtMs } = this.#caches;
    return lastEvaluatedAtMs === undefined || this.#now() - lastEvaluatedAtMs > STALE_AFTER_MS;
  }

  get isHealthy(): boolean {
    return !this.isStale && !this.#caches.findings.backpressure.isActive;
  }

  check(): Backpressure {
    return this.isStale ? noBackpressure : this.#caches.findings.backpressure;
  }
}
