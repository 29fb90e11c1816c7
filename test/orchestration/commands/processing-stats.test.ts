// Checks that the counters are independent and that snapshots are copies (spec 7.4, 15.3).
import { expect, it } from 'vitest';
import { ProcessingStats } from '../../../src/orchestration/commands/processing-stats.ts';

it('counts independently: errors do not touch the successes', () => {
  const stats = new ProcessingStats();
  const zero = stats.snapshot().counters;
  expect(Object.values(zero)).toEqual([0, 0, 0, 0, 0, 0]);
  stats.counters.processingErrors += 2;
  stats.counters.tasksFinalized += 1;
  expect(stats.snapshot().counters).toEqual({ ...zero, processingErrors: 2, tasksFinalized: 1 });
  expect(zero.processingErrors).toBe(0);
});
