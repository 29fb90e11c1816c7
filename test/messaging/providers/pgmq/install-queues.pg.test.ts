// What a migrated database has of queues: pgmq, the orchestrator's three, the pointers among them unlogged.
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installQueues } from '../../../../src/messaging/providers/pgmq/install-queues.ts';
import type { TestDatabase } from '../../../helpers/database.ts';
import { emptyDatabase } from '../../../helpers/database.ts';

describe('installQueues', () => {
  let database: TestDatabase;
  let client: Client;
  beforeAll(async () => {
    database = await emptyDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it('creates the three queues in the transaction of the caller, and once', async () => {
    await client.query('begin');
    await installQueues(client);
    await client.query('rollback');
    const first = await installQueues(client);
    const second = await installQueues(client);
    expect(second).toEqual({ source: 'present', version: first.version });
    const { rows } = await client.query(
      `select relname, relpersistence from pg_class where relname ~ '^q_' and relkind in ('r', 'S') order by relname`,
    );
    expect(rows).toEqual([
      { relname: 'q_orchestration_step_results', relpersistence: 'u' },
      { relname: 'q_orchestration_step_results_msg_id_seq', relpersistence: 'p' },
      { relname: 'q_orchestration_task_finalizations', relpersistence: 'u' },
      { relname: 'q_orchestration_task_finalizations_msg_id_seq', relpersistence: 'p' },
      { relname: 'q_orchestration_task_requests', relpersistence: 'p' },
      { relname: 'q_orchestration_task_requests_msg_id_seq', relpersistence: 'p' },
    ]);
  });
});
