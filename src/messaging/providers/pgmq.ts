// The pgmq provider (spec 4.1): queues as tables beside the state, announced by NOTIFY after the commit that sent them.
import { randomUUID } from 'node:crypto';
import type { ClientConfig, Pool } from 'pg';
import { messageOf } from '../../domain/errors.ts';
import type { Clock, Logger } from '../../domain/ports.ts';
import { silentLogger } from '../../domain/ports.ts';
import { messagingClosed, requireOwnHandles } from '../messaging-errors.ts';
import type { MessagingProvider, Subscription } from '../provider.ts';
import { canonicalQueueName, holdsPointers } from '../queue-names.ts';
import type { Announcement } from './pgmq/announcement.ts';
import { decodeAnnouncement, encodeAnnouncement } from './pgmq/announcement.ts';
import type { AnnouncerCounts } from './pgmq/announcer.ts';
import { Announcer } from './pgmq/announcer.ts';
import { NotifyConnection } from './pgmq/notify-connection.ts';
import { QueueStatements } from './pgmq/queue-statements.ts';
import type { Subscriber } from './pgmq/subscriptions.ts';
import { Subscriptions } from './pgmq/subscriptions.ts';

export interface PgmqProviderOptions {
  /** Runs the queue statements; stays the caller's, who ends it after `close`. */
  readonly pool: Pool;
  readonly clock: Clock;
  readonly logger?: Logger;
  /** Where to LISTEN, when that is not where the pool connects: a transaction-pooling proxy loses notifications. */
  readonly listenUrl?: string;
  /** Shown in pg_stat_activity for the connection of the notifications. Default `tasker notifications`. */
  readonly applicationName?: string;
  /**
   * True creates new queues UNLOGGED, all but the task requests: half the WAL, and empty after a crash of the server. The
   * messages are pointers to rows, so the recovery sweep sends them again. Default false.
   */
  readonly unloggedQueues?: boolean;
  /** Default 5000 ms (spec 4.1). */
  readonly fallbackPollingMs?: number;
}

export interface NotificationCounts extends AnnouncerCounts {
  /** Payloads on our channels that were not ours. */
  readonly ignoredPayloads: number;
}

export interface PgmqProvider extends MessagingProvider {
  notificationCounts(): NotificationCounts;
}

/**
 * Needs pgmq in the database (`installPgmq`). Opens no connection before it is used. `ack` deletes, because the history
 * lives in the transition tables; so the archive holds nothing but what was set aside.
 */
export function createPgmqProvider(options: PgmqProviderOptions): PgmqProvider {
  const statements = new QueueStatements(options.pool);
  const push = new PgmqPush(options);
  const isUnlogged = (name: string) => options.unloggedQueues === true && holdsPointers(name);
  return {
    name: 'pgmq',
    capabilities: { push: true, fetchById: true, sharesDatabase: true, fallbackPollingMs: options.fallbackPollingMs ?? 5_000 },
    ensureQueues: (names) => statements.ensure(names, isUnlogged),
    verifyQueues: (names) => statements.verify(names),
    send: (queueName, bodies, { delayMs = 0 } = {}) => statements.send(queueName, bodies, delayMs),
    receive: (params) => statements.receive(params),
    fetchById: (params) => statements.fetchById(params),
    async ack(handles) {
      requireOwnHandles('pgmq', handles);
      await statements.ack(handles);
    },
    async nack(handles, { requeue }) {
      requireOwnHandles('pgmq', handles);
      await (requeue ? statements.showIn(handles, 0) : statements.archive(handles));
    },
    async extendVisibility(handles, visibilityMs) {
      requireOwnHandles('pgmq', handles);
      return statements.showIn(handles, visibilityMs);
    },
    queueStats: (names) => statements.stats(names),
    announce: (queueName, messageIds) => push.announce(queueName, messageIds),
    subscribe: (queueNames, onNotification) => push.subscribe(queueNames, onNotification),
    notificationCounts: () => push.counts(),
    isHealthy: () => statements.isHealthy().catch(() => false),
    close: () => push.close(),
  };
}

/** Announcements and subscriptions over one connection of their own, so that neither waits for a busy pool. */
class PgmqPush {
  /** Tells the echo of our own announcements, which our subscribers heard already, from those of others. */
  readonly #instance = randomUUID();
  readonly #logger: Logger;
  readonly #subscriptions: Subscriptions;
  readonly #connection: NotifyConnection;
  readonly #announcer: Announcer;
  #ignoredPayloads = 0;
  #closed = false;

  constructor(options: PgmqProviderOptions) {
    const logger = options.logger ?? silentLogger;
    this.#logger = logger;
    this.#subscriptions = new Subscriptions(logger);
    this.#connection = new NotifyConnection({
      config: connectionConfig(options),
      clock: options.clock,
      logger,
      onPayload: (payload) => this.#receive(payload),
      onLost: (error) => this.#subscriptions.broadcast({ kind: 'connection_error', error }),
      onRestored: () => this.#subscriptions.broadcast({ kind: 'reconnected' }),
    });
    this.#announcer = new Announcer({
      clock: options.clock,
      logger,
      tellLocal: (announcement) => this.#subscriptions.dispatch(announcement),
      tellOthers: (announcements) => this.#tellOthers(announcements),
    });
  }

  announce(queueName: string, messageIds: readonly string[]): void {
    try {
      this.#announcer.announce(canonicalQueueName(queueName), messageIds);
    } catch (thrown) {
      this.#logger.error({ error: messageOf(thrown) }, 'could not announce messages');
    }
  }

  async subscribe(queueNames: readonly string[], onNotification: Subscriber['onNotification']): Promise<Subscription> {
    if (this.#closed) throw messagingClosed('pgmq');
    const subscriber = this.#subscriptions.add(queueNames, onNotification);
    const close = () => this.#connection.unlisten(this.#subscriptions.remove(subscriber));
    try {
      await this.#connection.listen(subscriber.channels);
    } catch (thrown) {
      this.#subscriptions.remove(subscriber);
      throw thrown;
    }
    return { close };
  }

  counts(): NotificationCounts {
    return { ...this.#announcer.counts(), ignoredPayloads: this.#ignoredPayloads };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#announcer.close();
    this.#subscriptions.clear();
    await this.#connection.close();
  }

  #tellOthers(announcements: readonly Announcement[]): Promise<void> {
    return this.#connection.notify(announcements.map((announcement) => encodeAnnouncement(announcement, this.#instance)));
  }

  #receive(payload: string): void {
    const announcement = decodeAnnouncement(payload);
    if (announcement === undefined) return this.#ignore(payload);
    if (announcement.from !== this.#instance) this.#subscriptions.dispatch(announcement);
  }

  /** One warning: another program that notifies on our channels does so often. */
  #ignore(payload: string): void {
    this.#ignoredPayloads += 1;
    if (this.#ignoredPayloads > 1) return;
    this.#logger.warn({ payload: payload.slice(0, 200) }, 'ignored a notification that is not an announcement of tasker');
  }
}

function connectionConfig({ pool, listenUrl, applicationName = 'tasker notifications' }: PgmqProviderOptions): ClientConfig {
  if (listenUrl !== undefined) return { connectionString: listenUrl, application_name: applicationName };
  // The pool hides its password from enumeration, so the spread leaves it out.
  const { password } = pool.options;
  return { ...pool.options, ...(password === undefined ? {} : { password }), application_name: applicationName };
}
