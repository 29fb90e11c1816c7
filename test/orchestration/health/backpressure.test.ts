// Checks the backpressure table and the checker's staleness (spec 7.8).
import { describe, expect, it } from 'vitest';
import { BackpressureChecker, decideBackpressure } from '../../../src/orchestration/health/backpressure.ts';
import {
  channelNotEvaluated,
  databaseNotEvaluated,
  noBackpressure,
  queueHealthOf,
  queuesNotEvaluated,
} from '../../../src/orchestration/health/health-status.ts';
import { StatusCaches } from '../../../src/orchestration/health/status-caches.ts';
import { createFakeClock } from '../../../src/testing/fake-clock.ts';

const calm = { database: databaseNotEvaluated, channel: channelNotEvaluated, queues: queuesNotEvaluated };
const open = { ...databaseNotEvaluated, isCircuitBreakerOpen: true };
const full = { ...channelNotEvaluated, commandSaturationPercent: 96.25 };

describe('decideBackpressure', () => {
  it.each([
    [
      'an open breaker before all else',
      { database: open, channel: full, queues: queueHealthOf({ q: 20_000 }) },
      { isActive: true, reason: 'Circuit breaker open', retryAfterSeconds: 30, source: { kind: 'circuit_breaker' } },
    ],
    [
      'a full channel before the queues',
      { ...calm, channel: full, queues: queueHealthOf({ q: 20_000 }) },
      {
        isActive: true,
        reason: 'Command channel critically saturated (96.3%)',
        retryAfterSeconds: 15,
        source: { kind: 'channel_saturation', channel: 'command', percent: 96.25 },
      },
    ],
    [
      'an overflowing queue',
      { ...calm, queues: queueHealthOf({ p: 1, q: 10_000 }) },
      {
        isActive: true,
        reason: "Queue 'q' at overflow depth (10000 messages)",
        retryAfterSeconds: 60,
        source: { kind: 'queue_depth', queueName: 'q', depth: 10_000 },
      },
    ],
    [
      'a critical queue',
      { ...calm, queues: queueHealthOf({ q: 5000 }) },
      {
        isActive: true,
        reason: "Queue 'q' at critical depth (5000 messages)",
        retryAfterSeconds: 30,
        source: { kind: 'queue_depth', queueName: 'q', depth: 5000 },
      },
    ],
    ['a queue that only warns', { ...calm, queues: queueHealthOf({ q: 4999 }) }, noBackpressure],
    ['nothing evaluated', calm, noBackpressure],
  ])('%s', (_name, findings, expected) => {
    expect(decideBackpressure(findings)).toEqual(expected);
  });
});

describe('BackpressureChecker', () => {
  function harness() {
    const clock = createFakeClock();
    const caches = new StatusCaches();
    return { clock, caches, checker: new BackpressureChecker(caches, clock.now) };
  }

  it('is stale and lets callers through before the first evaluation', () => {
    const { checker } = harness();
    expect([checker.isStale, checker.isHealthy, checker.check()]).toEqual([true, false, noBackpressure]);
  });

  it('holds callers back while the findings are fresh, and no longer than 30 s', () => {
    const { clock, caches, checker } = harness();
    const backpressure = decideBackpressure({ ...calm, database: open });
    caches.replace({ ...calm, backpressure }, clock.now());
    clock.advance(30_000);
    expect([checker.isStale, checker.isHealthy, checker.check()]).toEqual([false, false, backpressure]);
    clock.advance(1);
    expect([checker.isStale, checker.isHealthy, checker.check()]).toEqual([true, false, noBackpressure]);
  });

  it('is healthy when the findings are fresh and calm', () => {
    const { clock, caches, checker } = harness();
    caches.replace({ ...calm, backpressure: noBackpressure }, clock.now());
    expect([checker.isStale, checker.isHealthy]).toEqual([false, true]);
  });
});
