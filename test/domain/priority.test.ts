// The ageing of priorities at and around its two limits.
import { describe, expect, it } from 'vitest';
import { computedPriority } from '../../src/domain/priority.ts';

const hour = 3_600_000;

describe('computedPriority', () => {
  it.each([
    ['a new task', { priority: 5, msInState: 0, ageMs: 0 }, 5],
    ['a fresh state of an old task', { priority: 5, msInState: 10, ageMs: 30 * hour }, 8],
    ['just under an hour', { priority: 0, msInState: hour - 1, ageMs: hour }, 0.1],
    ['an hour', { priority: 12, msInState: hour, ageMs: hour }, 12 * Math.exp(-1 / 12)],
    ['twelve hours', { priority: -10, msInState: 12 * hour, ageMs: 99 * hour }, -10 * Math.exp(-1)],
    ['a day', { priority: 100, msInState: 24 * hour, ageMs: 24 * hour }, 0.1],
    ['more than a day', { priority: -100, msInState: 240 * hour, ageMs: 0 }, 0.1],
  ])('%s', (_, facts, expected) => {
    expect(computedPriority(facts)).toBeCloseTo(expected, 12);
  });
});
