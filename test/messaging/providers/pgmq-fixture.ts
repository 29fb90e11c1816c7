// One database with pgmq per test, two providers on it as two processes would have them, and time that passes by SQL.
import { Client, Pool } from 'pg';
import type { Json } from '../../../src/domain/json.ts';
import { installPgmq } from '../../../src/messaging/providers/pgmq-install.ts';
import { createPgmqProvider } from '../../../src/messaging/providers/pgmq.ts';
import type { PgmqProvider, PgmqProviderOptions } from '../../../src/messaging/providers/pgmq.ts';
import type { FakeClock } from '../../../src/testing/fake-clock.ts';
import { createFakeClock } from '../../../src/testing/fake-clock.ts';
import type { ProviderFixture } from '../../../src/testing/provider-suite.ts';

export async function runOnce(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export interface PgmqFixture extends ProviderFixture {
  readonly provider: PgmqProvider;
  readonly peer: PgmqProvider;
  readonly clock: FakeClock;
  readonly pool: Pool;
  readonly url: string;
}

/** `provider` and `peer` share a pool and a clock and nothing else: each has its own connection for notifications. */
export async function openPgmq(url: string, options: Partial<PgmqProviderOptions> = {}): Promise<PgmqFixture> {
  const pool = new Pool({ connectionString: url, max: 8 });
  // Connections that a test terminates while they are idle.
  pool.on('error', () => {});
  const client = await pool.connect();
  await installPgmq(client);
  client.release();
  const clock = createFakeClock();
  const [provider, peer] = ['tasker test one', 'tasker test two'].map((applicationName) =>
    createPgmqProvider({ pool, clock, applicationName, ...options }),
  );
  if (provider === undefined || peer === undefined) throw new Error('Two names make two providers.');
  return {
    provider,
    peer,
    clock,
    pool,
    url,
    async elapse(queueName, ms) {
      const table = `pgmq.q_${queueName.toLowerCase()}`;
      await pool.query(`update ${table} set vt = vt - $1::double precision * interval '1 millisecond'`, [ms]);
    },
    async archivedBodies(queueName) {
      const statement = `select message from pgmq.a_${queueName.toLowerCase()} order by archived_at, msg_id`;
      return (await pool.query<{ message: Json }>(statement)).rows.map((row) => row.message);
    },
    async close() {
      await Promise.all([provider.close(), peer.close()]);
      await pool.end();
    },
  };
}
