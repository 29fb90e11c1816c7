// Checks the event system with the real processor, poller and listener, in each mode (spec 7.5, 8.2).
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/domain/ports.ts';
import type { ProviderCapabilities } from '../../../src/messaging/provider.ts';
import { createInMemoryProvider } from '../../../src/messaging/providers/in-memory.ts';
import { CommandChannel } from '../../../src/orchestration/commands/command-channel.ts';
import { CommandProcessor } from '../../../src/orchestration/commands/command-processor.ts';
import type { OrchestrationCommand } from '../../../src/orchestration/commands/commands.ts';
import type { DeploymentMode } from '../../../src/orchestration/event-systems/deployment-mode.ts';
import { OrchestrationEventSystem } from '../../../src/orchestration/event-systems/orchestration-event-system.ts';
import { createFakeClock } from '../../../src/testing/fake-clock.ts';
import { describeService } from '../../helpers/describe-service.ts';
import { recordingHandlers, stepMessage, uuid } from '../command-fakes.ts';
import { createPushProvider } from '../push-provider.ts';

const RESULTS = 'orchestration_step_results';
const REQUESTS = 'orchestration_task_requests';
const FINALIZATIONS = 'orchestration_task_finalizations';

interface Setup {
  readonly mode?: DeploymentMode;
  readonly capabilities?: Partial<ProviderCapabilities>;
  readonly commandCapacity?: number;
  readonly eventBufferSize?: number;
}

async function harness({ mode = 'Hybrid', capabilities, commandCapacity = 1000, eventBufferSize = 1000 }: Setup = {}) {
  const clock = createFakeClock();
  const provider = createPushProvider(capabilities);
  const channel = new CommandChannel<OrchestrationCommand>(commandCapacity);
  const handlers = recordingHandlers();
  const logged: string[] = [];
  const logger = { ...silentLogger, warn: () => logged.push('warn'), error: () => logged.push('error') };
  const processor = new CommandProcessor({ channel, handlers, provider });
  const system = new OrchestrationEventSystem({ mode, provider, channel, clock, logger, eventBufferSize });
  await processor.start();
  const settle = (): Promise<void> => clock.advanceAsync(0);
  const end = async (): Promise<void> => {
    await system.stop();
    await processor.stop();
  };
  return { clock, provider, channel, handlers, processor, system, settle, end, logged };
}

describeService('the event system', async () => {
  const { clock, provider, system, settle } = await harness();
  return {
    service: system,
    async works() {
      await settle();
      await provider.push(RESULTS, [stepMessage(1)]);
      await settle();
      expect(provider.waiting(RESULTS)).toBe(0);
      expect(system.healthCheck()).toMatchObject({ kind: 'healthy' });
    },
    isQuiet() {
      expect(clock.pendingCount()).toBe(0);
      expect(provider.openSubscriptions()).toBe(0);
      expect(system.isRunning).toBe(false);
      expect(system.healthCheck()).toMatchObject({ kind: 'failed', reason: 'the event system is not running' });
    },
  };
});

describe('OrchestrationEventSystem', () => {
  it('brings a notified message of each queue to its handler with one read and one acknowledgement', async () => {
    const { provider, handlers, system, settle, end } = await harness();
    await system.start();
    await settle();
    provider.calls.length = 0;
    await provider.push(RESULTS, [stepMessage(1), stepMessage(2)]);
    await settle();
    expect(provider.calls.map(({ name, ids }) => ({ name, ids }))).toEqual([
      { name: 'fetchById', ids: ['1', '2'] },
      { name: 'ack', ids: ['1', '2'] },
    ]);
    await provider.push(REQUESTS, [{ request_id: 'r', task_request: { name: 'orders' } }]);
    await provider.push(FINALIZATIONS, [{ task_uuid: uuid(1) }]);
    await settle();
    expect(handlers.batches.map(({ act }) => act)).toEqual(['process_step_result', 'initialize_task', 'finalize_task']);
    expect(system.statistics()).toMatchObject({
      own: { counters: { eventsFailed: 0, operationsCoordinated: 4 } },
      wokenBy: { notify: 4, poll: 0, direct: 0 },
    });
    await end();
  });

  it('finds by polling what no notification announced', async () => {
    const { clock, provider, system, settle, end } = await harness();
    await system.start();
    await settle();
    await provider.send(RESULTS, [stepMessage(1)]);
    await clock.advanceAsync(5000);
    expect(provider.waiting(RESULTS)).toBe(0);
    expect(system.statistics()).toMatchObject({
      wokenBy: { notify: 0, poll: 1, direct: 0 },
      poller: { counters: { pollingCycles: 2 } },
    });
    await end();
  });

  it.each<[string, Parameters<ReturnType<typeof createPushProvider>['notify']>[0]]>([
    ['a reconnect', { kind: 'reconnected' }],
    ['a signal without ids', { kind: 'available', queueName: REQUESTS, messageIds: [] }],
    ['a signal that does not name all', { kind: 'available', queueName: REQUESTS, messageIds: ['99'], truncated: true }],
  ])('polls at once after %s, in EventDrivenOnly too', async (_name, notification) => {
    const { clock, provider, system, settle, end } = await harness({ mode: 'EventDrivenOnly' });
    await system.start();
    await settle();
    await provider.send(RESULTS, [stepMessage(1)]);
    await clock.advanceAsync(60_000);
    expect(provider.waiting(RESULTS)).toBe(1);
    provider.notify(notification);
    await settle();
    expect(provider.waiting(RESULTS)).toBe(0);
    await end();
  });

  it('looks for what no notification brought when it is asked to, in EventDrivenOnly', async () => {
    const { provider, system, settle, end } = await harness({ mode: 'EventDrivenOnly' });
    await system.start();
    await settle();
    const [id] = await provider.push(RESULTS, [stepMessage(1)]);
    await provider.send(RESULTS, [stepMessage(2)]);
    await settle();
    expect([id, provider.waiting(RESULTS)]).toEqual(['1', 1]);
    system.lookForMissed();
    await settle();
    expect(provider.waiting(RESULTS)).toBe(0);
    await end();
    system.lookForMissed();
    expect(provider.calls.at(-1)).toMatchObject({ name: 'ack', ids: ['2'] });
  });

  it.each(['Hybrid', 'PollingOnly', 'Disabled'] as const)('in mode %s leaves that to the poller, or to nobody', async (mode) => {
    const { provider, system, settle, end } = await harness({ mode });
    await system.start();
    await settle();
    const before = provider.calls.length;
    system.lookForMissed();
    await settle();
    expect(provider.calls).toHaveLength(before);
    await end();
  });

  it('catches up once at the start of EventDrivenOnly', async () => {
    const { clock, provider, system, settle, end } = await harness({ mode: 'EventDrivenOnly' });
    await provider.send(RESULTS, [stepMessage(1)]);
    await system.start();
    await settle();
    expect(provider.waiting(RESULTS)).toBe(0);
    expect(clock.pendingCount()).toBe(0);
    await end();
  });

  it('does not poll in EventDrivenOnly when the provider delivers everything by itself', async () => {
    const { provider, system, settle, end } = await harness({
      mode: 'EventDrivenOnly',
      capabilities: { fallbackPollingMs: undefined },
    });
    await system.start();
    provider.notify({ kind: 'reconnected' });
    await settle();
    expect(provider.calls.map(({ name }) => name)).toEqual(['subscribe']);
    await end();
  });

  it('does not subscribe in PollingOnly', async () => {
    const { provider, system, settle, end } = await harness({ mode: 'PollingOnly' });
    await provider.send(RESULTS, [stepMessage(1)]);
    await system.start();
    await settle();
    expect(provider.openSubscriptions()).toBe(0);
    expect(provider.waiting(RESULTS)).toBe(0);
    await end();
  });

  it('receives nothing when disabled, yet runs and warns', async () => {
    const { clock, provider, system, logged, end } = await harness({ mode: 'Disabled' });
    await provider.send(RESULTS, [stepMessage(1)]);
    await system.start();
    await clock.advanceAsync(60_000);
    expect(provider.calls).toEqual([]);
    expect(system.isRunning).toBe(true);
    expect(system.healthCheck()).toEqual({ kind: 'healthy', warnings: [], isDegraded: false });
    expect(logged).toEqual(['warn']);
    await end();
  });

  it('turns Hybrid into PollingOnly on the in-memory provider and says so', async () => {
    const clock = createFakeClock();
    const provider = createInMemoryProvider({ clock });
    await provider.ensureQueues([RESULTS, REQUESTS, FINALIZATIONS]);
    await provider.send(RESULTS, [stepMessage(1)]);
    const channel = new CommandChannel<OrchestrationCommand>();
    const processor = new CommandProcessor({ channel, handlers: recordingHandlers(), provider });
    const system = new OrchestrationEventSystem({ mode: 'Hybrid', provider, channel, clock });
    await processor.start();
    await system.start();
    await clock.advanceAsync(0);
    expect((await provider.queueStats([RESULTS]))[0]?.messageCount).toBe(0);
    const { configuredMode, effectiveMode, overridden, wokenBy } = system.statistics();
    expect({ configuredMode, effectiveMode, wokenBy }).toEqual({
      configuredMode: 'Hybrid',
      effectiveMode: 'PollingOnly',
      wokenBy: { notify: 0, poll: 1, direct: 0 },
    });
    expect(overridden).toContain('in_memory has none');
    expect(system.effectiveMode).toBe('PollingOnly');
    await system.stop();
    await processor.stop();
  });

  it('counts a lost connection as a failed event', async () => {
    const { provider, system, settle, end } = await harness();
    await system.start();
    provider.notify({ kind: 'connection_error', error: 'gone' });
    await settle();
    expect(system.statistics()).toMatchObject({
      own: { counters: { eventsFailed: 1 } },
      totals: { counters: { eventsFailed: 2, eventsProcessed: 1 } },
      listener: { counters: { connectionErrors: 1 } },
    });
    await end();
  });

  it('counts a notification of an unknown queue as a failed event and says so', async () => {
    const { provider, system, settle, end, logged } = await harness();
    await system.start();
    provider.notify({ kind: 'available', queueName: 'elsewhere', messageIds: ['1'] });
    await settle();
    expect(system.statistics().own).toMatchObject({ counters: { eventsFailed: 1 }, lastEventAtMs: expect.any(Number) });
    expect(logged).toEqual(['warn']);
    await end();
  });

  it('handles what is notified during its start only when poller and listener run', async () => {
    const { provider, system, settle, end } = await harness();
    await provider.send(RESULTS, [stepMessage(1)]);
    const subscribe = provider.subscribe.bind(provider);
    provider.subscribe = async (names, onNotification) => {
      const subscription = await subscribe(names, onNotification);
      onNotification({ kind: 'available', queueName: RESULTS, messageIds: ['1'] });
      // Time enough for a loop that runs already.
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      return subscription;
    };
    await system.start();
    await settle();
    const names = provider.calls.map(({ name }) => name);
    expect(names).toContain('receive');
    expect(names.indexOf('receive')).toBeLessThan(names.indexOf('fetchById'));
    await end();
  });

  it('carries out a pushed message by its queue and sets one aside that is not JSON', async () => {
    const { provider, handlers, system, settle, end } = await harness({
      mode: 'EventDrivenOnly',
      capabilities: { fallbackPollingMs: undefined },
    });
    const [good = '', bad = ''] = await provider.send(REQUESTS, [null, null]);
    await system.start();
    const pushed = (token: string, text: string) => {
      const handle = { provider: 'pgmq', queueName: REQUESTS, token } as const;
      const message = { message: new TextEncoder().encode(text), handle, metadata: { receiveCount: 1, enqueuedAt: new Date(0) } };
      provider.notify({ kind: 'message', message });
    };
    pushed(good, JSON.stringify({ request_id: 'r', task_request: { name: 'orders' } }));
    pushed(bad, '{');
    await settle();
    expect(handlers.batches.map(({ act }) => act)).toEqual(['initialize_task']);
    expect(provider.archived(REQUESTS)).toEqual([bad]);
    expect(provider.waiting(REQUESTS)).toBe(0);
    expect(system.statistics().own.counters).toMatchObject({ eventsFailed: 1, operationsCoordinated: 1 });
    await end();
  });

  it('loses nothing when notifications flood both the buffer and the command channel', async () => {
    const { provider, handlers, system, settle, end } = await harness({ commandCapacity: 2, eventBufferSize: 3 });
    await system.start();
    await settle();
    const steps = Array.from({ length: 40 }, (_, index) => index);
    for (const step of steps) await provider.push(RESULTS, [stepMessage(step)]);
    await settle();
    expect(provider.waiting(RESULTS)).toBe(0);
    expect(new Set(handlers.batches.flatMap(({ inputs }) => inputs)).size).toBe(40);
    await end();
  });

  it('makes up for notifications that found no place by one poll', async () => {
    const { provider, channel, system, settle, end } = await harness({ eventBufferSize: 1 });
    await system.start();
    await settle();
    const ids = await provider.send(RESULTS, [stepMessage(1), stepMessage(2), stepMessage(3)]);
    for (const id of ids) provider.announce(RESULTS, [id]);
    await settle();
    expect(provider.waiting(RESULTS)).toBe(0);
    expect(channel.size).toBe(0);
    await end();
  });

  it('refuses a second start and can start after a failed one', async () => {
    const { provider, system, end } = await harness();
    provider.fail('subscribe', new Error('refused'));
    await expect(system.start()).rejects.toThrow('refused');
    expect(system.isRunning).toBe(false);
    provider.fail('subscribe', undefined);
    await system.start();
    await expect(system.start()).rejects.toMatchObject({ code: 'EVENT_SYSTEM_ALREADY_RUNNING' });
    expect(system.isRunning).toBe(true);
    await end();
  });

  it('stops its poller although the subscription does not close', async () => {
    const { clock, provider, system } = await harness();
    const subscribe = provider.subscribe.bind(provider);
    provider.subscribe = async (names, onNotification) => {
      await subscribe(names, onNotification);
      return { close: () => Promise.reject(new Error('busy')) };
    };
    await system.start();
    await expect(system.stop()).rejects.toThrow('busy');
    expect(clock.pendingCount()).toBe(0);
    expect(system.isRunning).toBe(false);
    await system.stop();
  });

  it('stops while the command channel is full and nobody takes from it', async () => {
    const { provider, channel, processor, system, settle } = await harness({ commandCapacity: 1 });
    await processor.stop();
    await system.start();
    await provider.push(RESULTS, [stepMessage(1), stepMessage(2), stepMessage(3)]);
    await settle();
    await system.stop();
    expect(channel.size).toBe(1);
    expect(provider.waiting(RESULTS)).toBe(3);
  });

  it('warns about a closed command channel by failing its health', async () => {
    const { channel, system, end } = await harness();
    await system.start();
    channel.close();
    expect(system.healthCheck()).toMatchObject({ kind: 'failed', reason: 'the command channel is closed' });
    await end();
  });

  it('carries out one event, measures it, and counts it as direct', async () => {
    const { clock, provider, system, end } = await harness();
    const [messageId = ''] = await provider.send(RESULTS, [stepMessage(1)]);
    const processed = system.processEvent({
      kind: 'step_result',
      event: { queueName: RESULTS, namespace: 'orchestration', messageId },
    });
    clock.advance(40);
    expect(await processed).toEqual({ ok: true, value: undefined });
    expect(await system.processEvent({ kind: 'unknown', queueName: 'q', payload: '' })).toMatchObject({ ok: true });
    const { own, wokenBy } = system.statistics();
    expect(own.counters).toEqual({ eventsProcessed: 2, eventsFailed: 0, operationsCoordinated: 1 });
    expect(own.averageLatencyMs).toBe(20);
    expect(wokenBy.direct).toBe(1);
    await end();
  });

  it('does not count an event that failed as processed', async () => {
    const { provider, system, end } = await harness();
    const [messageId = ''] = await provider.send(REQUESTS, [{}]);
    const event = { queueName: REQUESTS, namespace: 'orchestration', messageId };
    expect(await system.processEvent({ kind: 'task_request', event })).toMatchObject({
      ok: false,
      error: { code: 'COMMAND_PROCESSING_FAILED' },
    });
    expect(system.statistics().own).toMatchObject({ counters: { eventsProcessed: 0, eventsFailed: 1 }, averageLatencyMs: 0 });
    await end();
  });

  it('remembers when it started and what a caller put on the channel itself', async () => {
    const { clock, system, end } = await harness();
    expect(system.statistics().uptimeMs).toBeUndefined();
    await system.start();
    clock.advance(1200);
    system.recordDirect();
    expect(system.statistics()).toMatchObject({ uptimeMs: 1200, wokenBy: { direct: 1 } });
    await end();
  });
});
