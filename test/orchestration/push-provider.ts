// A provider for tests that pushes signals and reads by id as pgmq does, in memory and with every call recorded.
import type { Json } from '../../src/domain/json.ts';
import type { MessageHandle, MessageNotification, QueuedMessage } from '../../src/messaging/envelope.ts';
import type { MessagingProvider, ProviderCapabilities } from '../../src/messaging/provider.ts';

interface Stored {
  readonly body: Json;
  receives: number;
  visible: boolean;
}

export interface PushProvider extends MessagingProvider {
  readonly calls: { readonly name: string; readonly queueName: string; readonly ids: readonly string[] }[];
  /** Sends and tells the subscribers. */
  push(queueName: string, bodies: readonly Json[]): Promise<readonly string[]>;
  notify(notification: MessageNotification): void;
  openSubscriptions(): number;
  waiting(queueName: string): number;
  archived(queueName: string): readonly string[];
  /** Makes every message visible again, as the end of the visibility timeout does. */
  expireVisibility(): void;
  /** The next calls of this name reject with this error. */
  fail(name: string, error: Error | undefined): void;
}

export function createPushProvider(capabilities: Partial<ProviderCapabilities> = {}): PushProvider {
  const queues = new Map<string, Map<string, Stored>>();
  const archive: MessageHandle[] = [];
  const calls: { name: string; queueName: string; ids: readonly string[] }[] = [];
  const subscribers = new Set<(notification: MessageNotification) => void>();
  const failures = new Map<string, Error>();
  let lastId = 0;

  const queue = (name: string): Map<string, Stored> => {
    const known = queues.get(name) ?? new Map<string, Stored>();
    queues.set(name, known);
    return known;
  };
  const call = (name: string, queueName: string, ids: readonly string[]): void => {
    calls.push({ name, queueName, ids });
    const failure = failures.get(name);
    if (failure !== undefined) throw failure;
  };
  const take = (queueName: string, wanted: (id: string) => boolean, max: number): QueuedMessage[] => {
    const found = [...queue(queueName)].filter(([id, stored]) => stored.visible && wanted(id)).slice(0, max);
    return found.map(([id, stored]) => {
      stored.visible = false;
      stored.receives += 1;
      const handle = { provider: 'pgmq', queueName, token: id } as const;
      return { message: stored.body, handle, metadata: { receiveCount: stored.receives, enqueuedAt: new Date(0) } };
    });
  };
  const tokens = (handles: readonly MessageHandle[]): string[] => handles.map((handle) => handle.token);

  const provider: PushProvider = {
    name: 'pgmq',
    capabilities: { push: true, fetchById: true, sharesDatabase: true, fallbackPollingMs: 5000, ...capabilities },
    calls,
    ensureQueues: async (names) => names.forEach(queue),
    verifyQueues: async (names) => ({ healthy: names, missing: [], errors: [] }),
    async send(queueName, bodies) {
      return bodies.map((body) => {
        lastId += 1;
        queue(queueName).set(String(lastId), { body, receives: 0, visible: true });
        return String(lastId);
      });
    },
    async push(queueName, bodies) {
      const messageIds = await provider.send(queueName, bodies);
      provider.announce(queueName, messageIds);
      return messageIds;
    },
    async receive({ queueName, max }) {
      call('receive', queueName, []);
      return take(queueName, () => true, max);
    },
    async fetchById({ queueName, messageIds }) {
      call('fetchById', queueName, messageIds);
      return take(queueName, (id) => messageIds.includes(id), messageIds.length);
    },
    async ack(handles) {
      call('ack', handles[0]?.queueName ?? '', tokens(handles));
      for (const handle of handles) queue(handle.queueName).delete(handle.token);
    },
    async nack(handles, { requeue }) {
      call(requeue ? 'requeue' : 'setAside', handles[0]?.queueName ?? '', tokens(handles));
      for (const handle of handles) {
        const stored = queue(handle.queueName).get(handle.token);
        if (requeue && stored !== undefined) stored.visible = true;
        else if (queue(handle.queueName).delete(handle.token)) archive.push(handle);
      }
    },
    extendVisibility: async (handles) => handles,
    async queueStats(names) {
      call('queueStats', names[0] ?? '', []);
      return names.map((queueName) => {
        const stored = [...queue(queueName).values()];
        const visibleCount = stored.filter((one) => one.visible).length;
        return { queueName, messageCount: stored.length, visibleCount, oldestMessageAgeMs: undefined };
      });
    },
    announce: (queueName, messageIds) => provider.notify({ kind: 'available', queueName, messageIds }),
    notify: (notification) => subscribers.forEach((subscriber) => subscriber(notification)),
    async subscribe(_queueNames, onNotification) {
      call('subscribe', '', []);
      subscribers.add(onNotification);
      return { close: async () => void subscribers.delete(onNotification) };
    },
    isHealthy: async () => true,
    close: async () => subscribers.clear(),
    openSubscriptions: () => subscribers.size,
    waiting: (queueName) => queue(queueName).size,
    archived: (queueName) => tokens(archive.filter((handle) => handle.queueName === queueName)),
    expireVisibility() {
      for (const stored of [...queues.values()].flatMap((one) => [...one.values()])) stored.visible = true;
    },
    fail: (name, error) => void (error === undefined ? failures.delete(name) : failures.set(name, error)),
  };
  return provider;
}
