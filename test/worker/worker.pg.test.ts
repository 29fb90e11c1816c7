// The worker on real PostgreSQL: leases, fencing, every way a handler can end, poisoned queues, draining, outages (spec 10).
import { describe, expect, it } from 'vitest';
import type { HandlerInput } from '../../src/worker/handler.ts';
import { useTestDatabase } from '../helpers/database.ts';
import { echo, outcomeWithin, planTask, signal, useEngines } from '../helpers/engine.ts';
import { useQueries } from '../helpers/queries.ts';

const unique = { identity_strategy: 'always_unique' };
const soon = { interval: 5, timeout: 5_000 };

describe('a worker', () => {
  const database = useTestDatabase();
  const queries = useQueries(database);
  const openEngine = useEngines(database);

  const stepOf = (taskUuid: string, columns: string) =>
    queries.row(`select ${columns} from tasker.workflow_steps s where task_uuid = $1`, [taskUuid]);
  const errorOf = async (taskUuid: string) =>
    (await stepOf(taskUuid, `results -> 'error' as error, attempts`))['error'] as {
      message: string;
      error_type: string;
      retryable: boolean;
    };

  describe('holds the lease of a step', () => {
    it('for as long as its handler runs, over many lengths of the lease', async () => {
      const template = planTask('long', { work: [] });
      const running = signal();
      const finish = signal();
      const engine = await openEngine({
        templates: [template],
        handlers: {
          work: async ({ attempt }: HandlerInput) => {
            running.resolve();
            await finish.promise;
            return attempt;
          },
        },
        worker: { leaseMs: 300, pollIntervalMs: 50 },
      });
      const task = await engine.submit(template);
      await running.promise;
      // Another worker that would take the step over at the end of any lease.
      await openEngine({
        templates: [template],
        handlers: { work: () => 'taken over' },
        worker: { leaseMs: 300, pollIntervalMs: 20 },
      });
      const expiry = async () => Number((await stepOf(task.taskUuid, 'extract(epoch from lease_expires_at) * 1000 as at'))['at']);
      const first = await expiry();
      await expect.poll(expiry, soon).toBeGreaterThan(first + 3 * 300);
      finish.resolve();
      const { status, details } = await task.result(outcomeWithin);
      expect({ status, steps: details.steps }).toMatchObject({ status: 'complete', steps: [{ attempts: 1, result: 1 }] });
    });

    it('until another worker took it over: its handler is aborted and its result refused', async () => {
      const template = planTask('taken', { work: [] });
      const running = signal();
      const finish = signal<string>();
      const aborted = signal<unknown>();
      const engine = await openEngine({
        templates: [template],
        handlers: {
          work: ({ attempt, signal: abort }: HandlerInput) => {
            if (attempt > 1) return `attempt ${String(attempt)}`;
            abort.addEventListener('abort', () => aborted.resolve(abort.reason));
            running.resolve();
            return finish.promise;
          },
        },
        worker: { leaseMs: 600, pollIntervalMs: 20 },
      });
      const task = await engine.submit(template);
      await running.promise;
      // As if the worker had been frozen: its lease has run out, and its message is visible again.
      await queries.rows(
        `update tasker.workflow_steps set worker_uuid = tasker.new_uuid(), lease_expires_at = tasker.now() - interval '1 second' where task_uuid = $1`,
        [task.taskUuid],
      );
      await queries.rows('update pgmq.q_worker_tests_queue set vt = clock_timestamp()');
      expect(await aborted.promise).toMatchObject({ code: 'LEASE_LOST' });
      expect(await task.outcome(outcomeWithin)).toBe('complete');
      finish.resolve('attempt 1, too late');
      expect((await task.details()).steps).toMatchObject([{ attempts: 2, result: 'attempt 2' }]);
      const path = (await engine.tasker.runtime.store.taskTransitions(task.taskUuid)).filter(({ subject }) => subject === 'work');
      expect(path.map(({ to }) => to)).toEqual([
        'pending',
        'enqueued',
        'in_progress',
        'enqueued',
        'in_progress',
        'enqueued_for_orchestration',
        'complete',
      ]);
      expect(path.map(({ metadata }) => metadata)).toContainEqual({ event: 'LeaseExpired' });
    });

    it('no more when it reports too late: the report is refused and changes nothing', async () => {
      const template = planTask('fenced', { work: [] });
      const engine = await openEngine({ templates: [template], orchestrator: false, worker: false });
      const { store } = engine.tasker.runtime;
      const task = await engine.submit(template);
      const claim = (workerUuid: string, leaseMs: number) =>
        store.claimSteps({ queueName: 'worker_tests_queue', max: 1, leaseMs, workerUuid });
      const [old, young] = ['00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b'];
      const first = (await claim(old, 0)).claimed[0] ?? expect.unreachable();
      const second = (await claim(young, 30_000)).claimed[0] ?? expect.unreachable();
      expect([first.attempt, second.attempt]).toEqual([1, 2]);
      const report = (step: typeof first, result: string) => ({
        ...step,
        success: true,
        executionTimeMs: 1,
        result: {
          step_uuid: step.stepUuid,
          success: true,
          result,
          status: 'completed',
          metadata: { execution_time_ms: 1, retryable: false, completed_at: '', custom: {}, context: {} },
        },
      });
      expect(await store.submitResults(old, [report(first, 'old')])).toEqual({ refused: [first.stepUuid], sent: {} });
      // The right worker under the wrong attempt is refused as well.
      expect(await store.submitResults(young, [report(first, 'old')])).toMatchObject({ refused: [first.stepUuid] });
      expect(await store.renewLeases(old, [first], 30_000)).toEqual([]);
      expect(await store.releaseSteps(old, [first])).toEqual([]);
      expect(await stepOf(task.taskUuid, 'state, attempts, results')).toEqual({
        state: 'in_progress',
        attempts: 2,
        results: null,
      });
      expect(await store.submitResults(young, [report(second, 'new')])).toMatchObject({ refused: [] });
      expect(await store.submitResults(young, [report(second, 'twice')])).toMatchObject({ refused: [second.stepUuid] });
      expect(await stepOf(task.taskUuid, `state, results -> 'result' as result`)).toEqual({
        state: 'enqueued_for_orchestration',
        result: 'new',
      });
      await queries.rows('delete from pgmq.q_orchestration_step_results');
      await engine.tasker.task(task.taskUuid).cancel({ reason: 'done with it', by: 'test' });
    });

    it.each([
      { name: 'all its attempts are used up', retry: { max_attempts: 1 } },
      { name: 'it must not be retried', retry: { max_attempts: 3, retryable: false } },
    ])('in vain when the worker is lost and $name: the step fails with worker_lost', async ({ retry }) => {
      const template = planTask(`lost_${String(retry.max_attempts)}`, { work: { retry } });
      const engine = await openEngine({ templates: [template], worker: false });
      const task = await engine.submit(template);
      const { claimed } = await engine.tasker.runtime.store.claimSteps({
        queueName: 'worker_tests_queue',
        max: 1,
        leaseMs: 0,
        workerUuid: '00000000-0000-7000-8000-00000000000c',
      });
      expect(claimed).toHaveLength(1);
      await engine.tasker.startWorker({
        namespaces: ['tests'],
        handlers: { work: () => expect.unreachable('a lost step was run again') },
      });
      expect(await task.outcome(outcomeWithin)).toBe('blocked_by_failures');
      expect(await errorOf(task.taskUuid)).toMatchObject({
        error_type: 'worker_lost',
        retryable: false,
        message: expect.stringMatching(/the worker was lost during attempt 1 of \d/),
      });
      expect(await queries.row(`select count(*)::int from pgmq.q_worker_tests_queue`)).toEqual({ count: 0 });
    });
  });

  describe('turns into a failure of the step a handler that', () => {
    const run = async (name: string, work: (input: HandlerInput) => unknown, plan: object = {}) => {
      const template = planTask(name, { work: { retry: { max_attempts: 1 }, ...plan } });
      const engine = await openEngine({ templates: [template], handlers: { work } });
      const task = await engine.submit(template);
      expect(await task.outcome(outcomeWithin)).toBe('blocked_by_failures');
      return errorOf(task.taskUuid);
    };
    const throws = (thrown: unknown) => () => {
      throw thrown;
    };

    it.each([
      ['a_text', 'just a text', 'the handler threw "just a text", which is not an Error'],
      ['undefined', undefined, 'the handler threw undefined, which is not an Error'],
      ['null', null, 'the handler threw null, which is not an Error'],
      ['an_object', { reason: 42 }, 'the handler threw {"reason":42}, which is not an Error'],
    ])('throws %s', async (name, thrown, message) => {
      expect(await run(`throws_${name}`, throws(thrown))).toMatchObject({
        message,
        error_type: 'handler_error',
        retryable: true,
      });
    });

    it('runs into its timeout, and aborts its signal', async () => {
      const aborted = signal<unknown>();
      const error = await run(
        'times_out',
        ({ signal: abort }) => {
          abort.addEventListener('abort', () => aborted.resolve(abort.reason));
          // Never returns, whatever the signal says.
          return new Promise(() => undefined);
        },
        { handler: { initialization: { timeout_ms: 100 } } },
      );
      expect(error).toMatchObject({ message: 'Handler timed out after 100ms', retryable: true });
      expect(await aborted.promise).toMatchObject({ code: 'HANDLER_TIMEOUT' });
    });

    it.each([
      ['a bigint', () => ({ big: 1n }), 'JSON_NOT_REPRESENTABLE'],
      ['a function', () => () => 1, 'JSON_NOT_REPRESENTABLE'],
      ['a date', () => new Date(0), 'JSON_NOT_REPRESENTABLE'],
      ['not a number', () => ({ ratio: Number.NaN }), 'JSON_NOT_REPRESENTABLE'],
      [
        'a cycle',
        () => {
          const cycle: Record<string, unknown> = {};
          cycle['self'] = cycle;
          return cycle;
        },
        'JSON_NOT_REPRESENTABLE',
      ],
      ['more than 1 MiB', () => ({ blocks: Array.from({ length: 120 }, () => 'x'.repeat(9_999)) }), 'JSON_TOO_LARGE'],
    ])('returns %s', async (name, result, code) => {
      const error = await run(`returns_${name.replaceAll(/\W/g, '_')}`, result);
      expect(error).toMatchObject({
        error_type: code,
        retryable: false,
        message: expect.stringMatching(/^the result of step work, at \$/),
      });
    });

    it('throws a message that PostgreSQL cannot hold, and keeps the rest of it', async () => {
      const error = await run('odd_message', throws(new Error('half \ud800 of a pair and a \0 NUL')));
      expect(error).toMatchObject({ message: 'half \ufffd of a pair and a  NUL', error_type: 'handler_error', retryable: true });
    });

    it('throws a message of more characters than may be stored', async () => {
      const error = await run('long_message', throws(new Error('\u{1f600}'.repeat(6_000))));
      expect(error.error_type).toBe('handler_error');
      expect(error.message.length).toBeLessThanOrEqual(9_000);
    });

    it('names a type of error that cannot be stored', async () => {
      const error = await run('odd_type', throws(Object.assign(new Error('odd'), { errorType: 'a\0b' })));
      expect(error).toMatchObject({ message: 'odd', error_type: 'ab' });
    });
  });

  it('stores null for a handler without a result, and texts that PostgreSQL cannot hold as near as it can', async () => {
    const template = planTask('results', { nothing: [], odd: [] });
    const engine = await openEngine({
      templates: [template],
      handlers: { nothing: () => undefined, odd: () => ({ 'k\0': 'a\ud800b' }) },
    });
    const { status, outputs } = await (await engine.submit(template)).result(outcomeWithin);
    expect({ status, outputs }).toEqual({ status: 'complete', outputs: { nothing: null, odd: { k: 'a\ufffdb' } } });
  });

  it('sets messages aside that are no step messages, and goes on with the queue', async () => {
    const template = planTask('poisoned', { work: [] });
    const engine = await openEngine({ templates: [template], worker: false });
    const stranger = '00000000-0000-7000-8000-0000000000ff';
    await queries.rows(`select pgmq.send('worker_tests_queue', m::jsonb) from unnest($1::text[]) m`, [
      ['"text"', '[1]', '{}', '{"step_uuid": 7}', '{"step_uuid": "no uuid"}', `{"step_uuid": "${stranger}"}`, 'null'],
    ]);
    const task = await engine.submit(template);
    const worker = await engine.tasker.startWorker({ namespaces: ['tests'], handlers: { work: echo }, pollIntervalMs: 20 });
    expect(await task.outcome(outcomeWithin)).toBe('complete');
    expect(worker.statistics()).toMatchObject({ messagesSetAside: 7, stepsClaimed: 1, stepsSucceeded: 1 });
    expect(await queries.row('select count(*)::int from pgmq.q_worker_tests_queue')).toEqual({ count: 0 });
    const kept = await queries.rows<{ message: unknown }>('select message from pgmq.a_worker_tests_queue order by msg_id');
    expect(kept.map(({ message }) => message)).toEqual([
      'text',
      [1],
      {},
      { step_uuid: 7 },
      { step_uuid: 'no uuid' },
      { step_uuid: stranger },
      null,
    ]);
    expect(engine.log.lines.filter(({ level, message }) => level === 'error' && message.includes('set aside'))).toHaveLength(7);
  });

  it('claims a step once when its message came twice', async () => {
    const template = planTask('doubled', { work: [] });
    const engine = await openEngine({ templates: [template], worker: false });
    const task = await engine.submit(template);
    await queries.rows(`insert into pgmq.q_worker_tests_queue (vt, message) select vt, message from pgmq.q_worker_tests_queue`);
    const worker = await engine.tasker.startWorker({
      namespaces: ['tests'],
      handlers: { work: ({ attempt }: HandlerInput) => attempt },
      pollIntervalMs: 20,
    });
    expect(await task.outcome(outcomeWithin)).toBe('complete');
    expect((await task.details()).steps).toMatchObject([{ attempts: 1, result: 1 }]);
    await expect
      .poll(async () => (await queries.row('select count(*)::int from pgmq.q_worker_tests_queue'))['count'], soon)
      .toBe(0);
    expect(worker.statistics()).toMatchObject({ stepsClaimed: 1, messagesSetAside: 0 });
  });

  it('never runs more handlers at a time than its concurrency', async () => {
    const template = planTask('crowded', { a: [], b: [], c: [], d: [], e: [] }, unique);
    const now = { running: 0, most: 0 };
    const work = async () => {
      now.running += 1;
      now.most = Math.max(now.most, now.running);
      await queries.row('select 1 as a_moment');
      now.running -= 1;
    };
    const handlers = Object.fromEntries(template.steps.map(({ name }) => [name, work]));
    const engine = await openEngine({ templates: [template], handlers, worker: { concurrency: 3 } });
    const tasks = await Promise.all(Array.from({ length: 20 }, () => engine.submit(template)));
    expect(new Set(await Promise.all(tasks.map((task) => task.outcome(outcomeWithin))))).toEqual(new Set(['complete']));
    expect(now).toEqual({ running: 0, most: 3 });
  });

  it('serves several namespaces, and only those', async () => {
    const [red, blue, green] = ['red', 'blue', 'green'].map((namespace_name) =>
      planTask('colored', { work: [] }, { namespace_name }),
    );
    if (red === undefined || blue === undefined || green === undefined) throw new Error('three templates');
    const engine = await openEngine({ templates: [red, blue, green], worker: { namespaces: ['red', 'blue'] } });
    const waiting = await engine.submit(green);
    expect(await (await engine.submit(red)).outcome(outcomeWithin)).toBe('complete');
    expect(await (await engine.submit(blue)).outcome(outcomeWithin)).toBe('complete');
    expect((await waiting.details()).steps).toMatchObject([{ state: 'enqueued', attempts: 0 }]);
  });
});
