// The push half of the provider suite: what subscribers hear, and that those who cannot push stay silent.
import { expect, it } from 'vitest';
import type { MessageNotification } from '../messaging/envelope.ts';
import { createNotificationInbox } from './notification-inbox.ts';
import type { CurrentFixture } from './provider-fixture.ts';
import { otherQueue, queueName } from './provider-fixture.ts';

export function describePush(current: CurrentFixture, supported: boolean): void {
  it('says whether it pushes, and how often it must be polled', () => {
    const { capabilities } = current.get().provider;
    expect(capabilities.push).toBe(supported);
    if (!supported) expect(capabilities.fallbackPollingMs).toBeGreaterThan(0);
  });
  if (!supported) {
    it('accepts a subscription and stays silent', async () => {
      const { provider } = current.get();
      const seen: MessageNotification[] = [];
      const subscription = await provider.subscribe([queueName], (notification) => seen.push(notification));
      provider.announce(queueName, await provider.send(queueName, [1]));
      await subscription.close();
      await subscription.close();
      expect(seen).toEqual([]);
    });
    return;
  }
  describePushDelivery(current);
}

function describePushDelivery(current: CurrentFixture): void {
  it('tells its own subscribers and those of another instance which messages wait', async () => {
    const { provider, peer = provider } = current.get();
    const [own, other] = [createNotificationInbox(), createNotificationInbox()];
    await provider.subscribe([queueName], own.receive);
    await peer.subscribe([queueName], other.receive);
    const ids = await provider.send(queueName, [1, 2]);
    provider.announce(queueName, ids);
    const expected = { kind: 'available', queueName, messageIds: ids };
    expect(await Promise.all([own.next(), other.next()])).toEqual([expected, expected]);
  });

  it('tells a subscriber of its queues only, in its own spelling', async () => {
    const { provider, peer = provider } = current.get();
    const seen = createNotificationInbox();
    await peer.subscribe(['Worker_Suite_QUEUE'], seen.receive);
    provider.announce(otherQueue, ['1']);
    provider.announce(queueName, ['2']);
    expect(await seen.next()).toEqual({ kind: 'available', queueName: 'Worker_Suite_QUEUE', messageIds: ['2'] });
    expect(seen.waiting()).toBe(0);
  });

  it('goes silent when the subscription is closed, twice if need be, and leaves others alone', async () => {
    const { provider, peer = provider } = current.get();
    const [closed, open] = [createNotificationInbox(), createNotificationInbox()];
    const subscription = await peer.subscribe([queueName], closed.receive);
    await peer.subscribe([queueName], open.receive);
    await subscription.close();
    await subscription.close();
    provider.announce(queueName, ['1']);
    await open.next();
    expect(closed.waiting()).toBe(0);
  });

  it('goes on when a subscriber throws', async () => {
    const { provider, peer = provider } = current.get();
    const seen = createNotificationInbox();
    await peer.subscribe([queueName], () => {
      throw new Error('a subscriber with a bug');
    });
    await peer.subscribe([queueName], seen.receive);
    provider.announce(queueName, ['1']);
    expect(await seen.next()).toMatchObject({ kind: 'available' });
  });
}
