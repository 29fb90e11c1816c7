// Checks order, bounds, waiting senders and closing of the command channel.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandChannel } from '../../../src/orchestration/commands/command-channel.ts';

describe('CommandChannel', () => {
  it('hands out items in order and counts free places', () => {
    const channel = new CommandChannel<number>(3);
    expect([1, 2, 3, 4].map((item) => channel.trySend(item))).toEqual([true, true, true, false]);
    expect(channel.capacity).toBe(0);
    expect(channel.drain(2)).toEqual([1, 2]);
    expect(channel.capacity).toBe(2);
    expect(channel.drain(9)).toEqual([3]);
    expect(channel.size).toBe(0);
  });

  it('holds 5,000 items unless told otherwise', () => {
    expect(new CommandChannel().maxCapacity).toBe(5000);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a capacity of %s', (capacity) => {
    expect(() => new CommandChannel(capacity)).toThrow(expect.objectContaining({ code: 'CHANNEL_CAPACITY_INVALID' }));
  });

  it('lets a sender wait until there is a place', async () => {
    const channel = new CommandChannel<string>(1);
    channel.trySend('first');
    let accepted = false;
    const sent = channel.send('second').then(() => (accepted = true));
    await Promise.resolve();
    expect(accepted).toBe(false);
    expect(channel.drain(10)).toEqual(['first']);
    await sent;
    expect(channel.drain(10)).toEqual(['second']);
  });

  it('wakes the consumer once for a burst', async () => {
    const channel = new CommandChannel<number>(10);
    const ready = channel.ready();
    channel.trySend(1);
    channel.trySend(2);
    expect(await ready).toBe(true);
    expect(channel.drain(10)).toEqual([1, 2]);
  });

  it('is ready at once when something waits', async () => {
    const channel = new CommandChannel<number>(10);
    channel.trySend(1);
    expect(await channel.ready()).toBe(true);
  });

  it('serves one consumer', async () => {
    const channel = new CommandChannel<number>(10);
    const first = channel.ready();
    expect(() => channel.ready()).toThrow(expect.objectContaining({ code: 'CHANNEL_HAS_CONSUMER' }));
    channel.releaseConsumer();
    expect(await first).toBe(false);
  });

  it('refuses senders once closed, keeps what is inside, then tells the consumer', async () => {
    const channel = new CommandChannel<number>(1);
    channel.trySend(1);
    const waiting = channel.send(2);
    channel.close();
    await expect(waiting).rejects.toMatchObject({ code: 'CHANNEL_CLOSED' });
    expect(() => channel.trySend(3)).toThrow(expect.objectContaining({ code: 'CHANNEL_CLOSED' }));
    expect(channel.isClosed).toBe(true);
    expect(await channel.ready()).toBe(true);
    expect(channel.drain(9)).toEqual([1]);
    expect(await channel.ready()).toBe(false);
  });

  it('closing ends a waiting consumer', async () => {
    const channel = new CommandChannel<number>(1);
    const ready = channel.ready();
    channel.close();
    expect(await ready).toBe(false);
  });

  it('forgets a sender that stopped waiting', async () => {
    const channel = new CommandChannel<string>(1);
    const abort = new AbortController();
    channel.trySend('first');
    const impatient = channel.send('impatient', abort.signal);
    const patient = channel.send('patient', new AbortController().signal);
    abort.abort();
    await expect(impatient).rejects.toMatchObject({ code: 'CHANNEL_SEND_ABORTED' });
    await expect(channel.send('late', abort.signal)).rejects.toMatchObject({ code: 'CHANNEL_SEND_ABORTED' });
    channel.drain(1);
    await patient;
    expect(channel.drain(9)).toEqual(['patient']);
  });

  it('neither loses nor reorders items, whatever the sends and drains', async () => {
    const action = fc.oneof(fc.constant('send' as const), fc.integer({ min: 1, max: 5 }));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(action, { maxLength: 60 }), async (capacity, actions) => {
        const channel = new CommandChannel<number>(capacity);
        const pending: Promise<void>[] = [];
        const received: number[] = [];
        let sent = 0;
        for (const act of actions) {
          if (act === 'send') pending.push(channel.send(sent++));
          else received.push(...channel.drain(act));
          expect(channel.size).toBeLessThanOrEqual(capacity);
        }
        while (channel.size > 0) received.push(...channel.drain(3));
        await Promise.all(pending);
        expect(received).toEqual(Array.from({ length: sent }, (_, index) => index));
      }),
    );
  });
});
