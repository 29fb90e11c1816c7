// How long a step waits before its next attempt: the server's word, the handler's word, or a curve with jitter (spec 9.4).
import type { Random } from './ports.ts';

export const backoffStrategies = ['none', 'linear', 'exponential', 'fibonacci'] as const;
export type BackoffStrategy = (typeof backoffStrategies)[number];

/** The backoff fields of a template's `retry` block. */
export interface RetryPolicy {
  readonly backoff?: BackoffStrategy;
  readonly backoff_base_ms?: number;
  readonly max_backoff_ms?: number;
}

/** No wait is longer, whatever a template or a server asks for. */
export const maxBackoffMs = 3_600_000;
export const defaultBackoffBaseMs = 1000;
const multiplier = 2;
const jitter = 0.15;

export interface BackoffFacts {
  readonly retry: RetryPolicy | undefined;
  /** Attempts begun, the failed one included: 1 after the first failure. */
  readonly attempts: number;
  /** From a Retry-After header. */
  readonly serverRequestedSeconds?: number | undefined;
  /** From the handler's `backoff_hint.delay_seconds` (spec 14 #10). */
  readonly hintSeconds?: number | undefined;
  readonly random: Random;
}

export interface Backoff {
  /** Whole milliseconds, 0 to `maxBackoffMs`. */
  readonly delayMs: number;
  readonly type: 'server_requested' | 'handler_requested' | BackoffStrategy;
}

/**
 * What was asked for is taken as it is, without jitter. Otherwise the strategy's curve, cut to the cap, then spread by ±15 %, then
 * cut again: the cap is the last word, and a crowd that waits at the cap is spread as well.
 */
export function backoffDelay({ retry, attempts, serverRequestedSeconds, hintSeconds, random }: BackoffFacts): Backoff {
  const capMs = Math.min(retry?.max_backoff_ms ?? maxBackoffMs, maxBackoffMs);
  if (isDuration(serverRequestedSeconds)) return { delayMs: cut(serverRequestedSeconds * 1000, capMs), type: 'server_requested' };
  if (isDuration(hintSeconds)) return { delayMs: cut(hintSeconds * 1000, capMs), type: 'handler_requested' };
  const planned = plannedDelayMs(retry, attempts);
  const spread = 1 + jitter * (2 * random() - 1);
  return { delayMs: cut(planned * spread, capMs), type: retry?.backoff ?? 'exponential' };
}

/**
 * The delay before jitter, never less for a later attempt, cut to the cap.
 *
 * Decision: with `backoff_base_ms` in the template the first delay is that base (exponential base × 2^(n−1)), because that is how its
 * writer reads it. Without it spec 9.4 stands: 1 s × 2^n with n already incremented, so 2 s, 4 s, 8 s.
 */
export function plannedDelayMs(retry: RetryPolicy | undefined, attempts: number): number {
  const base = retry?.backoff_base_ms;
  const capMs = Math.min(retry?.max_backoff_ms ?? maxBackoffMs, maxBackoffMs);
  // Written so that NaN counts as the first attempt.
  const n = attempts >= 1 ? Math.trunc(attempts) : 1;
  const baseMs = base ?? defaultBackoffBaseMs;
  switch (retry?.backoff ?? 'exponential') {
    case 'none':
      return 0;
    case 'linear':
      return cut(baseMs * n, capMs);
    case 'fibonacci':
      return fibonacciUpTo(capMs, { baseMs, n });
    case 'exponential':
      // 2^1024 is Infinity, and the cap brings that back.
      return cut(baseMs * multiplier ** (base === undefined ? n : n - 1), capMs);
  }
}

function fibonacciUpTo(capMs: number, { baseMs, n }: { readonly baseMs: number; readonly n: number }): number {
  let [current, next] = [baseMs, baseMs];
  for (let i = 1; i < n && current < capMs; i += 1) [current, next] = [next, current + next];
  return cut(current, capMs);
}

function cut(delayMs: number, capMs: number): number {
  return Math.trunc(Math.min(delayMs, capMs));
}

function isDuration(seconds: number | undefined): seconds is number {
  return seconds !== undefined && seconds >= 0;
}

// The three date forms of HTTP (RFC 9110 5.6.7) and the numeric zones of mail (RFC 2822), the third without a zone of its own.
const zonedDate = /^[A-Za-z]{3,9}, \d{1,2}[ -][A-Za-z]{3}[ -]\d{2,4} \d{2}:\d{2}:\d{2} (?:GMT|UTC?|[+-]\d{4})$/;
const asctimeDate = /^[A-Za-z]{3} [A-Za-z]{3} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/**
 * The seconds a Retry-After header asks to wait: a whole number, or a date in the future rounded up. Undefined when it says
 * neither. `now` in ms since the epoch.
 */
export function parseRetryAfter(text: string | undefined, now: number): number | undefined {
  const value = (text ?? '').trim();
  if (/^\d+$/.test(value)) return Math.min(Number(value), Number.MAX_SAFE_INTEGER);
  const date = zonedDate.test(value) ? Date.parse(value) : asctimeDate.test(value) ? Date.parse(`${value} GMT`) : Number.NaN;
  return date > now ? Math.ceil((date - now) / 1000) : undefined;
}
