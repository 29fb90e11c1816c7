// How a worker ends: it drains, gives back what outlasts the drain, and survives the loss of its connections (spec 10).
import { describe, expect, it } from 'vitest';
import type { HandlerInput } from '../../src/worker/handler.ts';
import { useTestDatabase } from '../helpers/database.ts';
import { echo, outcomeWithin, planTask, signal, useEngines } from '../helpers/engine.ts';
import { useQueries } from '../helpers/queries.ts';

describe('a worker', () => {
  const database = useTestDatabase();
  const queries = useQueries(database);
  const openEngine = useEngines(database);

  it('waits for its handlers when it stops, and hands their results over', async () => {
    const template = planTask('drained', { work: [] });
    const running = signal();
    const finish = signal<string>();
    const engine = await openEngine({ templates: [template], worker: false });
    const worker = await engine.tasker.startWorker({
      namespaces: ['tests'],
      handlers: {
        work: () => {
          running.resolve();
          return finish.promise;
        },
      },
    });
    const task = await engine.submit(template);
    await running.promise;
    const stopped = worker.stop();
    const second = await engine.submit(planTask('drained', { work: [] }), { idempotencyKey: 'after the stop' });
    expect(worker.running()).toBe(1);
    finish.resolve('in time');
    await stopped;
    expect(await task.outcome(outcomeWithin)).toBe('complete');
    expect((await task.details()).steps).toMatchObject([{ attempts: 1, result: 'in time' }]);
    expect((await second.details()).steps).toMatchObject([{ state: 'enqueued', attempts: 0 }]);
    await second.cancel({ reason: 'done with it', by: 'test' });
  });

  it('gives steps back that outlast the drain time, without counting the attempt', async () => {
    const template = planTask('released', { work: { retry: { max_attempts: 1 } } });
    const running = signal();
    const aborted = signal<unknown>();
    const engine = await openEngine({ templates: [template], worker: false });
    const worker = await engine.tasker.startWorker({
      namespaces: ['tests'],
      drainMs: 20,
      handlers: {
        work: ({ signal: abort }: HandlerInput) => {
          abort.addEventListener('abort', () => aborted.resolve(abort.reason));
          running.resolve();
          return new Promise(() => undefined);
        },
      },
    });
    const task = await engine.submit(template);
    await running.promise;
    await worker.stop();
    expect(await aborted.promise).toMatchObject({ code: 'WORKER_STOPPING' });
    expect(worker.statistics()).toMatchObject({ stepsReleased: 1 });
    expect((await task.details()).steps).toMatchObject([{ state: 'enqueued', attempts: 0 }]);
    await engine.tasker.startWorker({ namespaces: ['tests'], handlers: { work: ({ attempt }: HandlerInput) => attempt } });
    expect(await task.outcome(outcomeWithin)).toBe('complete');
    expect((await task.details()).steps).toMatchObject([{ attempts: 1, result: 1 }]);
  });

  it('survives the loss of every connection, with handlers under way', async () => {
    const template = planTask('outage', { before: [], after: ['before'] });
    const running = signal();
    const finish = signal<string>();
    const engine = await openEngine({
      templates: [template],
      handlers: {
        before: () => {
          running.resolve();
          return finish.promise;
        },
        after: echo,
      },
      worker: { pollIntervalMs: 50 },
      orchestrator: { pollIntervalMs: 50, sweepIntervalMs: 100 },
    });
    const task = await engine.submit(template);
    await running.promise;
    const terminated = await queries.rows(
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and application_name like 'tasker%'`,
    );
    expect(terminated.length).toBeGreaterThan(1);
    finish.resolve('kept');
    const { status, outputs } = await task.result(outcomeWithin);
    expect({ status, outputs }).toMatchObject({ status: 'complete', outputs: { before: 'kept' } });
    expect((await task.details()).steps.map(({ attempts }) => attempts)).toEqual([1, 1]);
  });
});
