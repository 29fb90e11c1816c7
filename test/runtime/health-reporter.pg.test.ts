// The health row of a process: written while it runs, true when a part of it fails, and its last word when it stops.
import { expect, it, onTestFinished } from 'vitest';
import { defineTask, openTasker } from '../../src/index.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { useTestDatabase } from '../helpers/database.ts';

const database = useTestDatabase();

it('keeps one row about orchestrator and worker of a process, and says when it stopped', async () => {
  const greet = defineTask({ namespace: 'health', name: 'greet' }).step('hello', { run: () => 'hello' });
  const tasker = await openTasker({ databaseUrl: database.url });
  await tasker.start(greet);
  const running = await tasker.runtime.store.readHealth();
  expect(running).toMatchObject([
    { processUuid: tasker.runtime.processUuid, kind: 'combined', pid: process.pid, status: 'healthy' },
  ]);
  expect(running[0]?.snapshot).toMatchObject({
    orchestrators: [
      {
        isRunning: true,
        configuredMode: 'Hybrid',
        effectiveMode: 'Hybrid',
        health: { databaseConnected: true },
        healthCheck: { kind: 'healthy', warnings: [] },
        poller: { pollingErrors: 0 },
        listener: { connectionErrors: 0 },
      },
    ],
    workers: [{ isRunning: true, running: 0, stepsClaimed: 0, namespaces: ['health'], handlers: ['greet.hello'] }],
  });
  const reader = await openTasker({ databaseUrl: database.url });
  await tasker.close();
  const stopped = (await reader.runtime.store.readHealth()).filter(
    ({ processUuid }) => processUuid === tasker.runtime.processUuid,
  );
  expect(stopped).toMatchObject([{ status: 'stopped', kind: 'combined' }]);
  await reader.close();
});

it('says what fails: a worker that can claim nothing, an orchestrator that gets no messages; and leaves out what was stopped', async () => {
  const clock = createFakeClock(Date.now());
  const tasker = await openTasker({ databaseUrl: database.url, migrate: false, clock });
  onTestFinished(() => tasker.close());
  const { store, processUuid } = tasker.runtime;
  // Reports are due every 5 s of this clock, the worker's polls every second.
  const row = async () => {
    await clock.advanceAsync(1_000);
    const found = (await store.readHealth()).find((process) => process.processUuid === processUuid);
    return { kind: found?.kind, status: found?.status };
  };
  const becomes = (kind: string, status: string) => expect.poll(row, { interval: 20, timeout: 15_000 }).toEqual({ kind, status });

  const orchestrator = await tasker.startOrchestrator();
  await becomes('orchestrator', 'healthy');
  // Its queue does not exist, so that every claim fails.
  const worker = await tasker.startWorker({ namespaces: ['nowhere'], handlers: {} });
  await becomes('combined', 'degraded');
  await orchestrator.events.stop();
  await becomes('combined', 'unhealthy');
  await orchestrator.stop();
  await becomes('worker', 'degraded');
  await worker.stop();
  await becomes('combined', 'stopped');
});
