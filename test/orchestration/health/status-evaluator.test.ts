// Checks what the evaluator asks, how long it waits, and what it keeps (spec 7.8).
import { describe, expect, it } from 'vitest';
import { CommandChannel } from '../../../src/orchestration/commands/command-channel.ts';
import type { OrchestrationCommand } from '../../../src/orchestration/commands/commands.ts';
import { ChannelMonitor } from '../../../src/orchestration/event-systems/channel-monitor.ts';
import { CircuitBreaker } from '../../../src/orchestration/health/circuit-breaker.ts';
import { StatusEvaluator } from '../../../src/orchestration/health/status-evaluator.ts';
import { createFakeClock } from '../../../src/testing/fake-clock.ts';
import { describeService } from '../../helpers/describe-service.ts';
import { stepMessage } from '../command-fakes.ts';
import { createPushProvider } from '../push-provider.ts';

function harness(checkDatabase: () => Promise<void> = async () => undefined) {
  const clock = createFakeClock();
  const provider = createPushProvider();
  const channel = new CommandChannel<OrchestrationCommand>(10);
  const monitor = new ChannelMonitor('orchestration_commands', 10);
  const breaker = new CircuitBreaker({ component: 'database', clock });
  let asked = 0;
  const counted = (): Promise<void> => {
    asked += 1;
    return checkDatabase();
  };
  const evaluator = new StatusEvaluator({ clock, provider, channel, monitor, breaker, checkDatabase: counted });
  return { clock, provider, channel, monitor, breaker, evaluator, asked: () => asked };
}

function fill(channel: CommandChannel<OrchestrationCommand>, count: number): void {
  for (let step = 0; step < count; step++) {
    channel.trySend({ act: 'process_step_result', source: { via: 'direct', input: stepMessage(step) }, reply: () => undefined });
  }
}

describeService('the status evaluator', () => {
  const { clock, evaluator, asked } = harness();
  return {
    service: evaluator,
    async works() {
      const before = asked();
      await clock.advanceAsync(5000);
      expect(asked()).toBe(before + 1);
    },
    async isQuiet() {
      const before = asked();
      await clock.advanceAsync(60_000);
      expect(asked()).toBe(before);
      expect(clock.pendingCount()).toBe(0);
    },
  };
});

describe('StatusEvaluator', () => {
  it('knows nothing before it started and everything after', async () => {
    const { clock, provider, channel, monitor, evaluator } = harness();
    expect(evaluator.health().status).toBe('unknown');
    await provider.send('orchestration_task_requests', [1, 2]);
    fill(channel, 4);
    monitor.recordSendSuccess();
    monitor.recordOverflowBlocked();
    await evaluator.start();
    expect(evaluator.caches.lastEvaluatedAtMs).toBe(clock.now());
    expect(evaluator.caches.findings).toEqual({
      database: {
        isEvaluated: true,
        isConnected: true,
        isCircuitBreakerOpen: false,
        circuitBreakerFailures: 0,
        lastCheckDurationMs: 0,
        errorMessage: undefined,
      },
      channel: {
        isEvaluated: true,
        commandSaturationPercent: 40,
        commandAvailableCapacity: 6,
        commandMessagesSent: 1,
        commandOverflowEvents: 1,
      },
      queues: {
        tier: 'Normal',
        maxDepth: 2,
        worstQueue: 'orchestration_task_requests',
        depths: { orchestration_step_results: 0, orchestration_task_requests: 2, orchestration_task_finalizations: 0 },
      },
      backpressure: { isActive: false },
    });
    expect(evaluator.health(3)).toMatchObject({ status: 'healthy', activeProcessors: 3 });
    await evaluator.stop();
  });

  it('looks again every five seconds', async () => {
    const { clock, channel, evaluator } = harness();
    await evaluator.start();
    fill(channel, 8);
    await clock.advanceAsync(4999);
    expect(evaluator.health().status).toBe('healthy');
    await clock.advanceAsync(1);
    expect(evaluator.health().status).toBe('degraded');
    fill(channel, 2);
    await clock.advanceAsync(5000);
    expect(evaluator.health()).toMatchObject({ status: 'unhealthy', backpressureActive: true });
    await evaluator.stop();
  });

  it('says what the database answered', async () => {
    const { evaluator } = harness(() => Promise.reject(new Error('connection refused')));
    await evaluator.start();
    expect(evaluator.caches.findings.database).toMatchObject({ isConnected: false, errorMessage: 'connection refused' });
    expect(evaluator.health().status).toBe('unhealthy');
    await evaluator.stop();
  });

  it('waits one second for the database', async () => {
    const { clock, evaluator } = harness(() => new Promise(() => undefined));
    const started = evaluator.start();
    await clock.advanceAsync(0);
    await clock.advanceAsync(1000);
    await started;
    expect(evaluator.caches.findings.database).toMatchObject({
      isConnected: false,
      errorMessage: 'Health check timed out after 1000ms',
      lastCheckDurationMs: 1000,
    });
    await evaluator.stop();
  });

  it('does not ask a database whose breaker is open', async () => {
    const { breaker, evaluator, asked } = harness();
    breaker.forceOpen();
    await evaluator.start();
    expect(asked()).toBe(0);
    expect(evaluator.caches.findings.database).toMatchObject({
      isEvaluated: true,
      isConnected: false,
      isCircuitBreakerOpen: true,
      errorMessage: 'Circuit breaker open',
    });
    expect(evaluator.health()).toMatchObject({ status: 'unhealthy', circuitBreakerOpen: true, backpressureActive: true });
    await evaluator.stop();
  });

  it('counts its checks in the breaker and asks again when that lets it', async () => {
    let isDown = true;
    const { clock, breaker, evaluator, asked } = harness(() => (isDown ? Promise.reject(new Error('gone')) : Promise.resolve()));
    await evaluator.start();
    await clock.advanceAsync(20_000);
    expect([breaker.state, asked()]).toEqual(['open', 5]);
    expect(evaluator.health()).toMatchObject({ circuitBreakerOpen: true, circuitBreakerFailures: 5 });
    isDown = false;
    await clock.advanceAsync(25_000);
    expect([breaker.state, asked()]).toEqual(['open', 5]);
    await clock.advanceAsync(10_000);
    expect([breaker.state, asked()]).toEqual(['closed', 7]);
    expect(evaluator.health()).toMatchObject({ status: 'healthy', circuitBreakerOpen: false });
    await evaluator.stop();
  });

  it('goes on judging when the depths of the queues never come', async () => {
    let isHanging = false;
    const { clock, provider, evaluator } = harness(() => (isHanging ? new Promise(() => undefined) : Promise.resolve()));
    const { queueStats } = provider;
    provider.queueStats = (names) => (isHanging ? new Promise(() => undefined) : queueStats(names));
    await evaluator.start();
    isHanging = true;
    await clock.advanceAsync(6_000);
    expect(evaluator.health()).toMatchObject({ status: 'unhealthy', databaseConnected: false });
    expect(evaluator.caches.lastEvaluatedAtMs).toBe(clock.now());
    await evaluator.stop();
  });

  it('does not ask a second time while a question hangs', async () => {
    const { clock, evaluator, asked } = harness(() => new Promise(() => undefined));
    void evaluator.start();
    await clock.advanceAsync(0);
    await clock.advanceAsync(21_000);
    expect(asked()).toBe(1);
    await evaluator.stop();
  });

  it('knows nothing any more when its findings are older than 30 s', async () => {
    const { clock, evaluator } = harness();
    await evaluator.start();
    await evaluator.stop();
    await clock.advanceAsync(30_000);
    expect(evaluator.health().status).toBe('healthy');
    await clock.advanceAsync(1);
    expect(evaluator.health()).toMatchObject({ status: 'unknown', healthEvaluated: false });
    expect(evaluator.backpressure.isStale).toBe(true);
  });

  it('keeps the last known depths when the provider does not answer', async () => {
    const { clock, provider, evaluator } = harness();
    await provider.send('orchestration_task_requests', [1]);
    await evaluator.start();
    provider.fail('queueStats', new Error('lost'));
    await clock.advanceAsync(5000);
    expect(evaluator.caches.findings.queues).toMatchObject({ tier: 'Normal', maxDepth: 1 });
    await evaluator.stop();
  });
});
