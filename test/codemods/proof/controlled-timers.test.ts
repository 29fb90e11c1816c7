// Timers that fire when they are told to.
import { AsyncLocalStorage } from 'node:async_hooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createControlledTimers } from '../../../codemods/proof/controlled-timers.ts';

function timersFrom(nowMs = 0) {
  const clock = { nowMs };
  const fired: unknown[] = [];
  const timers = createControlledTimers({ nowMs: () => clock.nowMs });
  return {
    timers,
    fired,
    clock,
    note: (...args: unknown[]) => void fired.push(...args),
    /** Fires up to `most` timers in their order; the clock goes with them. */
    fire(most = 20) {
      const times: number[] = [];
      for (let due = timers.takeNext(); due !== undefined && times.length < most; due = timers.takeNext()) {
        clock.nowMs = due.atMs;
        times.push(due.atMs);
        due.fire();
      }
      return times;
    },
  };
}

describe('controlled timers', () => {
  it('fire in the order of their times, with their arguments', () => {
    const { timers, fired, note, fire } = timersFrom();
    timers.setTimeout(note, 20, 'late', 1);
    timers.setTimeout(note, 10, 'early', 2);
    timers.setImmediate(note, 'at once');
    expect(timers.pending()).toEqual(['timeout 20 ms', 'timeout 10 ms', 'immediate 0 ms']);
    expect(fire()).toEqual([0, 10, 20]);
    expect(fired).toEqual(['at once', 'early', 2, 'late', 1]);
    expect(timers.takeNext()).toBeUndefined();
  });

  it('fire in the order of their making where their times are equal', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 })), (delays) => {
        const { timers, fired, note, fire } = timersFrom();
        for (const [nr, delay] of delays.entries()) timers.setTimeout(note, delay, { nr, delay });
        fire(100);
        const expected = delays.map((delay, nr) => ({ nr, delay })).toSorted((one, other) => one.delay - other.delay);
        expect(fired).toEqual(expected);
      }),
    );
  });

  it('count from the time of their making', () => {
    const { timers, clock, note } = timersFrom(100);
    timers.setTimeout(note, 10);
    clock.nowMs = 105;
    timers.setTimeout(note, 1);
    expect(timers.takeNext()?.atMs).toBe(106);
    expect(timers.takeNext()?.atMs).toBe(110);
  });

  it('repeat an interval until it is cleared, behind what was set for the same time', () => {
    const { timers, fired, note, fire } = timersFrom();
    const handle = timers.setInterval(note, 10, 'tick');
    timers.setTimeout(note, 10, 'once');
    expect(fire(4)).toEqual([10, 10, 20, 30]);
    expect(fired).toEqual(['tick', 'once', 'tick', 'tick']);
    timers.clear(handle);
    expect(timers.pending()).toEqual([]);
  });

  it.each<[unknown, number]>([
    [undefined, 1],
    [0, 1],
    [-5, 1],
    [Number.NaN, 1],
    [Number.POSITIVE_INFINITY, 1],
    [2 ** 31, 1],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [1.9, 1],
    ['20', 20],
    [null, 1],
  ])('take a delay of %s as node does: %i ms', (delay, ms) => {
    const { timers, note } = timersFrom();
    const given = delay as number; // subjects give anything
    timers.setTimeout(note, given);
    timers.setInterval(note, given);
    expect(timers.pending()).toEqual([`timeout ${ms} ms`, `interval ${ms} ms`]);
    expect(timers.takeNext()?.atMs).toBe(ms);
  });

  it('are cleared by handle or by number; anything else is no timer', () => {
    const { timers, note } = timersFrom();
    const [one, other] = [timers.setTimeout(note, 1), timers.setTimeout(note, 2)];
    for (const nothing of [undefined, null, 99, {}]) timers.clear(nothing);
    expect(timers.pending()).toHaveLength(2);
    timers.clear(one);
    timers.clear(Number(other));
    expect(timers.pending()).toEqual([]);
  });

  it('have handles like those of node', () => {
    const { timers, clock, note } = timersFrom();
    const handle = timers.setTimeout(note, 10);
    const other = timers.setTimeout(note, 10);
    expect(handle.hasRef()).toBe(true);
    expect(handle.unref().hasRef()).toBe(false);
    expect(handle.ref().hasRef()).toBe(true);
    clock.nowMs = 5;
    expect(handle.refresh()).toBe(handle);
    expect(timers.takeNext()?.atMs).toBe(10);
    expect(other.refresh().close()).toBe(other);
    expect(timers.takeNext()?.atMs).toBe(15);
    expect(timers.takeNext()).toBeUndefined();
    expect(timers.setTimeout(note, 3).close()).toBeDefined();
    expect(timers.pending()).toEqual([]);
  });

  it('call back in the flow that set them', () => {
    const flows = new AsyncLocalStorage<string>();
    const { timers, fired, note, fire } = timersFrom();
    flows.run('one', () => timers.setTimeout(() => note(flows.getStore()), 1));
    timers.setImmediate(() => note(flows.getStore()));
    fire();
    expect(fired).toEqual([undefined, 'one']);
  });
});
