// What a claim has claimed is answered, whatever else fails; and a step that cannot be read does not block its queue.
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { orchestrationQueues } from '../../../src/messaging/queue-names.ts';
import { newUuid } from '../../../src/runtime/clock.ts';
import type { Runtime } from '../../../src/runtime/open-runtime.ts';
import { openRuntime } from '../../../src/runtime/open-runtime.ts';
import { useTestDatabase } from '../../helpers/database.ts';
import { createRecordingLogger, planTask } from '../../helpers/engine.ts';
import type { RecordingLogger, StepPlan } from '../../helpers/engine.ts';
import { useQueries } from '../../helpers/queries.ts';
import { beforeNext } from './before-next.ts';

const [late, next] = [newUuid(), newUuid()];
const queueName = 'worker_tests_queue';
const connectionLoss = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

// PostgreSQL gives up at 268,435,455 bytes, which take a test 20 s; here its aggregate gives up at 1,000.
const smallServer = `
  create schema small_server;
  create function small_server.add(known jsonb, name text, result jsonb) returns jsonb language plpgsql as $$
  begin
    if pg_column_size(known) > 1000 then
      raise exception 'total size of jsonb object elements exceeds the maximum of 1000 bytes' using errcode = '54000';
    end if;
    return coalesce(known, '{}') || jsonb_build_object(name, result);
  end $$;
  create aggregate small_server.jsonb_object_agg(text, jsonb) (sfunc = small_server.add, stype = jsonb);
  do $$ begin execute format('alter database %I set search_path = small_server, pg_catalog, public', current_database()); end $$`;

describe('a claim', () => {
  const database = useTestDatabase();
  const queries = useQueries(database);
  beforeAll(async () => {
    await queries.rows(smallServer);
  });
  let runtime: Runtime;
  let logger: RecordingLogger;
  beforeEach(async () => {
    logger = createRecordingLogger();
    runtime = await openRuntime({ databaseUrl: database.url, migrate: false, maxConnections: 4, logger });
  });
  afterEach(async () => {
    await runtime.pool.query(`select pgmq.purge_queue('${queueName}')`);
    await runtime.close();
  });

  const claim = (workerUuid: string, leaseMs = 60_000) => runtime.store.claimSteps({ queueName, max: 10, leaseMs, workerUuid });
  const warnings = () => logger.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);

  /** The uuid of the task. */
  async function submit(name: string, steps: Readonly<Record<string, StepPlan>>): Promise<string> {
    const template = planTask(name, steps);
    await runtime.core.registerTemplate(template);
    const [submitted] = await runtime.core.submitTasks([
      { namespace: template.namespace_name, name: template.name, version: template.version, context: {} },
    ]);
    return submitted?.ok === true ? submitted.value.taskUuid : expect.unreachable('the task was not created');
  }

  it('answers with what it claimed when the steps of lost workers cannot be taken over, and leaves those for the next', async () => {
    const lost = await submit('lost', { only: [] });
    await claim(late, 0);
    const waiting = await submit('waiting', { only: [] });
    beforeNext(runtime.pool, 'taking-over-steps', () => Promise.reject(connectionLoss));
    const { claimed } = await claim(next);
    expect(claimed.map(({ taskUuid }) => taskUuid)).toEqual([waiting]);
    expect(warnings()).toEqual([expect.stringContaining('taking lost steps over failed')]);
    await runtime.pool.query(`update pgmq.q_${queueName} set vt = clock_timestamp() where message ->> 'task_uuid' = $1`, [lost]);
    expect(await claim(next)).toMatchObject({ claimed: [{ taskUuid: lost, attempt: 2 }] });
  });

  it('answers with what it claimed and took over when the other messages cannot be put away', async () => {
    const lost = await submit('lost_as_well', { only: [] });
    await claim(late, 0);
    const waiting = await submit('waiting_as_well', { only: [] });
    await runtime.provider.send(queueName, [{ hello: 'world' }]);
    beforeNext(runtime.pool, 'setting-messages-aside', () => Promise.reject(new Error('permission denied')));
    const { claimed, unclaimed } = await claim(next);
    expect(new Set(claimed.map(({ taskUuid }) => taskUuid))).toEqual(new Set([lost, waiting]));
    expect(unclaimed).toEqual([]);
    expect(warnings()).toEqual([expect.stringContaining('could not be put away')]);
  });

  it('rejects when it claimed nothing and cannot go on', async () => {
    await runtime.core.registerTemplate(planTask('nothing', { only: [] }));
    await runtime.provider.send(queueName, [{ hello: 'world' }]);
    beforeNext(runtime.pool, 'setting-messages-aside', () => Promise.reject(new Error('permission denied')));
    await expect(claim(next)).rejects.toThrow('permission denied');
  });

  describe('whose batch holds a step with more inputs than one JSON value can be', () => {
    const parents = ['one', 'two', 'three'];

    async function submitTooLarge(name: string): Promise<string> {
      const taskUuid = await submit(name, { ...Object.fromEntries(parents.map((parent) => [parent, []])), end: parents });
      const { pool, provider } = runtime;
      await pool.query(`delete from pgmq.q_${queueName} where message ->> 'task_uuid' = $1`, [taskUuid]);
      const { rows } = await pool.query<{ name: string; uuid: string }>(
        `update tasker.workflow_steps s set state = case when n.name = 'end' then 'enqueued' else 'complete' end::tasker.step_state,
           results = case when n.name = 'end' then null else jsonb_build_object('success', true, 'result', repeat('x', 600)) end
         from tasker.named_steps n where n.named_step_uuid = s.named_step_uuid and s.task_uuid = $1
         returning n.name, s.workflow_step_uuid as uuid`,
        [taskUuid],
      );
      const end = rows.find((row) => row.name === 'end')?.uuid ?? '';
      await provider.send(queueName, [{ task_uuid: taskUuid, step_uuid: end, correlation_id: taskUuid }]);
      return taskUuid;
    }

    const stepNamed = async (taskUuid: string, name: string) =>
      (await runtime.store.taskDetails(taskUuid))?.steps.find((step) => step.name === name);

    it('claims the others, with their inputs, and fails that one with the reason', async () => {
      const large = await submitTooLarge('too_large');
      const small = await submit('small', { only: [] });
      const { claimed, unclaimed, sent } = await claim(next);
      expect(claimed.map(({ taskUuid }) => taskUuid)).toEqual([small]);
      expect(unclaimed).toEqual([]);
      expect(sent[orchestrationQueues.stepResults]).toHaveLength(1);
      expect(await stepNamed(large, 'end')).toMatchObject({
        state: 'enqueued_as_error_for_orchestration',
        attempts: 1,
        errorMessage: expect.stringMatching(/^the inputs of step end are too large to be read: .*; let them return references/),
      });
      const { rows } = await runtime.pool.query(
        `select results #> '{error,error_type}' as type, results #> '{metadata,retryable}' as retryable from tasker.workflow_steps
         where task_uuid = $1 and state = 'enqueued_as_error_for_orchestration'`,
        [large],
      );
      expect(rows).toEqual([{ type: 'inputs_too_large', retryable: false }]);
    });

    it('takes a lost step over with its inputs beside it', async () => {
      const task = await submit('chain', { first: [], second: ['first'] });
      await runtime.pool.query(
        `update tasker.workflow_steps s set state = case when n.name = 'first' then 'complete' else 'in_progress' end::tasker.step_state,
           attempts = 1, lease_expires_at = tasker.now(), results = case when n.name = 'first' then '{"success": true, "result": 7}'::jsonb end
         from tasker.named_steps n where n.named_step_uuid = s.named_step_uuid and s.task_uuid = $1`,
        [task],
      );
      const large = await submitTooLarge('too_large_again');
      await runtime.pool.query(
        `update tasker.workflow_steps set state = 'in_progress', attempts = 1, lease_expires_at = tasker.now() where task_uuid = $1 and state = 'enqueued'`,
        [large],
      );
      const second = (await stepNamed(task, 'second'))?.stepUuid ?? '';
      await runtime.provider.send(queueName, [{ task_uuid: task, step_uuid: second, correlation_id: task }]);
      const { claimed } = await claim(next);
      expect(claimed).toMatchObject([{ taskUuid: task, attempt: 2, dependencies: { first: 7 } }]);
      expect(await stepNamed(large, 'end')).toMatchObject({ state: 'enqueued_as_error_for_orchestration', attempts: 2 });
    });
  });

  it('finds its messages again although the transaction that failed has not let go of them yet', async () => {
    const task = await submit('still_locked', { only: [] });
    const failing = await runtime.pool.connect();
    beforeNext(runtime.pool, 'claiming-from', async () => {
      await failing.query('begin');
      await failing.query(`select from pgmq.q_${queueName} for update`);
      throw Object.assign(new Error('canceling statement'), { code: '57014' });
    });
    const claiming = claim(next);
    try {
      await expect.poll(backendsThatWait, { interval: 5, timeout: 5_000 }).toBe(1);
    } finally {
      await failing.query('rollback');
      failing.release();
    }
    expect(await claiming).toMatchObject({ claimed: [{ taskUuid: task, attempt: 1 }] });
  });

  async function backendsThatWait(): Promise<number> {
    const { waiting } = await queries.row<{ waiting: number }>(
      `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return waiting;
  }

  it('leaves a step to its lease whose inputs could not be read for a reason that may pass', async () => {
    const task = await submit('unreadable', { only: [] });
    beforeNext(runtime.pool, 'claiming-from', async () => {
      beforeNext(runtime.pool, 'reading-the-inputs', () => Promise.reject(new Error('canceling statement')));
      throw Object.assign(new Error('canceling statement'), { code: '57014' });
    });
    await expect(claim(next)).resolves.toMatchObject({ claimed: [] });
    expect(await runtime.store.taskDetails(task)).toMatchObject({ steps: [{ state: 'in_progress', attempts: 1 }] });
    expect(logger.lines.filter(({ level }) => level === 'error')).toMatchObject([{ fields: { taskUuid: task } }]);
  });
});
