// The messaging port (spec 4.1): what tasker needs of a queue system, set-based, with one conformance suite in src/testing.
import type { Json } from '../domain/json.ts';
import type { MessageHandle, MessageNotification, ProviderName, QueuedMessage } from './envelope.ts';

export interface ProviderCapabilities {
  /** Notifications arrive by themselves (LISTEN/NOTIFY, basic_consume). */
  readonly push: boolean;
  /** `fetchById` works (pgmq only, spec 7.3). */
  readonly fetchById: boolean;
  /** A message can be sent inside the store's transaction: the queues live in the same database. */
  readonly sharesDatabase: boolean;
  /** The polling interval that keeps the provider honest, in ms; undefined = polling is not needed. */
  readonly fallbackPollingMs: number | undefined;
}

export interface ReceiveParams {
  readonly queueName: string;
  readonly max: number;
  /** How long a received message stays invisible to others unless it is acknowledged, in ms (pgmq rounds up to seconds). */
  readonly visibilityMs: number;
}

export interface FetchByIdParams {
  readonly queueName: string;
  readonly messageIds: readonly string[];
  readonly visibilityMs: number;
}

export interface QueueHealthReport {
  readonly healthy: readonly string[];
  readonly missing: readonly string[];
  readonly errors: readonly { readonly queueName: string; readonly message: string }[];
}

export interface QueueStats {
  readonly queueName: string;
  /** Messages in the queue, invisible ones included. */
  readonly messageCount: number;
  readonly visibleCount: number;
  readonly oldestMessageAgeMs: number | undefined;
}

export interface Subscription {
  close(): Promise<void>;
}

/**
 * A queue system. Every call that fails throws a TaskerError of kind `infrastructure` (code MESSAGING_*), or of kind
 * `input` for a bad queue name (QUEUE_NAME_INVALID) and an unknown queue (QUEUE_NOT_FOUND).
 */
export interface MessagingProvider {
  readonly name: ProviderName;
  readonly capabilities: ProviderCapabilities;
  /** Idempotent creation. */
  ensureQueues(names: readonly string[]): Promise<void>;
  verifyQueues(names: readonly string[]): Promise<QueueHealthReport>;
  /** Sends each body as one message, after `delayMs`; returns their ids in order. Does not announce. */
  send(queueName: string, bodies: readonly Json[], options?: { readonly delayMs?: number }): Promise<readonly string[]>;
  /** Oldest visible first. At most `max`; an empty array when nothing waits. */
  receive(params: ReceiveParams): Promise<readonly QueuedMessage[]>;
  /** Those of the named messages that are visible now. Throws MESSAGING_FETCH_BY_ID_UNSUPPORTED without the capability. */
  fetchById(params: FetchByIdParams): Promise<readonly QueuedMessage[]>;
  /** Done with these messages. An unknown handle is ignored: acknowledging is idempotent. */
  ack(handles: readonly MessageHandle[]): Promise<void>;
  /** `requeue` true: visible again now. False: set aside where an operator finds it (pgmq: the archive). */
  nack(handles: readonly MessageHandle[], options: { readonly requeue: boolean }): Promise<void>;
  /** Keeps the messages invisible for another `visibilityMs`; returns the handles that still existed. */
  extendVisibility(handles: readonly MessageHandle[], visibilityMs: number): Promise<readonly MessageHandle[]>;
  queueStats(names: readonly string[]): Promise<readonly QueueStats[]>;
  /**
   * Tells subscribers that messages wait: call it after the commit that sent them. The first call of a quiet period goes out
   * at once, the following ones are coalesced. Never throws: a lost announcement costs one fallback poll.
   */
  announce(queueName: string, messageIds: readonly string[]): void;
  /** Push notifications of these queues until the subscription is closed; reconnects by itself and says so. */
  subscribe(queueNames: readonly string[], onNotification: (notification: MessageNotification) => void): Promise<Subscription>;
  isHealthy(): Promise<boolean>;
  /** Sends what is still coalesced, closes connections. Safe twice. */
  close(): Promise<void>;
}
