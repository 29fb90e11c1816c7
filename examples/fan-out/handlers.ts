// Handlers of the fan-out: cut a range of numbers into parts, count the primes of each, add them up.
import type { HandlerInput } from '../../src/index.ts';

interface Context {
  /** Primes below this number are counted; default 198,000. */
  readonly limit?: number;
}

export interface Split {
  readonly limit: number;
  readonly partSize: number;
}

export interface Part {
  readonly from: number;
  readonly primes: number;
}

export interface Total {
  readonly limit: number;
  readonly parts: number;
  readonly primes: number;
}

export function split({ context, input }: HandlerInput<Context, object, { readonly parts: number }>): Split {
  const { limit = 198_000 } = context;
  return { limit, partSize: Math.ceil(limit / input.parts) };
}

export function countPrimes({
  dependencies,
  input,
}: HandlerInput<Context, { readonly split: Split }, { readonly part: number }>): Part {
  const { limit, partSize } = dependencies.split;
  const from = input.part * partSize;
  const numbers = Array.from({ length: Math.max(0, Math.min(partSize, limit - from)) }, (_, offset) => from + offset);
  return { from, primes: numbers.filter(isPrime).length };
}

function isPrime(candidate: number): boolean {
  if (candidate < 2) return false;
  for (let divisor = 2; divisor * divisor <= candidate; divisor += 1) {
    if (candidate % divisor === 0) return false;
  }
  return true;
}

/** Gets the result of every worker, and of the source. */
export function sum({ dependencies }: HandlerInput<Context, Readonly<Record<string, Split | Part>>>): Total {
  const results = Object.values(dependencies);
  const parts = results.filter((result) => 'primes' in result);
  const limit = results.find((result) => 'limit' in result)?.limit ?? 0;
  return { limit, parts: parts.length, primes: parts.reduce((total, { primes }) => total + primes, 0) };
}
