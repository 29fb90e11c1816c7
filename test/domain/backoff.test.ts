// Backoff: curves, caps, jitter, what servers and handlers ask for, and the reading of Retry-After.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffDelay, backoffStrategies, maxBackoffMs, parseRetryAfter, plannedDelayMs } from '../../src/domain/backoff.ts';
import type { RetryPolicy } from '../../src/domain/backoff.ts';

const middle = () => 0.5;
const delays = (retry: RetryPolicy | undefined) =>
  [1, 2, 3, 4, 5, 6].map((attempts) => backoffDelay({ retry, attempts, random: middle }).delayMs);

describe('the curves', () => {
  it.each<readonly [string, RetryPolicy | undefined, readonly number[]]>([
    ['without a template', undefined, [2000, 4000, 8000, 16_000, 32_000, 64_000]],
    ['without a base', { backoff: 'exponential' }, [2000, 4000, 8000, 16_000, 32_000, 64_000]],
    ['with a base', { backoff_base_ms: 300 }, [300, 600, 1200, 2400, 4800, 9600]],
    ['linear', { backoff: 'linear', backoff_base_ms: 500 }, [500, 1000, 1500, 2000, 2500, 3000]],
    ['linear without a base', { backoff: 'linear' }, [1000, 2000, 3000, 4000, 5000, 6000]],
    ['fibonacci', { backoff: 'fibonacci', backoff_base_ms: 100 }, [100, 100, 200, 300, 500, 800]],
    ['none', { backoff: 'none', backoff_base_ms: 100 }, [0, 0, 0, 0, 0, 0]],
    ['with a cap', { backoff_base_ms: 1000, max_backoff_ms: 5000 }, [1000, 2000, 4000, 5000, 5000, 5000]],
    [
      'fibonacci with a cap',
      { backoff: 'fibonacci', backoff_base_ms: 1000, max_backoff_ms: 2500 },
      [1000, 1000, 2000, 2500, 2500, 2500],
    ],
  ])('%s', (_, retry, expected) => {
    expect(delays(retry)).toEqual(expected);
  });

  it('names the curve', () => {
    expect(backoffDelay({ retry: undefined, attempts: 1, random: middle }).type).toBe('exponential');
    expect(backoffDelay({ retry: { backoff: 'none' }, attempts: 1, random: middle }).type).toBe('none');
  });

  it.each([0, -3, Number.NaN])('counts %d attempts as one', (attempts) => {
    expect(plannedDelayMs(undefined, attempts)).toBe(2000);
  });
});

const policies: fc.Arbitrary<RetryPolicy> = fc.record(
  {
    backoff: fc.constantFrom(...backoffStrategies),
    backoff_base_ms: fc.integer({ min: 100, max: 3_600_000 }),
    max_backoff_ms: fc.integer({ min: 1000, max: 3_600_000 }),
  },
  { requiredKeys: [] },
);
const manyAttempts = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 1_000_000 }));
const randoms = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('laws of backoff', () => {
  it('never shortens with more attempts, before jitter', () => {
    fc.assert(
      fc.property(policies, manyAttempts, manyAttempts, (retry, a, b) => {
        expect(plannedDelayMs(retry, Math.min(a, b))).toBeLessThanOrEqual(plannedDelayMs(retry, Math.max(a, b)));
      }),
    );
  });

  it('is a whole number of milliseconds within 15 % of the plan and never past the cap, up to a million attempts', () => {
    fc.assert(
      fc.property(policies, manyAttempts, randoms, (retry, attempts, random) => {
        const { delayMs } = backoffDelay({ retry, attempts, random: () => random });
        const planned = plannedDelayMs(retry, attempts);
        expect(Number.isSafeInteger(delayMs)).toBe(true);
        expect(delayMs).toBeGreaterThanOrEqual(Math.floor(planned * 0.85));
        expect(delayMs).toBeLessThanOrEqual(Math.min(planned * 1.15, retry.max_backoff_ms ?? maxBackoffMs));
      }),
    );
  });

  it('spreads those who wait at the cap', () => {
    expect(backoffDelay({ retry: undefined, attempts: 99, random: () => 0 }).delayMs).toBe(maxBackoffMs * 0.85);
    expect(backoffDelay({ retry: undefined, attempts: 99, random: () => 0.999 }).delayMs).toBe(maxBackoffMs);
  });
});

describe('what was asked for', () => {
  it.each([
    ['the server before the handler, without jitter', { serverRequestedSeconds: 7, hintSeconds: 3 }, 7000, 'server_requested'],
    ['the handler, without jitter', { hintSeconds: 0.25 }, 250, 'handler_requested'],
    ['at once', { serverRequestedSeconds: 0 }, 0, 'server_requested'],
    ['no more than the cap', { serverRequestedSeconds: 1e300 }, 3_600_000, 'server_requested'],
    ['no more than the cap of the template', { hintSeconds: 90, retry: { max_backoff_ms: 60_000 } }, 60_000, 'handler_requested'],
    ['nothing sensible', { serverRequestedSeconds: -1, hintSeconds: Number.NaN }, 1700, 'exponential'],
  ] as const)('%s', (_, asked, delayMs, type) => {
    expect(backoffDelay({ retry: undefined, attempts: 1, random: () => 0, ...asked })).toEqual({ delayMs, type });
  });
});

describe('parseRetryAfter', () => {
  const now = Date.UTC(1994, 10, 6, 8, 49, 0);

  it.each([
    ['120', 120],
    [' 0 ', 0],
    ['9'.repeat(400), Number.MAX_SAFE_INTEGER],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 37],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 37],
    ['Sun Nov  6 08:49:37 1994', 37],
    ['Sun, 06 Nov 1994 09:49:37 +0100', 37],
    ['Sun, 06 Nov 1994 08:48:37 GMT', undefined],
    ['Sun, 06 Nov 1994 08:49:37', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads "%s" as %s seconds', (text, seconds) => {
    expect(parseRetryAfter(text, now)).toBe(seconds);
  });

  it('rounds a date up to the next second', () => {
    expect(parseRetryAfter('Sun, 06 Nov 1994 08:49:37 GMT', now + 1)).toBe(37);
  });
});
