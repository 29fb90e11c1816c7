// A task's readiness in five counts, and the questions asked of them (spec 6.7).

export interface TaskReadinessSummary {
  readonly totalSteps: number;
  readonly readySteps: number;
  /** In state `complete` only. */
  readonly completeSteps: number;
  /** Dependencies not satisfied. */
  readonly blockedSteps: number;
  /** In state `error`. */
  readonly failedSteps: number;
}

export function isComplete(summary: TaskReadinessSummary): boolean {
  return summary.totalSteps > 0 && summary.completeSteps === summary.totalSteps;
}

/** Nothing can run and something is left. */
export function isBlocked(summary: TaskReadinessSummary): boolean {
  return summary.readySteps === 0 && summary.completeSteps < summary.totalSteps;
}

export function hasFailures(summary: TaskReadinessSummary): boolean {
  return summary.failedSteps > 0;
}

/** Whole percent, cut off; 0 without steps. */
export function progressPercentage(summary: TaskReadinessSummary): number {
  return summary.totalSteps === 0 ? 0 : Math.trunc((summary.completeSteps * 100) / summary.totalSteps);
}
