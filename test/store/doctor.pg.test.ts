// The doctor: silent on a healthy database, exact on each broken invariant, and with a reason for each task that does not move.
import { afterEach, describe, expect, it } from 'vitest';
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
      'truncate tasker.tasks, tasker.workflow_steps, tasker.workflow_step_edges, tasker.task_transitions, tasker.workflow_step_transitions',
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

  it('says of each waiting step why it waits and until when', async () => {
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
});
