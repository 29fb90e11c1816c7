// The fake clock: time moves when told to, and due tasks run in the order of their due times.
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../src/testing/fake-clock.ts';

describe('fake clock', () => {
  it('stands still until it is advanced', () => {
    const clock = createFakeClock(1_000);
    expect(clock.now()).toBe(1_000);
    clock.advance(250);
    expect(clock.now()).toBe(1_250);
  });

  it('runs what falls due, in order, each at its own time, ties in the order of scheduling', () => {
    const clock = createFakeClock(0);
    const ran: string[] = [];
    clock.schedule(20, () => ran.push(`late at ${clock.now()}`));
    clock.schedule(10, () => ran.push(`first at ${clock.now()}`));
    clock.schedule(10, () => ran.push(`second at ${clock.now()}`));
    clock.schedule(31, () => ran.push('not yet'));
    clock.advance(30);
    expect(ran).toEqual(['first at 10', 'second at 10', 'late at 20']);
    expect(clock.pendingCount()).toBe(1);
  });

  it('runs tasks that a task schedules within the same advance', () => {
    const clock = createFakeClock(0);
    const ticks: number[] = [];
    const tick = () => {
      ticks.push(clock.now());
      clock.schedule(10, tick);
    };
    clock.schedule(10, tick);
    clock.advance(35);
    expect(ticks).toEqual([10, 20, 30]);
  });

  it('forgets a cancelled task, twice if need be', () => {
    const clock = createFakeClock(0);
    let ran = false;
    const cancel = clock.schedule(1, () => (ran = true));
    cancel();
    cancel();
    clock.advance(10);
    expect([ran, clock.pendingCount()]).toEqual([false, 0]);
  });

  it('lets promises go on between tasks when advanced asynchronously', async () => {
    const clock = createFakeClock(0);
    const ticks: number[] = [];
    const loop = async () => {
      await Promise.resolve();
      ticks.push(clock.now());
      clock.schedule(10, () => void loop());
    };
    clock.schedule(10, () => void loop());
    await clock.advanceAsync(25);
    expect([ticks, clock.now()]).toEqual([[10, 20], 25]);
  });
});
