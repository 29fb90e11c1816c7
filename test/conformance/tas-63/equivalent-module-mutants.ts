// Mutants of extracted modules that no test can notice, each with the reason: they change nothing that a caller can see.
import type { EquivalentMutant } from './equivalent-mutants.ts';

const evaluator = 'src/orchestration/health/health-check-evaluator.ts';
const requestBuilder = 'src/orchestration/step-request-builder.ts';
const statistics = 'src/orchestration/event-systems/orchestration-statistics.ts';
const halfIsFull = 'Math.min(1, …) makes one of every latency score from 1 up';
const fastIsFull =
  'an average of at most one millisecond gives a latency score of a hundred or more, which Math.min(1, …) makes 1';

export const equivalentModuleMutants: readonly Omit<EquivalentMutant, 'subject'>[] = [
  {
    path: evaluator,
    kind: 'empty text',
    line: "const DEGRADING_TIERS: readonly QueueDepthTier[] = ['Warning', 'Critical', 'Overflow'];",
    reason: 'with Critical or Overflow the message queues are unhealthy, which is decided before anything degrades',
  },
  {
    path: requestBuilder,
    kind: 'default for falsy',
    line: 'taskContext: taskContext ?? {},',
    reason: 'a context is an object or null, and no object is falsy',
  },
  {
    path: statistics,
    kind: 'never',
    line: 'if (this.processingLatenciesMs.length === 0) {',
    reason: 'an empty list has the sum zero, for which the rate is 0 two statements later',
  },
  { path: statistics, kind: 'other number', line: 'let latencyScore = 1;', reason: halfIsFull },
  { path: statistics, kind: 'always', line: 'if (averageLatency > 0) {', reason: fastIsFull },
  { path: statistics, kind: 'other operator', line: 'if (averageLatency > 0) {', reason: fastIsFull },
  { path: statistics, kind: 'other number', line: 'if (averageLatency > 0) {', reason: fastIsFull },
];
