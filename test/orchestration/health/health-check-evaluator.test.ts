// Checks every row of the health decision (spec 7.8, 15.3).
import { describe, expect, it } from 'vitest';
import {
  evaluateHealthStatus,
  type HealthFindings,
  type SystemHealth,
} from '../../../src/orchestration/health/health-check-evaluator.ts';
import {
  channelNotEvaluated,
  databaseNotEvaluated,
  isChannelCritical,
  isChannelSaturated,
  isTierCritical,
  isTierWarning,
  noBackpressure,
  queueHealthOf,
  queuesNotEvaluated,
  tierOfDepth,
  type QueueDepthTier,
} from '../../../src/orchestration/health/health-status.ts';

const database = { ...databaseNotEvaluated, isEvaluated: true, isConnected: true };
const channelAt = (commandSaturationPercent: number) => ({ ...channelNotEvaluated, isEvaluated: true, commandSaturationPercent });
const queuesAt = (depth: number) => queueHealthOf({ a: 0, b: depth, c: 0 });
const active = { isActive: true, reason: 'r', retryAfterSeconds: 1, source: { kind: 'circuit_breaker' } } as const;
const good: HealthFindings = { database, channel: channelAt(10), queues: queuesAt(5), backpressure: noBackpressure };
const nothing: HealthFindings = {
  database: databaseNotEvaluated,
  channel: channelNotEvaluated,
  queues: queuesNotEvaluated,
  backpressure: noBackpressure,
};

describe('evaluateHealthStatus', () => {
  it.each<[string, HealthFindings, Partial<SystemHealth>]>([
    ['nothing evaluated', nothing, { status: 'unknown', databaseConnected: true, healthEvaluated: false }],
    ['nothing evaluated but backpressure', { ...nothing, backpressure: active }, { status: 'unknown', backpressureActive: true }],
    ['only the channel evaluated', { ...nothing, channel: channelAt(0) }, { status: 'healthy', databaseConnected: true }],
    ['only the queues evaluated', { ...nothing, queues: queuesAt(0) }, { status: 'healthy', healthEvaluated: true }],
    [
      'database down',
      { ...good, database: { ...database, isConnected: false } },
      { status: 'unhealthy', databaseConnected: false },
    ],
    [
      'breaker open',
      { ...good, database: { ...database, isCircuitBreakerOpen: true, circuitBreakerFailures: 5 } },
      { status: 'unhealthy', databaseConnected: false, circuitBreakerOpen: true, circuitBreakerFailures: 5 },
    ],
    ['channel at 79.9 %', { ...good, channel: channelAt(79.9) }, { status: 'healthy' }],
    ['channel at 80 %', { ...good, channel: channelAt(80) }, { status: 'degraded' }],
    ['channel at 85 %', { ...good, channel: channelAt(85) }, { status: 'degraded', commandChannelSaturationPercent: 85 }],
    [
      'queue at 1500',
      { ...good, queues: queuesAt(1500) },
      { status: 'degraded', messageQueuesHealthy: true, queueDepthTier: 'Warning' },
    ],
    [
      'queue at 6000',
      { ...good, queues: queuesAt(6000) },
      {
        status: 'unhealthy',
        messageQueuesHealthy: false,
        queueDepthTier: 'Critical',
        queueDepthMax: 6000,
        queueDepthWorstQueue: 'b',
      },
    ],
    ['queue at 20000', { ...good, queues: queuesAt(20_000) }, { status: 'unhealthy', queueDepthTier: 'Overflow' }],
    ['backpressure', { ...good, backpressure: active }, { status: 'unhealthy', backpressureActive: true }],
    ['unhealthy and degraded at once', { ...good, channel: channelAt(90), backpressure: active }, { status: 'unhealthy' }],
    ['all good', good, { status: 'healthy', databaseConnected: true, messageQueuesHealthy: true, backpressureActive: false }],
  ])('%s', (_name, findings, expected) => {
    expect(evaluateHealthStatus(findings)).toMatchObject(expected);
  });

  it('passes the number of processors through', () => {
    expect(evaluateHealthStatus(good, 6).activeProcessors).toBe(6);
  });
});

describe('thresholds', () => {
  it.each<[number, QueueDepthTier, boolean, boolean]>([
    [0, 'Normal', false, false],
    [999, 'Normal', false, false],
    [1000, 'Warning', true, false],
    [4999, 'Warning', true, false],
    [5000, 'Critical', true, true],
    [9999, 'Critical', true, true],
    [10_000, 'Overflow', true, true],
  ])('%i messages are %s', (depth, tier, warning, critical) => {
    expect(tierOfDepth(depth)).toBe(tier);
    expect(isTierWarning(tier)).toBe(warning);
    expect(isTierCritical(tier)).toBe(critical);
  });

  it.each([
    [79.9, false, false],
    [80, true, false],
    [94.9, true, false],
    [95, true, true],
  ])('%d %% of the channel: saturated %s, critical %s', (percent, saturated, critical) => {
    expect(isChannelSaturated(channelAt(percent))).toBe(saturated);
    expect(isChannelCritical(channelAt(percent))).toBe(critical);
  });

  it('takes the deepest queue as the worst', () => {
    expect(queueHealthOf({ a: 3, b: 1200, c: 1200 })).toEqual({
      tier: 'Warning',
      maxDepth: 1200,
      worstQueue: 'b',
      depths: { a: 3, b: 1200, c: 1200 },
    });
    expect(queueHealthOf({})).toEqual({ tier: 'Normal', maxDepth: 0, worstQueue: undefined, depths: {} });
  });
});
