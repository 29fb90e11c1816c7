// How long one attempt of a step may take: the handler's own setting, else the step's, else the default (spec 5.2).
import type { Json } from './json.ts';

export const defaultStepTimeoutMs = 30_000;

/** The longest delay a Node timer holds (2^31 − 1 ms, 24.8 days); a longer one would fire at once. */
export const maxStepTimeoutMs = 2_147_483_647;

/** The parts of a step definition that say so. */
export interface TimeoutFacts {
  readonly handler: { readonly initialization?: { readonly [key: string]: Json } };
  readonly timeout_seconds?: number;
}

/** Milliseconds. A `timeout_ms` that is no whole number above 0 is passed over: 0 would end every attempt before it began. */
export function stepTimeoutMs({ handler, timeout_seconds: seconds }: TimeoutFacts): number {
  const own = handler.initialization?.['timeout_ms'];
  const chosen = isCount(own) ? own : isCount(seconds) ? seconds * 1000 : defaultStepTimeoutMs;
  return Math.min(chosen, maxStepTimeoutMs);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}
