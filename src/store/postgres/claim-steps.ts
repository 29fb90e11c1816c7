// A worker takes messages from its queue and claims their steps: one statement, one transaction, any number of steps (spec 6.5).
import type pg from 'pg';
import { messageOf, TaskerError } from '../../domain/errors.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Logger } from '../../domain/ports.ts';
import { canonicalQueueName } from '../../messaging/queue-names.ts';
import type { ClaimedStep, ClaimParams, UnclaimedMessage } from '../store.ts';
import { run } from './pool.ts';
import type { Statement } from './pool.ts';

// How long a message stays hidden whose step the claim did not get, in ms: long enough to take the step over or to put the
// message away (two statements), short when the worker is lost before it has.
const lookMs = 1_000;

// The results of all ancestors of the steps in `claimed`. The filter is no condition: one on results made the planner, where it
// had seen none yet, read all steps of the database instead of the ancestors (13 ms a claim at 32,000 steps).
const dependencies = `
  ), ancestor as (
    select c.workflow_step_uuid as step_uuid, e.from_step_uuid as uuid
    from claimed c join tasker.workflow_step_edges e on e.to_step_uuid = c.workflow_step_uuid
    union
    select a.step_uuid, e.from_step_uuid
    from ancestor a join tasker.workflow_step_edges e on e.to_step_uuid = a.uuid
  ), dependency as (
    select a.step_uuid, jsonb_object_agg(n.name, p.results -> 'result') filter (where p.results is not null) as results
    from ancestor a
    join tasker.workflow_steps p on p.workflow_step_uuid = a.uuid
    join tasker.named_steps n on n.named_step_uuid = p.named_step_uuid
    group by a.step_uuid`;

// In their place for the second try of a claim whose inputs could not be read: each step's are then read by themselves. This
// try waits for locks: the server tells of the failure before the first one has let go of its messages.
const noDependencies = `
  ), dependency as (
    select null::uuid as step_uuid, null::jsonb as results where false`;

// What a claim statement answers for each of its messages: the step, and all its handler needs.
const answer = `
  )
  select m.msg_id::text as message_id, m.step_uuid, c.workflow_step_uuid is not null as claimed,
    c.task_uuid, n.name as step_name, t.named_task_uuid, t.correlation_id, c.attempts as attempt, c.max_attempts,
    t.context, c.inputs, d.results as dependencies`;

const answerSources = `
  from message m
  left join claimed c on c.workflow_step_uuid = m.step_uuid
  left join tasker.tasks t on t.task_uuid = c.task_uuid
  left join tasker.named_steps n on n.named_step_uuid = c.named_step_uuid
  left join dependency d on d.step_uuid = m.step_uuid`;

const messageStep = `case
      when message ->> 'step_uuid' ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' then (message ->> 'step_uuid')::uuid
    end`;

// The messages a claim leaves alone: of steps ($4, $5: template and name) whose handlers are in other workers.
const foreignSteps = `
      and not exists (
        select from tasker.workflow_steps s
        join tasker.tasks t on t.task_uuid = s.task_uuid
        join tasker.named_steps n on n.named_step_uuid = s.named_step_uuid
        join unnest($4::uuid[], $5::text[]) as foreign_kind (named_task_uuid, step_name)
          on foreign_kind.named_task_uuid = t.named_task_uuid and foreign_kind.step_name = n.name
        where s.workflow_step_uuid = ${messageStep})`;

// Written against the queue table itself, not pgmq.read: the function plans its dynamic statement anew at every call, and
// reading, claiming, logging and loading what the handler needs would be four transactions instead of one.
// One moment for everything: a message that came into sight before its lease ends would find the step still leased.
// Hidden for the lease is only what looks as if it could be claimed: of the rest nobody knows yet whose it is. The look costs
// 3 µs a message; joining the messages with what was claimed instead, to hide them afterwards, cost 2 ms at 50.
const claimText = (inputs: string, passedOver = ''): string => `
  with recursive moment as materialized (
    select tasker.now() as engine, clock_timestamp() as queue
  ), picked as materialized (
    select msg_id, ${messageStep} as step_uuid
    from pgmq.q_{queue} where vt <= (select queue from moment)${passedOver} order by msg_id limit $1 for update${inputs === noDependencies ? '' : ' skip locked'}
  ), message as materialized (
    update pgmq.q_{queue} q
    set read_ct = q.read_ct + 1, vt = (select queue from moment) + interval '1 millisecond' *
      case when s.state = 'enqueued' then $2::double precision else least($2::double precision, ${String(lookMs)}) end
    from picked p left join tasker.workflow_steps s on s.workflow_step_uuid = p.step_uuid
    where q.msg_id = p.msg_id
    returning q.msg_id, p.step_uuid
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
  ${inputs}${answer}, (select engine from moment)::text as moment
  ${answerSources}
  order by m.msg_id`;

// For the few messages whose step was not simply waiting: a step whose lease ran out is taken over, of the others the state
// is told. It goes by the moment of the claim ($5). A statement of its own, because its part in every claim made that one
// twice as dear (0.5 against 0.2 ms).
const takeOverText = (inputs: string): string => `
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
  ), hidden as (
    update pgmq.q_{queue} q set vt = clock_timestamp() + $2::double precision * interval '1 millisecond'
    from message m join claimed c on c.workflow_step_uuid = m.step_uuid where q.msg_id = m.msg_id
  ), logged as (
    insert into tasker.workflow_step_transitions (workflow_step_uuid, sort_key, from_state, to_state, attempt, actor_uuid, via, metadata)
    select workflow_step_uuid, sort_key, 'in_progress', 'in_progress', attempts, $3, '{enqueued}'::tasker.step_state[],
      '{"event":"LeaseExpired"}'::jsonb
    from claimed
  ${inputs}${answer}, o.state::text as found_state,
    o.lease_expires_at <= $5::timestamptz and (o.attempts >= o.max_attempts or not o.retryable) as exhausted
  ${answerSources}
  left join tasker.workflow_steps o on o.workflow_step_uuid = m.step_uuid
  order by m.msg_id`;

interface ClaimStatement {
  readonly whole: Statement;
  readonly withoutInputs: Statement;
}

// The server cuts names at 63 characters, so what tells two statements apart stands first.
const claimStatement = (queue: string): ClaimStatement => ({
  whole: { name: `claiming-from-${queue}`, text: claimText(dependencies).replaceAll('{queue}', queue) },
  withoutInputs: { name: `claiming-only-from-${queue}`, text: claimText(noDependencies).replaceAll('{queue}', queue) },
});

const ownClaimStatement = (queue: string): ClaimStatement => ({
  whole: { name: `claiming-own-from-${queue}`, text: claimText(dependencies, foreignSteps).replaceAll('{queue}', queue) },
  withoutInputs: {
    name: `claiming-only-own-from-${queue}`,
    text: claimText(noDependencies, foreignSteps).replaceAll('{queue}', queue),
  },
});

const takeOverStatement = (queue: string): ClaimStatement => ({
  whole: { name: `taking-over-steps-of-${queue}`, text: takeOverText(dependencies).replaceAll('{queue}', queue) },
  withoutInputs: { name: `taking-over-only-of-${queue}`, text: takeOverText(noDependencies).replaceAll('{queue}', queue) },
});

const inputsStatement: Statement = {
  name: 'reading-the-inputs-of-a-step',
  text: `
  with recursive claimed as (
    select $1::uuid as workflow_step_uuid
  ${dependencies}
  )
  select results as dependencies from dependency`,
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
  /** Why `dependencies` is missing from a claimed step. */
  readonly inputsError?: unknown;
}

export interface UnreadableStep {
  readonly step: ClaimedStep;
  readonly error: unknown;
}

export interface ClaimResult {
  readonly claimed: readonly ClaimedStep[];
  readonly unclaimed: readonly UnclaimedMessage[];
  /** Claimed too, but what their handler needs cannot be read. */
  readonly unreadable: readonly UnreadableStep[];
}

/** Rejects only while nothing is claimed. */
export async function claimSteps(pool: pg.Pool, logger: Logger, params: ClaimParams): Promise<ClaimResult> {
  const queue = canonicalQueueName(params.queueName);
  const { max, leaseMs, workerUuid, except = [] } = params;
  const found =
    except.length === 0
      ? await claimRows(pool, claimStatement(queue), [max, leaseMs, workerUuid])
      : await claimRows(pool, ownClaimStatement(queue), [
          max,
          leaseMs,
          workerUuid,
          except.map(({ namedTaskUuid }) => namedTaskUuid),
          except.map(({ stepName }) => stepName),
        ]);
  const waiting = found.filter(({ claimed }) => claimed);
  const others = found.filter(({ claimed }) => !claimed);
  try {
    return sortOut([...waiting, ...(await takeOver(pool, params, others))], params.queueName);
  } catch (error) {
    if (waiting.length === 0) throw error;
    logger.warn(
      { queueName: params.queueName, messages: others.length, error: messageOf(error) },
      'taking lost steps over failed; their messages show again within a second',
    );
    return sortOut(waiting, params.queueName);
  }
}

async function takeOver(pool: pg.Pool, params: ClaimParams, messages: readonly Row[]): Promise<readonly Row[]> {
  if (messages.length === 0) return [];
  return claimRows(pool, takeOverStatement(canonicalQueueName(params.queueName)), [
    messages.map((row) => row.message_id),
    params.leaseMs,
    params.workerUuid,
    messages.map((row) => row.step_uuid),
    messages[0]?.moment,
  ]);
}

/** One step whose inputs cannot be read must not keep the rest of its queue from being claimed. */
async function claimRows(pool: pg.Pool, statement: ClaimStatement, values: readonly unknown[]): Promise<readonly Row[]> {
  try {
    return await run<Row>(pool, statement.whole, values);
  } catch (error) {
    const code = error instanceof TaskerError ? error.code : undefined;
    if (code !== 'STORE_DATA_REFUSED' && code !== 'STORE_FAILED') throw error;
    const rows: Row[] = [];
    // One after the other: each may be hundreds of megabytes on the server.
    for (const row of await run<Row>(pool, statement.withoutInputs, values)) {
      rows.push(row.claimed ? await withInputs(pool, row) : row);
    }
    return rows;
  }
}

async function withInputs(pool: pg.Pool, row: Row): Promise<Row> {
  try {
    const [inputs] = await run<Pick<Row, 'dependencies'>>(pool, inputsStatement, [row.step_uuid]);
    return { ...row, dependencies: inputs?.dependencies ?? null };
  } catch (error) {
    return { ...row, inputsError: error };
  }
}

function sortOut(rows: readonly Row[], queueName: string): ClaimResult {
  // The same step twice in one batch (a message that was sent again): the first message carries the claim.
  const seen = new Set<string>();
  const claimed: ClaimedStep[] = [];
  const unclaimed: UnclaimedMessage[] = [];
  const unreadable: UnreadableStep[] = [];
  for (const row of rows) {
    if (!row.claimed || row.step_uuid === null || seen.has(row.step_uuid)) {
      const reason = row.claimed ? 'already_done' : reasonOf(row);
      unclaimed.push({ messageId: row.message_id, stepUuid: row.step_uuid ?? undefined, reason });
      continue;
    }
    seen.add(row.step_uuid);
    const step = claimedStep(row, row.step_uuid, queueName);
    if (row.inputsError === undefined) claimed.push(step);
    else unreadable.push({ step, error: row.inputsError });
  }
  return { claimed, unclaimed, unreadable };
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
  // Given back between the two statements: its message is what brings it to a worker.
  if (row.found_state === 'enqueued') return 'enqueued_again';
  if (row.found_state !== 'in_progress') return 'already_done';
  return row.exhausted === true ? 'attempts_exhausted' : 'leased_by_another';
}
