// Leases of steps in progress: renewed while the handler runs, given back when a worker drains (spec 10.10, architecture 3.11).
import type pg from 'pg';
import { canonicalQueueName } from '../../messaging/queue-names.ts';
import type { LeaseRef } from '../store.ts';
import { run } from './pool.ts';
import type { Statement } from './pool.ts';

const renewStatement = (queue: string): Statement => ({
  name: `renewing-leases-of-${queue}`,
  text: `
    with lease as (
      select * from unnest($2::uuid[], $3::integer[], $4::bigint[]) as l (step_uuid, attempt, msg_id)
    ), renewed as (
      update tasker.workflow_steps s
      set lease_expires_at = tasker.now() + $5::double precision * interval '1 millisecond'
      from lease l
      where s.workflow_step_uuid = l.step_uuid and s.state = 'in_progress' and s.attempts = l.attempt and s.worker_uuid = $1
      returning s.workflow_step_uuid, l.msg_id
    ), hidden as (
      update pgmq.q_${queue} m set vt = clock_timestamp() + $5::double precision * interval '1 millisecond'
      from renewed r where m.msg_id = r.msg_id
    )
    select workflow_step_uuid::text as step_uuid from renewed`,
});

const releaseStatement = (queue: string): Statement => ({
  name: `releasing-steps-of-${queue}`,
  text: `
    with lease as (
      select * from unnest($2::uuid[], $3::integer[], $4::bigint[]) as l (step_uuid, attempt, msg_id)
    ), released as (
      update tasker.workflow_steps s
      set state = 'enqueued', attempts = s.attempts - 1, sort_key = s.sort_key + 1, lease_expires_at = null
      from lease l
      where s.workflow_step_uuid = l.step_uuid and s.state = 'in_progress' and s.attempts = l.attempt and s.worker_uuid = $1
      returning s.workflow_step_uuid, s.sort_key, l.attempt, l.msg_id
    ), logged as (
      insert into tasker.workflow_step_transitions (workflow_step_uuid, sort_key, from_state, to_state, attempt, actor_uuid, metadata)
      select workflow_step_uuid, sort_key, 'in_progress', 'enqueued', attempt, $1, '{"event":"Released"}' from released
    ), visible as (
      update pgmq.q_${queue} m set vt = clock_timestamp() from released r where m.msg_id = r.msg_id
    )
    select workflow_step_uuid::text as step_uuid from released`,
});

/** Extends the leases of the steps that are still this worker's; answers with their uuids. */
export async function renewLeases(
  pool: pg.Pool,
  workerUuid: string,
  leases: readonly LeaseRef[],
  leaseMs: number,
): Promise<readonly string[]> {
  return eachQueue(leases, (queue, group) => run(pool, renewStatement(queue), [workerUuid, ...columns(group), leaseMs]));
}

/** Puts unfinished steps back into their queue; the attempt is not counted, because the worker chose to stop. */
export async function releaseSteps(pool: pg.Pool, workerUuid: string, leases: readonly LeaseRef[]): Promise<readonly string[]> {
  return eachQueue(leases, (queue, group) => run(pool, releaseStatement(queue), [workerUuid, ...columns(group)]));
}

function columns(leases: readonly LeaseRef[]): readonly unknown[] {
  return [leases.map((lease) => lease.stepUuid), leases.map((lease) => lease.attempt), leases.map((lease) => lease.messageId)];
}

async function eachQueue(
  leases: readonly LeaseRef[],
  query: (queue: string, group: readonly LeaseRef[]) => Promise<readonly { readonly step_uuid: string }[]>,
): Promise<readonly string[]> {
  const queues = [...new Set(leases.map((lease) => lease.queueName))];
  const rows = await Promise.all(
    queues.map((queue) =>
      query(
        canonicalQueueName(queue),
        leases.filter((lease) => lease.queueName === queue),
      ),
    ),
  );
  return rows.flat().map((row) => row.step_uuid);
}
