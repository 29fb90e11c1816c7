// Checks order, rounds, poison, overlap and stopping of the poller on the in-memory provider (spec 4.7).
import { describe, expect, it } from 'vitest';
import { TaskerError } from '../../../src/domain/errors.ts';
import type { Json } from '../../../src/domain/json.ts';
import { createInMemoryProvider } from '../../../src/messaging/providers/in-memory.ts';
import type { MessagingProvider } from '../../../src/messaging/provider.ts';
import { CommandChannel } from '../../../src/orchestration/commands/command-channel.ts';
import type { OrchestrationCommand } from '../../../src/orchestration/commands/commands.ts';
import { ChannelMonitor } from '../../../src/orchestration/event-systems/channel-monitor.ts';
import { FallbackPoller, type FallbackPollerSettings } from '../../../src/orchestration/event-systems/fallback-poller.ts';
import { createFakeClock } from '../../../src/testing/fake-clock.ts';
import { describeService } from '../../helpers/describe-service.ts';
import { createPushProvider } from '../push-provider.ts';

const RESULTS = 'orchestration_step_results';
const REQUESTS = 'orchestration_task_requests';
const FINALIZATIONS = 'orchestration_task_finalizations';

async function harness(
  settings: FallbackPollerSettings & { capacity?: number; wrap?: (provider: MessagingProvider) => MessagingProvider } = {},
) {
  const { capacity = 1000, wrap = (provider) => provider, ...rest } = settings;
  const clock = createFakeClock();
  const memory = createInMemoryProvider({ clock });
  await memory.ensureQueues([RESULTS, REQUESTS, FINALIZATIONS]);
  const provider = wrap(memory);
  const channel = new CommandChannel<OrchestrationCommand>(capacity);
  const monitor = new ChannelMonitor('orchestration_commands', capacity);
  const poller = new FallbackPoller({ provider, clock, channel, monitor, ...rest });
  return { clock, memory, channel, monitor, poller };
}

function bodies(commands: readonly OrchestrationCommand[]): readonly Json[] {
  return commands.map(({ source }) => (source.via === 'message' ? source.message.message : null));
}

const visible = async (memory: MessagingProvider, queueName: string) => (await memory.queueStats([queueName]))[0]?.visibleCount;

describeService('the fallback poller', async () => {
  const { clock, memory, channel, poller } = await harness();
  return {
    service: poller,
    async works() {
      await clock.advanceAsync(0);
      await memory.send(RESULTS, ['work']);
      await clock.advanceAsync(5000);
      const commands = channel.drain(9);
      expect(bodies(commands)).toEqual(['work']);
      await memory.ack(commands.flatMap(({ source }) => (source.via === 'message' ? [source.message.handle] : [])));
      expect(poller.isHealthy).toBe(true);
    },
    async isQuiet() {
      expect(clock.pendingCount()).toBe(0);
      const { pollingCycles } = poller.stats.counters;
      await clock.advanceAsync(60_000);
      expect(poller.stats.counters.pollingCycles).toBe(pollingCycles);
      expect(poller.isHealthy).toBe(false);
    },
  };
});

describe('FallbackPoller', () => {
  it('polls at once and then at each interval, step results first', async () => {
    const { clock, memory, channel, monitor, poller } = await harness({ pollingIntervalMs: 1000 });
    await memory.send(FINALIZATIONS, ['f']);
    await memory.send(REQUESTS, ['r']);
    await memory.send(RESULTS, ['s']);
    await poller.start();
    await clock.advanceAsync(0);
    const commands = channel.drain(9);
    expect(commands.map(({ act }) => act)).toEqual(['process_step_result', 'initialize_task', 'finalize_task']);
    expect(bodies(commands)).toEqual(['s', 'r', 'f']);
    await memory.send(RESULTS, ['later']);
    await clock.advanceAsync(999);
    expect(channel.size).toBe(0);
    await clock.advanceAsync(1);
    expect(bodies(channel.drain(9))).toEqual(['later']);
    expect(poller.stats.counters).toEqual({ pollingCycles: 2, messagesProcessed: 4, messagesSetAside: 0, pollingErrors: 0 });
    expect(monitor.metrics().messagesSent).toBe(4);
    await poller.stop();
  });

  it('drains a backlog in one poll, and gives each queue its turn after some rounds', async () => {
    const { memory, channel, poller } = await harness({ batchSize: 2, maxRounds: 3 });
    await memory.send(RESULTS, [1, 2, 3, 4, 5, 6, 7]);
    await memory.send(REQUESTS, [8, 9, 10]);
    await poller.pollNow();
    expect(bodies(channel.drain(99))).toEqual([1, 2, 3, 4, 5, 6, 8, 9, 10, 7]);
    expect(poller.stats.counters.pollingCycles).toBe(2);
    await poller.stop();
  });

  it('receives no more than the processor can answer', async () => {
    const { clock, memory, channel, poller } = await harness({ batchSize: 2, maxOutstanding: 4 });
    await memory.send(RESULTS, [1, 2, 3, 4, 5, 6, 7]);
    await poller.start();
    await clock.advanceAsync(0);
    const first = channel.drain(99);
    expect(bodies(first)).toEqual([1, 2, 3, 4]);
    await clock.advanceAsync(5000);
    expect(channel.size).toBe(0);
    for (const command of first.slice(0, 2)) command.reply({ ok: false, error: new TaskerError('X', 'x') });
    await clock.advanceAsync(0);
    expect(bodies(channel.drain(99))).toEqual([5, 6]);
    await poller.stop();
    expect(await visible(memory, RESULTS)).toBe(1);
  });

  it('sets a message aside that was received more than ten times', async () => {
    const { clock, memory, channel, poller } = await harness();
    await memory.send(RESULTS, ['poison']);
    for (let received = 1; received <= 10; received++) {
      await poller.pollNow();
      expect(channel.drain(9)).toHaveLength(1);
      clock.advance(30_000);
    }
    await poller.pollNow();
    expect(channel.size).toBe(0);
    expect(memory.archived(RESULTS).map(({ message }) => message)).toEqual(['poison']);
    expect(poller.stats.counters).toMatchObject({ messagesProcessed: 10, messagesSetAside: 1 });
    await poller.stop();
  });

  it('never overlaps itself: many calls during a poll add one more cycle', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let open = 0;
    let most = 0;
    const { clock, poller } = await harness({
      pollingIntervalMs: 1000,
      wrap: (provider) => ({
        ...provider,
        async receive(params) {
          open += 1;
          most = Math.max(most, open);
          await gate;
          open -= 1;
          return provider.receive(params);
        },
      }),
    });
    await poller.start();
    const calls = [poller.pollNow(), poller.pollNow(), poller.pollNow()];
    await clock.advanceAsync(3000);
    expect(poller.stats.counters.pollingCycles).toBe(1);
    release();
    await Promise.all(calls);
    expect(poller.stats.counters.pollingCycles).toBe(2);
    expect(most).toBe(1);
    await poller.stop();
  });

  it('counts an error and goes on with the other queues', async () => {
    const { memory, channel, poller } = await harness({
      wrap: (provider) => ({
        ...provider,
        receive: (params) => (params.queueName === RESULTS ? Promise.reject(new Error('lost')) : provider.receive(params)),
      }),
    });
    await memory.send(REQUESTS, ['r']);
    await poller.pollNow();
    expect(bodies(channel.drain(9))).toEqual(['r']);
    expect(poller.stats.counters).toMatchObject({ pollingErrors: 1, messagesProcessed: 1 });
    await poller.stop();
  });

  it('gives messages back when the channel is closed', async () => {
    const { memory, channel, poller } = await harness();
    await memory.send(RESULTS, ['a', 'b']);
    channel.close();
    await poller.pollNow();
    expect(poller.stats.counters).toMatchObject({ pollingErrors: 1, messagesProcessed: 0 });
    expect(await visible(memory, RESULTS)).toBe(2);
    await poller.stop();
  });

  it('waits for a place in a full channel, and a stop ends the wait and gives the rest back', async () => {
    const { clock, memory, channel, poller } = await harness({ capacity: 1 });
    await memory.send(RESULTS, ['a', 'b', 'c']);
    await poller.start();
    await clock.advanceAsync(0);
    expect(bodies(channel.drain(1))).toEqual(['a']);
    await clock.advanceAsync(0);
    await poller.stop();
    expect(bodies(channel.drain(9))).toEqual(['b']);
    expect(await visible(memory, RESULTS)).toBe(1);
    expect(poller.stats.counters).toMatchObject({ messagesProcessed: 2, pollingErrors: 0 });
  });

  it('does nothing on demand once it was stopped', async () => {
    const { poller } = await harness();
    await poller.stop();
    await poller.pollNow();
    expect(poller.stats.counters.pollingCycles).toBe(0);
  });

  it('asks the provider for its interval', async () => {
    const clock = createFakeClock();
    const provider = createPushProvider({ fallbackPollingMs: 70 });
    const channel = new CommandChannel<OrchestrationCommand>(1);
    const poller = new FallbackPoller({ provider, clock, channel, monitor: new ChannelMonitor('x', 1) });
    await poller.start();
    await clock.advanceAsync(0);
    await clock.advanceAsync(70);
    expect(poller.stats.counters.pollingCycles).toBe(2);
    await poller.stop();
  });
});
