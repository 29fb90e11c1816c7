// Every statement over the queue tables: set-based, through pgmq's own functions, columns by name (they differ by version).
import type { QueryConfig, QueryResult, QueryResultRow } from 'pg';
import type { Json } from '../../../domain/json.ts';
import type { MessageHandle, QueuedMessage } from '../../envelope.ts';
import type { FetchByIdParams, QueueHealthReport, QueueStats, ReceiveParams } from '../../provider.ts';
import { canonicalQueueName } from '../../queue-names.ts';
import { toPgmqError } from './pgmq-errors.ts';

interface MessageRow {
  readonly token: string;
  readonly read_ct: number;
  readonly enqueued_at: Date;
  readonly message: Json;
}

/** Past the largest bigint: no message can have such an id. */
const maxMessageId = 2n ** 63n - 1n;

const sql = {
  existing: `select lower(queue_name) as name from pgmq.meta where lower(queue_name) = any($1::text[])
    and to_regclass('pgmq.q_' || lower(queue_name)) is not null`,
  send: 'select id::text from pgmq.send_batch($1, $2::jsonb[]) as sent(id)',
  sendLater: `select id::text from pgmq.send_batch($1, $2::jsonb[],
    clock_timestamp() + $3::double precision * interval '1 millisecond') as sent(id)`,
  // pgmq.read updates in any order; msg_id is the order of sending.
  receive: `select m.msg_id::text as token, m.read_ct, m.enqueued_at, m.message
    from pgmq.read($1, $2::integer, $3::integer) as m order by m.msg_id`,
  ack: forEachQueue('pgmq.delete(h.queue, h.ids)'),
  archive: forEachQueue('pgmq.archive(h.queue, h.ids)'),
  showIn: `select h.queue, (pgmq.set_vt(h.queue, h.ids, clock_timestamp() + $3::double precision * interval '1 millisecond')).msg_id::text
    as token from ${groupedHandles()} as h`,
  stats: `select q.name, s.queue_length, s.queue_visible_length, s.oldest_msg_age_sec
    from unnest($1::text[]) with ordinality as q(name, position) cross join lateral pgmq.metrics(q.name) as s order by q.position`,
} as const;

/** The rows $1 (queue names) and $2 (message ids) as one row per queue. */
function groupedHandles(): string {
  return '(select queue, array_agg(id) as ids from unnest($1::text[], $2::bigint[]) as given(queue, id) group by queue)';
}

function forEachQueue(call: string): string {
  return `select ${call} from ${groupedHandles()} as h`;
}

/**
 * pgmq has no function that takes several ids and skips those that others hold. `queue` is canonical: letters, digits and
 * underscores only, so it can stand in an identifier.
 */
function fetchStatement(queue: string): string {
  return `with free as (
      select msg_id from pgmq.q_${queue} where msg_id = any($1::bigint[]) and vt <= clock_timestamp()
      order by msg_id for update skip locked
    ), taken as (
      update pgmq.q_${queue} as m set vt = clock_timestamp() + $2::double precision * interval '1 millisecond',
        read_ct = m.read_ct + 1, last_read_at = clock_timestamp()
      from free where m.msg_id = free.msg_id
      returning m.msg_id, m.read_ct, m.enqueued_at, m.message
    )
    select msg_id::text as token, read_ct, enqueued_at, message from taken order by msg_id`;
}

/** A pool, or one client in the caller's transaction. */
export interface Queryable {
  query<Row extends QueryResultRow>(statement: QueryConfig): Promise<QueryResult<Row>>;
}

export class QueueStatements {
  readonly #database: Queryable;

  constructor(database: Queryable) {
    this.#database = database;
  }

  /** Creates the missing queues in one transaction; those for which `isUnlogged` holds survive no crash of the server. */
  async ensure(names: readonly string[], isUnlogged: (canonicalName: string) => boolean): Promise<void> {
    // Sorted, because each creation keeps a lock until the end: two processes with two orders would deadlock.
    const wanted = [...new Set(names.map(canonicalQueueName))].toSorted();
    if (wanted.length === 0) return;
    const existing = await this.#existing(wanted);
    const missing = wanted.filter((name) => !existing.has(name));
    if (missing.length === 0) return;
    // Several statements in one simple query are one transaction.
    const creation = missing.map((name) => (isUnlogged(name) ? createUnlogged(name) : `select pgmq.create('${name}')`));
    await this.#query({ text: creation.join(';\n') }, missing);
  }

  async verify(names: readonly string[]): Promise<QueueHealthReport> {
    const existing = await this.#existing(names.map(canonicalQueueName));
    const exists = (name: string) => existing.has(canonicalQueueName(name));
    return { healthy: names.filter(exists), missing: names.filter((name) => !exists(name)), errors: [] };
  }

  async send(queueName: string, bodies: readonly Json[], delayMs: number): Promise<readonly string[]> {
    const queue = canonicalQueueName(queueName);
    if (bodies.length === 0) return [];
    const texts = bodies.map((body) => JSON.stringify(body));
    const statement =
      delayMs > 0
        ? { name: 'tasker_send_later', text: sql.sendLater, values: [queue, texts, delayMs] }
        : { name: 'tasker_send', text: sql.send, values: [queue, texts] };
    const rows = await this.#query<{ id: string }>(statement, [queueName]);
    return rows.map((row) => row.id);
  }

  /** pgmq.read takes whole seconds: rounded up, because a message shown too early is delivered twice. */
  async receive({ queueName, max, visibilityMs }: ReceiveParams): Promise<readonly QueuedMessage[]> {
    const values = [canonicalQueueName(queueName), Math.ceil(visibilityMs / 1_000), max];
    const rows = await this.#query<MessageRow>({ name: 'tasker_receive', text: sql.receive, values }, [queueName]);
    return rows.map((row) => toQueuedMessage(queueName, row));
  }

  async fetchById({ queueName, messageIds, visibilityMs }: FetchByIdParams): Promise<readonly QueuedMessage[]> {
    const queue = canonicalQueueName(queueName);
    const ids = messageIds.filter(isMessageId);
    if (ids.length === 0) return [];
    const statement = { name: `tasker_fetch_${queue}`, text: fetchStatement(queue), values: [ids, visibilityMs] };
    const rows = await this.#query<MessageRow>(statement, [queueName]);
    return rows.map((row) => toQueuedMessage(queueName, row));
  }

  async ack(handles: readonly MessageHandle[]): Promise<void> {
    await this.#overHandles('tasker_ack', sql.ack, handles);
  }

  async archive(handles: readonly MessageHandle[]): Promise<void> {
    await this.#overHandles('tasker_archive', sql.archive, handles);
  }

  /** Visible again after `delayMs`; returns the handles that still existed. */
  async showIn(handles: readonly MessageHandle[], delayMs: number): Promise<readonly MessageHandle[]> {
    const rows = await this.#overHandles<{ queue: string; token: string }>('tasker_show_in', sql.showIn, handles, [delayMs]);
    const existing = new Set(rows.map((row) => `${row.queue}:${row.token}`));
    return handles.filter((handle) => existing.has(`${canonicalQueueName(handle.queueName)}:${handle.token}`));
  }

  async stats(names: readonly string[]): Promise<readonly QueueStats[]> {
    const queues = names.map(canonicalQueueName);
    if (queues.length === 0) return [];
    const statement = { text: sql.stats, values: [queues] };
    const rows = await this.#query<StatsRow>(statement, names);
    return rows.map((row, index) => toQueueStats(names[index] ?? row.name, row));
  }

  async isHealthy(): Promise<boolean> {
    const rows = await this.#query<{ ok: boolean }>({ text: `select to_regclass('pgmq.meta') is not null as ok` }, []);
    return rows[0]?.ok === true;
  }

  async #existing(canonicalNames: readonly string[]): Promise<ReadonlySet<string>> {
    const statement = { text: sql.existing, values: [canonicalNames] };
    const rows = await this.#query<{ name: string }>(statement, canonicalNames);
    return new Set(rows.map((row) => row.name));
  }

  /** A handle whose token is no message id is unknown, and unknown handles are ignored. */
  async #overHandles<Row extends QueryResultRow>(
    name: string,
    text: string,
    handles: readonly MessageHandle[],
    more: readonly unknown[] = [],
  ): Promise<readonly Row[]> {
    const known = handles.filter((handle) => isMessageId(handle.token));
    if (known.length === 0) return [];
    const queues = known.map((handle) => canonicalQueueName(handle.queueName));
    const tokens = known.map((handle) => handle.token);
    return this.#query<Row>({ name, text, values: [queues, tokens, ...more] }, [
      ...new Set(known.map((handle) => handle.queueName)),
    ]);
  }

  async #query<Row extends QueryResultRow>(statement: QueryConfig, queueNames: readonly string[]): Promise<readonly Row[]> {
    try {
      return (await this.#database.query<Row>(statement)).rows;
    } catch (thrown) {
      throw toPgmqError(thrown, queueNames);
    }
  }
}

interface StatsRow {
  readonly name: string;
  readonly queue_length: string;
  readonly queue_visible_length: string;
  readonly oldest_msg_age_sec: number | null;
}

function toQueueStats(queueName: string, row: StatsRow): QueueStats {
  return {
    queueName,
    messageCount: Number(row.queue_length),
    visibleCount: Number(row.queue_visible_length),
    oldestMessageAgeMs: row.oldest_msg_age_sec === null ? undefined : row.oldest_msg_age_sec * 1_000,
  };
}

/**
 * An unlogged queue is empty after a crash. Its sequence is logged all the same: with ids that start over, a handle from
 * before the crash would acknowledge a message from after it, and the archive would meet an id it already has.
 */
function createUnlogged(name: string): string {
  return `select pgmq.create_unlogged('${name}');\nalter sequence if exists pgmq.q_${name}_msg_id_seq set logged`;
}

function isMessageId(token: string): boolean {
  return /^\d{1,19}$/.test(token) && BigInt(token) <= maxMessageId;
}

function toQueuedMessage(queueName: string, row: MessageRow): QueuedMessage {
  return {
    message: row.message,
    handle: { provider: 'pgmq', queueName, token: row.token },
    metadata: { receiveCount: row.read_ct, enqueuedAt: row.enqueued_at },
  };
}
