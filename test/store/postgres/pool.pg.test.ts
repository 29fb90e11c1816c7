// The pool of a process outlives its connections: the server may close any of them, whatever they are doing.
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPool } from '../../../src/store/postgres/pool.ts';
import { useTestDatabase } from '../../helpers/database.ts';
import { useQueries } from '../../helpers/queries.ts';

describe('the pool', () => {
  const database = useTestDatabase();
  const queries = useQueries(database);
  let pool: pg.Pool;
  beforeAll(() => {
    pool = createPool({ databaseUrl: database.url, applicationName: 'tasker test pool', max: 1 });
  });
  afterAll(() => pool.end());

  it('survives that the server closes a connection in the middle of a transaction', async () => {
    const client = await pool.connect();
    await client.query('begin');
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    // Not `once` of node:events, which would listen to the error as well.
    const ended = new Promise<void>((resolve) => void client.on('end', () => resolve()));
    await queries.rows('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await ended;
    // Vitest reports an error event that nobody heard as an uncaught exception.
    await expect(client.query('commit')).rejects.toThrow(/terminated|closed|queryable/i);
    client.release(true);
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });
});
