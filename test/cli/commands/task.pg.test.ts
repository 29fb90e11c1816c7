// `tasker task list`, `show`, `cancel` and `wait` on real PostgreSQL.
import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../helpers/database.ts';
import { shop, shopkeeper } from '../shopkeeper.ts';
import { documentOf, tasker } from '../tasker-in-process.ts';

const database = useTestDatabase();
const { at, json, created, blocked } = shopkeeper(database);
const nobody = '01234567-89ab-7def-8123-456789abcdef';

describe('tasker task list and show', () => {
  it('lists the newest first, filtered and cut', async () => {
    const cwd = shop('listed');
    const first = await created(cwd, '--context', '{"n": 1}');
    const second = await created(cwd, '--context', '{"n": 2}');
    await at(cwd, 'task', 'cancel', first);
    const uuids = async (...argv: string[]) =>
      ((await json(cwd, 'task', 'list', '--namespace', 'cli_listed', ...argv)) as { tasks: { taskUuid: string }[] }).tasks.map(
        (task) => task.taskUuid,
      );
    expect(await uuids()).toEqual([second, first]);
    expect(await uuids('--limit', '1')).toEqual([second]);
    expect(await uuids('--state', 'cancelled')).toEqual([first]);
    const table = await at(cwd, 'task', 'list', '--namespace', 'cli_listed');
    expect(table.stdout).toMatch(
      new RegExp(`TASK +TEMPLATE +STATE +STEPS +CREATED\n${second}  cli_listed/listed:1.0.0  steps_in_process  0/2  `),
    );
    expect(await at(cwd, 'task', 'list', '--name', 'none')).toMatchObject({ code: 0, stdout: 'There are no such tasks.\n' });
  });

  it('shows a task with its steps, errors and history', async () => {
    const cwd = shop('shown');
    const uuid = await blocked(cwd);
    const ran = await at(cwd, 'task', 'show', uuid, '--history');
    expect(ran.stdout).toMatch(/template +cli_shown\/shown:1\.0\.0\nstate +blocked_by_failures \(0 %, blocked_by_failures\)/);
    expect(ran.stdout).toContain('context    {"card":"declined"}\n');
    expect(ran.stdout).toContain('\npay: declined\n');
    expect(ran.stdout).toMatch(/Z +task +evaluating_results +blocked_by_failures\n/);
    expect(await json(cwd, 'task', 'show', uuid)).toMatchObject({
      task: { taskUuid: uuid, steps: [{ name: 'pay', state: 'error', errorMessage: 'declined' }, {}] },
    });
  });

  it.each([
    [['task', 'show', nobody]],
    [['task', 'cancel', nobody]],
    [['task', 'wait', nobody]],
    [['step', 'retry', nobody, 'pay']],
  ])('says of %j that there is no such task', async (argv) => {
    const ran = await at('.', ...argv);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(`tasker: TASK_NOT_FOUND: no task has the uuid ${nobody}`);
  });
});

describe('tasker task cancel and wait', () => {
  it('cancels an open task with who and why, and not a second time', async () => {
    const cwd = shop('cancelled');
    const uuid = await created(cwd);
    expect(await at(cwd, 'task', 'cancel', uuid, '--reason', 'ordered twice')).toMatchObject({
      code: 0,
      stdout: `task ${uuid}: cancelled\n`,
    });
    const { stdout } = await at(cwd, 'task', 'show', uuid, '--history');
    expect(stdout).toContain('{"by":"mike","action":"cancel","reason":"ordered twice"}');
    const again = await at(cwd, 'task', 'cancel', uuid);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('tasker: TERMINAL_STATE: ');
  });

  it('waits for the outcome and ends by it', async () => {
    const cwd = shop('awaited');
    const good = documentOf(await at(cwd, 'run', 'task.yaml', '--handlers', 'handlers.mjs', '--json')) as { taskUuid: string };
    expect(await json(cwd, 'task', 'wait', good.taskUuid)).toEqual(good);
    const bad = await at(cwd, 'task', 'wait', await blocked(cwd));
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain('step pay failed for good after 1 attempt: declined');
  });

  it('stops waiting after --timeout, with why the task does not move', async () => {
    const cwd = shop('slow');
    const ran = await at(cwd, 'task', 'wait', await created(cwd), '--timeout', '0.05');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(
      /TASK_WAIT_TIMEOUT[\s\S]+step pay waits in worker_cli_slow_queue for a worker, and no live worker serves .*\n {2}step ship waits for pay\n/,
    );
  });

  it('stops waiting on Ctrl-C', async () => {
    const cwd = shop('interrupted');
    const uuid = await created(cwd);
    const ran = await tasker(['task', 'wait', uuid, '--database-url', database.url], { cwd, signal: AbortSignal.abort() });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(`tasker: INTERRUPTED: stopped before task ${uuid} was done`);
  });
});
