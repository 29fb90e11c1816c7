// Installing pgmq: from SQL into an empty database, once, by however many at the same time, and never over a stranger.
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installPgmq } from '../../../src/messaging/providers/pgmq-install.ts';
import type { TestDatabase } from '../../helpers/database.ts';
import { emptyDatabase } from '../../helpers/database.ts';
import { runOnce } from './pgmq-fixture.ts';

describe('installPgmq', () => {
  let database: TestDatabase;
  const clients: Client[] = [];

  beforeEach(async () => {
    database = await emptyDatabase();
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.end()));
    await database.drop();
  });

  async function connect(url = database.url): Promise<Client> {
    const client = new Client({ connectionString: url });
    await client.connect();
    clients.push(client);
    return client;
  }

  async function schemaExists(client: Client): Promise<unknown> {
    const { rows } = await client.query<{ found: boolean }>(`select to_regnamespace('pgmq') is not null as found`);
    return rows[0]?.found;
  }

  it('installs once, works, and finds itself present the second time', async () => {
    const client = await connect();
    const first = await installPgmq(client);
    expect(first.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(['sql', 'extension']).toContain(first.source);
    await client.query(`select pgmq.create('tried'); select pgmq.send('tried', '{"kept": true}')`);
    expect(await installPgmq(client)).toEqual({ source: 'present', version: first.version });
    const { rows } = await client.query(`select message from pgmq.read('tried', 30, 1)`);
    expect(rows).toEqual([{ message: { kept: true } }]);
  });

  it('installs once when several processes start at the same time', async () => {
    const connected = await Promise.all([connect(), connect(), connect(), connect()]);
    const results = await Promise.all(connected.map((client) => installPgmq(client)));
    expect(new Set(results.map((result) => result.version)).size).toBe(1);
  });

  it('joins the transaction of the caller and goes away with it', async () => {
    const client = await connect();
    await client.query('begin');
    await installPgmq(client);
    await client.query('rollback');
    expect(await schemaExists(client)).toBe(false);
  });

  it('uses an empty schema that was prepared for it', async () => {
    const client = await connect();
    await client.query('create schema pgmq');
    await installPgmq(client);
    expect((await installPgmq(client)).source).toBe('present');
  });

  it('refuses a schema pgmq that is somebody else’s, and leaves it as it was', async () => {
    const client = await connect();
    await client.query('create schema pgmq; create table pgmq.meta (anything int)');
    await expect(installPgmq(client)).rejects.toMatchObject({ code: 'PGMQ_SCHEMA_FOREIGN', kind: 'infrastructure' });
    const { rows } = await client.query(`select count(*)::int as count from pg_proc where pronamespace = 'pgmq'::regnamespace`);
    expect(rows).toEqual([{ count: 0 }]);
  });

  it('says which grant is missing when the role may not create schemas, and when it may not use the one there is', async () => {
    const role = `tasker_poor_${process.pid}`;
    const admin = await connect();
    await admin.query(`create role ${role} login password 'poor'`);
    try {
      const url = new URL(database.url);
      url.username = role;
      url.password = 'poor';
      const poor = await connect(url.toString());
      await expect(installPgmq(poor)).rejects.toMatchObject({
        code: 'PGMQ_RIGHTS_MISSING',
        kind: 'infrastructure',
        message: expect.stringContaining('grant create on database'),
      });
      await installPgmq(admin);
      await expect(installPgmq(poor)).rejects.toThrow('usage on schema pgmq');
    } finally {
      await admin.query(`drop role ${role}`);
    }
  });

  it('says that the server is unreachable when the connection is gone', async () => {
    const client = await connect();
    client.on('error', () => {});
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    await runOnce(database.url, `select pg_terminate_backend(${rows[0]?.pid}, 5000)`);
    await expect(installPgmq(client)).rejects.toMatchObject({ code: 'MESSAGING_UNREACHABLE', kind: 'infrastructure' });
    clients.splice(0);
  });
});
