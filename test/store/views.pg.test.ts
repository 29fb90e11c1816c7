// The views of spec 1.12: the graph of a task, and the tasks that are not done.
import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../helpers/database.ts';
import { useQueries } from '../helpers/queries.ts';
import { writeTasks } from '../helpers/row-factory.ts';

describe('the views', () => {
  const database = useTestDatabase();
  const queries = useQueries(database);

  it('give each step its neighbors, and its depth by the shortest way to a root', async () => {
    const [task] = await writeTasks(queries, [
      { steps: [{}, {}, { parents: [0] }, { parents: [2, 1] }, { parents: [2] }, { parents: [3, 4] }] },
    ]);
    const rows = await queries.rows<{ uuid: string }>(
      `select workflow_step_uuid::text as uuid, parent_count, child_count, is_root_step, is_leaf_step, min_depth_from_root
        from tasker.step_dag_relationships where task_uuid = $1`,
      [task?.taskUuid],
    );
    const order = task?.stepUuids ?? [];
    const facts = (parents: number, children: number, depth: number) => ({
      parent_count: parents,
      child_count: children,
      is_root_step: parents === 0,
      is_leaf_step: children === 0,
      min_depth_from_root: depth,
    });
    expect(rows.toSorted((a, b) => order.indexOf(a.uuid) - order.indexOf(b.uuid))).toMatchObject([
      facts(0, 1, 0),
      facts(0, 1, 0),
      facts(1, 2, 1),
      facts(2, 1, 1),
      facts(1, 1, 2),
      facts(2, 0, 2),
    ]);
  });

  it('stop counting the depth after 50 edges', async () => {
    const chain = Array.from({ length: 53 }, (_, at) => ({ parents: at === 0 ? [] : [at - 1] }));
    const [task] = await writeTasks(queries, [{ steps: chain }]);
    const depths = await queries.rows<{ uuid: string; depth: number | null }>(
      `select workflow_step_uuid::text as uuid, min_depth_from_root as depth from tasker.step_dag_relationships where task_uuid = $1`,
      [task?.taskUuid],
    );
    const depthOf = (at: number) => depths.find(({ uuid }) => uuid === task?.stepUuids[at])?.depth;
    expect([0, 1, 50, 51, 52].map(depthOf)).toEqual([0, 1, 50, null, null]);
  });

  it('list the tasks that are not done with their state, since when, and how old they are', async () => {
    const hoursAgo = Date.now() - 2 * 3_600_000;
    const [open, done] = await writeTasks(queries, [
      { state: 'waiting_for_retry', priority: 7, createdAt: hoursAgo, steps: [{}] },
      { state: 'complete', steps: [{ state: 'complete', attempts: 1 }] },
    ]);
    await queries.rows(
      `update tasker.task_transitions set created_at = tasker.now() - interval '30 minutes' where task_uuid = $1`,
      [open?.taskUuid],
    );
    const rows = await queries.rows(
      `select task_uuid::text, namespace_name, task_name, template_config, current_state, round(time_in_state_minutes)::int as in_state,
        round(task_age_minutes)::int as age, priority, complete
        from tasker.v_task_state_analysis where task_uuid = any ($1::uuid[])`,
      [[open?.taskUuid, done?.taskUuid]],
    );
    expect(rows).toEqual([
      {
        task_uuid: open?.taskUuid,
        namespace_name: 'rows',
        task_name: 'rows',
        template_config: {},
        current_state: 'waiting_for_retry',
        in_state: 30,
        age: 120,
        priority: 7,
        complete: false,
      },
    ]);
  });
});
