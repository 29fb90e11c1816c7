// The short way of signalled step results: where queue and state share a database, one transaction reads, decides and acknowledges.
import type { Settled } from '../../domain/json.ts';
import type { TaskerError } from '../../domain/errors.ts';
import type { ActCommand } from './act-batch.ts';
import type { CommandHandlers, StepMessage, StepProcessResult } from './commands.ts';

export type StepResultCommand = ActCommand<StepMessage, StepProcessResult>;

export interface TakenCommand {
  readonly reply: StepResultCommand['reply'];
  readonly outcome: Settled<StepProcessResult, TaskerError>;
}

export interface TakeSplit {
  readonly taken: readonly TakenCommand[];
  /** What has to go the ordinary way: everything that came otherwise, and everything when the short way failed. */
  readonly rest: readonly StepResultCommand[];
}

/** Only signals of `queueName` go the short way. Never throws: a failure there is judged message by message on the ordinary way. */
export async function takeStepResults(
  commands: readonly StepResultCommand[],
  handlers: Pick<CommandHandlers, 'takeStepResults'>,
  queueName: string,
): Promise<TakeSplit> {
  const signalled: { readonly command: StepResultCommand; readonly id: string }[] = [];
  const rest: StepResultCommand[] = [];
  for (const command of commands) {
    const { source } = command;
    // bigint: an id beyond it cannot be a message of the queue, and would fail the whole statement.
    const fits = source.via === 'event' && source.event.queueName === queueName && /^\d{1,18}$/.test(source.event.messageId);
    if (fits) signalled.push({ command, id: source.event.messageId });
    else rest.push(command);
  }
  if (signalled.length === 0 || handlers.takeStepResults === undefined) return { taken: [], rest: commands };
  const ids = [...new Set(signalled.map(({ id }) => id))];
  const outcomes = await handlers.takeStepResults(ids).catch(() => undefined);
  if (outcomes === undefined) return { taken: [], rest: commands };
  const byId = new Map(ids.map((id, index) => [id, outcomes[index]]));
  const taken: TakenCommand[] = [];
  for (const { command, id } of signalled) {
    const outcome = byId.get(id);
    if (outcome === undefined) rest.push(command);
    else taken.push({ reply: command.reply, outcome });
  }
  return { taken, rest };
}
