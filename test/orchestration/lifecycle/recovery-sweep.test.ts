// The sweep's pace: regular, earlier for a planned retry, unshaken by failures, and quiet when stopped.
import { describe, expect, it } from 'vitest';
import { TaskerError } from '../../../src/domain/errors.ts';
import type { TaskDecision } from '../../../src/domain/task-view.ts';
import { createRecoverySweep } from '../../../src/orchestration/lifecycle/recovery-sweep.ts';
import type { RecoverySweepOptions, SweepReport } from '../../../src/orchestration/lifecycle/recovery-sweep.ts';
import { createFakeClock } from '../../../src/testing/fake-clock.ts';
import { describeService } from '../../helpers/describe-service.ts';
import { createRecordingLogger } from '../../helpers/engine.ts';

const changed = (taskUuid: string): TaskDecision => ({
  taskUuid,
  state: 'steps_in_process',
  steps: [],
  task: { from: 'waiting_for_retry', to: 'steps_in_process', via: [], metadata: undefined },
  enqueued: [],
});
const unchanged = (taskUuid: string): TaskDecision => ({
  taskUuid,
  state: 'waiting_for_retry',
  steps: [],
  task: undefined,
  enqueued: [],
});

/** A sweep over lists instead of tables; what it did and when is in `sweeps`. */
function harness(options: Partial<RecoverySweepOptions> = {}) {
  const clock = createFakeClock(0);
  const logger = createRecordingLogger();
  const world = {
    ready: [] as string[][],
    nextRetryAt: undefined as number | undefined,
    lost: {} as Record<string, string[]>,
    full: [] as boolean[],
    failure: undefined as Error | undefined,
    unreadable: new Set<string>(),
    unmoved: new Set<string>(),
    onFind: () => undefined as void,
    evaluated: [] as (readonly string[])[],
    announced: [] as unknown[],
    sweeps: [] as (SweepReport & { readonly at: number })[],
  };
  const sweep = createRecoverySweep({
    clock,
    logger,
    store: {
      async findReadyTasks() {
        world.onFind();
        return world.ready.shift() ?? [];
      },
      async nextRetryInMs() {
        const retryAt = world.nextRetryAt;
        // Like the store: what is due already is not the next one.
        return retryAt === undefined || retryAt <= clock.now() ? undefined : retryAt - clock.now();
      },
      resendLostMessages: async ({ evenWithoutCrash = false } = {}) => {
        world.full.push(evenWithoutCrash);
        if (world.failure !== undefined) throw world.failure;
        return world.lost;
      },
    },
    core: {
      announce: (sent) => void world.announced.push(sent),
      async reevaluate(uuids) {
        world.evaluated.push(uuids);
        const bad = uuids.find((uuid) => world.unreadable.has(uuid));
        if (bad !== undefined) throw new TaskerError('UNKNOWN_STATE', `cannot read ${bad}`, { kind: 'infrastructure' });
        return uuids.map((uuid) => (world.unmoved.has(uuid) ? unchanged(uuid) : changed(uuid)));
      },
    },
    onSwept: (report) => world.sweeps.push({ ...report, at: clock.now() }),
    ...options,
  });
  return { clock, logger, world, sweep, times: () => world.sweeps.map(({ at }) => at) };
}

describeService('a recovery sweep', () => {
  const { sweep, clock, world } = harness();
  return {
    service: sweep,
    async works() {
      const before = world.sweeps.length;
      await clock.advanceAsync(5_000);
      expect(world.sweeps.length).toBeGreaterThan(before);
    },
    async isQuiet() {
      const before = world.sweeps.length;
      await clock.advanceAsync(60_000);
      expect(world.sweeps).toHaveLength(before);
      expect(clock.pendingCount()).toBe(0);
    },
  };
});

describe('the sweep', () => {
  it('sweeps when it starts and then every interval, five seconds by default', async () => {
    const { sweep, clock, times } = harness();
    await sweep.start();
    await sweep.start();
    await clock.advanceAsync(14_999);
    expect(times()).toEqual([0, 5_000, 10_000]);
    await sweep.stop();
  });

  it('looks for lost messages without a crash every twelfth time', async () => {
    const { sweep, clock, world } = harness({ intervalMs: 10 });
    await sweep.start();
    await clock.advanceAsync(240);
    expect(world.full.flatMap((full, index) => (full ? [index + 1] : []))).toEqual([12, 24]);
    await sweep.stop();
  });

  it('is early for the next retry the store knows of', async () => {
    const { sweep, clock, world, times } = harness();
    world.nextRetryAt = 1_200;
    await sweep.start();
    await clock.advanceAsync(6_200);
    expect(times()).toEqual([0, 1_200, 6_200]);
    await sweep.stop();
  });

  it('keeps its pace for a retry that is due and is not taken over, such as that of a blocked task', async () => {
    const { sweep, clock, world, times } = harness();
    world.nextRetryAt = -1;
    await sweep.start();
    await clock.advanceAsync(5_000);
    expect(times()).toEqual([0, 5_000]);
    await sweep.stop();
  });

  it('sweeps again at once when a retry fell due while it looked, which was too early for one look and too late for the other', async () => {
    const { sweep, clock, world, times } = harness();
    world.nextRetryAt = 3;
    world.onFind = () => clock.advance(5);
    await sweep.start();
    world.onFind = () => undefined;
    await clock.advanceAsync(0);
    expect(times()).toEqual([5, 5]);
    await sweep.stop();
  });

  it('rounds the wait for a retry up, so that no timer is early by a fraction of a millisecond', async () => {
    const { sweep, clock, world, times } = harness();
    world.nextRetryAt = 1_200.2;
    await sweep.start();
    await clock.advanceAsync(1_201);
    expect(times()).toEqual([0, 1_201]);
    await sweep.stop();
  });

  it('wakes for the earliest of the moments it was told', async () => {
    const { sweep, clock, times } = harness();
    await sweep.start();
    sweep.wakeAt(3_000);
    sweep.wakeAt(700);
    sweep.wakeAt(2_000);
    await clock.advanceAsync(700);
    expect(times()).toEqual([0, 700]);
    await sweep.stop();
  });

  it('does not wake before it was started, nor after it was stopped', async () => {
    const { sweep, clock, times } = harness();
    sweep.wakeAt(10);
    expect(clock.pendingCount()).toBe(0);
    await sweep.start();
    await sweep.stop();
    sweep.wakeAt(20);
    await clock.advanceAsync(60_000);
    expect(times()).toEqual([0]);
  });

  it('survives a failure, says so, and tries again at the next interval', async () => {
    const { sweep, clock, world, logger } = harness();
    world.failure = new TaskerError('STORE_UNREACHABLE', 'the database went away', { kind: 'infrastructure' });
    await sweep.start();
    expect(world.sweeps).toMatchObject([{ failed: true, decided: 0, resent: 0 }]);
    expect(logger.lines).toMatchObject([{ level: 'warn', fields: { error: 'the database went away' } }]);
    world.failure = undefined;
    await clock.advanceAsync(5_000);
    expect(world.sweeps).toMatchObject([{ failed: true }, { failed: false, at: 5_000 }]);
    await sweep.stop();
  });

  it('announces what it has sent again', async () => {
    const { sweep, world, logger } = harness();
    world.lost = { worker_tests_queue: ['1', '2'], orchestration_step_results: ['3'] };
    expect(await sweep.sweepNow()).toEqual({ decided: 0, resent: 3, failed: false });
    expect(world.announced).toEqual([world.lost]);
    expect(logger.lines).toMatchObject([{ level: 'warn', fields: { resent: 3 } }]);
  });

  it('goes on at once while batches are full and move something', async () => {
    const { sweep, world } = harness({ batchSize: 2 });
    world.ready = [['a', 'b'], ['c', 'd'], ['e'], ['not asked for']];
    expect(await sweep.sweepNow()).toMatchObject({ decided: 5 });
    expect(world.evaluated).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('ends with a full batch that moved nothing', async () => {
    const { sweep, world } = harness({ batchSize: 2 });
    world.unmoved = new Set(['a', 'b']);
    world.ready = [
      ['a', 'b'],
      ['a', 'b'],
    ];
    expect(await sweep.sweepNow()).toMatchObject({ decided: 0 });
    expect(world.evaluated).toEqual([['a', 'b']]);
  });

  it('passes over a task that cannot be decided on, names it, and moves the others', async () => {
    const { sweep, world, logger } = harness();
    world.unreadable = new Set(['c']);
    world.ready = [['a', 'b', 'c', 'd', 'e']];
    expect(await sweep.sweepNow()).toEqual({ decided: 4, resent: 0, failed: false });
    expect(logger.lines).toMatchObject([{ level: 'error', fields: { taskUuid: 'c', error: 'cannot read c' } }]);
  });

  it('runs one sweep at a time', async () => {
    const { sweep, world } = harness();
    world.ready = [['a'], ['b']];
    expect(await Promise.all([sweep.sweepNow(), sweep.sweepNow()])).toMatchObject([{ decided: 1 }, { decided: 1 }]);
    expect(world.evaluated).toEqual([['a'], ['b']]);
  });
});
