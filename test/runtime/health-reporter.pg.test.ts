// The health row of a process: written while it runs, and its last word when it stops.
import { expect, it } from 'vitest';
import { defineTask, openTasker } from '../../src/index.ts';
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
    orchestrators: [{ configuredMode: 'Hybrid', effectiveMode: 'Hybrid', health: { databaseConnected: true } }],
    workers: [{ running: 0, stepsClaimed: 0 }],
  });
  const reader = await openTasker({ databaseUrl: database.url });
  await tasker.close();
  expect(await reader.runtime.store.readHealth()).toMatchObject([{ status: 'stopped' }]);
  await reader.close();
});
