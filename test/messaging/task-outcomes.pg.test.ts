// Outcomes of tasks travel between processes as announcements, and whoever waits is told when some may be missing.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TaskOutcome } from '../../src/messaging/task-outcomes.ts';
import { announceOutcomes, isOutcome, outcomeTopic, subscribeOutcomes } from '../../src/messaging/task-outcomes.ts';
import { reconnectDelayMs } from '../../src/messaging/providers/pgmq/notify-connection.ts';
import { createNotificationInbox } from '../../src/testing/notification-inbox.ts';
import type { TestDatabase } from '../helpers/database.ts';
import { emptyDatabase } from '../helpers/database.ts';
import type { PgmqFixture } from './providers/pgmq-fixture.ts';
import { openPgmq } from './providers/pgmq-fixture.ts';

describe('task outcomes', () => {
  let database: TestDatabase;
  let fixture: PgmqFixture;
  beforeAll(async () => {
    database = await emptyDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    fixture = await openPgmq(database.url);
  });
  afterEach(() => fixture.close());

  const complete: TaskOutcome = { taskUuid: '0199a3b0-0000-7000-8000-000000000000', state: 'complete' };

  /** What the other process hears; resolves with it once `done` says that it is enough. */
  async function hear(
    done: (heard: (TaskOutcome | 'gap')[]) => boolean,
  ): Promise<{ readonly all: Promise<(TaskOutcome | 'gap')[]> }> {
    const heard: (TaskOutcome | 'gap')[] = [];
    let finish: (all: (TaskOutcome | 'gap')[]) => void = () => {};
    const all = new Promise<(TaskOutcome | 'gap')[]>((resolve) => (finish = resolve));
    const note = (...more: (TaskOutcome | 'gap')[]) => {
      heard.push(...more);
      if (done(heard)) finish(heard);
    };
    await subscribeOutcomes(fixture.peer, { onOutcomes: (outcomes) => note(...outcomes), onGap: () => note('gap') });
    return { all };
  }

  it('reach a caller in another process without a poll', async () => {
    const { all } = await hear((heard) => heard.length === 2);
    const blocked: TaskOutcome = { ...complete, state: 'blocked_by_failures' };
    announceOutcomes(fixture.provider, []);
    announceOutcomes(fixture.provider, [complete, blocked]);
    expect(await all).toEqual([complete, blocked]);
  });

  it('say that there is a gap when there are more than one notification can list', async () => {
    const { all } = await hear((heard) => heard.includes('gap'));
    announceOutcomes(
      fixture.provider,
      Array.from({ length: 500 }, () => complete),
    );
    const heard = await all;
    expect(heard.slice(0, -1).every((one) => one !== 'gap')).toBe(true);
    expect(heard.length).toBeGreaterThan(100);
  });

  it('say that there is a gap after an outage, and skip what is no outcome', async () => {
    const { all } = await hear((heard) => heard.length === 2);
    const watch = createNotificationInbox();
    await fixture.peer.subscribe([outcomeTopic], watch.receive);
    fixture.provider.announce(outcomeTopic, ['neither', 'x/unheard_of']);
    await watch.next();
    const statement = `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and application_name = 'tasker test two'`;
    await fixture.pool.query(statement);
    expect(await watch.next()).toMatchObject({ kind: 'connection_error' });
    fixture.clock.advance(reconnectDelayMs(0));
    expect(await watch.next()).toEqual({ kind: 'reconnected' });
    announceOutcomes(fixture.provider, [complete]);
    expect(await all).toEqual(['gap', complete]);
  });

  it('are the terminal states and the one that waits for an operator', () => {
    const states = [
      'complete',
      'error',
      'cancelled',
      'resolved_manually',
      'blocked_by_failures',
      'pending',
      'steps_in_process',
    ] as const;
    expect(states.filter(isOutcome)).toEqual(['complete', 'error', 'cancelled', 'resolved_manually', 'blocked_by_failures']);
  });
});
