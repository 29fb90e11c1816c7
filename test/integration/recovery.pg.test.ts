// What a crash of the server or of a process leaves behind is found and moved on by the sweep; nothing is sent twice (spec 6.15).
import { describe, expect, it } from 'vitest';
import type { HandlerInput } from '../../src/worker/handler.ts';
import type { SweepReport } from '../../src/orchestration/lifecycle/recovery-sweep.ts';
import { createRecoverySweep } from '../../src/orchestration/lifecycle/recovery-sweep.ts';
import { useTestDatabase } from '../helpers/database.ts';
import { echo, outcomeWithin, planTask, useEngines } from '../helpers/engine.ts';
import type { Engine } from '../helpers/engine.ts';
import { useQueries } from '../helpers/queries.ts';
import { writeTasks } from '../helpers/row-factory.ts';

const unique = { identity_strategy: 'always_unique' };
const diamond = { start: [], left: ['start'], right: ['start'], end: ['left', 'right'] };
const calm = { sweepIntervalMs: 600_000, pollIntervalMs: 600_000 };

describe('the recovery sweep', () => {
  const database = useTestDatabase();
  const queries = useQueries(database);
  const openEngine = useEngines(database);

  /** What PostgreSQL does to unlogged tables when it comes back from a crash. */
  async function crashServer(): Promise<void> {
    const { tables } = await queries.row<{ tables: string }>(
      `select string_agg(format('%I.%I', n.nspname, c.relname), ', ') as tables
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relpersistence = 'u' and c.relkind = 'r'`,
    );
    expect(tables).toContain('tasker.queue_epoch');
    expect(tables).toContain('pgmq.q_orchestration_step_results');
    await queries.rows(`truncate ${tables}`);
  }
  const queued = async (queue: string) => Number((await queries.row(`select count(*)::int from pgmq.q_${queue}`))['count']);
  const sweepOf = (engine: Engine) => {
    const { store, core, clock, logger } = engine.tasker.runtime;
    return createRecoverySweep({ store, core, clock, logger });
  };
  const all = <T>(count: number, make: () => Promise<T>) => Promise.all(Array.from({ length: count }, make));

  it('sends the messages of waiting steps and of unprocessed results again after a crash of the server', async () => {
    const template = planTask('crashed', diamond, unique);
    const engine = await openEngine({ templates: [template], orchestrator: false, worker: false });
    const waiting = await all(5, () => engine.submit(template));
    const worker = await engine.tasker.startWorker({
      namespaces: ['tests'],
      handlers: { start: echo, left: echo, right: echo, end: echo },
    });
    await expect.poll(() => queued('orchestration_step_results'), { interval: 5, timeout: 5_000 }).toBe(5);
    await worker.stop();
    const fresh = await all(5, () => engine.submit(template));
    await crashServer();
    expect([await queued('worker_tests_queue'), await queued('orchestration_step_results')]).toEqual([0, 0]);

    const report = await sweepOf(engine).sweepNow();
    expect(report).toEqual({ decided: 0, resent: 10, failed: false } satisfies SweepReport);
    expect([await queued('worker_tests_queue'), await queued('orchestration_step_results')]).toEqual([5, 5]);
    expect(await sweepOf(engine).sweepNow()).toMatchObject({ resent: 0 });

    await engine.tasker.startOrchestrator(calm);
    await engine.tasker.startWorker({ namespaces: ['tests'], handlers: { start: echo, left: echo, right: echo, end: echo } });
    const outcomes = await Promise.all([...waiting, ...fresh].map((task) => task.outcome(outcomeWithin)));
    expect(new Set(outcomes)).toEqual(new Set(['complete']));
    const attempts = (await Promise.all([...waiting, ...fresh].map((task) => task.details()))).flatMap(({ steps }) =>
      steps.map((step) => step.attempts),
    );
    expect(new Set(attempts)).toEqual(new Set([1]));
    expect(await engine.tasker.runtime.store.doctor(100)).toEqual([]);
  });

  it('gives a step that was in progress to another worker only when its lease has ended', async () => {
    const template = planTask('leased', { work: [] });
    const engine = await openEngine({ templates: [template], worker: false, orchestrator: calm });
    const task = await engine.submit(template);
    const { store } = engine.tasker.runtime;
    await store.claimSteps({
      queueName: 'worker_tests_queue',
      max: 1,
      leaseMs: 60_000,
      workerUuid: '00000000-0000-7000-8000-00000000000a',
    });
    await crashServer();
    expect(await sweepOf(engine).sweepNow()).toMatchObject({ resent: 1 });
    const { seconds } = await queries.row<{ seconds: number }>(
      `select extract(epoch from m.vt - s.lease_expires_at)::float8 as seconds from pgmq.q_worker_tests_queue m
       join tasker.workflow_steps s on s.workflow_step_uuid = (m.message ->> 'step_uuid')::uuid`,
    );
    expect(Math.abs(seconds)).toBeLessThan(1);
    await queries.rows(`update tasker.workflow_steps set lease_expires_at = clock_timestamp() where task_uuid = $1`, [
      task.taskUuid,
    ]);
    await queries.rows('update pgmq.q_worker_tests_queue set vt = clock_timestamp()');
    await engine.tasker.startWorker({ namespaces: ['tests'], handlers: { work: ({ attempt }: HandlerInput) => attempt } });
    expect(await task.outcome(outcomeWithin)).toBe('complete');
    expect((await task.details()).steps).toMatchObject([{ attempts: 2, result: 2 }]);
  });

  it('sends nothing when nothing was lost, even when it looks at everything', async () => {
    const template = planTask('nothing_lost', diamond, unique);
    const engine = await openEngine({ templates: [template], orchestrator: false, worker: false });
    await sweepOf(engine).sweepNow();
    const tasks = await all(3, () => engine.submit(template));
    await engine.tasker.runtime.store.claimSteps({
      queueName: 'worker_tests_queue',
      max: 1,
      leaseMs: 60_000,
      workerUuid: '00000000-0000-7000-8000-00000000000a',
    });
    expect(await sweepOf(engine).sweepNow()).toEqual({ decided: 0, resent: 0, failed: false });
    expect(await engine.tasker.runtime.store.resendLostMessages({ evenWithoutCrash: true })).toEqual({});
    expect(await queued('worker_tests_queue')).toBe(3);
    for (const task of tasks) await task.cancel({ reason: 'done with it', by: 'test' });
    await queries.rows('delete from pgmq.q_worker_tests_queue');
  });

  it('finds a message that was lost without a crash when it looks at everything', async () => {
    const template = planTask('set_aside', { work: [] });
    const engine = await openEngine({ templates: [template], worker: false, orchestrator: false });
    const task = await engine.submit(template);
    await queries.rows('delete from pgmq.q_worker_tests_queue');
    const finding = (await engine.tasker.runtime.store.doctor(10)).find(({ taskUuid }) => taskUuid === task.taskUuid);
    expect(finding).toMatchObject({ kind: 'stuck', check: 'message_missing' });
    expect(await engine.tasker.runtime.store.resendLostMessages()).toEqual({});
    const sent = await engine.tasker.runtime.store.resendLostMessages({ evenWithoutCrash: true });
    expect(sent).toEqual({ worker_tests_queue: [expect.stringMatching(/^\d+$/)] });
    await task.cancel({ reason: 'done with it', by: 'test' });
  });

  it('serves a namespace with capital letters like any other', async () => {
    const template = planTask('capitals', diamond, { ...unique, namespace_name: 'MixedCase' });
    const engine = await openEngine({ templates: [template], worker: false, orchestrator: calm });
    const task = await engine.submit(template);
    await crashServer();
    expect(await sweepOf(engine).sweepNow()).toMatchObject({ resent: 1 });
    await engine.tasker.startWorker({ namespaces: ['MixedCase'], handlers: { start: echo, left: echo, right: echo, end: echo } });
    expect(await task.outcome(outcomeWithin)).toBe('complete');
  });

  it('sends one message a step where two namespaces differ in case only', async () => {
    const lower = planTask('twins', { work: [] }, { ...unique, namespace_name: 'twins' });
    const upper = planTask('twins', { work: [] }, { ...unique, namespace_name: 'Twins' });
    const engine = await openEngine({ templates: [lower, upper], worker: false, orchestrator: false });
    const tasks = [await engine.submit(lower), await engine.submit(upper)];
    await crashServer();
    expect(await sweepOf(engine).sweepNow()).toMatchObject({ resent: 2 });
    for (const task of tasks) await task.cancel({ reason: 'done with it', by: 'test' });
  });

  it('sends a burst of lost messages in a few statements', async () => {
    const template = planTask('burst', { work: [] }, { ...unique, namespace_name: 'burst' });
    const engine = await openEngine({ templates: [template], worker: false, orchestrator: false });
    const request = { namespace: 'burst', name: 'burst', version: '1.0.0', context: {} };
    await engine.tasker.runtime.core.submitTasks(Array.from({ length: 300 }, () => request));
    await crashServer();
    const sent = await engine.tasker.runtime.store.resendLostMessages();
    expect(sent['worker_burst_queue']).toHaveLength(300);
    const { times } = await queries.row<{ times: number }>(
      'select count(distinct vt)::int as times from pgmq.q_worker_burst_queue',
    );
    expect(times).toBe(1);
    await queries.rows('delete from pgmq.q_worker_burst_queue');
    await queries.rows(`update tasker.tasks set complete = true, state = 'cancelled' where not complete`);
  });

  it('moves tasks on that an orchestrator of another version left between two states', async () => {
    const template = planTask('between', { work: [] });
    const engine = await openEngine({ templates: [template], orchestrator: false });
    const minutesAgo = (minutes: number) => Date.now() - minutes * 60_000;
    const tasks = await writeTasks(queries, [
      { state: 'evaluating_results', createdAt: minutesAgo(11), steps: [{ state: 'complete' }] },
      { state: 'evaluating_results', createdAt: minutesAgo(1), steps: [{ state: 'complete' }] },
      { state: 'steps_in_process', createdAt: minutesAgo(11), steps: [{ state: 'complete' }] },
      { state: 'steps_in_process', createdAt: minutesAgo(11), steps: [{ state: 'in_progress', attempts: 1 }] },
      { state: 'initializing', createdAt: minutesAgo(11), steps: [{ state: 'error' }] },
    ]);
    expect(await sweepOf(engine).sweepNow()).toMatchObject({ decided: 3 });
    const uuids = tasks.map(({ taskUuid }) => taskUuid);
    const states = new Map((await engine.tasker.runtime.store.taskStates(uuids)).map(({ taskUuid, state }) => [taskUuid, state]));
    expect(uuids.map((uuid) => states.get(uuid))).toEqual([
      'complete',
      'evaluating_results',
      'complete',
      'steps_in_process',
      'blocked_by_failures',
    ]);
  });
});
