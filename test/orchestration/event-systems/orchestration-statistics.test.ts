// Checks the numbers of spec 7.6 and the table of 15.3.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ComponentStatistics, noListenerCounts, noPollerCounts } from '../../../src/orchestration/component-statistics.ts';
import { OrchestrationStatistics } from '../../../src/orchestration/event-systems/orchestration-statistics.ts';

function statistics(input: { processed?: number; failed?: number; latenciesMs?: readonly number[] }): OrchestrationStatistics {
  const stats = new OrchestrationStatistics();
  stats.counters.eventsProcessed = input.processed ?? 0;
  stats.counters.eventsFailed = input.failed ?? 0;
  for (const latency of input.latenciesMs ?? []) stats.recordLatency(latency);
  return stats;
}

describe('OrchestrationStatistics', () => {
  it.each([
    { name: 'nothing happened', processed: 0, failed: 0, latenciesMs: [], score: 1 },
    { name: 'all failed, no latency', processed: 0, failed: 10, latenciesMs: [], score: 0.5 },
    { name: 'all well at 100 ms', processed: 10, failed: 0, latenciesMs: [100], score: 1 },
    { name: 'all well at 200 ms', processed: 10, failed: 0, latenciesMs: [200], score: 0.75 },
    { name: 'all well at 1000 ms', processed: 10, failed: 0, latenciesMs: [1000], score: 0.55 },
    { name: '80 of 100 well at 50 ms', processed: 80, failed: 20, latenciesMs: [50], score: 0.9 },
  ])('scores $score when $name', ({ score, ...input }) => {
    expect(statistics(input).deploymentModeScore()).toBeCloseTo(score, 10);
  });

  it('is empty at the start', () => {
    expect(new OrchestrationStatistics().snapshot()).toEqual({
      counters: { eventsProcessed: 0, eventsFailed: 0, operationsCoordinated: 0 },
      startedAtMs: undefined,
      lastEventAtMs: undefined,
      processingRate: 0,
      averageLatencyMs: 0,
      successRate: 1,
      deploymentModeScore: 1,
    });
  });

  it('rates 100 latencies of 10 ms as 100 events a second', () => {
    const stats = statistics({ latenciesMs: Array.from({ length: 100 }, () => 10) });
    expect(stats.processingRate()).toBeCloseTo(100, 10);
    expect(stats.averageLatencyMs()).toBe(10);
  });

  it('uses the last 100 latencies for the rate and all of them for the average', () => {
    const stats = statistics({ latenciesMs: Array.from({ length: 150 }, (_, index) => (index < 50 ? 100 : 10)) });
    expect(stats.processingRate()).toBeCloseTo(100, 10);
    expect(stats.averageLatencyMs()).toBe((50 * 100 + 100 * 10) / 150);
  });

  it('cuts the sum to whole milliseconds before it divides', () => {
    expect(statistics({ latenciesMs: [0.4, 0.5] }).averageLatencyMs()).toBe(0);
    expect(statistics({ latenciesMs: [1.4, 1.7] }).averageLatencyMs()).toBe(1.5);
  });

  it('reports no rate when all latencies are zero', () => {
    expect(statistics({ latenciesMs: [0, 0] }).processingRate()).toBe(0);
  });

  it('keeps 1,000 latencies and 501 after the next one', () => {
    const stats = statistics({ latenciesMs: Array.from({ length: 1000 }, () => 1) });
    expect(stats.latencyCount).toBe(1000);
    stats.recordLatency(1);
    expect(stats.latencyCount).toBe(501);
  });

  it('clones into an independent copy', () => {
    const stats = statistics({ processed: 1, latenciesMs: [10] });
    stats.startedAtMs = 5;
    const copy = stats.clone();
    expect(copy.snapshot()).toEqual(stats.snapshot());
    copy.counters.eventsProcessed += 1;
    copy.recordLatency(10);
    expect(stats.counters.eventsProcessed).toBe(1);
    expect(stats.latencyCount).toBe(1);
  });

  it('adds what poller and listener saw to a copy', () => {
    const stats = statistics({ processed: 10, failed: 3 });
    const poller = new ComponentStatistics({ ...noPollerCounts, messagesProcessed: 5, pollingErrors: 2 }).snapshot();
    const listener = new ComponentStatistics({ ...noListenerCounts, eventsReceived: 7, connectionErrors: 1 }).snapshot();
    expect(stats.withComponentAggregation(poller, listener).counters).toMatchObject({ eventsProcessed: 22, eventsFailed: 6 });
    expect(stats.counters).toMatchObject({ eventsProcessed: 10, eventsFailed: 3 });
  });

  it('aggregates nothing into an equal copy', () => {
    const stats = statistics({ processed: 10, failed: 3, latenciesMs: [4] });
    expect(stats.withComponentAggregation().snapshot()).toEqual(stats.snapshot());
  });

  it('keeps success rate and score between 0 and 1', () => {
    const count = fc.nat({ max: 1000 });
    fc.assert(
      fc.property(count, count, fc.array(fc.double({ min: 0, max: 1e6, noNaN: true })), (processed, failed, latenciesMs) => {
        const { successRate, deploymentModeScore } = statistics({ processed, failed, latenciesMs }).snapshot();
        return successRate >= 0 && successRate <= 1 && deploymentModeScore >= 0 && deploymentModeScore <= 1;
      }),
    );
  });
});

describe('ComponentStatistics', () => {
  it('gives snapshots that later counting does not change', () => {
    const stats = new ComponentStatistics(noPollerCounts);
    const before = stats.snapshot();
    stats.counters.pollingErrors += 1;
    expect(before.counters.pollingErrors).toBe(0);
    expect(stats.snapshot().counters.pollingErrors).toBe(1);
    expect(noPollerCounts.pollingErrors).toBe(0);
  });
});
