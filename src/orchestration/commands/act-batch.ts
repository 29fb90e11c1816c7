// The commands of one act in one batch, from their sources to their outcomes: read, hydrate, execute once, settle each.
import { TaskerError, toTaskerError } from '../../domain/errors.ts';
import type { Settled } from '../../domain/json.ts';
import { handleText, type MessageEvent, type MessageHandle, type QueuedMessage } from '../../messaging/envelope.ts';
import type { MessagingProvider } from '../../messaging/provider.ts';
import type { ActPlan } from './act-plan.ts';
import type { CommandSource, Reply } from './commands.ts';
import { executeBatch } from './execute-batch.ts';
import { groupBy } from './group-by.ts';
import { resolveMessageEvents, type ResolvedMessage } from './message-event-resolver.ts';

export interface ActCommand<Input, Result> {
  readonly source: CommandSource<Input>;
  readonly reply: Reply<Result>;
}

/** A command whose input is known, or the reason why it is not. */
export interface PreparedCommand<Input, Result> {
  readonly reply: Reply<Result>;
  readonly input: Settled<Input, TaskerError>;
  /** Where to acknowledge; undefined when no message brought the command. */
  readonly handle: MessageHandle | undefined;
}

export interface SettledCommand<Result> {
  readonly reply: Reply<Result>;
  readonly outcome: Settled<Result, TaskerError>;
  readonly handle: MessageHandle | undefined;
}

export interface PrepareContext<Input, Result extends { readonly kind: string }> {
  readonly plan: ActPlan<Input, Result>;
  readonly provider: MessagingProvider;
  readonly visibilityMs: number;
}

type Prepared<Input> = Omit<PreparedCommand<Input, never>, 'reply'>;

/** Gives every command its input, with one read per queue for all signals together. */
export async function prepareCommands<Input, Result extends { readonly kind: string }>(
  commands: readonly ActCommand<Input, Result>[],
  context: PrepareContext<Input, Result>,
): Promise<readonly PreparedCommand<Input, Result>[]> {
  const events = commands.flatMap(({ source }) => (source.via === 'event' ? [source.event] : []));
  const messages = events.length === 0 ? new Map<MessageEvent, ResolvedMessage>() : await readEvents(events, context);
  return commands.map(({ source, reply }) => ({ reply, ...prepare(source, messages, context.plan) }));
}

/** Runs the act once for all prepared commands; commands with the same key share one run and its outcome. */
export async function executeCommands<Input, Result extends { readonly kind: string }>(
  prepared: readonly PreparedCommand<Input, Result>[],
  plan: ActPlan<Input, Result>,
): Promise<readonly SettledCommand<Result>[]> {
  const inputs: Input[] = [];
  const placeOfKey = new Map<string, number>();
  const places = prepared.map((command) => {
    if (!command.input.ok) return command.input;
    const key = sameness(command.input.value, command.handle, plan);
    const known = key === undefined ? undefined : placeOfKey.get(key);
    if (known !== undefined) return known;
    if (key !== undefined) placeOfKey.set(key, inputs.length);
    return inputs.push(command.input.value) - 1;
  });
  const outcomes = inputs.length === 0 ? [] : await executeBatch(inputs, plan.execute);
  return prepared.map(({ reply, handle }, index) => {
    const place = places[index];
    const outcome = typeof place === 'number' ? outcomes[place] : place;
    return { reply, handle, outcome: outcome ?? lostOutcome(plan.label) };
  });
}

function sameness<Input, Result extends { readonly kind: string }>(
  input: Input,
  handle: MessageHandle | undefined,
  plan: ActPlan<Input, Result>,
): string | undefined {
  const key = plan.keyOf(input);
  if (key !== undefined || handle === undefined) return key;
  // The same message can come twice in one batch, notified and polled.
  return `${handle.queueName} ${handle.token}`;
}

function prepare<Input, Result extends { readonly kind: string }>(
  source: CommandSource<Input>,
  messages: ReadonlyMap<MessageEvent, ResolvedMessage>,
  plan: ActPlan<Input, Result>,
): Prepared<Input> {
  if (source.via === 'direct') return { input: guarded(() => plan.check(source.input)), handle: undefined };
  if (source.via === 'message') return fromMessage(source.message, plan);
  const read = messages.get(source.event) ?? lostOutcome(plan.label);
  return read.ok ? fromMessage(read.value, plan) : { input: read, handle: undefined };
}

function fromMessage<Input, Result extends { readonly kind: string }>(
  message: QueuedMessage,
  plan: ActPlan<Input, Result>,
): Prepared<Input> {
  return { input: guarded(() => plan.hydrate(message.message, lastingId(message))), handle: message.handle };
}

/** With the time it was sent: the numbers of a queue that is created anew start over. */
function lastingId({ handle, metadata }: QueuedMessage): string {
  return `${handleText(handle)}@${metadata.enqueuedAt.toISOString()}`;
}

/** Reading must never take the batch down, whatever a caller without types passed in. */
function guarded<Input>(read: () => Settled<Input, TaskerError>): Settled<Input, TaskerError> {
  try {
    return read();
  } catch (thrown) {
    return { ok: false, error: toTaskerError(thrown, 'COMMAND_INPUT_UNREADABLE', 'input') };
  }
}

async function readEvents<Input, Result extends { readonly kind: string }>(
  events: readonly MessageEvent[],
  { plan, provider, visibilityMs }: PrepareContext<Input, Result>,
): Promise<ReadonlyMap<MessageEvent, ResolvedMessage>> {
  const messages = new Map<MessageEvent, ResolvedMessage>();
  const readQueue = async ([queueName, group]: readonly [string, readonly MessageEvent[]]): Promise<void> => {
    const messageIds = group.map((event) => event.messageId);
    const resolved = await resolveMessageEvents(provider, { label: plan.label, queueName, messageIds, visibilityMs });
    for (const [index, event] of group.entries()) messages.set(event, resolved[index] ?? lostOutcome(plan.label));
  };
  await Promise.all([...groupBy(events, (event) => event.queueName)].map(readQueue));
  return messages;
}

function lostOutcome(label: string): { readonly ok: false; readonly error: TaskerError } {
  return { ok: false, error: new TaskerError('COMMAND_OUTCOME_MISSING', `A ${label} command has no outcome. This is a bug.`) };
}
