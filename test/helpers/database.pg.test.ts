// The databases that test files get: their own, copied from the template, dropped, and checked for leaks.
import pg from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { listDatabases } from '../../src/store/postgres/server-administration.ts';
import { emptyDatabase, testDatabase, useTestDatabase } from './database.ts';

async function query(url: string, text: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('test databases', () => {
  const database = useTestDatabase();

  it('gives each file a database of its own', async () => {
    const other = await testDatabase();
    await query(other.url, 'create table only_there (id int)');
    expect(await query(database.url, `select to_regclass('only_there') as found`)).toEqual([{ found: null }]);
    await other.drop();
    await other.drop();
    expect(await listDatabases(inject('databaseServer').url, new URL(other.url).pathname.slice(1))).toEqual([]);
  });

  it('has migrated it', async () => {
    const found = await query(
      database.url,
      `select to_regclass('tasker.tasks') is not null as tasks, to_regnamespace('pgmq') is not null as queues`,
    );
    expect(found).toEqual([{ tasks: true, queues: true }]);
  });

  it('gives an empty database to tests of migrating', async () => {
    const empty = await emptyDatabase();
    expect(await query(empty.url, `select to_regnamespace('tasker') as schema`)).toEqual([{ schema: null }]);
    await empty.drop();
  });

  it('names the application of a connection that was left open, and drops the database all the same', async () => {
    const leaky = await emptyDatabase();
    const client = new pg.Client({ connectionString: leaky.url, application_name: 'forgotten pool' });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('select 42');
    await expect(leaky.drop()).rejects.toThrow(/1 connection\(s\).*\n {2}forgotten pool, last query: select 42/);
    expect(await listDatabases(inject('databaseServer').url, new URL(leaky.url).pathname.slice(1))).toEqual([]);
    await client.end().catch(() => undefined);
  });
});
