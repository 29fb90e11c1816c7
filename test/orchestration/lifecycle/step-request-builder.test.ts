// The request a worker executes, built from a claimed step and its template (spec 6.6).
import { describe, expect, it } from 'vitest';
import { buildStepRequest } from '../../../src/orchestration/lifecycle/step-request-builder.ts';
import { planTask } from '../../helpers/plan-task.ts';

const now = Date.UTC(2026, 0, 1);
const step = { stepUuid: 's', taskUuid: 't', name: 'work', dependenciesSatisfied: true, attempt: 2, maxAttempts: 5 };
const build = (plan: object, overrides: Partial<Parameters<typeof buildStepRequest>[0]> = {}) =>
  buildStepRequest({
    step,
    template: planTask('request', { other: [], work: plan }),
    taskContext: { order: 1 },
    previousResults: { other: [1] },
    now,
    ...overrides,
  });

describe('a step request', () => {
  it('carries what the handler needs', () => {
    const handler = { callable: 'orders', method: 'refund', initialization: { currency: 'EUR' } };
    expect(build({ handler })).toEqual({
      stepUuid: 's',
      taskUuid: 't',
      stepName: 'work',
      handlerClass: 'orders',
      method: 'refund',
      handlerConfig: { currency: 'EUR' },
      taskContext: { order: 1 },
      previousResults: { other: [1] },
      metadata: { attempt: 2, maxAttempts: 5, timeoutMs: 30_000, createdAt: new Date(now) },
    });
  });

  it('gives each attempt a configuration of its own', () => {
    const template = planTask('request', { other: [], work: { handler: { initialization: { currency: 'EUR' } } } });
    const [first, second] = [build({}, { template }), build({}, { template })];
    Object.assign(first.handlerConfig, { currency: 'changed by a handler' });
    expect(second.handlerConfig).toEqual({ currency: 'EUR' });
    expect(build({}, { template }).handlerConfig).toEqual({ currency: 'EUR' });
  });

  it('has an empty context for a task without one', () => {
    expect(build({}, { taskContext: undefined }).taskContext).toEqual({});
  });

  it.each([
    ['timeout_ms before timeout_seconds', { timeoutSeconds: 10, handler: { initialization: { timeout_ms: 5000 } } }, 5_000],
    ['timeout_seconds', { timeoutSeconds: 10 }, 10_000],
    ['30 s without either', {}, 30_000],
    ['no timeout_ms that is not a number', { timeoutSeconds: 10, handler: { initialization: { timeout_ms: '5000' } } }, 10_000],
  ])('times out by %s', (_, plan, timeoutMs) => {
    expect(build(plan).metadata.timeoutMs).toBe(timeoutMs);
  });

  it('cannot be built for a step that the template does not know', () => {
    expect(() => build({}, { step: { ...step, name: 'gone' } })).toThrow(
      expect.objectContaining({
        code: 'STEP_TEMPLATE_MISSING',
        message: 'Step template not found in task configuration: gone (in task tests/request/1.0.0). Its steps are other, work.',
        details: { entityType: 'step_template', entityId: 'gone (in task tests/request/1.0.0)' },
      }),
    );
  });
});
