// The one loop that carries out the orchestrator's commands: it takes what waits, groups it by act, and answers each.
import { TaskerError, messageOf } from '../../domain/errors.ts';
import type { Settled } from '../../domain/json.ts';
import { silentLogger, type Logger, type Service } from '../../domain/ports.ts';
import type { MessageHandle } from '../../messaging/envelope.ts';
import type { MessagingProvider } from '../../messaging/provider.ts';
import { orchestrationQueues } from '../../messaging/queue-names.ts';
import { executeCommands, prepareCommands, type ActCommand, type PreparedCommand, type SettledCommand } from './act-batch.ts';
import { actPlans, type ActPlan, type ActPlans } from './act-plan.ts';
import type { CommandChannel } from './command-channel.ts';
import type {
  CommandHandlers,
  OrchestrationCommand,
  StepMessage,
  StepProcessResult,
  TaskFinalizationResult,
  TaskInitializeResult,
  TaskRequest,
} from './commands.ts';
import { MESSAGE_NOT_FOUND } from './message-event-resolver.ts';
import { ackMessages, shouldAck } from './message-with-ack.ts';
import { ProcessingStats } from './processing-stats.ts';
import { takeStepResults } from './take-step-results.ts';

/** The code of the reply to commands that were still waiting when the processor stopped. */
export const COMMAND_DROPPED = 'COMMAND_DROPPED';

export interface CommandProcessorOptions {
  readonly channel: CommandChannel<OrchestrationCommand>;
  readonly handlers: CommandHandlers;
  readonly provider: MessagingProvider;
  readonly logger?: Logger;
  readonly stats?: ProcessingStats;
  /** The most commands of one batch: 256 keeps one statement's arrays small and its locks short. */
  readonly maxBatch?: number;
  /** How long a message read by its id stays invisible to others, in ms (spec 7.3). */
  readonly visibilityMs?: number;
  /** Called after each batch with the number of commands taken; for tests and metrics. */
  readonly onBatch?: (taken: number) => void;
}

interface Run {
  stopping: boolean;
  readonly ended: Promise<void>;
}

/**
 * Idle, it carries out one command at once. Under load the next commands gather while a batch is in the database, so the
 * batches grow by themselves; no timer is involved. Messages of a batch are acknowledged while the next one starts.
 */
export class CommandProcessor implements Service {
  readonly stats: ProcessingStats;
  readonly #options: CommandProcessorOptions;
  readonly #plans: ActPlans;
  readonly #logger: Logger;
  #run: Run | undefined;

  constructor(options: CommandProcessorOptions) {
    this.#options = options;
    this.#plans = actPlans(options.handlers);
    this.#logger = options.logger ?? silentLogger;
    this.stats = options.stats ?? new ProcessingStats();
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  async start(): Promise<void> {
    if (this.#run !== undefined) return;
    const state = { stopping: false };
    this.#run = Object.assign(state, { ended: this.#loop(state) });
  }

  /** Finishes what was taken; what still waits in the channel is answered with COMMAND_DROPPED. */
  async stop(): Promise<void> {
    const run = this.#run;
    if (run === undefined) return;
    run.stopping = true;
    this.#options.channel.releaseConsumer();
    await run.ended;
    if (this.#run !== run) return;
    this.#run = undefined;
    await this.#dropWaiting();
  }

  async #loop(run: { readonly stopping: boolean }): Promise<void> {
    const { channel, maxBatch = 256, onBatch } = this.#options;
    let acknowledged: Promise<void> = Promise.resolve();
    while (!run.stopping) {
      if (!(await channel.ready())) {
        if (channel.isClosed) break;
        continue;
      }
      if (run.stopping) break;
      const batch = channel.drain(maxBatch);
      const acknowledging = await this.#processBatch(batch);
      await acknowledged;
      acknowledged = acknowledging.done;
      onBatch?.(batch.length);
    }
    await acknowledged;
  }

  /** `done` resolves when the messages are acknowledged and their commands answered. */
  async #processBatch(batch: readonly OrchestrationCommand[]): Promise<{ readonly done: Promise<void> }> {
    const sorted = sortByAct(batch);
    const { taken, rest } = await takeStepResults(sorted.stepResult, this.#options.handlers, orchestrationQueues.stepResults);
    for (const command of taken) {
      this.#count(command.outcome, this.#plans.stepResult);
      this.#answer(command);
    }
    const [initialize, stepResult, finalize] = await Promise.all([
      this.#prepare(sorted.initialize, this.#plans.initialize),
      this.#prepare(rest, this.#plans.stepResult),
      this.#prepare(sorted.finalize, this.#plans.finalize),
    ]);
    const first = await this.#execute(initialize, this.#plans.initialize);
    const second = await this.#execute(stepResult, this.#plans.stepResult);
    const third = await this.#execute(finalize, this.#plans.finalize);
    return { done: this.#acknowledge([first, second, third]) };
  }

  #prepare<Input, Result extends { readonly kind: string }>(
    commands: readonly ActCommand<Input, Result>[],
    plan: ActPlan<Input, Result>,
  ): Promise<readonly PreparedCommand<Input, Result>[]> | readonly PreparedCommand<Input, Result>[] {
    if (commands.length === 0) return [];
    const { provider, visibilityMs = 30_000 } = this.#options;
    return prepareCommands(commands, { plan, provider, visibilityMs });
  }

  async #execute<Input, Result extends { readonly kind: string }>(
    prepared: readonly PreparedCommand<Input, Result>[],
    plan: ActPlan<Input, Result>,
  ): Promise<ActEnd> {
    if (prepared.length === 0) return { acks: [], answerRest: () => undefined };
    const settled = await executeCommands(prepared, plan);
    const toAck: SettledCommand<Result>[] = [];
    for (const command of settled) {
      this.#count(command.outcome, plan);
      if (command.handle !== undefined && shouldAck(plan.act, command.outcome)) toAck.push(command);
      else this.#answer(command);
    }
    const acks = toAck.flatMap(({ handle }) => (handle === undefined ? [] : [handle]));
    return { acks, answerRest: () => toAck.forEach((command) => this.#answer(command)) };
  }

  #count<Input, Result extends { readonly kind: string }>(
    outcome: Settled<Result, TaskerError>,
    plan: ActPlan<Input, Result>,
  ): void {
    const { counters } = this.stats;
    if (outcome.ok) {
      counters[plan.counter] += 1;
    } else if (outcome.error.code === MESSAGE_NOT_FOUND) {
      counters.messagesNotFound += 1;
    } else {
      counters.processingErrors += 1;
      this.#logger.warn({ act: plan.act, code: outcome.error.code, error: outcome.error.message }, 'command failed');
    }
  }

  async #acknowledge(ends: readonly ActEnd[]): Promise<void> {
    const handles = ends.flatMap((end) => end.acks);
    if (handles.length > 0) await ackMessages(this.#options.provider, handles, this.#logger);
    for (const end of ends) end.answerRest();
  }

  /** A caller that lost interest, or whose reply throws, changes nothing for the others. */
  #answer<Outcome>(command: { readonly reply: (outcome: Outcome) => void; readonly outcome: Outcome }): void {
    try {
      command.reply(command.outcome);
    } catch (thrown) {
      this.#logger.warn({ error: messageOf(thrown) }, 'the reply of a command threw');
    }
  }

  async #dropWaiting(): Promise<void> {
    const { channel, provider } = this.#options;
    const received: MessageHandle[] = [];
    while (channel.size > 0) {
      for (const command of channel.drain(channel.size)) {
        if (command.source.via === 'message') received.push(command.source.message.handle);
        this.#answer({ reply: command.reply, outcome: dropped(command) });
      }
    }
    if (received.length === 0) return;
    try {
      await provider.nack(received, { requeue: true });
    } catch (thrown) {
      this.#logger.warn({ messages: received.length, error: messageOf(thrown) }, 'giving messages back failed, they come again');
    }
  }
}

interface ActEnd {
  readonly acks: readonly MessageHandle[];
  /** Answers the commands whose reply waits for the acknowledgement. */
  readonly answerRest: () => void;
}

interface CommandsByAct {
  readonly initialize: readonly ActCommand<TaskRequest, TaskInitializeResult>[];
  readonly stepResult: readonly ActCommand<StepMessage, StepProcessResult>[];
  readonly finalize: readonly ActCommand<string, TaskFinalizationResult>[];
}

function sortByAct(batch: readonly OrchestrationCommand[]): CommandsByAct {
  const initialize: ActCommand<TaskRequest, TaskInitializeResult>[] = [];
  const stepResult: ActCommand<StepMessage, StepProcessResult>[] = [];
  const finalize: ActCommand<string, TaskFinalizationResult>[] = [];
  for (const command of batch) {
    if (command.act === 'initialize_task') initialize.push(command);
    else if (command.act === 'process_step_result') stepResult.push(command);
    else finalize.push(command);
  }
  return { initialize, stepResult, finalize };
}

function dropped(command: OrchestrationCommand): { readonly ok: false; readonly error: TaskerError } {
  const text = `The command processor stopped before it took this ${command.act} command. Send it again to a running orchestrator.`;
  return { ok: false, error: new TaskerError(COMMAND_DROPPED, text, { kind: 'state' }) };
}
