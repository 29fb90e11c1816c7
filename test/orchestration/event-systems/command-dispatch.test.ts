// Checks the reply table of spec 7.5, awaited and forgotten.
import { describe, expect, it } from 'vitest';
import { TaskerError } from '../../../src/domain/errors.ts';
import type { Settled } from '../../../src/domain/json.ts';
import { silentLogger } from '../../../src/domain/ports.ts';
import { CommandChannel } from '../../../src/orchestration/commands/command-channel.ts';
import type { OrchestrationCommand } from '../../../src/orchestration/commands/commands.ts';
import { ChannelMonitor } from '../../../src/orchestration/event-systems/channel-monitor.ts';
import { fireAndForget, sendCommandAndAwait, type Act } from '../../../src/orchestration/event-systems/command-dispatch.ts';
import { OrchestrationStatistics } from '../../../src/orchestration/event-systems/orchestration-statistics.ts';
import { WakeRecord } from '../../../src/orchestration/event-systems/woken-by.ts';

const event = { queueName: 'q', namespace: 'orchestration', messageId: '1' };

function request(act: Act = 'process_step_result') {
  return { act, source: { via: 'event', event }, wokenBy: 'notify' } as const;
}

function ports(capacity = 10) {
  const channel = new CommandChannel<OrchestrationCommand>(capacity);
  return {
    channel,
    monitor: new ChannelMonitor('orchestration_commands', capacity),
    statistics: new OrchestrationStatistics(),
    wakes: new WakeRecord(),
    logger: silentLogger,
  };
}

type AnyReply = { readonly kind: 'Success'; readonly taskUuid: string; readonly message: string; readonly finalStatus: string };
const success: AnyReply & { readonly completionTime: undefined } = {
  kind: 'Success',
  taskUuid: 'u',
  message: 'm',
  finalStatus: 'Completed',
  completionTime: undefined,
};

async function reply(
  channel: CommandChannel<OrchestrationCommand>,
  answer: (command: OrchestrationCommand) => void,
): Promise<void> {
  await channel.ready();
  for (const command of channel.drain(10)) answer(command);
}

function errorOf(outcome: Settled<unknown, TaskerError>): string | undefined {
  return outcome.ok ? undefined : `${outcome.error.code}: ${outcome.error.message}`;
}

describe('sendCommandAndAwait', () => {
  it.each<[Act]>([['initialize_task'], ['process_step_result'], ['finalize_task']])(
    'sends %s and counts its success',
    async (act) => {
      const p = ports();
      const [outcome] = await Promise.all([
        sendCommandAndAwait(request(act), p),
        reply(p.channel, (command) => {
          expect(command).toMatchObject({ act, source: { via: 'event', event } });
          command.reply({ ok: true, value: success });
        }),
      ]);
      expect(outcome).toEqual({ ok: true, value: { kind: 'success' } });
      expect(p.statistics.counters).toEqual({ eventsProcessed: 0, eventsFailed: 0, operationsCoordinated: 1 });
      expect(p.wakes.snapshot()).toEqual({ notify: 1, poll: 0, direct: 0 });
      expect(p.monitor.metrics().messagesSent).toBe(1);
    },
  );

  it('counts a skipped act as coordinated', async () => {
    const p = ports();
    const answer = (command: OrchestrationCommand) => {
      if (command.act === 'process_step_result') command.reply({ ok: true, value: { kind: 'Skipped', reason: 'late' } });
    };
    const [outcome] = await Promise.all([sendCommandAndAwait(request(), p), reply(p.channel, answer)]);
    expect(outcome).toEqual({ ok: true, value: { kind: 'skipped', reason: 'late' } });
    expect(p.statistics.counters).toMatchObject({ eventsFailed: 0, operationsCoordinated: 1 });
  });

  it.each<[Act, string]>([
    ['initialize_task', 'COMMAND_FAILED: Task Initialization failed: boom'],
    ['process_step_result', 'COMMAND_FAILED: Step processing failed: boom'],
    ['finalize_task', 'COMMAND_FAILED: Task Finalization failed: boom'],
  ])('makes an error of a failed %s', async (act, text) => {
    const p = ports();
    const [outcome] = await Promise.all([
      sendCommandAndAwait(request(act), p),
      reply(p.channel, (command) => command.reply({ ok: true, value: { kind: 'Failed', error: 'boom' } })),
    ]);
    expect(errorOf(outcome)).toBe(text);
    expect(p.statistics.counters).toMatchObject({ eventsFailed: 1, operationsCoordinated: 0 });
  });

  it.each([
    ['X', 'COMMAND_PROCESSING_FAILED: Command processing failed: why', 1],
    ['COMMAND_DROPPED', 'COMMAND_RESPONSE_FAILED: Command response failed: why', 0],
  ])('makes an error of the reply %s', async (code, text, wakes) => {
    const p = ports();
    const [outcome] = await Promise.all([
      sendCommandAndAwait(request(), p),
      reply(p.channel, (command) => command.reply({ ok: false, error: new TaskerError(code, 'why') })),
    ]);
    expect(errorOf(outcome)).toBe(text);
    expect(p.statistics.counters).toMatchObject({ eventsFailed: 1, operationsCoordinated: 0 });
    expect(p.wakes.snapshot().notify).toBe(wakes);
  });

  it('skips a message that another orchestrator took, and does not say it was woken by it', async () => {
    const p = ports();
    const [outcome] = await Promise.all([
      sendCommandAndAwait(request(), p),
      reply(p.channel, (command) => command.reply({ ok: false, error: new TaskerError('MESSAGE_NOT_FOUND', 'gone') })),
    ]);
    expect(outcome).toEqual({ ok: true, value: { kind: 'skipped', reason: 'gone' } });
    expect(p.statistics.counters).toMatchObject({ eventsFailed: 0, operationsCoordinated: 1 });
    expect(p.wakes.snapshot().notify).toBe(0);
  });

  it('says when the command cannot be sent', async () => {
    const p = ports();
    p.channel.close();
    const outcome = await sendCommandAndAwait(request(), p);
    expect(errorOf(outcome)).toMatch(/^COMMAND_SEND_FAILED: Failed to send orchestration command: The command channel is closed/);
    expect(p.statistics.counters).toMatchObject({ eventsFailed: 1, operationsCoordinated: 0 });
    expect(p.monitor.metrics().messagesSent).toBe(0);
  });
});

describe('fireAndForget', () => {
  it('sends without waiting and counts the operation at once', () => {
    const p = ports();
    expect(fireAndForget(request(), p)).toBe(true);
    expect(p.channel.size).toBe(1);
    expect(p.statistics.counters).toMatchObject({ eventsFailed: 0, operationsCoordinated: 1 });
    expect(p.wakes.snapshot().notify).toBe(0);
    for (const command of p.channel.drain(1)) command.reply({ ok: true, value: success });
    expect(p.wakes.snapshot().notify).toBe(1);
  });

  it('waits for a place when the channel is full', async () => {
    const p = ports(1);
    void fireAndForget(request(), p);
    const second = fireAndForget(request(), p);
    expect(p.monitor.metrics()).toMatchObject({ messagesSent: 1, overflowEvents: 1 });
    p.channel.drain(1);
    expect(await second).toBe(true);
    expect(p.monitor.metrics().messagesSent).toBe(2);
    expect(p.statistics.counters.operationsCoordinated).toBe(2);
  });

  it('counts a closed channel as a failed event', async () => {
    const p = ports(1);
    void fireAndForget(request(), p);
    const waiting = fireAndForget(request(), p);
    p.channel.close();
    expect(await waiting).toBe(false);
    expect(fireAndForget(request(), p)).toBe(false);
    expect(p.statistics.counters).toMatchObject({ eventsFailed: 2, operationsCoordinated: 1 });
  });
});
