// The doctor: silent on a healthy database, exact on each broken invariant, and with a reason for each task that does not move.
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { openRuntime } from '../../src/runtime/open-runtime.ts';
import type { Runtime } from '../../src/runtime/open-runtime.ts';
import { useTestDatabase } from '../helpers/database.ts';
import { useQueries } from '../helpers/queries.ts';
import { writeTasks } from '../helpers/row-factory.ts';
import type { TaskRow } from '../helpers/row-factory.ts';

const done: TaskRow = {
  state: 'complete',
  steps: [
    { state: 'complete', attempts: 1 },
    { state: 'complete', attempts: 1, parents: [0] },
  ],
};

describe('the doctor', () => {
  const database = useTestDatabase();
  const queries = useQueries(database);
  let runtime: Runtime | undefined;
  afterEach(async () => {
    await queries.rows(
      'truncate tasker.tasks, tasker.workflow_steps, tasker.workflow_step_edges, tasker.task_transitions, tasker.workflow_step_transitions, tasker.process_health',
    );
    await runtime?.close();
    runtime = undefined;
  });

  async function examine(limit = 100) {
    runtime ??= await openRuntime({ databaseUrl: database.url, migrate: false, maxConnections: 2 });
    return runtime.store.doctor(limit);
  }

  it('has nothing to say of an empty database, nor of finished tasks', async () => {
    expect(await examine()).toEqual([]);
    await writeTasks(queries, [
      done,
      { state: 'cancelled', steps: [{ state: 'cancelled' }] },
      { state: 'resolved_manually', steps: [{ state: 'resolved_manually' }] },
    ]);
    expect(await examine()).toEqual([]);
  });

  it.each([
    [
      'newest_task_transition',
      `update tasker.tasks set sort_key = 7`,
      /task is complete at change 7, its newest transition says complete at 1/,
    ],
    [
      'newest_task_transition',
      `delete from tasker.task_transitions`,
      /task is complete at change 1, its newest transition says  at/,
    ],
    [
      'newest_step_transition',
      `update tasker.workflow_step_transitions set to_state = 'error'`,
      /step step_\d is complete at change 1, its newest transition says error at 1/,
    ],
    ['complete_flag', `update tasker.tasks set complete = false`, /task is complete but complete = f/],
    ['complete_flag', `update tasker.tasks set completed_at = null`, /task is complete but complete = t/],
    [
      'complete_with_open_steps',
      `with s as (update tasker.workflow_steps set state = 'pending' returning workflow_step_uuid) update tasker.workflow_step_transitions set to_state = 'pending'`,
      /task is complete, its step step_\d is pending/,
    ],
    [
      'started_before_parents',
      `update tasker.workflow_steps set state = 'enqueued'`,
      /step step_1 is enqueued, its parent step_0 is enqueued/,
    ],
    ['attempts_over_maximum', `update tasker.workflow_steps set attempts = 4`, /step step_\d has 4 attempts of 3/],
    [
      'attempts_over_maximum',
      `update tasker.workflow_steps set attempts = 2, max_attempts = 0`,
      /step step_\d has 2 attempts of 0/,
    ],
    [
      'lease_without_work',
      `update tasker.workflow_steps set lease_expires_at = now()`,
      /step step_\d is complete and holds a lease/,
    ],
    ['lease_without_work', `update tasker.workflow_steps set state = 'in_progress'`, /step step_\d is in_progress/],
    [
      'completed_step_without_result',
      `update tasker.workflow_steps set results = null`,
      /step step_\d is complete and has no result/,
    ],
    [
      'cancelled_with_open_steps',
      `with t as (update tasker.tasks set state = 'cancelled') update tasker.workflow_steps set state = 'enqueued'`,
      /task is cancelled, its step step_\d is enqueued/,
    ],
    [
      'blocked_without_failure',
      `update tasker.tasks set state = 'blocked_by_failures', complete = false, completed_at = null`,
      /task is blocked_by_failures, none of its steps is in error/,
    ],
    [
      'retry_without_time',
      `update tasker.workflow_steps set state = 'waiting_for_retry'`,
      /step step_\d is waiting_for_retry and has no time for it/,
    ],
    [
      'unknown_named_step',
      `update tasker.workflow_steps set named_step_uuid = tasker.new_uuid()`,
      /^step [\da-f-]{36} \(complete\) names the step [\da-f-]{36}, which does not exist/,
    ],
    [
      'unknown_named_task',
      `update tasker.tasks set named_task_uuid = tasker.new_uuid()`,
      /^task is complete of the template [\da-f-]{36}, which does not exist/,
    ],
    ['orphan_step', `delete from tasker.tasks`, /belongs to no task/],
    ['orphan_edge', `delete from tasker.workflow_steps`, /has an end that does not exist/],
  ])('finds %s after %s', async (check, breakage, message) => {
    const [task] = await writeTasks(queries, [done]);
    expect(await examine()).toEqual([]);
    await queries.rows(breakage);
    const findings = (await examine()).filter((finding) => finding.kind === 'violation');
    const hits = findings.filter((finding) => finding.check === check);
    expect(hits).not.toEqual([]);
    expect(hits.some((finding) => message.test(finding.message))).toBe(true);
    expect(hits.every(({ taskUuid }) => taskUuid === (check === 'orphan_edge' ? undefined : task?.taskUuid))).toBe(true);
  });

  it('bounds its findings', async () => {
    await writeTasks(
      queries,
      Array.from({ length: 30 }, () => done),
    );
    await queries.rows('update tasker.tasks set sort_key = 7');
    expect(await examine(5)).toHaveLength(5);
  });

  /** A row as a process writes it: an orchestrator that runs, a worker that runs and serves this. */
  const report = (of: {
    readonly orchestrator?: string;
    readonly worker?: object;
    readonly agoSeconds?: number;
    readonly status?: string;
  }) =>
    queries.rows(
      `insert into tasker.process_health (process_uuid, kind, hostname, pid, started_at, reported_at, status, snapshot)
        values (tasker.new_uuid(), 'combined', 'here', 1, tasker.now(), tasker.now() - $1 * interval '1 second', $2, $3)`,
      [
        of.agoSeconds ?? 0,
        of.status ?? 'healthy',
        {
          orchestrators: of.orchestrator === undefined ? [] : [{ isRunning: true, effectiveMode: of.orchestrator }],
          workers: of.worker === undefined ? [] : [{ isRunning: true, ...of.worker }],
        },
      ],
    );
  const everybody = { orchestrator: 'Hybrid', worker: { namespaces: ['ROWS'], handlers: null } };

  it('says of each waiting step why it waits and until when', async () => {
    await report(everybody);
    const retryAt = Date.now() + 90_000;
    const [retry, running, blocked, stuck] = await writeTasks(queries, [
      { state: 'waiting_for_retry', steps: [{ state: 'waiting_for_retry', attempts: 1, nextRetryAt: retryAt }] },
      {
        state: 'steps_in_process',
        steps: [
          { state: 'in_progress', attempts: 2 },
          { state: 'pending', parents: [0] },
        ],
      },
      {
        state: 'blocked_by_failures',
        steps: [
          { state: 'error', attempts: 3 },
          { state: 'waiting_for_retry', attempts: 1, nextRetryAt: retryAt },
        ],
      },
      { state: 'steps_in_process', steps: [{ state: 'complete', attempts: 1 }] },
    ]);
    const findings = await examine();
    const of = (task: typeof retry) =>
      findings
        .filter(({ taskUuid }) => taskUuid === task?.taskUuid)
        .map(({ kind, check, message, movesAt }) => ({ kind, check, message, movesAt }));
    expect(of(retry)).toEqual([
      { kind: 'waiting', check: 'waiting_for_retry', message: 'step step_0 waits for attempt 2 of 3', movesAt: retryAt },
    ]);
    expect(of(running)).toEqual([
      {
        kind: 'waiting',
        check: 'in_progress',
        message: expect.stringMatching(/^step step_0 is being executed \(attempt 2 of 3\)/),
        movesAt: expect.any(Number),
      },
    ]);
    expect(of(blocked)).toEqual([
      {
        kind: 'stuck',
        check: 'error',
        message: expect.stringMatching(/^step step_0 failed for good after 3 attempts: no message\. Use tasker step retry/),
        movesAt: undefined,
      },
      {
        kind: 'stuck',
        check: 'waiting_for_retry',
        message: expect.stringMatching(/^step step_1 waits for attempt 2 of 3, which begins when the failed step/),
        movesAt: undefined,
      },
    ]);
    expect(of(stuck)).toEqual([
      {
        kind: 'stuck',
        check: 'no_step_moves',
        message: expect.stringMatching(/task is steps_in_process, none of its steps is under way/),
        movesAt: undefined,
      },
    ]);
  });

  const waiting: readonly TaskRow[] = [
    { steps: [{ name: 'ready', state: 'enqueued' }] },
    { steps: [{ name: 'taken', state: 'in_progress', attempts: 1 }] },
    { steps: [{ name: 'done', state: 'enqueued_for_orchestration', attempts: 1 }] },
    { state: 'waiting_for_retry', steps: [{ name: 'again', state: 'waiting_for_retry', attempts: 1, nextRetryAt: 0 }] },
    { steps: [{ name: 'over', state: 'complete', attempts: 1 }] },
  ];
  /** Messages for those that need one, so that none counts as lost. */
  async function write(tasks: readonly TaskRow[]) {
    const written = await writeTasks(queries, tasks);
    await queries.rows(`select pgmq.create_unlogged('worker_rows_queue')`);
    onTestFinished(async () => {
      await queries.rows(`select pgmq.drop_queue('worker_rows_queue'), pgmq.purge_queue('orchestration_step_results')`);
    });
    const queue = (state: string) =>
      state === 'enqueued_for_orchestration' ? 'orchestration_step_results' : 'worker_rows_queue';
    const steps = await queries.rows<{ id: string; state: string }>(
      `select workflow_step_uuid::text as id, state from tasker.workflow_steps where state in ('enqueued', 'in_progress', 'enqueued_for_orchestration')`,
    );
    for (const { id, state } of steps) await queries.rows('select pgmq.send($1, $2::jsonb)', [queue(state), { step_uuid: id }]);
    return written;
  }
  const checks = async () => Object.fromEntries((await examine()).map((finding) => [finding.check, finding]));

  it('calls it stuck when no process is alive that could move it, and says which to start', async () => {
    await write(waiting);
    // All of them useless: gone, stopped, an orchestrator that does nothing, a worker of others.
    await report({ ...everybody, agoSeconds: 31 });
    await report({ ...everybody, status: 'stopped' });
    await report({ orchestrator: 'Disabled', worker: { namespaces: ['elsewhere'], handlers: ['ready'] } });
    const findings = await examine();
    expect(findings.map(({ kind, check, movesAt }) => ({ kind, check, movesAt }))).toEqual(
      ['no_worker', 'no_worker', 'no_orchestrator', 'no_orchestrator', 'no_orchestrator'].map((check) => ({
        kind: 'stuck',
        check,
        movesAt: undefined,
      })),
    );
    const texts = findings.map(({ message }) => message);
    expect(texts).toContainEqual(
      'step ready waits in worker_rows_queue for a worker, and no live worker serves namespace rows; start one: tasker start --templates <file> --handlers <module>',
    );
    expect(texts).toContainEqual(
      expect.stringMatching(/^step taken lost its worker .*, and no live worker serves namespace rows/),
    );
    const start = 'start one: tasker start --orchestrator-only';
    expect(texts).toContainEqual(
      `step done waits for an orchestrator to take over its result, and no orchestrator is alive; ${start}`,
    );
    expect(texts).toContainEqual(`step again waits for attempt 2 of 3, and no orchestrator is alive; ${start}`);
    expect(texts).toContainEqual(
      `task is steps_in_process, none of its steps is under way; no orchestrator is alive to look at it again; ${start}`,
    );
  });

  it('says of what was due already that it moves now', async () => {
    await write(waiting);
    await queries.rows(`update tasker.workflow_steps set lease_expires_at = '2020-01-01' where state = 'in_progress'`);
    await report(everybody);
    const before = Date.now() - 1_000;
    const found = await checks();
    expect(found['in_progress']).toMatchObject({
      kind: 'waiting',
      message: expect.stringMatching(/its message is handed to another worker$/),
    });
    expect(found['in_progress']?.movesAt).toBeGreaterThan(before);
    expect(found['waiting_for_retry']?.movesAt).toBeGreaterThan(before);
  });

  it('knows by the health rows whether a live worker has the handler of a step', async () => {
    await write([{ steps: [{ name: 'ready', state: 'enqueued' }] }]);
    await queries.rows(
      `update tasker.named_tasks set configuration = '{"steps":[{"name":"ready","handler":{"callable":"make_ready"}}]}' where name = 'rows'`,
    );
    await report({ orchestrator: 'Hybrid', worker: { namespaces: ['rows'], handlers: ['ready', 'go'] } });
    expect(await examine()).toMatchObject([
      { kind: 'stuck', check: 'no_handler', message: expect.stringMatching(/^no live worker knows handler make_ready, /) },
    ]);
    await report({ worker: { namespaces: ['rows', 'more'], handlers: ['make_ready'] } });
    expect(await examine()).toMatchObject([{ kind: 'waiting', check: 'enqueued' }]);
    await queries.rows(`update tasker.named_tasks set configuration = '{}' where name = 'rows'`);
  });
});
