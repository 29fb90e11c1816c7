// `tasker step` on real PostgreSQL: what an operator does to a step that has failed.
import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../helpers/database.ts';
import { shop, shopkeeper } from '../shopkeeper.ts';

const database = useTestDatabase();
const { at, json, blocked } = shopkeeper(database);

describe('tasker step', () => {
  it.each([
    ['retry', [], 'enqueued', null],
    ['resolve', ['--reason', 'paid in cash', '--by', 'ann'], 'resolved_manually', null],
    ['complete', ['--result', '{"paid": "cash"}'], 'complete', { paid: 'cash' }],
    ['complete', [], 'complete', null],
  ])('lets an operator %s a failed step with %j', async (verb, more, stepStatus, result) => {
    const cwd = shop(`step_${verb}_${more.length}`);
    const uuid = await blocked(cwd);
    expect(await json(cwd, 'step', verb, uuid, 'pay', ...more)).toEqual({
      taskUuid: uuid,
      status: 'steps_in_process',
      step: 'pay',
      stepStatus,
    });
    const shown = (await json(cwd, 'task', 'show', uuid, '--history')) as {
      task: { steps: { result?: unknown }[] };
      history: { metadata?: unknown }[];
    };
    if (verb === 'complete') expect(shown.task.steps[0]?.result ?? null).toEqual(result);
    const by = more.includes('ann') ? { by: 'ann', reason: 'paid in cash' } : { by: 'mike', reason: `tasker step ${verb}` };
    expect(shown.history).toContainEqual(expect.objectContaining({ metadata: expect.objectContaining(by) }));
  });

  it('refuses what the state of the step does not allow, and a step that is not there', async () => {
    const cwd = shop('refused');
    const uuid = await blocked(cwd);
    const early = await at(cwd, 'step', 'retry', uuid, 'ship');
    expect(early).toMatchObject({ code: 1, stdout: '' });
    expect(early.stderr).toMatch(/^tasker: [A-Z_]+: /);
    const unknown = await at(cwd, 'step', 'retry', uuid, 'py');
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toContain(`tasker: STEP_NOT_IN_TASK: task ${uuid} has no step py; its steps are pay, ship.`);
  });
});
