// The health evaluator of src over the scenario's caches.
import type { TaskFinalizationResult } from '../../../src/orchestration/commands/commands.ts';
import { evaluateHealthStatus } from '../../../src/orchestration/health/health-check-evaluator.ts';
import {
  channelNotEvaluated,
  databaseNotEvaluated,
  noBackpressure,
  queuesNotEvaluated,
  type Backpressure,
  type QueueDepthTier,
} from '../../../src/orchestration/health/health-status.ts';

export interface LegacyActors {
  actorCount(): number;
  readonly taskRequestActor: { handle(message: object): Promise<{ readonly taskUuid: string }> };
  readonly resultProcessorActor: { handle(message: object): Promise<void> };
  readonly taskFinalizerActor: { handle(message: object): Promise<TaskFinalizationResult> };
}

export interface LegacyCaches {
  getDatabaseStatus(): Promise<DatabaseStatus>;
  getChannelStatus(): Promise<ChannelStatus>;
  getQueueStatus(): Promise<QueueStatus>;
  getBackpressure(): Promise<{ readonly active: boolean; readonly reason: string | null }>;
}

interface DatabaseStatus {
  readonly evaluated: boolean;
  readonly isConnected: boolean;
  readonly circuitBreakerOpen: boolean;
  readonly circuitBreakerFailures: number;
}

interface ChannelStatus {
  readonly evaluated: boolean;
  readonly commandChannelSaturationPercent: number;
  readonly isSaturated: boolean;
}

interface QueueStatus {
  readonly tier: QueueDepthTier;
  readonly maxDepth: number;
  readonly worstQueue: string;
}

/** In src a channel is saturated from here on; the scenarios say by a flag of its own whether it is. */
const SATURATED_PERCENT = 80;

export async function healthOf(caches: LegacyCaches, actors: LegacyActors): Promise<object> {
  const database = await caches.getDatabaseStatus();
  const channel = await caches.getChannelStatus();
  const queues = await caches.getQueueStatus();
  const { active, reason } = await caches.getBackpressure();
  const backpressure: Backpressure = active
    ? { isActive: true, reason: String(reason), retryAfterSeconds: 1, source: { kind: 'circuit_breaker' } }
    : noBackpressure;
  const health = evaluateHealthStatus(
    {
      database: {
        ...databaseNotEvaluated,
        isEvaluated: database.evaluated,
        isConnected: database.isConnected,
        isCircuitBreakerOpen: database.circuitBreakerOpen,
        circuitBreakerFailures: database.circuitBreakerFailures,
      },
      channel: { ...channelNotEvaluated, isEvaluated: channel.evaluated, commandSaturationPercent: percentOf(channel) },
      queues: { ...queuesNotEvaluated, ...queues },
      backpressure,
    },
    actors.actorCount(),
  );
  const { queueDepthWorstQueue, ...same } = health;
  const shown = same.commandChannelSaturationPercent - percentOf(channel) + channel.commandChannelSaturationPercent;
  return { ...same, commandChannelSaturationPercent: shown, queueDepthWorst: queueDepthWorstQueue };
}

/** The percentage of the scenario, on the side of the threshold where its flag says it is. */
function percentOf({ commandChannelSaturationPercent: percent, isSaturated }: ChannelStatus): number {
  return isSaturated ? percent + SATURATED_PERCENT : percent;
}
