// The scenario's command channel as the channel of src: commands go out in the legacy form, replies come back in that of src.
import { TaskerError } from '../../../src/domain/errors.ts';
import type { Settled } from '../../../src/domain/json.ts';
import type { QueuedMessage } from '../../../src/messaging/envelope.ts';
import { CommandChannel } from '../../../src/orchestration/commands/command-channel.ts';
import { COMMAND_DROPPED } from '../../../src/orchestration/commands/command-processor.ts';
import type { OrchestrationCommand } from '../../../src/orchestration/commands/commands.ts';
import { ChannelMonitor } from '../../../src/orchestration/event-systems/channel-monitor.ts';
import type { LegacyCommands, LegacyMonitor, LegacyReply, LegacyResponder } from './legacy-shapes.ts';

const CHANNEL_CAPACITY = 100;

const typesFromMessage = {
  process_step_result: 'ProcessStepResultFromMessage',
  initialize_task: 'InitializeTaskFromMessage',
  finalize_task: 'FinalizeTaskFromMessage',
} as const;

/** The name that a queue of src has in the scenario. */
export type QueueNameFor = (queueName: string, via: 'event' | 'message') => string;

/** The scenario decides when a command is taken, so that none is taken at once. */
export class ScenarioChannel extends CommandChannel<OrchestrationCommand> {
  readonly #commands: LegacyCommands;
  readonly #queueNameFor: QueueNameFor;

  constructor(commands: LegacyCommands, queueNameFor: QueueNameFor = (name) => name) {
    super(CHANNEL_CAPACITY);
    this.#commands = commands;
    this.#queueNameFor = queueNameFor;
  }

  override get capacity(): number {
    return this.#commands.capacity();
  }

  override get isClosed(): boolean {
    return this.#commands.isClosed();
  }

  override trySend(): boolean {
    return false;
  }

  override send(command: OrchestrationCommand): Promise<void> {
    const { act, source } = command;
    const resp = responderOf(command);
    switch (source.via) {
      case 'event': {
        const messageEvent = { ...source.event, queueName: this.#queueNameFor(source.event.queueName, source.via) };
        return this.#commands.send({ type: `${typesFromMessage[act]}Event`, messageEvent, resp });
      }
      case 'message':
        return this.#commands.send({ type: typesFromMessage[act], message: this.#legacyMessage(source.message), resp });
      case 'direct':
        throw new Error('The event system sends no command whose input it has.');
    }
  }

  #legacyMessage({ message, handle, metadata }: QueuedMessage): object {
    return {
      message,
      handle: { provider: handle.provider, queueName: this.#queueNameFor(handle.queueName, 'message'), receipt: handle.token },
      metadata: { readCount: metadata.receiveCount, enqueuedAt: metadata.enqueuedAt },
    };
  }
}

function responderOf(command: OrchestrationCommand): LegacyResponder {
  // The scenario answers each act in its own type.
  const reply = command.reply as (outcome: Settled<unknown, TaskerError>) => void;
  return {
    send(answer) {
      // A scenario answers with a value or with an error.
      reply(settledOf(answer as LegacyReply));
      // Src hears every reply; whether anybody needs it is decided there.
      return true;
    },
    drop() {
      reply({ ok: false, error: new TaskerError(COMMAND_DROPPED, 'channel closed', { kind: 'state' }) });
    },
  };
}

function settledOf(reply: LegacyReply): Settled<unknown, TaskerError> {
  if (reply.ok) return { ok: true, value: reply.value };
  const { code = 'UNKNOWN', message } = reply.error;
  return { ok: false, error: new TaskerError(code, message, { cause: reply.error }) };
}

/** The scenario's monitor of the command channel. */
export class ScenarioMonitor extends ChannelMonitor {
  readonly #monitor: LegacyMonitor;

  constructor(monitor: LegacyMonitor) {
    super('commands', CHANNEL_CAPACITY);
    this.#monitor = monitor;
  }

  override recordSendSuccess(): boolean {
    return this.#monitor.recordSendSuccess();
  }

  override checkAndWarnSaturation(available: number): void {
    this.#monitor.checkAndWarnSaturation(available);
  }
}
