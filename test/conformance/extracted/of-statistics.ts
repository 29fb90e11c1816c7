// The statistics that left the event system, against the counters they were and the method that wrote latencies.
import fc from 'fast-check';
import type { Subject } from '../../../codemods/proof/subject-loader.ts';
import { agreement } from './agreement.ts';
import type { ModuleProperty } from './agreement.ts';
import { countersOf, NOW_MS } from './stand-ins.ts';
import type { Counters } from './stand-ins.ts';

const folder = 'src/orchestration/event-systems';
export const eventSystemPath = `${folder}/orchestration-event-system.ts`;
export const statisticsPath = `${folder}/orchestration-statistics.ts`;

interface Statistics extends Counters {
  readonly processingRate: number;
  readonly averageLatencyMs: number;
  readonly deploymentModeScore: number;
  clone(): Statistics;
  withComponentAggregation(poller: unknown, listener: unknown): Promise<Statistics>;
  recordFailure(): void;
  recordOperation(): void;
  recordProcessed(): void;
  recordLatency(latencyMs: number): void;
  stamp(nowMs: number): void;
}

export function newStatistics(subject: Subject, path: string): Statistics {
  const { OrchestrationStatistics } = subject.load(path) as unknown as { OrchestrationStatistics: new () => Statistics };
  return new OrchestrationStatistics();
}

interface LatencyWriter {
  recordLatency(this: { readonly systemStatistics: Counters }, latencyMs: number): void;
}

type Operation =
  | { readonly kind: 'failure' | 'operation' | 'processed' }
  | { readonly kind: 'stamp'; readonly ms: number }
  | { readonly kind: 'latencies'; readonly count: number; readonly ms: number };

const count = fc.constantFrom(0, 1, 2, 7, 30);
const component = fc.option(fc.record({ done: count, failed: count }));
const operations = fc.record({
  list: fc.array(
    fc.oneof(
      fc.constantFrom<Operation>({ kind: 'failure' }, { kind: 'operation' }, { kind: 'processed' }),
      fc.constantFrom<Operation>({ kind: 'stamp', ms: NOW_MS }, { kind: 'stamp', ms: 0 }),
      fc.record({
        kind: fc.constant('latencies' as const),
        count: fc.constantFrom(1, 2, 99, 101, 501, 1000),
        ms: fc.constantFrom(0, 0.4, 1, 1.6, 99, 100, 101, 400, 1e6),
      }),
    ),
    { maxLength: 8 },
  ),
  poller: component,
  listener: component,
});

type Operations = typeof operations extends fc.Arbitrary<infer T> ? T : never;

/** All that can be read, of the original, of a copy and with the numbers of components; then the copy is written to. */
async function readings(statistics: Statistics, { poller, listener }: Operations) {
  const figures = (each: Statistics) => [each.processingRate, each.averageLatencyMs, each.deploymentModeScore, countersOf(each)];
  const copy = statistics.clone();
  const components = [
    poller && { stats: async () => ({ messagesProcessed: poller.done, pollingErrors: poller.failed }) },
    listener && { stats: async () => ({ eventsReceived: listener.done, connectionErrors: listener.failed }) },
  ];
  const aggregated = figures(await statistics.withComponentAggregation(components[0], components[1]));
  const copied = figures(copy);
  copy.eventsFailed += 1;
  copy.processingLatenciesMs.push(1);
  return { original: figures(statistics), copied, aggregated };
}

const statisticsOf = agreement<Operations>({
  module: statisticsPath,
  what: 'counts, forgets, averages, copies and adds up as the counters of the event system did',
  input: operations,
  legacy(before, given) {
    const statistics = newStatistics(before, eventSystemPath);
    const { OrchestrationEventSystem } = before.load(eventSystemPath) as unknown as {
      OrchestrationEventSystem: { readonly prototype: LatencyWriter };
    };
    const { prototype } = OrchestrationEventSystem;
    for (const each of given.list) {
      if (each.kind === 'failure') statistics.eventsFailed += 1;
      if (each.kind === 'operation') statistics.operationsCoordinated += 1;
      if (each.kind === 'processed') statistics.eventsProcessed += 1;
      if (each.kind === 'stamp') statistics.lastProcessingTimeMs = each.ms;
      if (each.kind !== 'latencies') continue;
      for (let nr = 0; nr < each.count; nr += 1) prototype.recordLatency.call({ systemStatistics: statistics }, each.ms + nr);
    }
    return readings(statistics, given);
  },
  extracted(after, given) {
    const statistics = newStatistics(after, statisticsPath);
    for (const each of given.list) {
      if (each.kind === 'failure') statistics.recordFailure();
      if (each.kind === 'operation') statistics.recordOperation();
      if (each.kind === 'processed') statistics.recordProcessed();
      if (each.kind === 'stamp') statistics.stamp(each.ms);
      if (each.kind !== 'latencies') continue;
      for (let nr = 0; nr < each.count; nr += 1) statistics.recordLatency(each.ms + nr);
    }
    return readings(statistics, given);
  },
  wrong: [
    { from: '.length > 1000', to: '.length >= 1000' },
    { from: 'slice(-100)', to: 'slice(0, 100)' },
    { from: '[...this.processingLatenciesMs]', to: 'this.processingLatenciesMs' },
    { from: 'Math.trunc(totalMs)', to: 'totalMs' },
    { from: 'aggregated.eventsFailed += listenerStats.connectionErrors;', to: '' },
  ],
});

export const ofStatistics: readonly ModuleProperty[] = [statisticsOf];
