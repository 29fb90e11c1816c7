// The real clock's timers: how long they may be, and that they can be taken back. Vitest's timers stand in for those of Node.js.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { identityHash, newUuid, systemClock } from '../../src/runtime/clock.ts';

const dayMs = 86_400_000;

describe('systemClock', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('runs a task after its delay, once', () => {
    const ran: number[] = [];
    systemClock.schedule(50, () => ran.push(systemClock.now()));
    const due = systemClock.now() + 50;
    vi.advanceTimersByTime(49);
    expect(ran).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(ran).toEqual([due]);
  });

  it.each([25, 30, 100])('waits %i days, though Node.js runs timers of more than 24.8 days at once', (days) => {
    let ran = 0;
    systemClock.schedule(days * dayMs, () => (ran += 1));
    vi.advanceTimersByTime(days * dayMs - 1);
    expect(ran).toBe(0);
    vi.advanceTimersByTime(1);
    expect(ran).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes a task back, in the second part of a long wait too', () => {
    let ran = 0;
    const cancel = systemClock.schedule(60 * dayMs, () => (ran += 1));
    vi.advanceTimersByTime(30 * dayMs);
    cancel();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(60 * dayMs);
    expect(ran).toBe(0);
  });
});

it('makes identifiers of version 7 that carry the time', () => {
  const before = Date.now();
  const uuid = newUuid();
  expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16)).toBeGreaterThanOrEqual(before);
});

it('hashes to 128 bits, the same for the same text', () => {
  expect(identityHash('a')).toMatch(/^[0-9a-f]{32}$/);
  expect(identityHash('a')).toBe(identityHash('a'));
  expect(identityHash('a')).not.toBe(identityHash('b'));
});
