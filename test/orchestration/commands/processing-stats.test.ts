// Checks that each counter counts by itself and that snapshots are copies (spec 7.4, 15.3).
import { describe, expect, it } from 'vitest';
import { ProcessingStats } from '../../../src/orchestration/commands/processing-stats.ts';

const counters = [
  'taskRequestsProcessed',
  'stepResultsProcessed',
  'tasksFinalized',
  'tasksReadyProcessed',
  'processingErrors',
  'messagesNotFound',
] as const;

describe('the counters of the command processor', () => {
  it('are these, from zero', () => {
    expect(new ProcessingStats().snapshot().counters).toEqual(Object.fromEntries(counters.map((name) => [name, 0])));
  });

  it.each(counters)('count independently: %s touches no other, and no snapshot taken before', (name) => {
    const stats = new ProcessingStats();
    const zero = stats.snapshot().counters;
    stats.counters[name] += 2;
    stats.counters[name] += 1;
    expect(stats.snapshot().counters).toEqual({ ...zero, [name]: 3 });
    expect(zero[name]).toBe(0);
  });
});
