// The schema that the migrations make, compared line by line with the committed golden.
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, inject, it } from 'vitest';
import { emptyDatabase, useTestDatabase } from '../helpers/database.ts';
import { openQueries, useQueries } from '../helpers/queries.ts';
import { installQueues } from '../../src/messaging/providers/pgmq/install-queues.ts';
import { stepStates, taskStates } from '../../src/domain/states.ts';
import { migrate } from '../../src/store/postgres/migrate.ts';
import { introspectSchema } from './introspect-schema.ts';

const golden = new URL('../../fixtures/schema.golden.txt', import.meta.url);

describe('the schema', () => {
  const database = useTestDatabase();
  const queries = useQueries(database);

  it('is what fixtures/schema.golden.txt says (UPDATE_GOLDEN=1 writes it anew)', async () => {
    const empty = await emptyDatabase();
    await migrate(empty.url, { installQueues });
    const fresh = openQueries(empty.url);
    const found = await introspectSchema(fresh);
    await fresh.close();
    await empty.drop();
    if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(golden, found);
    expect(found).toBe(await readFile(golden, 'utf8'));
  });

  it('knows exactly the states of the domain, in its order', async () => {
    const labels = (type: string) =>
      queries.row<{ labels: string[] }>(`select enum_range(null::tasker.${type})::text[] as labels`);
    expect((await labels('task_state')).labels).toEqual(taskStates);
    expect((await labels('step_state')).labels).toEqual(stepStates);
  });

  it('makes identifiers of version 7 that grow with time', async () => {
    const { ids } = await queries.row<{ ids: string[] }>(
      'select array_agg(tasker.new_uuid()::text order by n) as ids from generate_series(1, 50) n',
    );
    expect(new Set(ids).size).toBe(50);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const milliseconds = ids.map((id) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16));
    expect(milliseconds).toEqual(milliseconds.toSorted((a, b) => a - b));
    expect(Math.abs(Date.now() - (milliseconds[0] ?? 0))).toBeLessThan(60_000);
  });

  it('lets a test pin its clock and answers with the real one otherwise', async () => {
    const pinned = openQueries(database.url, '2031-05-06T07:08:09Z');
    expect(await pinned.row('select tasker.now() as now')).toEqual({ now: new Date('2031-05-06T07:08:09Z') });
    await pinned.close();
    const { skew } = await queries.row<{ skew: number }>(
      'select abs(extract(epoch from tasker.now() - clock_timestamp()))::float8 as skew',
    );
    expect(skew).toBeLessThan(1);
  });

  it('is migrated on PostgreSQL 15 when DATABASE_URL names one', (context) => {
    const { kind, serverVersion } = inject('databaseServer');
    const major = Math.floor(serverVersion / 10_000);
    context.skip(
      major !== 15,
      `not run: this server is PostgreSQL ${String(major)} (${kind}); set DATABASE_URL to a server of version 15`,
    );
    expect(major).toBe(15);
  });
});
