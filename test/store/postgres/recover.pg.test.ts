// What the sweep asks about retries: the next one that lies ahead, whatever is overdue.
import { describe, expect, it, onTestFinished } from 'vitest';
import { openRuntime } from '../../../src/runtime/open-runtime.ts';
import { testDatabase } from '../../helpers/database.ts';
import { openQueries } from '../../helpers/queries.ts';
import { writeTasks } from '../../helpers/row-factory.ts';

async function harness() {
  const database = await testDatabase();
  const runtime = await openRuntime({ databaseUrl: database.url, migrate: false });
  const queries = openQueries(database.url);
  onTestFinished(async () => {
    await queries.close();
    await runtime.close();
    await database.drop();
  });
  const waiting = (inMs: number) => ({ state: 'waiting_for_retry', attempts: 1, nextRetryAt: Date.now() + inMs }) as const;
  return { store: runtime.store, queries, waiting };
}

describe('the next retry', () => {
  it('is none where no step waits for one', async () => {
    const { store } = await harness();
    expect(await store.nextRetryInMs()).toBeUndefined();
  });

  it('is not the overdue one of a blocked task, which would hide all others', async () => {
    const { store, queries, waiting } = await harness();
    await writeTasks(queries, [{ state: 'blocked_by_failures', steps: [{ state: 'error' }, waiting(-60_000)] }]);
    expect(await store.nextRetryInMs()).toBeUndefined();
    await writeTasks(queries, [
      { state: 'waiting_for_retry', steps: [waiting(90_000)] },
      { state: 'waiting_for_retry', steps: [waiting(60_000)] },
    ]);
    const inMs = await store.nextRetryInMs();
    expect(inMs).toBeGreaterThan(30_000);
    expect(inMs).toBeLessThanOrEqual(60_000);
  });

  it('is found without the clock of this process', async () => {
    const { store, queries, waiting } = await harness();
    await writeTasks(queries, [{ state: 'waiting_for_retry', steps: [waiting(60_000)] }]);
    const { due } = await queries.row<{ due: Date }>(
      `update tasker.workflow_steps set next_retry_at = clock_timestamp() + interval '1 hour' returning next_retry_at as due`,
    );
    const before = Date.now();
    const inMs = (await store.nextRetryInMs()) ?? 0;
    expect(Math.abs(before + inMs - due.getTime())).toBeLessThan(10_000);
  });
});
