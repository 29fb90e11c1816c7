// Announcements between two providers on one database: as soon as possible, as few as possible, and again after an outage.
import { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/domain/ports.ts';
import { createPgmqProvider } from '../../../src/messaging/providers/pgmq.ts';
import { announcementBurst, coalesceMs } from '../../../src/messaging/providers/pgmq/announcer.ts';
import { reconnectDelayMs } from '../../../src/messaging/providers/pgmq/notify-connection.ts';
import { channelOfQueue } from '../../../src/messaging/queue-names.ts';
import { createNotificationInbox } from '../../../src/testing/notification-inbox.ts';
import type { TestDatabase } from '../../helpers/database.ts';
import { emptyDatabase } from '../../helpers/database.ts';
import type { PgmqFixture } from './pgmq-fixture.ts';
import { openPgmq } from './pgmq-fixture.ts';

const queueName = 'worker_told_queue';
const otherQueue = 'orchestration_step_results';
/** Nothing listens there: the port of discard. */
const unreachableUrl = 'postgres://nobody@127.0.0.1:9/none';

describe('pgmq notifications', () => {
  let database: TestDatabase;
  let fixture: PgmqFixture;
  const warnings: string[] = [];

  beforeAll(async () => {
    database = await emptyDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    warnings.length = 0;
    const logger = { ...silentLogger, warn: (_fields: unknown, message: string) => void warnings.push(message) };
    fixture = await openPgmq(database.url, { logger });
    await fixture.provider.ensureQueues([queueName, otherQueue]);
  });
  afterEach(() => fixture.close());

  /** Ends the notification connections of `applicationName` and resolves when the server has. */
  async function terminate(applicationName: string): Promise<void> {
    const statement = `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and application_name = $1`;
    expect((await fixture.pool.query(statement, [applicationName])).rowCount).toBe(1);
  }

  it('sends the first ones at once and the rest of the window in one statement', async () => {
    const { provider, peer, clock } = fixture;
    const seen = createNotificationInbox();
    await peer.subscribe([queueName, otherQueue], seen.receive);
    for (let nr = 1; nr <= announcementBurst; nr += 1) {
      provider.announce(queueName, [`burst ${nr}`]);
      expect(await seen.next()).toEqual({ kind: 'available', queueName, messageIds: [`burst ${nr}`] });
    }
    for (const id of ['2', '3', '4']) {
      provider.announce(queueName, [id]);
      provider.announce(otherQueue, [id]);
      await Promise.resolve();
    }
    expect(seen.waiting()).toBe(0);
    clock.advance(coalesceMs);
    expect([await seen.next(), await seen.next()]).toEqual([
      { kind: 'available', queueName, messageIds: ['2', '3', '4'] },
      { kind: 'available', queueName: otherQueue, messageIds: ['2', '3', '4'] },
    ]);
    await provider.close();
    expect(provider.notificationCounts()).toEqual({
      sentStatements: announcementBurst + 1,
      droppedAnnouncements: 0,
      ignoredPayloads: 0,
    });
  });

  it('tells its own subscribers in the same tick', async () => {
    const { provider } = fixture;
    const seen = createNotificationInbox();
    await provider.subscribe([queueName], seen.receive);
    provider.announce(queueName, ['1']);
    await Promise.resolve();
    expect(seen.waiting()).toBe(1);
  });

  it('hears itself once: the echo from the server is ignored', async () => {
    const { provider, peer } = fixture;
    const seen = createNotificationInbox();
    await provider.subscribe([queueName], seen.receive);
    const other = createNotificationInbox();
    await peer.subscribe([queueName], other.receive);
    provider.announce(queueName, ['1']);
    await other.next();
    // Notifications arrive in the order of their commits: the echo of 1 is before 2.
    peer.announce(queueName, ['2']);
    expect([await seen.next(), await seen.next()]).toMatchObject([{ messageIds: ['1'] }, { messageIds: ['2'] }]);
    expect(seen.waiting()).toBe(0);
  });

  it('says truncated when more ids wait than one notification can carry', async () => {
    const { provider, peer } = fixture;
    const seen = createNotificationInbox();
    await peer.subscribe([queueName], seen.receive);
    const ids = Array.from({ length: 3_000 }, (_, index) => String(index + 1));
    provider.announce(queueName, ids);
    const notification = await seen.next();
    expect(notification).toMatchObject({ kind: 'available', truncated: true });
    const listed = notification.kind === 'available' ? notification.messageIds : [];
    expect(listed.length).toBeGreaterThan(1_000);
    expect(listed).toEqual(ids.slice(0, listed.length));
  });

  it('sends what is still coalesced when it closes', async () => {
    const { provider, peer } = fixture;
    const seen = createNotificationInbox();
    await peer.subscribe([queueName], seen.receive);
    provider.announce(queueName, ['1']);
    await seen.next();
    provider.announce(queueName, ['2']);
    await provider.close();
    expect(await seen.next()).toMatchObject({ messageIds: ['2'] });
    await expect(provider.subscribe([queueName], seen.receive)).rejects.toMatchObject({ code: 'MESSAGING_CLOSED' });
  });

  it('uses one connection for all subscriptions and announcements', async () => {
    const { provider, pool } = fixture;
    const seen = createNotificationInbox();
    await Promise.all([queueName, otherQueue, queueName].map((name) => provider.subscribe([name], seen.receive)));
    provider.announce(queueName, ['1']);
    await seen.next();
    const statement = `select count(*)::int as count from pg_stat_activity where application_name = 'tasker test one'`;
    expect((await pool.query(statement)).rows).toEqual([{ count: 1 }]);
  });

  it('says when its connection is lost and when it is back, and hears announcements again', async () => {
    const { provider, peer, clock } = fixture;
    const seen = createNotificationInbox();
    await provider.subscribe([queueName], seen.receive);
    await terminate('tasker test one');
    expect(await seen.next()).toMatchObject({ kind: 'connection_error' });
    expect(warnings).toEqual(['lost the connection for notifications; polling goes on']);
    clock.advance(reconnectDelayMs(0));
    expect(await seen.next()).toEqual({ kind: 'reconnected' });
    peer.announce(queueName, ['1']);
    expect(await seen.next()).toEqual({ kind: 'available', queueName, messageIds: ['1'] });
    await terminate('tasker test one');
    expect(await seen.next()).toMatchObject({ kind: 'connection_error' });
    expect(clock.pendingCount()).toBeGreaterThan(0);
  });

  it('drops announcements during an outage, counts them, and still tells its own subscribers', async () => {
    const { provider, clock } = fixture;
    const seen = createNotificationInbox();
    await provider.subscribe([queueName], seen.receive);
    await terminate('tasker test one');
    await seen.next();
    provider.announce(queueName, ['1']);
    expect(await seen.next()).toMatchObject({ kind: 'available', messageIds: ['1'] });
    await clock.advanceAsync(coalesceMs);
    expect(provider.notificationCounts()).toMatchObject({ sentStatements: 0, droppedAnnouncements: 1 });
  });

  it('ignores what others say on its channels, counts it, and warns once', async () => {
    const { provider, peer, pool } = fixture;
    const seen = createNotificationInbox();
    await provider.subscribe([queueName], seen.receive);
    for (const payload of ['no json', '{"event_type":"message_ready"}', '']) {
      await pool.query('select pg_notify($1, $2)', [channelOfQueue(queueName), payload]);
    }
    peer.announce(queueName, ['1']);
    expect(await seen.next()).toMatchObject({ messageIds: ['1'] });
    expect(provider.notificationCounts().ignoredPayloads).toBe(3);
    expect(warnings).toEqual(['ignored a notification that is not an announcement of tasker']);
  });

  it('says so when the server cannot be reached to listen, and tries again at its own pace', async () => {
    const { pool, clock } = fixture;
    const seen = createNotificationInbox();
    const lost = createPgmqProvider({ pool, clock, listenUrl: unreachableUrl });
    await expect(lost.subscribe([queueName], seen.receive)).rejects.toMatchObject({
      code: 'MESSAGING_UNREACHABLE',
      kind: 'infrastructure',
    });
    expect(clock.pendingCount()).toBe(1);
    lost.announce(queueName, ['1']);
    lost.announce('not a queue', ['1']);
    await lost.close();
    expect(lost.notificationCounts()).toMatchObject({ sentStatements: 0, droppedAnnouncements: 1 });
    expect([clock.pendingCount(), seen.waiting()]).toEqual([0, 0]);
  });

  it('is unhealthy and says unreachable when the pool cannot connect', async () => {
    const { clock } = fixture;
    const pool = new Pool({ connectionString: unreachableUrl });
    const provider = createPgmqProvider({ pool, clock });
    expect(await provider.isHealthy()).toBe(false);
    const received = provider.receive({ queueName, max: 1, visibilityMs: 1_000 });
    await expect(received).rejects.toMatchObject({ code: 'MESSAGING_UNREACHABLE', cause: { code: 'ECONNREFUSED' } });
    await provider.close();
    await pool.end();
  });
});

describe('reconnectDelayMs', () => {
  it('doubles from 100 ms to 5 s', () => {
    const delays = [0, 1, 2, 3, 4, 5, 6, 7, 1_000].map(reconnectDelayMs);
    expect(delays).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
  });
});
