// Steps as a worker claims them and reports as it makes them, for tests without a database.
import { successResult } from '../../src/domain/step-result.ts';
import type { ClaimedStep, StepReport } from '../../src/store/store.ts';

export function claimedStep(name: string, more: Partial<ClaimedStep> = {}): ClaimedStep {
  return {
    messageId: '1',
    queueName: 'worker_tests_queue',
    taskUuid: 'task',
    stepUuid: name,
    stepName: name,
    namedTaskUuid: 'template',
    correlationId: 'correlation',
    attempt: 1,
    maxAttempts: 3,
    context: {},
    inputs: undefined,
    dependencies: {},
    ...more,
  };
}

export function successReport(stepUuid: string): StepReport {
  return {
    stepUuid,
    taskUuid: 'task',
    attempt: 1,
    messageId: '1',
    queueName: 'worker_tests_queue',
    success: true,
    executionTimeMs: 1,
    result: successResult({ stepUuid, executionTimeMs: 1, completedAt: '2026-01-01T00:00:00Z' }, `result of ${stepUuid}`),
  };
}
