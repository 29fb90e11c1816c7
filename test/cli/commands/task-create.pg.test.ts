// `tasker task create` on real PostgreSQL: by file, by name, and what has the same identity.
import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../helpers/database.ts';
import { shop, shopkeeper } from '../shopkeeper.ts';
import { documentOf } from '../tasker-in-process.ts';

const database = useTestDatabase();
const { at, json, created } = shopkeeper(database);

describe('tasker task create', () => {
  it('creates a task of a file, and of the name under which that was registered', async () => {
    const cwd = shop('create');
    const first = await created(cwd, '--priority', '5', '--tag', 'a', 'b');
    const ran = await at(cwd, 'task', 'create', 'cli_create/create:1.0.0', '--context', '{"n": 2}');
    expect(ran).toEqual({ code: 0, stdout: expect.stringMatching(/^task [\da-f-]{36} created\n$/), stderr: '' });
    expect(await json(cwd, 'task', 'list', '--name', 'create')).toMatchObject({
      tasks: [{ priority: 0 }, { taskUuid: first, priority: 5 }],
    });
  });

  it('names the task that has the same identity, and creates no other', async () => {
    const cwd = shop('identity');
    const first = await created(cwd, '--context', '{"a": 1, "b": 2}');
    const second = await at(cwd, 'task', 'create', 'task.yaml', '--context', '{"b": 2, "a": 1}', '--json');
    expect(second.code).toBe(2);
    expect(documentOf(second)).toEqual({
      error: {
        code: 'IDENTITY_CONFLICT',
        message: expect.stringContaining(`exists already: ${first} (`),
        details: { taskUuid: first, state: expect.any(String) },
      },
    });
    expect(await json(cwd, 'task', 'list', '--name', 'identity')).toMatchObject({ tasks: [{ taskUuid: first }] });
  });

  it('wants a key where the template wants one', async () => {
    const ran = await at(shop('keyed', 'identity_strategy: caller_provided\n'), 'task', 'create', 'task.yaml');
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('tasker: IDEMPOTENCY_KEY_REQUIRED: ');
  });

  it('says that a template is not registered', async () => {
    const ran = await at('.', 'task', 'create', 'nothing');
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^tasker: TEMPLATE_NOT_FOUND: Task template not found: default\/nothing:1\.0\.0/);
  });
});
