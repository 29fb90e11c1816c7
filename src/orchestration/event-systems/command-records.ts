// What is written down about a command that was sent for a message: its outcome, or that the channel did not take it.
import { messageOf, type TaskerError } from '../../domain/errors.ts';
import type { Settled } from '../../domain/json.ts';
import type { LogFields, Logger } from '../../domain/ports.ts';
import { COMMAND_DROPPED } from '../commands/command-processor.ts';
import type {
  CommandSource,
  OrchestrationCommand,
  StepProcessResult,
  TaskFinalizationResult,
  TaskInitializeResult,
} from '../commands/commands.ts';
import { MESSAGE_NOT_FOUND } from '../commands/message-event-resolver.ts';

/** A command whose input is still in a queue. */
export type QueuedSource = Exclude<CommandSource<never>, { readonly via: 'direct' }>;

export interface QueuedCommand {
  readonly act: OrchestrationCommand['act'];
  readonly source: QueuedSource;
}

export type ActResult = StepProcessResult | TaskInitializeResult | TaskFinalizationResult;

export type ActReply = Settled<ActResult, TaskerError>;

/** Shown where a claim has no owner. */
const NO_OWNER = '00000000-0000-0000-0000-000000000000';

/** Which command it was: the act, and where its message is. */
function identityOf({ act, source }: QueuedCommand): LogFields {
  if (source.via === 'message') return { act, queueName: source.message.handle.queueName };
  return { act, messageId: source.event.messageId, namespace: source.event.namespace };
}

/** At `error` where somebody waits for the outcome, at `warn` where nobody does. */
export function recordNotSent(logger: Logger, command: QueuedCommand, failure: NotSent): void {
  logger[failure.level]({ ...identityOf(command), error: messageOf(failure.cause) }, 'command not sent');
}

export interface NotSent {
  readonly level: 'warn' | 'error';
  readonly cause: unknown;
}

/** One record for the reply of a command whose sender waited, with what its act has to say. */
export function recordReply(logger: Logger, { act, source }: QueuedCommand, reply: ActReply): void {
  const command = source.via === 'event' ? { act, messageId: source.event.messageId } : identityOf({ act, source });
  if (!reply.ok) recordError(logger, command, reply.error);
  else recordResult(logger, command, reply.value);
}

function recordError(logger: Logger, command: LogFields, error: TaskerError): void {
  const fields = { ...command, error: error.message };
  if (error.code === MESSAGE_NOT_FOUND) logger.debug(fields, 'command skipped: its message is elsewhere');
  else if (error.code === COMMAND_DROPPED) logger.error(fields, 'command not answered');
  else logger.error(fields, 'command refused');
}

function recordResult(logger: Logger, command: LogFields, result: ActResult): void {
  switch (result.kind) {
    case 'Success':
      logger.debug({ ...command, ...achieved(result) }, 'command done');
      return;
    case 'Failed':
      logger.warn({ ...command, error: result.error }, 'command failed');
      return;
    case 'Skipped':
      logger.debug({ ...command, reason: result.reason }, 'command skipped');
      return;
    case 'NotClaimed':
      logger.debug(
        { ...command, reason: result.reason, alreadyClaimedBy: result.alreadyClaimedBy ?? NO_OWNER },
        'command not claimed',
      );
  }
}

function achieved(result: Extract<ActResult, { readonly kind: 'Success' }>): LogFields {
  if ('finalStatus' in result) {
    const { taskUuid, finalStatus, completionTime } = result;
    return { taskUuidCompleted: taskUuid, finalStatus, completionTime: JSON.stringify(completionTime ?? null) };
  }
  return 'taskUuid' in result ? { taskUuid: result.taskUuid, message: result.message } : { message: result.message };
}
