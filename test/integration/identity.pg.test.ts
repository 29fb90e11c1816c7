// When two requests are one task (spec 1.14, 15.2), and what a request may not hold (spec 1.13).
import { describe, expect, it } from 'vitest';
import { executeBatch } from '../../src/orchestration/commands/execute-batch.ts';
import { useTestDatabase } from '../helpers/database.ts';
import { outcomeWithin, planTask, useEngines } from '../helpers/engine.ts';
import { useQueries } from '../helpers/queries.ts';

describe('the identity of a task', () => {
  const database = useTestDatabase();
  const queries = useQueries(database);
  const openEngine = useEngines(database);
  const steps = { only: [] };

  async function open(name: string, more: object = {}) {
    const template = planTask(name, steps, more);
    const engine = await openEngine({ templates: [template], orchestrator: false, worker: false });
    return { engine, submit: (options?: { context?: object; idempotencyKey?: string }) => engine.submit(template, options) };
  }
  const tasksOf = (name: string) =>
    queries.row<{ count: number }>(
      'select count(*)::int from tasker.tasks join tasker.named_tasks n using (named_task_uuid) where n.name = $1',
      [name],
    );

  it('is its context under the strict strategy: the second request is answered with the first task', async () => {
    const { submit } = await open('strict');
    const first = await submit({ context: { order: 1, lines: [1, 2] } });
    const again = await submit({ context: { order: 1, lines: [1, 2] } });
    expect([first.created, again.created]).toEqual([true, false]);
    expect(again.taskUuid).toBe(first.taskUuid);
  });

  it('does not depend on the order of keys, but on the order of items', async () => {
    const { submit } = await open('key_order');
    const first = await submit({ context: { a: 1, b: { c: [1, 2], d: null } } });
    const turned = await submit({ context: { b: { d: null, c: [1, 2] }, a: 1 } });
    const items = await submit({ context: { a: 1, b: { c: [2, 1], d: null } } });
    expect(turned).toMatchObject({ taskUuid: first.taskUuid, created: false });
    expect(items.created).toBe(true);
    expect(items.taskUuid).not.toBe(first.taskUuid);
  });

  it('differs with the context, and with the task of the same context', async () => {
    const { submit } = await open('contexts');
    const other = await open('contexts_of_another');
    const tasks = [
      await submit({ context: { n: 1 } }),
      await submit({ context: { n: 2 } }),
      await other.submit({ context: { n: 1 } }),
    ];
    expect(new Set(tasks.map(({ taskUuid }) => taskUuid)).size).toBe(3);
  });

  it('is the idempotency key when there is one, whatever the context', async () => {
    const { submit } = await open('keyed');
    const first = await submit({ context: { n: 1 }, idempotencyKey: 'k' });
    const again = await submit({ context: { n: 2 }, idempotencyKey: 'k' });
    const other = await submit({ context: { n: 1 }, idempotencyKey: 'l' });
    expect(again).toMatchObject({ taskUuid: first.taskUuid, created: false });
    expect(other.created).toBe(true);
  });

  it('must be given by the caller where the template says caller_provided', async () => {
    const { submit } = await open('by_caller', { identity_strategy: 'caller_provided' });
    await expect(submit({ context: { n: 1 } })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REQUIRED',
      kind: 'input',
      message: expect.stringMatching(/idempotency_key is required when named task uses CallerProvided identity strategy/),
    });
    expect(await tasksOf('by_caller')).toEqual({ count: 0 });
    expect((await submit({ idempotencyKey: 'k' })).created).toBe(true);
    expect((await submit({ idempotencyKey: 'k' })).created).toBe(false);
  });

  it('is new every time where the template says always_unique', async () => {
    const { submit } = await open('unique', { identity_strategy: 'always_unique' });
    const tasks = [await submit(), await submit(), await submit()];
    expect(new Set(tasks.map(({ taskUuid }) => taskUuid)).size).toBe(3);
    expect(tasks.every(({ created }) => created)).toBe(true);
  });

  it('makes one task of requests that arrive at the same moment, in one batch or in many', async () => {
    const { engine } = await open('race');
    const second = await open('race');
    const request = { namespace: 'tests', name: 'race', version: '1.0.0', context: { n: 1 } };
    const batches = await Promise.all(
      [engine, second.engine].flatMap(({ tasker }) => [1, 2, 3].map(() => tasker.runtime.core.submitTasks([request, request]))),
    );
    const tasks = batches.flat().map((outcome) => (outcome.ok ? outcome.value : expect.unreachable(String(outcome.error))));
    expect(tasks).toHaveLength(12);
    expect(new Set(tasks.map(({ taskUuid }) => taskUuid)).size).toBe(1);
    expect(tasks.filter(({ created }) => created)).toHaveLength(1);
    expect(await tasksOf('race')).toEqual({ count: 1 });
    expect(
      await queries.row(
        `select count(*)::int from tasker.workflow_steps s join tasker.tasks t using (task_uuid) where t.task_uuid = $1`,
        [tasks[0]?.taskUuid],
      ),
    ).toEqual({ count: 1 });
  });

  it('keeps the good requests of a batch and says of each bad one what is wrong', async () => {
    const { engine } = await open('mixed', { identity_strategy: 'caller_provided' });
    const request = { namespace: 'tests', name: 'mixed', version: '1.0.0', context: {} };
    const outcomes = await engine.tasker.runtime.core.submitTasks([
      { ...request, idempotencyKey: 'a' },
      request,
      { ...request, name: 'unheard_of' },
      { ...request, idempotencyKey: 'b' },
    ]);
    expect(outcomes.map((outcome) => (outcome.ok ? outcome.value.created : outcome.error.code))).toEqual([
      true,
      'IDEMPOTENCY_KEY_REQUIRED',
      'TEMPLATE_NOT_FOUND',
      true,
    ]);
  });

  it('makes one task of one request under always_unique, however often its message is delivered', async () => {
    const { engine } = await open('delivered_twice', { identity_strategy: 'always_unique' });
    const { core } = engine.tasker.runtime;
    const request = { namespace: 'tests', name: 'delivered_twice', version: '1.0.0', context: {} };
    const deliver = async (requestId: string) => {
      const [outcome] = await core.submitTasks([{ ...request, requestId }]);
      return outcome?.ok === true ? outcome.value : expect.unreachable();
    };
    const first = await deliver('r1');
    expect(await deliver('r1')).toEqual({ taskUuid: first.taskUuid, created: false });
    expect((await deliver('r2')).created).toBe(true);
    expect(await tasksOf('delivered_twice')).toEqual({ count: 2 });
  });

  it('leaves a group of a batch alone when a later one fails in the database', async () => {
    const { engine } = await open('group_unique', { identity_strategy: 'always_unique' });
    await engine.tasker.register(planTask('group_strict', steps));
    await engine.tasker.register(planTask('group_bad', steps));
    const of = (name: string) => ({ namespace: 'tests', name, version: '1.0.0', context: {} });
    const unreadable = { ...of('group_bad'), requestedAt: '1 (comment)' };
    const { initializeTasks } = engine.tasker.runtime.core;
    const outcomes = await executeBatch([of('group_unique'), of('group_strict'), unreadable], initializeTasks);
    expect(outcomes).toMatchObject([
      { ok: true, value: { kind: 'Success' } },
      { ok: true, value: { kind: 'Success' } },
      { ok: false, error: { code: 'STORE_DATA_REFUSED', message: expect.stringContaining('1 (comment)') } },
    ]);
    expect([await tasksOf('group_unique'), await tasksOf('group_strict'), await tasksOf('group_bad')]).toEqual([
      { count: 1 },
      { count: 1 },
      { count: 0 },
    ]);
  });

  it('creates the good tasks of a group of which the database refuses one, each once', async () => {
    const { engine } = await open('one_refused', { identity_strategy: 'always_unique' });
    const request = { namespace: 'tests', name: 'one_refused', version: '1.0.0', context: {} };
    const outcomes = await engine.tasker.runtime.core.submitTasks([request, { ...request, requestedAt: '1 (comment)' }, request]);
    expect(outcomes.map((outcome) => (outcome.ok ? outcome.value.created : outcome.error.code))).toEqual([
      true,
      'STORE_DATA_REFUSED',
      true,
    ]);
    expect(await tasksOf('one_refused')).toEqual({ count: 2 });
  });

  it.each([
    ['more than 1 MiB', { blocks: Array.from({ length: 120 }, () => 'x'.repeat(9_999)) }, 'JSON_TOO_LARGE'],
    ['more than 10 levels', { a: { b: { c: { d: { e: { f: { g: { h: { i: { j: {} } } } } } } } } } }, 'JSON_TOO_DEEP'],
    [
      'more than 1000 keys',
      Object.fromEntries(Array.from({ length: 1_001 }, (_, key) => [`k${String(key)}`, 1])),
      'JSON_TOO_MANY_KEYS',
    ],
    ['more than 1000 items', { list: Array.from({ length: 1_001 }, () => 1) }, 'JSON_TOO_MANY_ITEMS'],
    ['more than 10,000 characters in a text', { text: 'x'.repeat(10_001) }, 'JSON_STRING_TOO_LONG'],
    ['what JSON cannot hold', { big: 1n }, 'JSON_NOT_REPRESENTABLE'],
    ['a list where an object belongs', [], 'JSON_WRONG_TYPE'],
  ])('is refused for a context of %s, and nothing is created', async (_, context, code) => {
    const { submit } = await open('limits');
    await expect(submit({ context })).rejects.toMatchObject({ code, kind: 'input' });
    expect(await tasksOf('limits')).toEqual({ count: 0 });
  });

  it('takes texts that PostgreSQL cannot store as they are', async () => {
    const template = planTask('odd_texts', steps);
    const engine = await openEngine({ templates: [template] });
    const task = await engine.submit(template, { context: { text: 'a\0b\ud800c' } });
    expect(await task.outcome(outcomeWithin)).toBe('complete');
    expect((await task.details()).context).toEqual({ text: 'ab\ufffdc' });
  });
});
