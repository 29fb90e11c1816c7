// The provider for tests and single-process trials (spec 4.1): queues in memory, polled, on the caller's clock.
import type { Json } from '../../domain/json.ts';
import type { Clock } from '../../domain/ports.ts';
import type { MessageHandle, QueuedMessage } from '../envelope.ts';
import { fetchByIdUnsupported, queueNotFound, requireOwnHandles } from '../messaging-errors.ts';
import type { MessagingProvider, QueueStats } from '../provider.ts';
import { canonicalQueueName } from '../queue-names.ts';

export interface InMemoryProvider extends MessagingProvider {
  /** What was set aside by `nack` without requeue, oldest first: what the archive table is to pgmq. */
  archived(queueName: string): readonly QueuedMessage[];
}

export interface InMemoryProviderOptions {
  readonly clock: Clock;
  /** Default 5000 ms (spec 4.1). */
  readonly fallbackPollingMs?: number;
}

interface StoredMessage {
  readonly token: string;
  /** Kept as text so that sender and receivers share no object. */
  readonly body: string;
  readonly enqueuedAtMs: number;
  visibleAtMs: number;
  receiveCount: number;
}

interface MemoryQueue {
  readonly waiting: Map<string, StoredMessage>;
  readonly archive: StoredMessage[];
}

class MemoryQueues {
  readonly #queues = new Map<string, MemoryQueue>();
  readonly #clock: Clock;
  #lastId = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ensure(name: string): void {
    const key = canonicalQueueName(name);
    if (!this.#queues.has(key)) this.#queues.set(key, { waiting: new Map(), archive: [] });
  }

  has(name: string): boolean {
    return this.#queues.has(canonicalQueueName(name));
  }

  get(name: string): MemoryQueue {
    const queue = this.#queues.get(canonicalQueueName(name));
    if (queue === undefined) throw queueNotFound([name]);
    return queue;
  }

  append(name: string, body: Json, delayMs: number): string {
    this.#lastId += 1;
    const token = String(this.#lastId);
    const enqueuedAtMs = this.#clock.now();
    const message = { token, body: JSON.stringify(body), enqueuedAtMs, visibleAtMs: enqueuedAtMs + delayMs, receiveCount: 0 };
    this.get(name).waiting.set(token, message);
    return token;
  }

  /** Insertion order is the order of sending: the oldest visible come first. */
  take(name: string, max: number, visibilityMs: number): QueuedMessage[] {
    const nowMs = this.#clock.now();
    const taken: QueuedMessage[] = [];
    for (const message of this.get(name).waiting.values()) {
      if (taken.length >= max) break;
      if (message.visibleAtMs > nowMs) continue;
      message.visibleAtMs = nowMs + visibilityMs;
      message.receiveCount += 1;
      taken.push(toQueuedMessage(name, message));
    }
    return taken;
  }

  remove(handle: MessageHandle): void {
    this.get(handle.queueName).waiting.delete(handle.token);
  }

  setAside(handle: MessageHandle): void {
    const queue = this.get(handle.queueName);
    const message = queue.waiting.get(handle.token);
    if (message === undefined) return;
    queue.waiting.delete(handle.token);
    queue.archive.push(message);
  }

  /** False when the message is gone. */
  showIn(handle: MessageHandle, delayMs: number): boolean {
    const message = this.get(handle.queueName).waiting.get(handle.token);
    if (message === undefined) return false;
    message.visibleAtMs = this.#clock.now() + delayMs;
    return true;
  }

  stats(name: string): QueueStats {
    const nowMs = this.#clock.now();
    const messages = [...this.get(name).waiting.values()];
    const oldest = messages[0];
    return {
      queueName: name,
      messageCount: messages.length,
      visibleCount: messages.filter((message) => message.visibleAtMs <= nowMs).length,
      oldestMessageAgeMs: oldest === undefined ? undefined : nowMs - oldest.enqueuedAtMs,
    };
  }
}

/** Nothing survives the process and nothing is pushed: `subscribe` answers with a subscription that stays silent (spec 4.1). */
export function createInMemoryProvider(options: InMemoryProviderOptions): InMemoryProvider {
  const queues = new MemoryQueues(options.clock);
  return {
    name: 'in_memory',
    capabilities: {
      push: false,
      fetchById: false,
      sharesDatabase: false,
      fallbackPollingMs: options.fallbackPollingMs ?? 5_000,
    },
    ensureQueues: async (names) => names.forEach((name) => queues.ensure(name)),
    verifyQueues: async (names) => ({
      healthy: names.filter((name) => queues.has(name)),
      missing: names.filter((name) => !queues.has(name)),
      errors: [],
    }),
    send: async (name, bodies, { delayMs = 0 } = {}) => {
      queues.get(name);
      return bodies.map((body) => queues.append(name, body, delayMs));
    },
    receive: async ({ queueName, max, visibilityMs }) => queues.take(queueName, max, visibilityMs),
    fetchById: () => Promise.reject(fetchByIdUnsupported('in_memory')),
    async ack(handles) {
      requireOwnHandles('in_memory', handles);
      for (const handle of handles) queues.remove(handle);
    },
    async nack(handles, { requeue }) {
      requireOwnHandles('in_memory', handles);
      for (const handle of handles) {
        if (requeue) queues.showIn(handle, 0);
        else queues.setAside(handle);
      }
    },
    async extendVisibility(handles, visibilityMs) {
      requireOwnHandles('in_memory', handles);
      return handles.filter((handle) => queues.showIn(handle, visibilityMs));
    },
    queueStats: async (names) => names.map((name) => queues.stats(name)),
    announce() {},
    subscribe: async () => ({ close: async () => {} }),
    isHealthy: async () => true,
    close: async () => {},
    archived: (name) => queues.get(name).archive.map((message) => toQueuedMessage(name, message)),
  };
}

function toQueuedMessage(queueName: string, message: StoredMessage): QueuedMessage {
  return {
    // The text was written by JSON.stringify in `append`.
    message: JSON.parse(message.body) as Json,
    handle: { provider: 'in_memory', queueName, token: message.token },
    metadata: { receiveCount: message.receiveCount, enqueuedAt: new Date(message.enqueuedAtMs) },
  };
}
