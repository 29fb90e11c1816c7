// The row TaskReadinessSummary of spec 15.3.
import { describe, expect, it } from 'vitest';
import { hasFailures, isBlocked, isComplete, progressPercentage } from '../../src/domain/task-readiness-summary.ts';

const none = { totalSteps: 0, readySteps: 0, completeSteps: 0, blockedSteps: 0, failedSteps: 0 };

describe('TaskReadinessSummary', () => {
  it.each([
    ['without steps', none, { complete: false, blocked: false, failures: false, progress: 0 }],
    [
      'all complete',
      { ...none, totalSteps: 3, completeSteps: 3 },
      { complete: true, blocked: false, failures: false, progress: 100 },
    ],
    [
      'nothing ready, not complete',
      { ...none, totalSteps: 3, completeSteps: 2 },
      { complete: false, blocked: true, failures: false, progress: 66 },
    ],
    [
      '1 of 3, one ready',
      { ...none, totalSteps: 3, completeSteps: 1, readySteps: 1 },
      { complete: false, blocked: false, failures: false, progress: 33 },
    ],
    [
      'one failed',
      { ...none, totalSteps: 2, failedSteps: 1, blockedSteps: 1 },
      { complete: false, blocked: true, failures: true, progress: 0 },
    ],
  ])('%s', (_, summary, { complete, blocked, failures, progress }) => {
    expect(isComplete(summary)).toBe(complete);
    expect(isBlocked(summary)).toBe(blocked);
    expect(hasFailures(summary)).toBe(failures);
    expect(progressPercentage(summary)).toBe(progress);
  });
});
