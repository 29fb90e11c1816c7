// Waiting callers: answered by announcements, never left hanging by a close, and not locked out by one failed subscription.
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/domain/ports.ts';
import type { TaskState } from '../../src/domain/states.ts';
import { announceOutcomes } from '../../src/messaging/task-outcomes.ts';
import { OutcomeWaiter } from '../../src/runtime/outcome-waiter.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { createPushProvider } from '../orchestration/push-provider.ts';

function harness() {
  const clock = createFakeClock();
  const provider = createPushProvider();
  const states = new Map<string, TaskState>([
    ['open', 'steps_in_process'],
    ['other', 'steps_in_process'],
    ['done', 'complete'],
  ]);
  const store = {
    taskStates: async (uuids: readonly string[]) =>
      uuids.flatMap((taskUuid) => {
        const state = states.get(taskUuid);
        return state === undefined ? [] : [{ taskUuid, state }];
      }),
  };
  const waiter = new OutcomeWaiter({ provider, store, clock, logger: silentLogger });
  const settle = () => clock.advanceAsync(0);
  return { clock, provider, states, waiter, settle };
}

describe('an outcome waiter', () => {
  it('answers with what is announced, and at once for a task that has ended', async () => {
    const { provider, waiter, settle } = harness();
    const outcome = waiter.outcomeOf('open');
    await settle();
    announceOutcomes(provider, [{ taskUuid: 'open', state: 'blocked_by_failures' }]);
    expect(await outcome).toBe('blocked_by_failures');
    expect(await waiter.outcomeOf('done')).toBe('complete');
    await waiter.close();
  });

  it('finds by its poll what was never announced', async () => {
    const { clock, states, waiter, settle } = harness();
    const outcome = waiter.outcomeOf('open');
    await settle();
    states.set('open', 'cancelled');
    await clock.advanceAsync(5_000);
    expect(await outcome).toBe('cancelled');
    await waiter.close();
  });

  it('subscribes anew for the next caller when it could not for one', async () => {
    const { provider, waiter } = harness();
    provider.fail('subscribe', new Error('the database is away'));
    await expect(waiter.ready()).rejects.toThrow('the database is away');
    await expect(waiter.outcomeOf('done')).rejects.toThrow('the database is away');
    provider.fail('subscribe', undefined);
    expect(await waiter.outcomeOf('done')).toBe('complete');
    expect(provider.openSubscriptions()).toBe(1);
    await waiter.close();
    expect(provider.openSubscriptions()).toBe(0);
  });

  it('closes without complaint when it could never subscribe', async () => {
    const { provider, waiter } = harness();
    provider.fail('subscribe', new Error('the database is away'));
    await expect(waiter.ready()).rejects.toThrow('the database is away');
    await waiter.close();
    await waiter.close();
  });

  it('tells everyone who still waits that it was closed, and leaves no timer behind', async () => {
    const { clock, waiter, settle } = harness();
    const closed = { code: 'TASKER_CLOSED', kind: 'state' };
    const waiting = ['open', 'open', 'other'].map((task) =>
      expect(waiter.outcomeOf(task, { timeoutMs: 60_000 })).rejects.toMatchObject(closed),
    );
    await settle();
    await waiter.close();
    await Promise.all(waiting);
    expect(clock.pendingCount()).toBe(0);
    await expect(waiter.outcomeOf('open')).rejects.toMatchObject(closed);
    await expect(waiter.ready()).rejects.toMatchObject(closed);
  });

  it('gives up after the timeout of the caller and says what to do', async () => {
    const { clock, waiter, settle } = harness();
    const outcome = waiter.outcomeOf('open', { timeoutMs: 100 }).catch((error: unknown) => error);
    await settle();
    await clock.advanceAsync(100);
    expect(await outcome).toMatchObject({ code: 'TASK_WAIT_TIMEOUT', message: expect.stringContaining('100 ms') });
    await waiter.close();
  });
});
