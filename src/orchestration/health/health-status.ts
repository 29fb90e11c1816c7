// What the health checks find out: database, command channel, queues and backpressure, each replaced as a whole (spec 7.8).

export interface DatabaseHealth {
  readonly isEvaluated: boolean;
  readonly isConnected: boolean;
  readonly isCircuitBreakerOpen: boolean;
  readonly circuitBreakerFailures: number;
  readonly lastCheckDurationMs: number;
  readonly errorMessage: string | undefined;
}

export interface ChannelHealthStatus {
  readonly isEvaluated: boolean;
  /** 0 to 100. */
  readonly commandSaturationPercent: number;
  readonly commandAvailableCapacity: number;
  readonly commandMessagesSent: number;
  readonly commandOverflowEvents: number;
}

/** From best known to worst; Unknown means that nobody looked. */
export const queueDepthTiers = ['Unknown', 'Normal', 'Warning', 'Critical', 'Overflow'] as const;

export type QueueDepthTier = (typeof queueDepthTiers)[number];

export interface QueueHealth {
  readonly tier: QueueDepthTier;
  readonly maxDepth: number;
  readonly worstQueue: string | undefined;
  readonly depths: Readonly<Record<string, number>>;
}

export type BackpressureSource =
  | { readonly kind: 'circuit_breaker' }
  | { readonly kind: 'channel_saturation'; readonly channel: 'command'; readonly percent: number }
  | { readonly kind: 'queue_depth'; readonly queueName: string; readonly depth: number };

export type Backpressure =
  | { readonly isActive: false }
  | {
      readonly isActive: true;
      readonly reason: string;
      readonly retryAfterSeconds: number;
      readonly source: BackpressureSource;
    };

export const noBackpressure: Backpressure = { isActive: false };

export const databaseNotEvaluated: DatabaseHealth = {
  isEvaluated: false,
  isConnected: false,
  isCircuitBreakerOpen: false,
  circuitBreakerFailures: 0,
  lastCheckDurationMs: 0,
  errorMessage: undefined,
};

export const channelNotEvaluated: ChannelHealthStatus = {
  isEvaluated: false,
  commandSaturationPercent: 0,
  commandAvailableCapacity: 0,
  commandMessagesSent: 0,
  commandOverflowEvents: 0,
};

export const queuesNotEvaluated: QueueHealth = { tier: 'Unknown', maxDepth: 0, worstQueue: undefined, depths: {} };

/** From these depths on, worst first. */
const tierDepths = [
  ['Overflow', 10_000],
  ['Critical', 5_000],
  ['Warning', 1_000],
] as const;

export function isChannelSaturated(channel: ChannelHealthStatus): boolean {
  return channel.commandSaturationPercent >= 80;
}

export function isChannelCritical(channel: ChannelHealthStatus): boolean {
  return channel.commandSaturationPercent >= 95;
}

export function isTierWarning(tier: QueueDepthTier): boolean {
  return tier === 'Warning' || isTierCritical(tier);
}

export function isTierCritical(tier: QueueDepthTier): boolean {
  return tier === 'Critical' || tier === 'Overflow';
}

export function tierOfDepth(depth: number): QueueDepthTier {
  return tierDepths.find(([, from]) => depth >= from)?.[0] ?? 'Normal';
}

/** The deepest queue decides. */
export function queueHealthOf(depths: Readonly<Record<string, number>>): QueueHealth {
  const [worst, ...others] = Object.entries(depths);
  if (worst === undefined) return { ...queuesNotEvaluated, tier: 'Normal' };
  const [worstQueue, maxDepth] = others.reduce((deepest, entry) => (entry[1] > deepest[1] ? entry : deepest), worst);
  return { tier: tierOfDepth(maxDepth), maxDepth, worstQueue, depths };
}
