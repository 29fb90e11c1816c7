// The orchestrator's parts together, without a database: a failed start, what the sweep brings along, and what health shows.
import { describe, expect, it } from 'vitest';
import { TaskerError } from '../../src/domain/errors.ts';
import { silentLogger } from '../../src/domain/ports.ts';
import type { TaskDecision } from '../../src/domain/task-view.ts';
import { createOrchestrator } from '../../src/runtime/start-orchestrator.ts';
import type { OrchestratorOptions, OrchestratorPorts } from '../../src/runtime/start-orchestrator.ts';
import { createFakeClock } from '../../src/testing/fake-clock.ts';
import { describeService } from '../helpers/describe-service.ts';
import { recordingHandlers, stepMessage } from '../orchestration/command-fakes.ts';
import { createPushProvider } from '../orchestration/push-provider.ts';

const RESULTS = 'orchestration_step_results';
const moved = (taskUuid: string): TaskDecision => ({
  taskUuid,
  state: 'steps_in_process',
  steps: [],
  task: { from: 'waiting_for_retry', to: 'steps_in_process', via: [], metadata: undefined },
  enqueued: [],
});

function harness(options: OrchestratorOptions = {}) {
  const clock = createFakeClock();
  const provider = createPushProvider();
  const world = { ready: [] as string[], failure: undefined as Error | undefined, sweeps: 0 };
  const handlers = recordingHandlers({
    async processStepResults(results) {
      if (world.failure !== undefined) throw world.failure;
      return results.map(() => ({ ok: true, value: { kind: 'Success', message: 'done' } }));
    },
  });
  const ports: OrchestratorPorts = {
    clock,
    logger: silentLogger,
    provider,
    core: { ...handlers, reevaluate: async (uuids) => uuids.map(moved), announce: () => undefined },
    store: {
      ping: async () => undefined,
      nextRetryInMs: async () => undefined,
      resendLostMessages: async () => ((world.sweeps += 1), {}),
      findReadyTasks: async () => world.ready.splice(0),
    },
    onRetryPlanned: () => undefined,
  };
  const settle = () => clock.advanceAsync(0);
  return { clock, provider, handlers, world, ports, orchestrator: createOrchestrator(ports, options), settle };
}

describeService('an orchestrator', () => {
  const { clock, provider, orchestrator, settle } = harness();
  return {
    service: orchestrator,
    async works() {
      await settle();
      await provider.push(RESULTS, [stepMessage(1)]);
      await settle();
      expect([provider.waiting(RESULTS), orchestrator.isRunning]).toEqual([0, true]);
    },
    isQuiet() {
      expect([clock.pendingCount(), provider.openSubscriptions(), orchestrator.isRunning]).toEqual([0, 0, false]);
    },
  };
});

describe('an orchestrator', () => {
  it('leaves nothing behind of a failed start and can be started again', async () => {
    const { clock, provider, ports, orchestrator, settle } = harness();
    const { onRetryPlanned } = ports;
    provider.fail('subscribe', new Error('the database is away'));
    await expect(orchestrator.start()).rejects.toThrow('the database is away');
    const { processor, events, isRunning } = orchestrator;
    expect([isRunning, processor.isRunning, events.isRunning, clock.pendingCount()]).toEqual([false, false, false, 0]);
    expect(ports.onRetryPlanned).toBe(onRetryPlanned);
    provider.fail('subscribe', undefined);
    await orchestrator.start();
    await provider.push(RESULTS, [stepMessage(1)]);
    await settle();
    expect([orchestrator.isRunning, provider.waiting(RESULTS)]).toEqual([true, 0]);
    await orchestrator.stop();
  });

  it('goes on undisturbed when it is started while it runs', async () => {
    const { provider, orchestrator } = harness();
    await orchestrator.start();
    await orchestrator.start();
    expect([provider.openSubscriptions(), orchestrator.processor.isRunning]).toEqual([1, true]);
    await orchestrator.stop();
  });

  it('stops all its parts when one cannot be stopped, and says why', async () => {
    const { provider, orchestrator, clock } = harness();
    const { subscribe } = provider;
    provider.subscribe = async (...given) => {
      await subscribe(...given);
      return { close: () => Promise.reject(new Error('the connection is broken')) };
    };
    await orchestrator.start();
    await expect(orchestrator.stop()).rejects.toThrow('the connection is broken');
    expect([orchestrator.processor.isRunning, orchestrator.isRunning]).toEqual([false, false]);
    expect(clock.pendingCount()).toBe(0);
  });

  it('counts the ready tasks that its sweep picked up', async () => {
    const { world, orchestrator, clock } = harness({ sweepIntervalMs: 100 });
    world.ready = ['a', 'b'];
    await orchestrator.start();
    world.ready = ['c'];
    await clock.advanceAsync(100);
    expect(orchestrator.processor.stats.counters.tasksReadyProcessed).toBe(3);
    await orchestrator.stop();
  });

  it('in EventDrivenOnly finds a message whose notification was lost at its next sweep', async () => {
    const { provider, orchestrator, clock, world } = harness({ mode: 'EventDrivenOnly', sweepIntervalMs: 100 });
    await orchestrator.start();
    await clock.advanceAsync(1);
    await provider.send(RESULTS, [stepMessage(1)]);
    await clock.advanceAsync(98);
    expect([world.sweeps, provider.waiting(RESULTS)]).toEqual([1, 1]);
    await clock.advanceAsync(1);
    expect([world.sweeps, provider.waiting(RESULTS)]).toEqual([2, 0]);
    await orchestrator.stop();
  });

  it('in EventDrivenOnly takes a message again that was read by its id and then failed', async () => {
    const { provider, orchestrator, clock, world, settle } = harness({ mode: 'EventDrivenOnly', sweepIntervalMs: 100 });
    await orchestrator.start();
    await settle();
    world.failure = new TaskerError('STORE_UNREACHABLE', 'gone', { kind: 'infrastructure' });
    await provider.push(RESULTS, [stepMessage(1)]);
    await settle();
    world.failure = undefined;
    provider.expireVisibility();
    await clock.advanceAsync(100);
    expect(provider.waiting(RESULTS)).toBe(0);
    await orchestrator.stop();
  });

  it('shows a database that answers pings and saves nothing, and decides again as soon as it can', async () => {
    const { provider, orchestrator, clock, world, settle } = harness();
    await orchestrator.start();
    world.failure = new TaskerError('STORE_FAILED', 'disk full', { kind: 'infrastructure' });
    for (let step = 1; step <= 5; step += 1) {
      await provider.push(RESULTS, [stepMessage(step)]);
      await settle();
    }
    await clock.advanceAsync(5_000);
    expect(orchestrator.health()).toMatchObject({ status: 'unhealthy', circuitBreakerOpen: true });
    expect(orchestrator.backpressure.check()).toMatchObject({ isActive: true, source: { kind: 'circuit_breaker' } });
    world.failure = undefined;
    await provider.push(RESULTS, [stepMessage(6)]);
    await settle();
    expect(provider.waiting(RESULTS)).toBe(5);
    await orchestrator.stop();
  });
});
