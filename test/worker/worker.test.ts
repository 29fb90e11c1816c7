// A worker on a store that is made to fail: how it starts, stops and ends when its database does not answer.
import { describe, expect, it } from 'vitest';
import { TaskerError } from '../../src/domain/errors.ts';
import { createInMemoryProvider } from '../../src/messaging/providers/in-memory.ts';
import type { MessagingProvider } from '../../src/messaging/provider.ts';
import type { ClaimedStep, StepReport, WorkerStore } from '../../src/store/store.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { ForeignSteps } from '../../src/worker/foreign-steps.ts';
import type { RunStep } from '../../src/worker/run-step.ts';
import { createWorker } from '../../src/worker/worker.ts';
import { describeService } from '../helpers/describe-service.ts';
import { createRecordingLogger, signal } from '../helpers/engine.ts';
import { claimedStep, successReport } from './reports.ts';

const queueName = 'worker_tests_queue';
const drainMs = 1_000;
const outage = new TaskerError('STORE_UNREACHABLE', 'the database went away', { kind: 'infrastructure' });

interface World {
  /** Steps that the next claims give out. */
  waiting: ClaimedStep[];
  /** No statement of the store and no subscription succeeds. */
  isAway: boolean;
  claims: number;
  open: number;
  readonly stored: StepReport[];
  readonly released: string[];
}

async function testWorker(runStep: RunStep = ({ stepUuid }) => Promise.resolve(successReport(stepUuid))) {
  const clock = createFakeClock();
  const logger = createRecordingLogger();
  const world: World = { waiting: [], isAway: false, claims: 0, open: 0, stored: [], released: [] };
  const provider = watched(createInMemoryProvider({ clock }), world);
  await provider.ensureQueues([queueName]);
  const store = failingStore(world);
  const worker = createWorker({
    workerUuid: 'worker',
    store,
    provider,
    clock,
    logger,
    queueNames: [queueName],
    runStep,
    foreign: new ForeignSteps({
      workerUuid: 'worker',
      store,
      templates: { peek: () => undefined, byUuid: () => Promise.reject(new Error('no template is known here')) },
      registry: { knows: () => true },
      logger,
    }),
    serves: () => ({ namespaces: ['tests'], handlers: null }),
    drainMs,
    leaseMs: 3_000,
    pollIntervalMs: 100,
  });
  return { worker, clock, logger, world };
}

/** The provider with a count of open subscriptions, and an outage of its own. */
function watched(provider: MessagingProvider, world: World): MessagingProvider {
  return {
    ...provider,
    async subscribe() {
      await Promise.resolve();
      if (world.isAway) throw outage;
      world.open += 1;
      return {
        close() {
          world.open -= 1;
          return world.isAway ? Promise.reject(outage) : Promise.resolve();
        },
      };
    },
  };
}

function failingStore(world: World): WorkerStore {
  const unlessAway = async <T>(act: () => T): Promise<T> => {
    await Promise.resolve();
    if (world.isAway) throw outage;
    return act();
  };
  return {
    claimSteps: ({ max }) =>
      unlessAway(() => {
        world.claims += 1;
        return { claimed: world.waiting.splice(0, max), unclaimed: [], sent: {} };
      }),
    submitResults: (_, reports) =>
      unlessAway(() => {
        world.stored.push(...reports);
        return { refused: [], sent: {} };
      }),
    renewLeases: (_, leases) => unlessAway(() => leases.map(({ stepUuid }) => stepUuid)),
    releaseSteps: (_, leases) =>
      unlessAway(() => {
        const stepUuids = leases.map(({ stepUuid }) => stepUuid);
        world.released.push(...stepUuids);
        return stepUuids;
      }),
  };
}

describeService('a worker', async () => {
  const { worker, clock, world } = await testWorker();
  return {
    service: worker,
    async works() {
      const before = world.stored.length;
      world.waiting.push(claimedStep(`step ${String(before)}`));
      await clock.advanceAsync(100);
      await clock.advanceAsync(0);
      expect(world.stored).toHaveLength(before + 1);
    },
    async isQuiet() {
      const { claims } = world;
      await clock.advanceAsync(10_000);
      expect({ open: world.open, pending: clock.pendingCount(), claims: world.claims }).toEqual({ open: 0, pending: 0, claims });
    },
  };
});

describe('a worker', () => {
  it('leaves nothing behind when it cannot start, and starts when it is asked again', async () => {
    const { worker, clock, world } = await testWorker();
    world.isAway = true;
    await expect(worker.start()).rejects.toThrow(outage);
    expect({ pending: clock.pendingCount(), open: world.open, isRunning: worker.isRunning }).toEqual({
      pending: 0,
      open: 0,
      isRunning: false,
    });
    await worker.stop();
    world.isAway = false;
    await worker.start();
    world.waiting.push(claimedStep('first'));
    await clock.advanceAsync(100);
    await clock.advanceAsync(0);
    expect(world.stored.map(({ stepUuid }) => stepUuid)).toEqual(['first']);
    await worker.stop();
  });

  it('is stopped for everybody at the same time: a second stop ends with the first', async () => {
    const running = signal();
    const finish = signal();
    const { worker, clock, world } = await testWorker(async ({ stepUuid }) => {
      running.resolve();
      await finish.promise;
      return successReport(stepUuid);
    });
    world.waiting.push(claimedStep('slow'));
    await worker.start();
    await running.promise;
    const ended: string[] = [];
    const stops = ['first', 'second'].map((name) => worker.stop().then(() => ended.push(name)));
    await clock.advanceAsync(drainMs - 1);
    expect(ended).toEqual([]);
    finish.resolve();
    await Promise.all(stops);
    expect(ended).toEqual(['first', 'second']);
    expect(world.stored.map(({ stepUuid }) => stepUuid)).toEqual(['slow']);
    expect(clock.pendingCount()).toBe(0);
  });

  it('stops in time with a finished result and no database, and says what it leaves behind', async () => {
    const { worker, clock, logger, world } = await testWorker(({ stepUuid }) => {
      world.isAway = true;
      return Promise.resolve(successReport(stepUuid));
    });
    world.waiting.push(claimedStep('finished'));
    await worker.start();
    await clock.advanceAsync(0);
    const stopped = worker.stop();
    // Its timers are there only after a turn.
    await clock.advanceAsync(0);
    await clock.advanceAsync(drainMs);
    await stopped;
    expect(logger.lines).toContainEqual(
      expect.objectContaining({ level: 'error', fields: { steps: ['finished'], withinMs: drainMs } }),
    );
    await clock.advanceAsync(60_000);
    expect({ pending: clock.pendingCount(), open: world.open, stored: world.stored }).toEqual({
      pending: 0,
      open: 0,
      stored: [],
    });
  });

  it('takes up its work again after such a stop, without the lease it left behind', async () => {
    const { worker, clock, world } = await testWorker(({ stepUuid }) => {
      world.isAway = stepUuid === 'lost';
      return Promise.resolve(successReport(stepUuid));
    });
    world.waiting.push(claimedStep('lost'));
    await worker.start();
    await clock.advanceAsync(0);
    const stopped = worker.stop();
    // Its timers are there only after a turn.
    await clock.advanceAsync(0);
    await clock.advanceAsync(drainMs);
    await stopped;
    world.isAway = false;
    await worker.start();
    world.waiting.push(claimedStep('next'));
    await clock.advanceAsync(100);
    await clock.advanceAsync(0);
    expect(world.stored.map(({ stepUuid }) => stepUuid)).toEqual(['next']);
    await worker.stop();
  });

  it('stops in time with a handler that does not end and no database to give its step back to', async () => {
    const running = signal();
    const { worker, clock, logger, world } = await testWorker((step, abort) => {
      running.resolve();
      return new Promise((resolve) => {
        abort.signal.addEventListener('abort', () => resolve(successReport(step.stepUuid)));
      });
    });
    world.waiting.push(claimedStep('endless'));
    await worker.start();
    await running.promise;
    world.isAway = true;
    const stopped = worker.stop();
    // Its timers are there only after a turn.
    await clock.advanceAsync(0);
    await clock.advanceAsync(drainMs);
    await stopped;
    expect(logger.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { fields: { steps: ['endless'], error: outage.message } },
    ]);
    await clock.advanceAsync(60_000);
    expect({ pending: clock.pendingCount(), running: worker.running(), stored: world.stored }).toEqual({
      pending: 0,
      running: 0,
      stored: [],
    });
  });
});
