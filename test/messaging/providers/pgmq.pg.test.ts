// The pgmq provider on a real server: the suite of every provider, and what only PostgreSQL can show.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/domain/ports.ts';
import type { QueuedMessage } from '../../../src/messaging/envelope.ts';
import { defaultMaxReceives, partitionPoison, setAside } from '../../../src/messaging/poison.ts';
import type { MessagingProvider } from '../../../src/messaging/provider.ts';
import { createPgmqProvider } from '../../../src/messaging/providers/pgmq.ts';
import { orchestrationQueues } from '../../../src/messaging/queue-names.ts';
import { describeProvider } from '../../../src/testing/provider-suite.ts';
import type { TestDatabase } from '../../helpers/database.ts';
import { emptyDatabase } from '../../helpers/database.ts';
import type { PgmqFixture } from './pgmq-fixture.ts';
import { openPgmq } from './pgmq-fixture.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await emptyDatabase();
});
afterAll(() => database.drop());

async function openEmpty(): Promise<PgmqFixture> {
  const fixture = await openPgmq(database.url);
  await fixture.pool.query('select pgmq.drop_queue(queue_name) from pgmq.list_queues()');
  return fixture;
}

describeProvider('pgmq', { supports: { push: true, fetchById: true }, open: openEmpty });

describe('pgmq beyond the suite', () => {
  const queueName = 'worker_beyond_queue';
  let fixture: PgmqFixture;
  beforeEach(async () => {
    fixture = await openEmpty();
  });
  afterEach(() => fixture.close());

  async function persistence(): Promise<Record<string, string>> {
    const statement = `select relname, relpersistence from pg_class where relnamespace = 'pgmq'::regnamespace and relname ~ '^[qa]_' and relkind in ('r', 'S')`;
    const { rows } = await fixture.pool.query<{ relname: string; relpersistence: string }>(statement);
    return Object.fromEntries(rows.map((row) => [row.relname, row.relpersistence]));
  }

  it('creates queues logged unless told otherwise', async () => {
    await fixture.provider.ensureQueues([queueName]);
    expect(await persistence()).toEqual({
      a_worker_beyond_queue: 'p',
      q_worker_beyond_queue: 'p',
      q_worker_beyond_queue_msg_id_seq: 'p',
    });
  });

  it('creates pointer queues unlogged on request, with ids that survive a crash, but never the task requests', async () => {
    const { pool, clock } = fixture;
    const unlogged = createPgmqProvider({ pool, clock, unloggedQueues: true });
    await unlogged.ensureQueues([queueName, orchestrationQueues.taskRequests]);
    expect(await persistence()).toEqual({
      a_worker_beyond_queue: 'p',
      q_worker_beyond_queue: 'u',
      q_worker_beyond_queue_msg_id_seq: 'p',
      a_orchestration_task_requests: 'p',
      q_orchestration_task_requests: 'p',
      q_orchestration_task_requests_msg_id_seq: 'p',
    });
    const sent = await unlogged.send(queueName, [1]);
    expect((await unlogged.receive({ queueName, max: 1, visibilityMs: 1_000 }))[0]?.handle.token).toBe(sent[0]);
  });

  it('creates queues once when many processes ask at the same time, in any order', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `worker_n${index}_queue`);
    const asks = [names, names.toReversed(), names.map((name) => name.toUpperCase()), names.toReversed()];
    const providers = [fixture.provider, fixture.peer, fixture.provider, fixture.peer];
    await Promise.all(providers.map((provider, index) => provider.ensureQueues(asks[index] ?? [])));
    const { rows } = await fixture.pool.query<{ count: number }>('select count(*)::int as count from pgmq.meta');
    expect(rows[0]?.count).toBe(names.length);
  });

  it('uses a queue that somebody else created in upper case', async () => {
    await fixture.pool.query(`select pgmq.create('Worker_LOUD_Queue')`);
    await fixture.provider.ensureQueues(['worker_loud_queue']);
    await fixture.provider.send('worker_loud_queue', ['heard']);
    const { rows } = await fixture.pool.query(`select message from pgmq.read('Worker_LOUD_Queue', 30, 1)`);
    expect(rows).toEqual([{ message: 'heard' }]);
    expect(await fixture.provider.verifyQueues(['WORKER_loud_queue'])).toMatchObject({ healthy: ['WORKER_loud_queue'] });
  });

  it('rounds the visibility of a receive up to whole seconds, and keeps milliseconds where pgmq can', async () => {
    const { provider, pool } = fixture;
    await provider.ensureQueues([queueName]);
    const remainingMs = async () => {
      const statement = `select extract(epoch from vt - clock_timestamp())::float8 * 1000 as ms from pgmq.q_${queueName}`;
      return (await pool.query<{ ms: number }>(statement)).rows[0]?.ms;
    };
    const [id = ''] = await provider.send(queueName, [1]);
    const received = await provider.receive({ queueName, max: 1, visibilityMs: 60_001 });
    expect(await remainingMs()).toBeGreaterThan(60_001);
    await provider.extendVisibility(handlesOf(received), 30_500);
    expect(await remainingMs()).toBeLessThan(30_501);
    await provider.nack(handlesOf(received), { requeue: true });
    await provider.fetchById({ queueName, messageIds: [id], visibilityMs: 20_500 });
    expect(await remainingMs()).toBeLessThan(20_501);
  });

  it('does not wait for a message that another session is taking at this moment', async () => {
    const { provider, pool } = fixture;
    await provider.ensureQueues([queueName]);
    const ids = await provider.send(queueName, ['held', 'free']);
    const holder = await pool.connect();
    try {
      await holder.query('begin');
      await holder.query(`select 1 from pgmq.q_${queueName} where msg_id = $1 for update`, [ids[0]]);
      const fetched = await provider.fetchById({ queueName, messageIds: ids, visibilityMs: 30_000 });
      expect(fetched.map((message) => message.message)).toEqual(['free']);
    } finally {
      await holder.query('rollback');
      holder.release();
    }
  });

  it('carries messages sent inside a transaction of the database once it commits', async () => {
    const { provider, pool } = fixture;
    await provider.ensureQueues([queueName]);
    const session = await pool.connect();
    await session.query('begin');
    await session.query(`select pgmq.send_batch($1, array['"pending"'::jsonb])`, [queueName]);
    expect(await provider.receive({ queueName, max: 1, visibilityMs: 1_000 })).toEqual([]);
    await session.query('commit');
    session.release();
    expect(await provider.receive({ queueName, max: 1, visibilityMs: 1_000 })).toHaveLength(1);
  });

  it('loses nothing and doubles nothing when receivers on two providers acknowledge, give back and crash at random', async () => {
    await fixture.provider.ensureQueues([queueName]);
    const count = 400;
    await fixture.provider.send(
      queueName,
      Array.from({ length: count }, (_, index) => index),
    );
    const ledger = new Ledger();
    const receivers = Array.from({ length: 6 }, (_, index) => (index % 2 === 0 ? fixture.provider : fixture.peer));
    await Promise.all(receivers.map((provider, index) => receiveUntilEmpty(provider, queueName, { ledger, seed: index + 1 })));
    await fixture.elapse(queueName, 60_000);
    await receiveUntilEmpty(fixture.provider, queueName, { ledger, seed: undefined });
    expect(ledger.doubled).toEqual([]);
    expect(ledger.done.size).toBe(count);
    expect((await fixture.provider.queueStats([queueName]))[0]?.messageCount).toBe(0);
  });

  it('sets poison aside after N receives, and the archive holds nothing else', async () => {
    const { provider } = fixture;
    await provider.ensureQueues([queueName]);
    await provider.send(queueName, ['poison', 'fine']);
    let attempts = 0;
    for (let round = 0; round <= defaultMaxReceives; round += 1) {
      const { healthy, poison } = partitionPoison(await provider.receive({ queueName, max: 10, visibilityMs: 60_000 }));
      await provider.ack(handlesOf(healthy.filter((message) => message.message === 'fine')));
      await setAside(provider, poison, silentLogger);
      attempts += healthy.filter((message) => message.message === 'poison').length;
      await fixture.elapse(queueName, 60_000);
    }
    expect(attempts).toBe(defaultMaxReceives);
    expect(await fixture.archivedBodies(queueName)).toEqual(['poison']);
    expect((await provider.queueStats([queueName]))[0]?.messageCount).toBe(0);
  });

  it('names the missing queue among several, and refuses what jsonb cannot hold', async () => {
    const { provider } = fixture;
    await provider.ensureQueues([queueName]);
    const handles = [queueName, 'worker_gone_queue'].map((name) => ({ provider: 'pgmq' as const, queueName: name, token: '1' }));
    await expect(provider.ack(handles)).rejects.toMatchObject({
      code: 'QUEUE_NOT_FOUND',
      details: { queueNames: ['worker_gone_queue'] },
      cause: { code: '42P01' },
    });
    await expect(provider.send(queueName, ['nul \u0000'])).rejects.toMatchObject({ code: 'MESSAGE_BODY_INVALID', kind: 'input' });
    expect((await provider.queueStats([queueName]))[0]?.messageCount).toBe(0);
  });
});

function handlesOf(messages: readonly QueuedMessage[]): QueuedMessage['handle'][] {
  return messages.map((message) => message.handle);
}

/** Who has which message in hand, to notice a second delivery while the first is still invisible to others. */
class Ledger {
  readonly inHand = new Set<string>();
  readonly done = new Set<string>();
  readonly doubled: string[] = [];

  take(token: string): void {
    if (this.inHand.has(token) || this.done.has(token)) this.doubled.push(token);
    this.inHand.add(token);
  }
}

/** Acknowledges half, gives a quarter back, and forgets a quarter as a crashed process would; without a seed it acknowledges all. */
async function receiveUntilEmpty(
  provider: MessagingProvider,
  queueName: string,
  { ledger, seed }: { readonly ledger: Ledger; readonly seed: number | undefined },
): Promise<void> {
  let state = seed ?? 0;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  // Messages of crashed receivers come back in the second pass, where they are in nobody's hand any more.
  if (seed === undefined) ledger.inHand.clear();
  for (;;) {
    const messages = await provider.receive({ queueName, max: 5, visibilityMs: 60_000 });
    if (messages.length === 0) return;
    for (const message of messages) ledger.take(message.handle.token);
    const lot = seed === undefined ? 0 : random();
    const tokens = messages.map((message) => message.handle.token);
    if (lot < 0.5) {
      for (const token of tokens) ledger.done.add(token);
      await provider.ack(handlesOf(messages));
    } else if (lot < 0.75) {
      for (const token of tokens) ledger.inHand.delete(token);
      await provider.nack(handlesOf(messages), { requeue: true });
    }
  }
}
