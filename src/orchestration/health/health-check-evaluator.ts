// Decides from cached findings whether the orchestrator is healthy, degraded or unhealthy (spec 7.8); pure.
import {
  isChannelSaturated,
  isTierCritical,
  isTierWarning,
  type Backpressure,
  type ChannelHealthStatus,
  type DatabaseHealth,
  type QueueDepthTier,
  type QueueHealth,
} from './health-status.ts';

/** The parts of the orchestrator that take commands: task requests, step results, step enqueuing, task finalization. */
export const ACTOR_COUNT = 4;

export interface SystemHealth {
  readonly status: 'unknown' | 'healthy' | 'degraded' | 'unhealthy';
  readonly healthEvaluated: boolean;
  readonly databaseConnected: boolean;
  readonly messageQueuesHealthy: boolean;
  readonly activeProcessors: number;
  readonly circuitBreakerOpen: boolean;
  readonly circuitBreakerFailures: number;
  readonly commandChannelSaturationPercent: number;
  readonly backpressureActive: boolean;
  readonly queueDepthTier: QueueDepthTier;
  readonly queueDepthMax: number;
  readonly queueDepthWorstQueue: string | undefined;
}

export interface HealthFindings {
  readonly database: DatabaseHealth;
  readonly channel: ChannelHealthStatus;
  readonly queues: QueueHealth;
  readonly backpressure: Backpressure;
}

/** A database nobody asked yet counts as connected: a starting orchestrator must not look dead. */
export function evaluateHealthStatus(findings: HealthFindings, actorCount: number = ACTOR_COUNT): SystemHealth {
  const { database, channel, queues, backpressure } = findings;
  const healthEvaluated = database.isEvaluated || channel.isEvaluated || queues.tier !== 'Unknown';
  const databaseConnected = !database.isEvaluated || (database.isConnected && !database.isCircuitBreakerOpen);
  const messageQueuesHealthy = !isTierCritical(queues.tier);
  const isUnhealthy = !databaseConnected || !messageQueuesHealthy || backpressure.isActive;
  const isDegraded = isChannelSaturated(channel) || isTierWarning(queues.tier);
  return {
    status: statusOf({ healthEvaluated, isUnhealthy, isDegraded }),
    healthEvaluated,
    databaseConnected,
    messageQueuesHealthy,
    activeProcessors: actorCount,
    circuitBreakerOpen: database.isCircuitBreakerOpen,
    circuitBreakerFailures: database.circuitBreakerFailures,
    commandChannelSaturationPercent: channel.commandSaturationPercent,
    backpressureActive: backpressure.isActive,
    queueDepthTier: queues.tier,
    queueDepthMax: queues.maxDepth,
    queueDepthWorstQueue: queues.worstQueue,
  };
}

interface Verdict {
  readonly healthEvaluated: boolean;
  readonly isUnhealthy: boolean;
  readonly isDegraded: boolean;
}

function statusOf({ healthEvaluated, isUnhealthy, isDegraded }: Verdict): SystemHealth['status'] {
  if (!healthEvaluated) return 'unknown';
  if (isUnhealthy) return 'unhealthy';
  return isDegraded ? 'degraded' : 'healthy';
}
