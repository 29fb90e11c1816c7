// Readiness of a step, reason by reason, and the times of its next attempt.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dependencyLevels, nextRetryTime, stepReadiness, withSatisfiedDependencies } from '../../src/domain/readiness.ts';
import type { StepFacts } from '../../src/domain/readiness.ts';
import { stepStates } from '../../src/domain/states.ts';

const now = 1_000_000;
const fresh: StepFacts = {
  state: 'pending',
  attempts: 0,
  maxAttempts: 3,
  retryable: true,
  processed: false,
  inProcess: false,
  parentStates: [],
  nextRetryAt: undefined,
};

describe('stepReadiness', () => {
  it.each<readonly [string, Partial<StepFacts>]>([
    ['a fresh root', {}],
    ['a step whose parents are complete or resolved', { parentStates: ['complete', 'resolved_manually'] }],
    ['a step whose backoff ends now', { state: 'waiting_for_retry', attempts: 1, nextRetryAt: now }],
    ['a retrying step without a backoff', { state: 'waiting_for_retry', attempts: 2 }],
    ['the first attempt with max_attempts 0', { maxAttempts: 0 }],
    ['the first attempt of a step that is not retryable', { retryable: false, maxAttempts: 1 }],
  ])('is ready: %s', (_, facts) => {
    expect(stepReadiness({ ...fresh, ...facts }, now)).toEqual({
      dependenciesSatisfied: true,
      retryEligible: true,
      readyForExecution: true,
      blockingReason: undefined,
    });
  });

  it.each<readonly [string, Partial<StepFacts>]>([
    ['dependencies_not_satisfied', { parentStates: ['complete', 'cancelled'] }],
    ['dependencies_not_satisfied', { parentStates: ['enqueued_for_orchestration'], attempts: 3 }],
    ['retry_not_eligible', { attempts: 3 }],
    ['retry_not_eligible', { attempts: 1, retryable: false, state: 'in_progress' }],
    ['retry_not_eligible', { attempts: 1, maxAttempts: 1 }],
    ['invalid_state', { state: 'error', attempts: 1 }],
    ['invalid_state', { state: 'enqueued' }],
    ['backoff_running', { state: 'waiting_for_retry', attempts: 1, nextRetryAt: now + 1 }],
    ['unknown', { processed: true }],
    ['unknown', { inProcess: true }],
  ])('is blocked by %s: %o', (blockingReason, facts) => {
    expect(stepReadiness({ ...fresh, ...facts }, now)).toMatchObject({ readyForExecution: false, blockingReason });
  });

  it('is ready exactly when the conjunction of spec 3.3 holds', () => {
    const state = fc.constantFrom(...stepStates);
    const facts = fc.record({
      state,
      attempts: fc.nat({ max: 4 }),
      maxAttempts: fc.nat({ max: 4 }),
      retryable: fc.boolean(),
      processed: fc.boolean(),
      inProcess: fc.boolean(),
      parentStates: fc.array(state, { maxLength: 3 }),
      nextRetryAt: fc.option(fc.integer({ min: now - 2, max: now + 2 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(facts, (step) => {
        const expected =
          ['pending', 'waiting_for_retry'].includes(step.state) &&
          !step.processed &&
          !step.inProcess &&
          step.parentStates.every((parent) => ['complete', 'resolved_manually'].includes(parent)) &&
          (step.attempts === 0 || (step.retryable && step.attempts < step.maxAttempts)) &&
          (step.nextRetryAt ?? now) <= now;
        expect(stepReadiness(step, now).readyForExecution).toBe(expected);
      }),
    );
  });
});

describe('withSatisfiedDependencies', () => {
  const step = (name: string, dependenciesSatisfied: boolean) => ({ name, dependenciesSatisfied });

  it('keeps only the satisfied of a mixed list, in order', () => {
    const mixed = [step('a', true), step('b', false), step('c', true)];
    expect(withSatisfiedDependencies(mixed).map(({ name }) => name)).toEqual(['a', 'c']);
  });

  it.each([[[]], [[step('a', false), step('b', false)]]])('answers with nothing, not with an error, for %o', (steps) => {
    expect(withSatisfiedDependencies(steps)).toEqual([]);
  });
});

describe('nextRetryTime', () => {
  const none = { backoffRequestMs: undefined, lastAttemptedAt: undefined, failedAt: undefined, attempts: undefined };

  it.each([
    ['the requested backoff', { ...none, backoffRequestMs: 1500, lastAttemptedAt: now, failedAt: 5, attempts: 9 }, now + 1500],
    ['the failure, when there was no attempt', { ...none, backoffRequestMs: 1500, failedAt: now, attempts: 3 }, now + 8000],
    ['the failure, with one attempt assumed', { ...none, lastAttemptedAt: 1, failedAt: now }, now + 2000],
    ['the failure, with the cap', { ...none, failedAt: now, attempts: 5000 }, now + 60_000],
    ['other numbers', { ...none, failedAt: now, attempts: 2, multiplier: 3, maxBackoffMs: 8000 }, now + 8000],
    ['nothing', { ...none, backoffRequestMs: 10, attempts: 2 }, undefined],
  ])('counts from %s', (_, facts, expected) => {
    expect(nextRetryTime(facts)).toBe(expected);
  });
});

it('offers the levels of a graph beside readiness', () => {
  expect(dependencyLevels([{ from: 'a', to: 'b' }]).get('b')).toBe(1);
});
