// The order in which pending answers are released: first in first out, last in first out, or seeded at random.
import { randomSource } from './random-source.ts';

export type Schedule = { readonly kind: 'fifo' } | { readonly kind: 'lifo' } | { readonly kind: 'seeded'; readonly seed: number };

export const fifo: Schedule = { kind: 'fifo' };
export const lifo: Schedule = { kind: 'lifo' };
export const seeded = (seed: number): Schedule => ({ kind: 'seeded', seed });

export function scheduleName(schedule: Schedule): string {
  return schedule.kind === 'seeded' ? `seed ${schedule.seed}` : schedule.kind;
}

/** Picks the next of `count` waiting answers, which are in the order of their asking. */
export function pickerOf(schedule: Schedule): (count: number) => number {
  if (schedule.kind === 'fifo') return () => 0;
  if (schedule.kind === 'lifo') return (count) => count - 1;
  const random = randomSource(schedule.seed);
  return (count) => Math.floor(random() * count);
}
