// The row "timeout chain" of spec 15.3, and the numbers no timer takes.
import { describe, expect, it } from 'vitest';
import { maxStepTimeoutMs, stepTimeoutMs } from '../../src/domain/timeout-chain.ts';
import type { TimeoutFacts } from '../../src/domain/timeout-chain.ts';

describe('stepTimeoutMs', () => {
  it.each<readonly [string, TimeoutFacts, number]>([
    ['timeout_ms before timeout_seconds', { handler: { initialization: { timeout_ms: 5000 } }, timeout_seconds: 10 }, 5000],
    ['timeout_seconds alone', { handler: {}, timeout_seconds: 10 }, 10_000],
    ['neither', { handler: { initialization: {} } }, 30_000],
    ['a timeout_ms that is no number', { handler: { initialization: { timeout_ms: '5000' } }, timeout_seconds: 10 }, 10_000],
    ['a timeout_ms below zero', { handler: { initialization: { timeout_ms: -1 } } }, 30_000],
    ['a timeout_ms of zero', { handler: { initialization: { timeout_ms: 0 } }, timeout_seconds: 3 }, 3000],
    ['a fraction', { handler: { initialization: { timeout_ms: 1.5 } } }, 30_000],
    ['more than a timer holds', { handler: {}, timeout_seconds: 4_294_967_295 }, maxStepTimeoutMs],
  ])('takes %s', (_, facts, expected) => {
    expect(stepTimeoutMs(facts)).toBe(expected);
  });
});
