// Checks classification by queue, counting and stopping of the listener (spec 4.6).
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/domain/ports.ts';
import type { MessageNotification } from '../../../src/messaging/envelope.ts';
import { noListenerCounts } from '../../../src/orchestration/component-statistics.ts';
import { QueueListener, type OrchestrationNotification } from '../../../src/orchestration/event-systems/queue-listener.ts';
import { createFakeClock } from '../../../src/testing/fake-clock.ts';
import { describeService } from '../../helpers/describe-service.ts';
import { createPushProvider } from '../push-provider.ts';

function harness(onNotification?: (notification: OrchestrationNotification) => void) {
  const provider = createPushProvider();
  const heard: OrchestrationNotification[] = [];
  const clock = createFakeClock();
  const errors: unknown[] = [];
  const listener = new QueueListener({
    provider,
    clock,
    logger: { ...silentLogger, error: (fields) => errors.push(fields) },
    onNotification: onNotification ?? ((notification) => heard.push(notification)),
  });
  return { provider, heard, clock, listener, errors };
}

function available(queueName: string, ...messageIds: string[]): MessageNotification {
  return { kind: 'available', queueName, messageIds };
}

function pushed(queueName: string): MessageNotification {
  const handle = { provider: 'pgmq', queueName, token: '5' } as const;
  const metadata = { receiveCount: 0, enqueuedAt: new Date(0) };
  return { kind: 'message', message: { message: new Uint8Array(), handle, metadata } };
}

describeService('the queue listener', () => {
  const { provider, listener, heard } = harness();
  return {
    service: listener,
    works() {
      const before = heard.length;
      provider.notify({ kind: 'reconnected' });
      expect(heard.length).toBe(before + 1);
      expect(listener.isHealthy).toBe(true);
    },
    isQuiet() {
      expect(provider.openSubscriptions()).toBe(0);
      expect(listener.isHealthy).toBe(false);
    },
  };
});

describe('QueueListener', () => {
  it.each([
    ['orchestration_step_results', 'process_step_result', 'stepResultsProcessed'],
    ['orchestration_task_requests', 'initialize_task', 'taskRequestsProcessed'],
    ['orchestration_task_finalizations', 'finalize_task', 'taskFinalizationsProcessed'],
  ] as const)('takes a signal and a pushed message of %s as %s', async (queueName, act, counter) => {
    const { provider, heard, listener } = harness();
    await listener.start();
    provider.notify(available(queueName, '1', '2'));
    provider.notify(pushed(queueName));
    expect(heard).toMatchObject([
      { kind: 'signal', act, queueName, messageIds: ['1', '2'] },
      { kind: 'message', act },
    ]);
    expect(listener.stats.counters).toEqual({ ...noListenerCounts, eventsReceived: 2, [counter]: 3 });
    await listener.stop();
  });

  it("skips a worker's queue", async () => {
    const { provider, heard, listener } = harness();
    await listener.start();
    provider.notify(available('worker_payments_queue', '1'));
    provider.notify(pushed('worker_payments_queue'));
    expect(heard).toEqual([]);
    expect(listener.stats.counters).toEqual({ ...noListenerCounts, eventsReceived: 2 });
    await listener.stop();
  });

  it('tells of a queue that it does not know', async () => {
    const { provider, heard, listener } = harness();
    await listener.start();
    provider.notify(available('elsewhere', '1'));
    provider.notify(pushed('elsewhere'));
    const told = { kind: 'unknown_queue', queueName: 'elsewhere' };
    expect(heard).toEqual([told, told]);
    expect(listener.stats.counters).toEqual({ ...noListenerCounts, eventsReceived: 2, unknownEvents: 2 });
    await listener.stop();
  });

  it('asks for a poll when a signal names no message', async () => {
    const { provider, heard, listener } = harness();
    await listener.start();
    provider.notify(available('orchestration_step_results'));
    expect(heard).toEqual([{ kind: 'incomplete_signal', queueName: 'orchestration_step_results' }]);
    await listener.stop();
  });

  it('takes the messages a truncated signal names, and asks for a poll for the others', async () => {
    const { provider, heard, listener } = harness();
    await listener.start();
    const queueName = 'orchestration_task_requests';
    provider.notify({ kind: 'available', queueName, messageIds: ['1', '2'], truncated: true });
    provider.notify({ kind: 'available', queueName: 'worker_payments_queue', messageIds: ['1'], truncated: true });
    expect(heard).toEqual([
      { kind: 'signal', act: 'initialize_task', queueName, messageIds: ['1', '2'] },
      { kind: 'incomplete_signal', queueName },
    ]);
    await listener.stop();
  });

  it('is not healthy between a lost connection and its return', async () => {
    const { provider, heard, listener } = harness();
    await listener.start();
    provider.notify({ kind: 'connection_error', error: 'gone' });
    expect(listener.isHealthy).toBe(false);
    expect(listener.stats.counters.connectionErrors).toBe(1);
    provider.notify({ kind: 'reconnected' });
    expect(listener.isHealthy).toBe(true);
    expect(heard.map(({ kind }) => kind)).toEqual(['connection_error', 'reconnected']);
    await listener.stop();
  });

  it('survives a consumer that throws', async () => {
    const { provider, listener, errors } = harness(() => {
      throw new Error('bug');
    });
    await listener.start();
    provider.notify({ kind: 'reconnected' });
    provider.notify({ kind: 'reconnected' });
    expect(errors).toEqual([
      { kind: 'reconnected', error: 'bug' },
      { kind: 'reconnected', error: 'bug' },
    ]);
    await listener.stop();
  });

  it('subscribes once when it is started twice, and remembers when', async () => {
    const { provider, listener, clock } = harness();
    await listener.start();
    await listener.start();
    expect(provider.openSubscriptions()).toBe(1);
    expect(listener.stats.snapshot()).toMatchObject({ startedAtMs: clock.now(), lastEventAtMs: undefined });
    clock.advance(7);
    provider.notify({ kind: 'reconnected' });
    expect(listener.stats.snapshot().lastEventAtMs).toBe(clock.now());
    await listener.stop();
  });

  it('can be started again after the subscription failed', async () => {
    const { provider, listener } = harness();
    provider.fail('subscribe', new Error('refused'));
    await expect(listener.start()).rejects.toThrow('refused');
    expect(listener.isHealthy).toBe(false);
    provider.fail('subscribe', undefined);
    await listener.start();
    expect(listener.isHealthy).toBe(true);
    await listener.stop();
  });
});
