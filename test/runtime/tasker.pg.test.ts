// The end of an opened tasker: every part is closed, whatever another part does.
import { describe, expect, it } from 'vitest';
import { openTasker } from '../../src/runtime/tasker.ts';
import { useTestDatabase } from '../helpers/database.ts';
import { createRecordingLogger, outcomeWithin, planTask, signal } from '../helpers/engine.ts';
import { useQueries } from '../helpers/queries.ts';

describe('an opened tasker', () => {
  // It checks at the end that no connection is left.
  const database = useTestDatabase();
  const queries = useQueries(database);
  const open = () =>
    openTasker({ databaseUrl: database.url, migrate: false, maxConnections: 4, logger: createRecordingLogger() });

  it('closes everything else when a part of it cannot stop, and then says why', async () => {
    const tasker = await open();
    const worker = await tasker.startWorker({ namespaces: ['tests'], handlers: {} });
    const orchestrator = await tasker.startOrchestrator();
    const stop = orchestrator.stop.bind(orchestrator);
    orchestrator.stop = async () => {
      await stop();
      throw new Error('the orchestrator could not stop');
    };
    await expect(tasker.close()).rejects.toThrow('the orchestrator could not stop');
    expect({ pool: tasker.runtime.pool.ended, worker: worker.isRunning }).toEqual({ pool: true, worker: false });
    const rows = await queries.rows(`select from tasker.process_health where process_uuid = $1 and status = 'stopped'`, [
      tasker.runtime.processUuid,
    ]);
    expect(rows).toHaveLength(1);
    await expect(tasker.close()).rejects.toThrow('the orchestrator could not stop');
  });

  it('waits for a worker that somebody else is stopping, so that no handler loses its result', async () => {
    const template = planTask('stopped_by_two', { work: [] });
    const running = signal();
    const finish = signal<string>();
    const [tasker, other] = [await open(), await open()];
    await tasker.register(template);
    await other.startOrchestrator();
    const worker = await tasker.startWorker({
      namespaces: ['tests'],
      handlers: {
        work: () => {
          running.resolve();
          return finish.promise;
        },
      },
    });
    const { taskUuid } = await tasker.submit({ template });
    await running.promise;
    const stopped = worker.stop();
    const closed = tasker.close();
    finish.resolve('kept');
    await Promise.all([stopped, closed]);
    expect(worker.running()).toBe(0);
    const { status, details } = await other.task(taskUuid).result(outcomeWithin);
    expect({ status, steps: details.steps }).toMatchObject({ status: 'complete', steps: [{ attempts: 1, result: 'kept' }] });
    await other.close();
  });
});
