// The command processor of src under the legacy name: the scenario's actors are its handlers, the message client its provider.
import { TaskerError } from '../../../src/domain/errors.ts';
import type { Settled } from '../../../src/domain/json.ts';
import type { Logger } from '../../../src/domain/ports.ts';
import { CommandChannel } from '../../../src/orchestration/commands/command-channel.ts';
import { CommandProcessor } from '../../../src/orchestration/commands/command-processor.ts';
import type {
  CommandHandlers,
  CommandSource,
  OrchestrationCommand,
  TaskFinalizationResult,
} from '../../../src/orchestration/commands/commands.ts';
import { ClientProvider } from './client-provider.ts';
import { healthOf, type LegacyActors, type LegacyCaches } from './health-adapter.ts';
import type { LegacyContext, LegacyEvent, LegacyMessage, LegacyResponder } from './legacy-shapes.ts';
import type { Adapter } from './src-system.ts';
import { idOf, requestOf, uuidOf, wireForm, type Act } from './wire-forms.ts';

type CreateArguments = readonly [LegacyContext & { readonly log: Logger }, LegacyActors, LegacyCaches, number, object];

export const processorAdapter: Adapter = () => ({
  CommandProcessorActor: {
    create(...[context, actors, caches, bufferSize]: CreateArguments) {
      const channel = new CommandChannel<OrchestrationCommand>(bufferSize);
      const provider = new ClientProvider(context.messageClient);
      const processor = new CommandProcessor({ channel, provider, handlers: handlersOf(actors), logger: context.log });
      return {
        // The counters are a field below, where the scenario watches them.
        actor: { start: () => void processor.start(), stats: processor.stats },
        commandSender: {
          send: (command: LegacyCommand) => sendTo({ channel, processor, actors, caches }, command),
          close: () => channel.close(),
        },
      };
    },
  },
});

/** What the scenario puts into the channel. */
type LegacyCommand = Readonly<Record<string, unknown>> & { readonly type: string; readonly resp: LegacyResponder };

interface Presented {
  readonly channel: CommandChannel<OrchestrationCommand>;
  readonly processor: CommandProcessor;
  readonly actors: LegacyActors;
  readonly caches: LegacyCaches;
}

const actsByType: Readonly<Record<string, Act>> = {
  InitializeTask: 'initialize_task',
  ProcessStepResult: 'process_step_result',
  FinalizeTask: 'finalize_task',
};

/** Two questions that the legacy processor answers as commands are calls in src. */
async function sendTo({ channel, processor, actors, caches }: Presented, command: LegacyCommand): Promise<void> {
  const { type, resp } = command;
  const act = actsByType[type.replace(/FromMessage(Event)?$/, '')];
  if (act !== undefined) return channel.send(commandOf(act, command));
  if (type === 'GetProcessingStats') resp.send({ ok: true, value: processor.stats.snapshot().counters });
  else if (type === 'HealthCheck') resp.send({ ok: true, value: await healthOf(caches, actors) });
  else resp.send({ ok: false, error: new TaskerError('COMMAND_UNKNOWN', `src has no command ${type}`) });
}

function commandOf(act: Act, command: LegacyCommand): OrchestrationCommand {
  const reply = (outcome: Settled<object, TaskerError>): void => {
    command.resp.send(outcome.ok ? { ok: true, value: withIds(outcome.value) } : outcome);
  };
  // The source is of the act: it is made of the payload of this act's command.
  return { act, source: sourceOf(act, command), reply } as OrchestrationCommand;
}

function withIds(result: object): object {
  return 'taskUuid' in result ? { ...result, taskUuid: idOf(String(result.taskUuid)) } : result;
}

function sourceOf(act: Act, command: LegacyCommand): CommandSource<unknown> {
  if (command.type.endsWith('Event')) return { via: 'event', event: command['messageEvent'] as LegacyEvent };
  if (!command.type.endsWith('FromMessage')) return { via: 'direct', input: inputOf(act, command) };
  const { message, handle, metadata } = command['message'] as LegacyMessage;
  return {
    via: 'message',
    message: {
      message: wireForm(act, message),
      handle: { provider: 'pgmq', queueName: handle.queueName, token: handle.receipt },
      metadata: { receiveCount: metadata.readCount, enqueuedAt: metadata.enqueuedAt },
    },
  };
}

function inputOf(act: Act, command: LegacyCommand): unknown {
  if (act === 'finalize_task') return uuidOf(String(command['taskUuid']));
  // Direct commands carry a record in one of these fields.
  const given = (command['request'] ?? command['result']) as Readonly<Record<string, unknown>>;
  return act === 'initialize_task' ? requestOf(given) : wireForm(act, given);
}

/** One actor's call for each input, in order; what an actor throws is thrown. */
function handlersOf(actors: LegacyActors): CommandHandlers {
  return {
    initializeTasks: (requests) =>
      inOrder(requests, async (request) => {
        const { taskUuid } = await actors.taskRequestActor.handle({ request });
        return { kind: 'Success', taskUuid: uuidOf(taskUuid), message: 'initialized' };
      }),
    processStepResults: (results) =>
      inOrder(results, async (result) => {
        await actors.resultProcessorActor.handle({ result });
        return { kind: 'Success', message: 'processed' };
      }),
    finalizeTasks: (taskUuids) =>
      inOrder(taskUuids, async (taskUuid) => withUuid(await actors.taskFinalizerActor.handle({ taskUuid }))),
  };
}

function withUuid(result: TaskFinalizationResult): TaskFinalizationResult {
  return result.kind === 'Success' ? { ...result, taskUuid: uuidOf(result.taskUuid) } : result;
}

async function inOrder<Input, Result>(
  inputs: readonly Input[],
  handle: (input: Input) => Promise<Result>,
): Promise<readonly Settled<Result, TaskerError>[]> {
  const outcomes: Settled<Result, TaskerError>[] = [];
  for (const input of inputs) outcomes.push({ ok: true, value: await handle(input) });
  return outcomes;
}
