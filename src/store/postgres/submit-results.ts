// A worker hands its results over: step, transition, dropped step message and message to the orchestrator in one transaction.
import type pg from 'pg';
import { storedResult } from '../../domain/step-result.ts';
import { canonicalQueueName, orchestrationQueues } from '../../messaging/queue-names.ts';
import type { SentMessages, StepReport, SubmitResult, UnclaimedMessage } from '../store.ts';
import { run } from './pool.ts';
import type { Statement } from './pool.ts';

const resultQueue = orchestrationQueues.stepResults;

// The result messages go to the queue table directly for the reason given in claim-steps.ts.
const sendResults = `
  insert into pgmq.q_${resultQueue} (vt, message)
  select clock_timestamp(), jsonb_build_object('task_uuid', r.task_uuid, 'step_uuid', r.workflow_step_uuid, 'correlation_id', t.correlation_id)
  from reported r join tasker.tasks t using (task_uuid)
  returning msg_id`;

const submitStatement = (queue: string): Statement => ({
  name: `submitting-results-of-${queue}`,
  text: `
    with report as (
      select * from unnest($2::uuid[], $3::integer[], $4::boolean[], $5::integer[], $6::jsonb[], $7::bigint[])
        as r (step_uuid, attempt, success, execution_time_ms, result, msg_id)
    ), reported as (
      update tasker.workflow_steps s
      set state = case when r.success then 'enqueued_for_orchestration' else 'enqueued_as_error_for_orchestration' end::tasker.step_state,
        sort_key = s.sort_key + 1, lease_expires_at = null, results = r.result
      from report r
      where s.workflow_step_uuid = r.step_uuid and s.state = 'in_progress' and s.attempts = r.attempt and s.worker_uuid = $1
      returning s.workflow_step_uuid, s.task_uuid, s.sort_key, s.state, s.attempts, r.execution_time_ms, r.msg_id
    ), logged as (
      insert into tasker.workflow_step_transitions (workflow_step_uuid, sort_key, from_state, to_state, attempt, execution_time_ms, actor_uuid)
      select workflow_step_uuid, sort_key, 'in_progress', state, attempts, execution_time_ms, $1 from reported
    ), dropped as (
      delete from pgmq.q_${queue} m using reported r where m.msg_id = r.msg_id
    ), sent as (${sendResults})
    select
      (select coalesce(array_agg(workflow_step_uuid::text), '{}') from reported) as accepted,
      (select coalesce(array_agg(msg_id::text), '{}') from sent) as sent`,
});

/**
 * Accepts the reports whose step is still this worker's attempt. The others are refused and change nothing: the message of
 * a step that another worker has taken over is that worker's now, and the only thing that brings the step back if it dies.
 */
export async function submitResults(pool: pg.Pool, workerUuid: string, reports: readonly StepReport[]): Promise<SubmitResult> {
  const queues = [...new Set(reports.map((report) => report.queueName))];
  const parts = await Promise.all(
    queues.map((queue) =>
      submitToQueue(
        pool,
        workerUuid,
        queue,
        reports.filter((report) => report.queueName === queue),
      ),
    ),
  );
  const sent = parts.flatMap((part) => part.sent);
  return { refused: parts.flatMap((part) => part.refused), sent: sent.length === 0 ? {} : { [resultQueue]: sent } };
}

async function submitToQueue(pool: pg.Pool, workerUuid: string, queue: string, reports: readonly StepReport[]) {
  const rows = await run<{ accepted: readonly string[]; sent: readonly string[] }>(
    pool,
    submitStatement(canonicalQueueName(queue)),
    [
      workerUuid,
      reports.map((report) => report.stepUuid),
      reports.map((report) => report.attempt),
      reports.map((report) => report.success),
      reports.map((report) => Math.round(report.executionTimeMs)),
      reports.map((report) => JSON.stringify(storedResult(report.result))),
      reports.map((report) => report.messageId),
    ],
  );
  const accepted = new Set(rows[0]?.accepted);
  return {
    refused: reports.map((report) => report.stepUuid).filter((uuid) => !accepted.has(uuid)),
    sent: rows[0]?.sent ?? [],
  };
}

// A step whose last attempt was lost with its worker, or whose only one: it must not run twice when it is not retryable. It
// fails like any other step, so that the task can be explained.
const exhaustStatement = (queue: string): Statement => ({
  name: `failing-lost-steps-of-${queue}`,
  text: `
    with reported as (
      update tasker.workflow_steps s
      set state = 'enqueued_as_error_for_orchestration', sort_key = s.sort_key + 1, lease_expires_at = null,
        results = jsonb_build_object('step_uuid', s.workflow_step_uuid, 'success', false, 'result', '{}'::jsonb, 'status', 'error',
          'error', jsonb_build_object('message', 'the worker was lost during attempt ' || s.attempts || ' of ' || s.max_attempts,
            'error_type', 'worker_lost', 'retryable', false),
          'metadata', jsonb_build_object('retryable', false, 'error_type', 'worker_lost', 'worker_id', s.worker_uuid))
      where s.workflow_step_uuid = any ($1::uuid[]) and s.state = 'in_progress' and s.lease_expires_at <= tasker.now()
        and (s.attempts >= s.max_attempts or not s.retryable)
      returning s.workflow_step_uuid, s.task_uuid, s.sort_key, s.attempts
    ), logged as (
      insert into tasker.workflow_step_transitions (workflow_step_uuid, sort_key, from_state, to_state, attempt, actor_uuid, metadata)
      select workflow_step_uuid, sort_key, 'in_progress', 'enqueued_as_error_for_orchestration', attempts, $2, '{"event":"LeaseExpired"}'
      from reported
    ), sent as (${sendResults})
    select
      (select coalesce(array_agg(workflow_step_uuid::text), '{}') from reported) as failed,
      (select coalesce(array_agg(msg_id::text), '{}') from sent) as sent`,
});

// The claim has hidden them for a moment only; they are of use when the other worker's lease has ended.
const waitForLeaseStatement = (queue: string): Statement => ({
  name: `waiting-for-leases-of-${queue}`,
  text: `
    update pgmq.q_${queue} m set vt = greatest(s.lease_expires_at, clock_timestamp())
    from tasker.workflow_steps s
    where m.msg_id = any ($1::bigint[]) and s.workflow_step_uuid = (m.message ->> 'step_uuid')::uuid and s.state = 'in_progress'`,
});

const dropStatement = (queue: string): Statement => ({
  name: `dropping-messages-of-${queue}`,
  text: `delete from pgmq.q_${queue} where msg_id = any ($1::bigint[])`,
});

const setAsideStatement = {
  name: 'setting-messages-aside',
  text: 'select pgmq.archive($1, $2::bigint[])',
};

/** Does what has to be done about messages that claimed nothing: drop, hide until the lease ends, set aside, fail a lost step, or nothing. */
export async function disposeMessages(
  pool: pg.Pool,
  workerUuid: string,
  queueName: string,
  messages: readonly UnclaimedMessage[],
): Promise<SentMessages> {
  const queue = canonicalQueueName(queueName);
  const idsOf = (...reasons: readonly UnclaimedMessage['reason'][]) =>
    messages.filter((message) => reasons.includes(message.reason)).map((message) => message.messageId);
  const garbage = idsOf('not_a_step_message', 'unknown_step');
  if (garbage.length > 0) await run(pool, setAsideStatement, [queue, garbage]);
  const lost = messages.filter((message) => message.reason === 'attempts_exhausted');
  const { failed, sent } = await exhaust(pool, workerUuid, queue, lost);
  // Not failed: its worker has renewed the lease meanwhile, and the message is all that brings the step back if it dies.
  const idsOfLost = (wasFailed: boolean) =>
    lost.filter(({ stepUuid = '' }) => failed.has(stepUuid) === wasFailed).map((message) => message.messageId);
  const leased = [...idsOf('leased_by_another'), ...idsOfLost(false)];
  if (leased.length > 0) await run(pool, waitForLeaseStatement(queue), [leased]);
  const done = [...idsOf('already_done'), ...idsOfLost(true)];
  if (done.length > 0) await run(pool, dropStatement(queue), [done]);
  return sent.length === 0 ? {} : { [resultQueue]: sent };
}

async function exhaust(pool: pg.Pool, workerUuid: string, queue: string, lost: readonly UnclaimedMessage[]) {
  if (lost.length === 0) return { failed: new Set<string>(), sent: [] };
  const rows = await run<{ failed: readonly string[]; sent: readonly string[] }>(pool, exhaustStatement(queue), [
    lost.map(({ stepUuid }) => stepUuid),
    workerUuid,
  ]);
  return { failed: new Set(rows[0]?.failed), sent: rows[0]?.sent ?? [] };
}
