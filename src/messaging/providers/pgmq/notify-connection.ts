// The one connection of a provider for LISTEN and NOTIFY: opened on first use, opened again when it is lost.
import type { ClientConfig } from 'pg';
import { Client, escapeIdentifier } from 'pg';
import { messageOf } from '../../../domain/errors.ts';
import type { Clock, Logger } from '../../../domain/ports.ts';
import { messagingClosed } from '../../messaging-errors.ts';
import type { EncodedAnnouncement } from './announcement.ts';
import { messagingUnreachable } from './pgmq-errors.ts';

export interface NotifyConnectionOptions {
  readonly config: ClientConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onPayload: (payload: string) => void;
  /** The connection was lost: notifications may be missing until `onRestored`. */
  readonly onLost: (error: string) => void;
  /** Connected and listening again. */
  readonly onRestored: () => void;
}

const firstRetryMs = 100;
const lastRetryMs = 5_000;

/** Before the n-th reconnect in a row (from 0): 100 ms, doubled each time, at most 5 s. */
export function reconnectDelayMs(failures: number): number {
  return Math.min(lastRetryMs, firstRetryMs * 2 ** Math.min(failures, 10));
}

const notifyStatement = 'select pg_notify(n.channel, n.payload) from unnest($1::text[], $2::text[]) as n(channel, payload)';

export class NotifyConnection {
  readonly #options: NotifyConnectionOptions;
  readonly #channels = new Set<string>();
  #client: Client | undefined;
  #opening: Promise<Client> | undefined;
  /** Set while a reconnect waits for its time. */
  #cancelRetry: (() => void) | undefined;
  /** Statements take turns: the driver gives up running several at a time on one connection. */
  #turn: Promise<unknown> = Promise.resolve();
  #failures = 0;
  /** True from a loss until the connection is back. */
  #lost = false;
  #closed = false;

  constructor(options: NotifyConnectionOptions) {
    this.#options = options;
  }

  /** Resolves once the server listens; throws MESSAGING_UNREACHABLE, and then keeps none of the channels it did not have. */
  async listen(channels: readonly string[]): Promise<void> {
    const added = channels.filter((channel) => !this.#channels.has(channel));
    for (const channel of added) this.#channels.add(channel);
    try {
      const client = await this.#connected();
      await this.#inTurn(() => listenOn(client, channels));
    } catch (thrown) {
      for (const channel of added) this.#channels.delete(channel);
      throw messagingUnreachable(thrown);
    }
  }

  /** Best effort: a channel that stays open costs notifications that nobody reads. */
  async unlisten(channels: readonly string[]): Promise<void> {
    for (const channel of channels) this.#channels.delete(channel);
    const client = this.#client;
    if (client === undefined || channels.length === 0) return;
    const statement = channels.map((channel) => `unlisten ${escapeIdentifier(channel)}`).join('; ');
    await this.#inTurn(() => client.query(statement)).catch((thrown: unknown) => {
      this.#options.logger.debug({ error: messageOf(thrown) }, 'could not stop listening');
    });
  }

  /** All payloads in one statement, hence one transaction: one commit lock instead of one each. */
  async notify(announcements: readonly EncodedAnnouncement[]): Promise<void> {
    const client = this.#client ?? (await this.#connected());
    const channels = announcements.map((announcement) => announcement.channel);
    const payloads = announcements.map((announcement) => announcement.payload);
    const statement = { name: 'tasker_announce', text: notifyStatement, values: [channels, payloads] };
    await this.#inTurn(() => client.query(statement));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    const opening = this.#opening?.catch(() => undefined);
    const client = this.#client ?? (await opening);
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  #inTurn(run: () => Promise<unknown>): Promise<unknown> {
    const result = this.#turn.then(run);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #connected(): Promise<Client> {
    if (this.#closed) return Promise.reject(messagingClosed('pgmq'));
    if (this.#client !== undefined) return Promise.resolve(this.#client);
    if (this.#opening !== undefined) return this.#opening;
    // Callers do not wait through an outage: the retry has its own pace.
    if (this.#cancelRetry !== undefined) return Promise.reject(new Error('the connection for notifications was lost'));
    return this.#open();
  }

  #open(): Promise<Client> {
    this.#opening = openClient(this.#options.config).then((client) => this.#prepare(client));
    this.#opening.catch((thrown: unknown) => this.#retryLater(thrown)).finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  async #prepare(client: Client): Promise<Client> {
    client.on('notification', ({ payload = '' }) => this.#options.onPayload(payload));
    client.on('error', (error) => this.#noteLoss(client, error));
    client.on('end', () => this.#noteLoss(client, new Error('the server closed the connection')));
    try {
      await listenOn(client, [...this.#channels]);
    } catch (thrown) {
      await client.end().catch(() => undefined);
      throw thrown;
    }
    this.#client = client;
    this.#failures = 0;
    if (this.#lost) this.#noteRestored();
    return client;
  }

  #noteRestored(): void {
    this.#lost = false;
    this.#options.logger.info({ channels: this.#channels.size }, 'listening for notifications again');
    this.#options.onRestored();
  }

  /** `error` and `end` both come for one loss, and `end` for our own `close` too. */
  #noteLoss(client: Client, error: Error): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    client.end().catch(() => undefined);
    this.#lost = true;
    this.#options.logger.warn({ error: error.message }, 'lost the connection for notifications; polling goes on');
    this.#options.onLost(error.message);
    this.#retryLater(error);
  }

  #retryLater(thrown: unknown): void {
    if (this.#closed) return;
    const delayMs = reconnectDelayMs(this.#failures);
    this.#failures += 1;
    this.#options.logger.debug({ error: messageOf(thrown), delayMs }, 'opening the connection for notifications again later');
    this.#cancelRetry = this.#options.clock.schedule(delayMs, () => {
      this.#cancelRetry = undefined;
      this.#open().catch(() => undefined);
    });
  }
}

async function openClient(config: ClientConfig): Promise<Client> {
  const client = new Client({ keepAlive: true, connectionTimeoutMillis: 5_000, query_timeout: 5_000, ...config });
  // A socket that fails once more while it is given up emits `error`, which ends the process when nobody listens.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (thrown) {
    client.end().catch(() => undefined);
    throw thrown;
  }
}

async function listenOn(client: Client, channels: readonly string[]): Promise<void> {
  if (channels.length > 0) await client.query(channels.map((channel) => `listen ${escapeIdentifier(channel)}`).join('; '));
}
