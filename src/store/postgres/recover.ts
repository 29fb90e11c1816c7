// What the recovery sweep asks: due retries, tasks left between two states, messages that a server crash took.
import type pg from 'pg';
import type { SentMessages } from '../store.ts';
import { run } from './pool.ts';

// Ten minutes, as in spec 3.10: no committed transaction of this version leaves a task in those states at all.
const findStatement = {
  name: 'finding-ready-tasks',
  text: `select * from tasker.find_tasks_to_decide($1, interval '10 minutes') as task_uuid`,
};

// Only what lies ahead: the overdue retry of a blocked task stays where it is, and as the minimum would hide all others. A
// duration, because the moment would be compared with the clock of another machine.
const nextRetryStatement = {
  name: 'finding-the-next-retry',
  text: `
    select extract(epoch from min(next_retry_at) - tasker.now())::float8 * 1000 as in_ms
    from tasker.workflow_steps where next_retry_at > tasker.now()`,
};

const resendStatement = { name: 'sending-lost-messages-again', text: 'select tasker.resend_lost_messages($1) as sent' };

export async function findReadyTasks(pool: pg.Pool, limit: number): Promise<readonly string[]> {
  const rows = await run<{ task_uuid: string }>(pool, findStatement, [limit]);
  return rows.map((row) => row.task_uuid);
}

export async function nextRetryInMs(pool: pg.Pool): Promise<number | undefined> {
  const rows = await run<{ in_ms: number | null }>(pool, nextRetryStatement, []);
  return rows[0]?.in_ms ?? undefined;
}

export async function resendLostMessages(pool: pg.Pool, evenWithoutCrash: boolean): Promise<SentMessages> {
  const rows = await run<{ sent: Record<string, readonly number[]> }>(pool, resendStatement, [evenWithoutCrash]);
  return Object.fromEntries(Object.entries(rows[0]?.sent ?? {}).map(([queue, ids]) => [queue, ids.map(String)]));
}
