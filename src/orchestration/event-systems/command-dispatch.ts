// Sends commands to the processor and keeps the event system's statistics of them, awaited or not (spec 7.5).
import { TaskerError, messageOf, toTaskerError } from '../../domain/errors.ts';
import type { Settled } from '../../domain/json.ts';
import type { Logger } from '../../domain/ports.ts';
import type { CommandChannel } from '../commands/command-channel.ts';
import { COMMAND_DROPPED } from '../commands/command-processor.ts';
import type { OrchestrationCommand } from '../commands/commands.ts';
import { MESSAGE_NOT_FOUND } from '../commands/message-event-resolver.ts';
import type { ChannelMonitor } from './channel-monitor.ts';
import { fromStepResult, fromTaskFinalizationResult, fromTaskInitializeResult, type CommandOutcome } from './command-outcome.ts';
import { recordNotSent, recordReply, type ActReply, type QueuedSource } from './command-records.ts';
import type { OrchestrationStatistics } from './orchestration-statistics.ts';
import type { WakeRecord, WakeSource } from './woken-by.ts';

export type Act = OrchestrationCommand['act'];

export interface DispatchRequest {
  readonly act: Act;
  readonly source: QueuedSource;
  readonly wokenBy: WakeSource;
}

export interface SendPorts {
  readonly channel: CommandChannel<OrchestrationCommand>;
  readonly monitor: ChannelMonitor;
  /** Ends the wait for a place in a full channel. */
  readonly signal?: AbortSignal;
}

export interface DispatchPorts extends SendPorts {
  readonly statistics: OrchestrationStatistics;
  readonly wakes: WakeRecord;
  readonly logger: Logger;
}

export type DispatchOutcome = Settled<CommandOutcome, TaskerError>;

/** One reply, as statistics see it and as it was given. */
interface Replied {
  readonly outcome: DispatchOutcome;
  readonly reply: ActReply;
}

const labels: Record<Act, string> = {
  initialize_task: 'Task Initialization',
  process_step_result: 'Step processing',
  finalize_task: 'Task Finalization',
};

/**
 * Sends one command and waits for its reply. Errors: COMMAND_SEND_FAILED, COMMAND_FAILED (the act answered Failed),
 * COMMAND_PROCESSING_FAILED, COMMAND_RESPONSE_FAILED (the processor stopped first). A message taken by another
 * orchestrator is an outcome: skipped.
 */
export async function sendCommandAndAwait(request: DispatchRequest, ports: DispatchPorts): Promise<DispatchOutcome> {
  const { counters } = ports.statistics;
  let answer: (replied: Replied) => void = () => undefined;
  const answered = new Promise<Replied>((resolve) => {
    answer = resolve;
  });
  try {
    await sendCommand(
      commandFor(request, (outcome, reply) => answer({ outcome, reply })),
      ports,
    );
  } catch (cause) {
    recordNotSent(ports.logger, request, { level: 'error', cause });
    counters.eventsFailed += 1;
    return { ok: false, error: failure('COMMAND_SEND_FAILED', 'Failed to send orchestration command', cause) };
  }
  const replied = await answered;
  recordWake(request.wokenBy, replied.outcome, ports.wakes);
  recordReply(ports.logger, request, replied.reply);
  const outcome = judgeReply(request, replied.outcome);
  if (outcome.ok) counters.operationsCoordinated += 1;
  else counters.eventsFailed += 1;
  return outcome;
}

/** Sends one command and forgets the reply. False, now or later, when it could not be sent. Waits only when the channel is full. */
export function fireAndForget(request: DispatchRequest, ports: DispatchPorts): boolean | Promise<boolean> {
  const command = commandFor(request, (reply) => recordWake(request.wokenBy, reply, ports.wakes));
  const sent = (): boolean => {
    ports.statistics.counters.operationsCoordinated += 1;
    return true;
  };
  const refused = (thrown: unknown): boolean => {
    ports.statistics.counters.eventsFailed += 1;
    recordNotSent(ports.logger, request, { level: 'warn', cause: thrown });
    return false;
  };
  try {
    const pending = sendCommand(command, ports);
    return pending === undefined ? sent() : pending.then(sent, refused);
  } catch (thrown) {
    return refused(thrown);
  }
}

/** The command of a queued message; `onOutcome` hears one shape of outcome whatever the act, and the reply it was made of. */
export function commandFor(
  { act, source }: Pick<DispatchRequest, 'act' | 'source'>,
  onOutcome: (outcome: DispatchOutcome, reply: ActReply) => void,
): OrchestrationCommand {
  switch (act) {
    case 'initialize_task':
      return {
        act,
        source,
        reply: (reply) => onOutcome(reply.ok ? { ok: true, value: fromTaskInitializeResult(reply.value) } : reply, reply),
      };
    case 'process_step_result':
      return {
        act,
        source,
        reply: (reply) => onOutcome(reply.ok ? { ok: true, value: fromStepResult(reply.value) } : reply, reply),
      };
    case 'finalize_task':
      return {
        act,
        source,
        reply: (reply) => onOutcome(reply.ok ? { ok: true, value: fromTaskFinalizationResult(reply.value) } : reply, reply),
      };
  }
}

/** Undefined when the command was accepted at once, which costs no await; throws or rejects when the channel is closed. */
export function sendCommand(command: OrchestrationCommand, ports: SendPorts): Promise<void> | undefined {
  const { channel, monitor, signal } = ports;
  const sent = (): void => {
    if (monitor.recordSendSuccess()) monitor.checkAndWarnSaturation(channel.capacity);
  };
  if (channel.trySend(command)) {
    sent();
    return undefined;
  }
  monitor.recordOverflowBlocked();
  return channel.send(command, signal).then(sent);
}

function judgeReply({ act }: DispatchRequest, reply: DispatchOutcome): DispatchOutcome {
  if (!reply.ok) return judgeError(reply.error);
  if (reply.value.kind !== 'failed') return reply;
  return {
    ok: false,
    error: new TaskerError('COMMAND_FAILED', `${labels[act]} failed: ${reply.value.error}`, { kind: 'state' }),
  };
}

function judgeError(error: TaskerError): DispatchOutcome {
  if (error.code === MESSAGE_NOT_FOUND) return { ok: true, value: { kind: 'skipped', reason: error.message } };
  if (error.code === COMMAND_DROPPED)
    return { ok: false, error: failure('COMMAND_RESPONSE_FAILED', 'Command response failed', error) };
  return { ok: false, error: failure('COMMAND_PROCESSING_FAILED', 'Command processing failed', error) };
}

/** Only what reached the processor and was there counts: not a signal whose message was gone, not a dropped command. */
export function recordWake(source: WakeSource, reply: DispatchOutcome, wakes: WakeRecord): void {
  const lost = !reply.ok && (reply.error.code === MESSAGE_NOT_FOUND || reply.error.code === COMMAND_DROPPED);
  if (!lost) wakes.record(source);
}

function failure(code: string, text: string, cause: unknown): TaskerError {
  const { kind, details } = toTaskerError(cause, code);
  return new TaskerError(code, `${text}: ${messageOf(cause)}`, { kind, details, cause });
}
