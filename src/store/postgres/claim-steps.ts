// A worker takes messages from its queue and claims their steps: one statement, one transaction, any number of steps (spec 6.5).
import type pg from 'pg';
import type { JsonObject } from '../../domain/json.ts';
import { canonicalQueueName } from '../../messaging/queue-names.ts';
import type { ClaimedStep, ClaimParams, UnclaimedMessage } from '../store.ts';
import { run } from './pool.ts';
import type { Statement } from './pool.ts';

// What a claim statement answers for each of its messages: the step, and all its handler needs.
const loadClaimed = `
  ), ancestor as (
    select c.workflow_step_uuid as step_uuid, e.from_step_uuid as uuid
    from claimed c join tasker.workflow_step_edges e on e.to_step_uuid = c.workflow_step_uuid
    union
    select a.step_uuid, e.from_step_uuid
    from ancestor a join tasker.workflow_step_edges e on e.to_step_uuid = a.uuid
  ), dependency as (
    select a.step_uuid, jsonb_object_agg(n.name, p.results -> 'result') as results
    from ancestor a
    join tasker.workflow_steps p on p.workflow_step_uuid = a.uuid
    join tasker.named_steps n on n.named_step_uuid = p.named_step_uuid
    where p.results is not null
    group by a.step_uuid
  )
  select m.msg_id::text as message_id, m.step_uuid, c.workflow_step_uuid is not null as claimed,
    c.task_uuid, n.name as step_name, t.named_task_uuid, t.correlation_id, c.attempts as attempt, c.max_attempts,
    t.context, c.inputs, d.results as dependencies`;

const claimedSources = `
  from message m
  left join claimed c on c.workflow_step_uuid = m.step_uuid
  left join tasker.tasks t on t.task_uuid = c.task_uuid
  left join tasker.named_steps n on n.named_step_uuid = c.named_step_uuid
  left join dependency d on d.step_uuid = m.step_uuid`;

// Written against the queue table itself, not pgmq.read: the function plans its dynamic statement anew at every call, and
// reading, claiming, logging and loading what the handler needs would be four transactions instead of one.
// One moment for everything: a message that came into sight before its lease ends would find the step still leased.
const claimText = `
  with recursive moment as materialized (
    select tasker.now() as engine, clock_timestamp() as queue
  ), picked as materialized (
    select msg_id from pgmq.q_{queue} where vt <= (select queue from moment) order by msg_id limit $1 for update skip locked
  ), message as materialized (
    update pgmq.q_{queue} m
    set vt = (select queue from moment) + $2::double precision * interval '1 millisecond', read_ct = m.read_ct + 1
    from picked where m.msg_id = picked.msg_id
    returning m.msg_id, m.read_ct, case
      when m.message ->> 'step_uuid' ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' then (m.message ->> 'step_uuid')::uuid
    end as step_uuid
  ), claimed as materialized (
    update tasker.workflow_steps s
    set state = 'in_progress', attempts = s.attempts + 1, sort_key = s.sort_key + 1,
      last_attempted_at = (select engine from moment),
      lease_expires_at = (select engine from moment) + $2::double precision * interval '1 millisecond', worker_uuid = $3
    from message m
    where s.workflow_step_uuid = m.step_uuid and s.state = 'enqueued'
    returning s.*
  ), logged as (
    insert into tasker.workflow_step_transitions (workflow_step_uuid, sort_key, from_state, to_state, attempt, actor_uuid)
    select workflow_step_uuid, sort_key, 'enqueued', 'in_progress', attempts, $3 from claimed
  ${loadClaimed}, (select engine from moment)::text as moment
  ${claimedSources}
  order by m.msg_id`;

const claimStatement = (queue: string): Statement => ({
  name: `claiming-from-${queue}`,
  text: claimText.replaceAll('{queue}', queue),
});

// For the few messages whose step was not simply waiting: a step whose lease ran out is taken over, of the others the state
// is told. It goes by the moment of the claim ($5), which hid the messages. A statement of its own, because its part in every claim made that one twice as dear (0.5 against 0.2 ms).
const takeOverStatement: Statement = {
  name: 'taking-over-lost-steps',
  text: `
  with recursive message as materialized (
    select * from unnest($1::bigint[], $4::uuid[]) as m (msg_id, step_uuid)
  ), claimed as materialized (
    update tasker.workflow_steps s
    set attempts = s.attempts + 1, sort_key = s.sort_key + 2, last_attempted_at = $5::timestamptz,
      lease_expires_at = $5::timestamptz + $2::double precision * interval '1 millisecond', worker_uuid = $3
    from message m
    where s.workflow_step_uuid = m.step_uuid and s.state = 'in_progress'
      and s.lease_expires_at <= $5::timestamptz and s.attempts < s.max_attempts and s.retryable
    returning s.*
  ), logged as (
    insert into tasker.workflow_step_transitions (workflow_step_uuid, sort_key, from_state, to_state, attempt, actor_uuid, via, metadata)
    select workflow_step_uuid, sort_key, 'in_progress', 'in_progress', attempts, $3, '{enqueued}'::tasker.step_state[],
      '{"event":"LeaseExpired"}'::jsonb
    from claimed
  ${loadClaimed}, o.state::text as found_state,
    o.lease_expires_at <= $5::timestamptz and (o.attempts >= o.max_attempts or not o.retryable) as exhausted
  ${claimedSources}
  left join tasker.workflow_steps o on o.workflow_step_uuid = m.step_uuid
  order by m.msg_id`,
};

interface Row {
  readonly message_id: string;
  readonly step_uuid: string | null;
  readonly claimed: boolean;
  readonly task_uuid: string;
  readonly step_name: string;
  readonly named_task_uuid: string;
  readonly correlation_id: string;
  readonly attempt: number;
  readonly max_attempts: number;
  readonly context: JsonObject | null;
  readonly inputs: JsonObject | null;
  readonly dependencies: JsonObject | null;
  /** Only in the answer of the claim: when it was made. */
  readonly moment?: string;
  /** Only in the answer of the take-over. */
  readonly found_state?: string | null;
  readonly exhausted?: boolean | null;
}

export interface ClaimResult {
  readonly claimed: readonly ClaimedStep[];
  readonly unclaimed: readonly UnclaimedMessage[];
}

export async function claimSteps(pool: pg.Pool, params: ClaimParams): Promise<ClaimResult> {
  const statement = claimStatement(canonicalQueueName(params.queueName));
  const found = await run<Row>(pool, statement, [params.max, params.leaseMs, params.workerUuid]);
  const rows = [
    ...found.filter(({ claimed }) => claimed),
    ...(await takeOver(
      pool,
      params,
      found.filter(({ claimed }) => !claimed),
    )),
  ];
  // The same step twice in one batch (a message that was sent again): the first message carries the claim.
  const seen = new Set<string>();
  const claimed: ClaimedStep[] = [];
  const unclaimed: UnclaimedMessage[] = [];
  for (const row of rows) {
    if (row.claimed && row.step_uuid !== null && !seen.has(row.step_uuid)) {
      seen.add(row.step_uuid);
      claimed.push(claimedStep(row, row.step_uuid, params.queueName));
    } else {
      unclaimed.push({
        messageId: row.message_id,
        stepUuid: row.step_uuid ?? undefined,
        reason: row.claimed ? 'already_done' : reasonOf(row),
      });
    }
  }
  return { claimed, unclaimed };
}

async function takeOver(pool: pg.Pool, params: ClaimParams, messages: readonly Row[]): Promise<readonly Row[]> {
  if (messages.length === 0) return [];
  return run<Row>(pool, takeOverStatement, [
    messages.map((row) => row.message_id),
    params.leaseMs,
    params.workerUuid,
    messages.map((row) => row.step_uuid),
    messages[0]?.moment,
  ]);
}

function claimedStep(row: Row, stepUuid: string, queueName: string): ClaimedStep {
  return {
    messageId: row.message_id,
    queueName,
    taskUuid: row.task_uuid,
    stepUuid,
    stepName: row.step_name,
    namedTaskUuid: row.named_task_uuid,
    correlationId: row.correlation_id,
    attempt: row.attempt,
    maxAttempts: row.max_attempts,
    context: row.context ?? {},
    inputs: row.inputs ?? undefined,
    dependencies: row.dependencies ?? {},
  };
}

function reasonOf(row: Row): UnclaimedMessage['reason'] {
  if (row.step_uuid === null) return 'not_a_step_message';
  if (row.found_state === null || row.found_state === undefined) return 'unknown_step';
  if (row.found_state !== 'in_progress') return 'already_done';
  return row.exhausted === true ? 'attempts_exhausted' : 'leased_by_another';
}
