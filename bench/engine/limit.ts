// The physical limit beside which the engine is measured: the least one-row transactions for a 4-step workflow, through node-postgres.
import pg from 'pg';
import { connect, costPerTask, readCounters, round } from './measure.ts';

const connections = 50;

const schema = `
  create table wf (id bigint generated always as identity primary key, state text not null, created_at timestamptz not null default now());
  create table step (
    wf_id bigint not null, nr integer not null, state text not null, result jsonb, updated_at timestamptz not null default now(),
    primary key (wf_id, nr))`;

const create = {
  name: 'create',
  text: `with w as (insert into wf (state) values ('running') returning id)
    insert into step (wf_id, nr, state) select w.id, n, case when n = 1 then $1 else 'pending' end from w, generate_series(1, 4) n
    returning wf_id`,
};
const claim = {
  name: 'claim',
  text: `update step set state = 'running', updated_at = now() where wf_id = $1 and nr = $2 and state = 'ready'`,
};
const complete = {
  name: 'complete',
  text: `with done as (update step set state = 'done', result = '{"ok":true}', updated_at = now() where wf_id = $1 and nr = $2 and state = 'running' returning wf_id),
    next as (update step set state = $3, updated_at = now() where wf_id = $1 and nr = $2 + 1 and state = 'pending')
    update wf set state = 'done' where id = $1 and $2 = 4`,
};

/** Nine commits: create, then four times claim and complete. */
async function nineTransactions(client: pg.PoolClient): Promise<void> {
  const made = await client.query<{ wf_id: string }>({ ...create, values: ['ready'] });
  const id = made.rows[0]?.wf_id;
  for (let nr = 1; nr <= 4; nr += 1) {
    await client.query({ ...claim, values: [id, nr] });
    await client.query({ ...complete, values: [id, nr, 'ready'] });
  }
}

/** Five commits: create with step 1 claimed, then four times complete and claim the next in one. */
async function fiveTransactions(client: pg.PoolClient): Promise<void> {
  const made = await client.query<{ wf_id: string }>({ ...create, values: ['running'] });
  const id = made.rows[0]?.wf_id;
  for (let nr = 1; nr <= 4; nr += 1) await client.query({ ...complete, values: [id, nr, 'running'] });
}

export async function measureLimit(databaseUrl: string, transactions: 5 | 9, seconds: number) {
  const admin = await connect(databaseUrl);
  await admin.query(schema);
  const pool = new pg.Pool({ connectionString: databaseUrl, max: connections, application_name: 'bench limit' });
  // The database is dropped right after the run; a backend that is still saying goodbye is no error of the measurement.
  pool.on('error', () => undefined);
  const workflow = transactions === 9 ? nineTransactions : fiveTransactions;
  const before = await readCounters(admin);
  const startedAt = performance.now();
  const counts = await Promise.all(
    Array.from({ length: connections }, async () => {
      const client = await pool.connect();
      let done = 0;
      for (; performance.now() - startedAt < seconds * 1000; done += 1) await workflow(client);
      client.release();
      return done;
    }),
  );
  const elapsed = (performance.now() - startedAt) / 1000;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const after = await readCounters(admin);
  await pool.end();
  await admin.end();
  return { tasks: total, perSecond: round(total / elapsed, 1), ...costPerTask(before, after, total) };
}
