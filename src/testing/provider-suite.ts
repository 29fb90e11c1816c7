// The conformance suite of the messaging port: a provider's test is one call of `describeProvider` under vitest.
import { describe, expect, it } from 'vitest';
import type { Json } from '../domain/json.ts';
import type { MessagingProvider } from '../messaging/provider.ts';
import type { CurrentFixture, ProviderFixture } from './provider-fixture.ts';
import { bodies, codeOf, handles, otherQueue, queueName, receive, useFixture, visibilityMs } from './provider-fixture.ts';
import { describePush } from './provider-push-suite.ts';

export type { ProviderFixture } from './provider-fixture.ts';

export interface ProviderSuiteOptions {
  readonly open: () => Promise<ProviderFixture>;
  readonly supports: { readonly push: boolean; readonly fetchById: boolean };
}

/** Registers the whole suite for one provider. */
export function describeProvider(name: string, options: ProviderSuiteOptions): void {
  describe(`${name} as a messaging provider`, () => {
    const current = useFixture(options.open);
    describeQueues(current);
    describeDelivery(current);
    describeVisibility(current);
    describeAcknowledgement(current);
    describeConcurrency(current);
    describeFetchById(current, options.supports.fetchById);
    describePush(current, options.supports.push);
    describeLife(current);
  });
}

function describeQueues(current: CurrentFixture): void {
  it('creates queues as often as asked and keeps what is in them', async () => {
    const { provider } = current.get();
    await provider.send(queueName, ['kept']);
    await provider.ensureQueues([queueName, queueName, otherQueue]);
    await provider.ensureQueues([]);
    expect(bodies(await receive(provider, 10))).toEqual(['kept']);
  });

  it('treats names that differ in case only as one queue and answers in the caller’s spelling', async () => {
    const { provider } = current.get();
    await provider.ensureQueues(['Worker_SUITE_queue']);
    await provider.send('WORKER_suite_QUEUE', [1]);
    const [message] = await provider.receive({ queueName: 'Worker_SUITE_queue', max: 1, visibilityMs });
    expect(message?.handle.queueName).toBe('Worker_SUITE_queue');
    await provider.ack(handles([message]));
    expect((await provider.queueStats([queueName]))[0]?.messageCount).toBe(0);
  });

  it('tells existing queues from missing ones', async () => {
    const report = await current.get().provider.verifyQueues([queueName, 'worker_absent_queue']);
    expect(report).toEqual({ healthy: [queueName], missing: ['worker_absent_queue'], errors: [] });
  });

  it.each(['', 'with-dash', 'with space', 'é', "x'; drop table y", 'x'.repeat(48)])(
    'refuses the queue name "%s"',
    async (bad) => {
      const { provider } = current.get();
      expect(await codeOf(provider.ensureQueues([bad]))).toBe('QUEUE_NAME_INVALID input');
      expect(await codeOf(provider.send(bad, [1]))).toBe('QUEUE_NAME_INVALID input');
    },
  );

  it('answers an unknown queue with QUEUE_NOT_FOUND, whatever is asked of it', async () => {
    const { provider } = current.get();
    const absent = 'worker_absent_queue';
    const handle = { provider: provider.name, queueName: absent, token: '1' };
    const answers = await Promise.all([
      codeOf(provider.send(absent, [1])),
      codeOf(provider.receive({ queueName: absent, max: 1, visibilityMs })),
      codeOf(provider.ack([handle])),
      codeOf(provider.nack([handle], { requeue: true })),
      codeOf(provider.nack([handle], { requeue: false })),
      codeOf(provider.extendVisibility([handle], visibilityMs)),
      codeOf(provider.queueStats([absent])),
    ]);
    expect(new Set(answers)).toEqual(new Set(['QUEUE_NOT_FOUND input']));
  });

  it('counts what is in a queue, visible or not, and tells its age', async () => {
    const { provider } = current.get();
    await provider.send(queueName, [1, 2, 3]);
    await receive(provider, 1);
    const [stats, empty] = await provider.queueStats([queueName, otherQueue]);
    expect(stats).toMatchObject({ queueName, messageCount: 3, visibleCount: 2 });
    expect(stats?.oldestMessageAgeMs).toBeGreaterThanOrEqual(0);
    expect(empty).toEqual({ queueName: otherQueue, messageCount: 0, visibleCount: 0, oldestMessageAgeMs: undefined });
    expect(await provider.queueStats([])).toEqual([]);
  });
}

function describeDelivery(current: CurrentFixture): void {
  it('delivers what was sent, oldest first, with ids in the order of the bodies', async () => {
    const { provider } = current.get();
    const ids = await provider.send(queueName, ['a', 'b', 'c']);
    const messages = await receive(provider, 10);
    expect(bodies(messages)).toEqual(['a', 'b', 'c']);
    expect(messages.map((message) => message.handle.token)).toEqual(ids);
    expect(messages[0]?.handle).toMatchObject({ provider: provider.name, queueName });
  });

  it('carries every kind of JSON unchanged', async () => {
    const { provider } = current.get();
    const sent: Json[] = [null, true, 0, -1.5, '', 'quotes " \\ { } , NULL', 'ünïcödé ✓ \n\t', [], {}, { deep: [{ a: [null] }] }];
    await provider.send(queueName, sent);
    expect(bodies(await receive(provider, 100))).toEqual(sent);
  });

  it('shares no object with the sender', async () => {
    const { provider } = current.get();
    const body = { list: [1] };
    await provider.send(queueName, [body]);
    body.list.push(2);
    expect(bodies(await receive(provider, 1))).toEqual([{ list: [1] }]);
  });

  it('sends nothing when there are no bodies', async () => {
    const { provider } = current.get();
    expect(await provider.send(queueName, [])).toEqual([]);
    expect(await receive(provider, 1)).toEqual([]);
  });

  it('hands out at most as many as asked for, from the queue asked for', async () => {
    const { provider } = current.get();
    await provider.send(otherQueue, ['other']);
    await provider.send(queueName, [1, 2, 3]);
    expect(bodies(await receive(provider, 2))).toEqual([1, 2]);
    expect(bodies(await receive(provider, 2))).toEqual([3]);
    expect(await receive(provider, 2)).toEqual([]);
  });

  it('holds a delayed message back until its delay is over', async () => {
    const { provider, elapse } = current.get();
    await provider.send(queueName, ['late'], { delayMs: 60_000 });
    await provider.send(queueName, ['early']);
    expect(bodies(await receive(provider, 10))).toEqual(['early']);
    await elapse(queueName, 60_000);
    expect(bodies(await receive(provider, 10))).toContain('late');
  });
}

function describeVisibility(current: CurrentFixture): void {
  it('hides a received message until its visibility is over, and counts the receives', async () => {
    const { provider, elapse } = current.get();
    await provider.send(queueName, ['again']);
    const [first] = await receive(provider, 1);
    expect(await receive(provider, 1)).toEqual([]);
    await elapse(queueName, visibilityMs);
    const [second] = await receive(provider, 1);
    expect([first?.metadata.receiveCount, second?.metadata.receiveCount]).toEqual([1, 2]);
    expect(second?.handle).toEqual(first?.handle);
    expect(second?.metadata.enqueuedAt).toEqual(first?.metadata.enqueuedAt);
  });

  it('keeps a message hidden when its visibility is extended, and says which handles still exist', async () => {
    const { provider, elapse } = current.get();
    await provider.send(queueName, ['long', 'done']);
    const messages = await receive(provider, 2);
    await provider.ack(handles(messages.slice(1)));
    await elapse(queueName, visibilityMs - 1_000);
    expect(await provider.extendVisibility(handles(messages), visibilityMs)).toEqual(handles(messages.slice(0, 1)));
    await elapse(queueName, visibilityMs - 1_000);
    expect(await receive(provider, 1)).toEqual([]);
    await elapse(queueName, 1_000);
    expect(bodies(await receive(provider, 1))).toEqual(['long']);
  });

  it('shows a message again at once when it is given back', async () => {
    const { provider } = current.get();
    await provider.send(queueName, ['back']);
    await provider.nack(handles(await receive(provider, 1)), { requeue: true });
    const [again] = await receive(provider, 1);
    expect(again?.metadata.receiveCount).toBe(2);
  });
}

function describeAcknowledgement(current: CurrentFixture): void {
  it('forgets an acknowledged message, and lets it be acknowledged again', async () => {
    const { provider, elapse, archivedBodies } = current.get();
    await provider.send(queueName, [1, 2]);
    await provider.send(otherQueue, [3]);
    const messages = [...(await receive(provider, 2)), ...(await receive(provider, 1, otherQueue))];
    await provider.ack(handles(messages));
    await provider.ack(handles(messages));
    await elapse(queueName, visibilityMs);
    const stats = await provider.queueStats([queueName, otherQueue]);
    expect(stats.map((one) => one.messageCount)).toEqual([0, 0]);
    expect(await archivedBodies(queueName)).toEqual([]);
  });

  it('ignores an unknown handle and an empty list', async () => {
    const { provider } = current.get();
    const unknown = [{ provider: provider.name, queueName, token: '987654321' }];
    await provider.ack(unknown);
    await provider.nack(unknown, { requeue: true });
    await provider.nack(unknown, { requeue: false });
    await provider.ack([]);
    await provider.nack([], { requeue: true });
    expect(await provider.extendVisibility(unknown, visibilityMs)).toEqual([]);
    expect(await provider.extendVisibility([], visibilityMs)).toEqual([]);
  });

  it('sets a message aside where an operator finds it, and delivers it no more', async () => {
    const { provider, elapse, archivedBodies } = current.get();
    await provider.send(queueName, ['poison', 'fine']);
    const messages = await receive(provider, 2);
    await provider.nack(handles(messages.slice(0, 1)), { requeue: false });
    await elapse(queueName, visibilityMs);
    expect(bodies(await receive(provider, 10))).toEqual(['fine']);
    expect(await archivedBodies(queueName)).toEqual(['poison']);
  });

  it('refuses the handle of another provider', async () => {
    const { provider } = current.get();
    const foreign = [
      { provider: provider.name === 'rabbitmq' ? ('pgmq' as const) : ('rabbitmq' as const), queueName, token: '1' },
    ];
    expect(await codeOf(provider.ack(foreign))).toBe('MESSAGING_HANDLE_FOREIGN bug');
  });
}

function describeConcurrency(current: CurrentFixture): void {
  it('delivers each message once within its visibility when many receive at the same time', async () => {
    const { provider, peer } = current.get();
    const sent = Array.from({ length: 300 }, (_, index) => index);
    await Promise.all([0, 1, 2].map((part) => provider.send(queueName, sent.slice(part * 100, part * 100 + 100))));
    const drained = await Promise.all(
      Array.from({ length: 8 }, (_, index) => drain(index % 2 === 0 ? provider : (peer ?? provider))),
    );
    const received = drained.flat().toSorted((left, right) => left - right);
    expect(received).toEqual(sent);
    expect((await provider.queueStats([queueName]))[0]?.messageCount).toBe(0);
  });
}

/** Receives and acknowledges until the queue is empty; the bodies are numbers. */
async function drain(provider: MessagingProvider): Promise<number[]> {
  const seen: number[] = [];
  for (;;) {
    const messages = await receive(provider, 7);
    if (messages.length === 0) return seen;
    seen.push(...messages.map((message) => Number(message.message)));
    await provider.ack(handles(messages));
  }
}

function describeFetchById(current: CurrentFixture, supported: boolean): void {
  if (!supported) {
    it('says that it cannot fetch by id', async () => {
      const { provider } = current.get();
      expect(provider.capabilities.fetchById).toBe(false);
      const fetched = provider.fetchById({ queueName, messageIds: ['1'], visibilityMs });
      expect(await codeOf(fetched)).toBe('MESSAGING_FETCH_BY_ID_UNSUPPORTED infrastructure');
    });
    return;
  }
  it('fetches those of the named messages that are visible, and hides them', async () => {
    const { provider, elapse } = current.get();
    const ids = await provider.send(queueName, ['a', 'b', 'c', 'd']);
    await receive(provider, 1);
    const wanted = { queueName, messageIds: [...ids.slice(0, 3), 'unknown', '987654321'], visibilityMs };
    const fetched = await provider.fetchById(wanted);
    expect(bodies(fetched)).toEqual(['b', 'c']);
    expect(fetched.map((message) => message.metadata.receiveCount)).toEqual([1, 1]);
    expect(await provider.fetchById(wanted)).toEqual([]);
    expect(bodies(await receive(provider, 10))).toEqual(['d']);
    await elapse(queueName, visibilityMs);
    expect(bodies(await provider.fetchById(wanted))).toEqual(['a', 'b', 'c']);
  });

  it('gives each message to one of several that fetch it at the same time', async () => {
    const { provider, peer = provider } = current.get();
    const ids = await provider.send(
      queueName,
      Array.from({ length: 40 }, (_, index) => index),
    );
    const fetchers = [provider, peer, provider, peer, provider, peer];
    const fetched = await Promise.all(fetchers.map((one) => one.fetchById({ queueName, messageIds: ids, visibilityMs })));
    expect(fetched.flatMap(bodies).toSorted((a, b) => Number(a) - Number(b))).toEqual(ids.map((_, index) => index));
  });

  it('answers an unknown queue with QUEUE_NOT_FOUND when it fetches', async () => {
    const fetched = current.get().provider.fetchById({ queueName: 'worker_absent_queue', messageIds: ['1'], visibilityMs });
    expect(await codeOf(fetched)).toBe('QUEUE_NOT_FOUND input');
  });
}

function describeLife(current: CurrentFixture): void {
  it('is healthy while it is open and closes twice without complaint', async () => {
    const { provider } = current.get();
    expect(await provider.isHealthy()).toBe(true);
    await provider.close();
    await provider.close();
    expect(() => provider.announce(queueName, ['1'])).not.toThrow();
  });
}
