// Turns signals ("message 7 waits in queue q") into the messages themselves, one read for many signals (spec 7.3).
import { TaskerError, messageOf } from '../../domain/errors.ts';
import type { Settled } from '../../domain/json.ts';
import type { QueuedMessage } from '../../messaging/envelope.ts';
import type { MessagingProvider } from '../../messaging/provider.ts';

/** A signal whose message is gone or invisible: most often another orchestrator took it. Callers treat it as skipped. */
export const MESSAGE_NOT_FOUND = 'MESSAGE_NOT_FOUND';

export interface ResolveParams {
  /** What the messages are called in errors: "task request", "step result", "finalization". */
  readonly label: string;
  readonly queueName: string;
  readonly messageIds: readonly string[];
  readonly visibilityMs: number;
}

export type ResolvedMessage = Settled<QueuedMessage, TaskerError>;

/**
 * One outcome per id, in order. Errors: MESSAGING_FETCH_BY_ID_UNSUPPORTED, MESSAGE_ID_INVALID, MESSAGE_READ_FAILED and
 * MESSAGE_NOT_FOUND; never throws.
 */
export async function resolveMessageEvents(
  provider: MessagingProvider,
  params: ResolveParams,
): Promise<readonly ResolvedMessage[]> {
  if (!provider.capabilities.fetchById) return failAll(params, unsupported(provider));
  const readable = [...new Set(params.messageIds.filter(isMessageId))];
  let found: readonly QueuedMessage[] = [];
  try {
    if (readable.length > 0) found = await provider.fetchById({ ...params, messageIds: readable });
  } catch (thrown) {
    return params.messageIds.map((id) => ({
      ok: false,
      error: isMessageId(id) ? readFailed(params, id, thrown) : invalidId(id),
    }));
  }
  const byId = new Map(found.map((message) => [message.handle.token, message]));
  return params.messageIds.map((id) => resolved(params, id, byId.get(id)));
}

function resolved(params: ResolveParams, id: string, message: QueuedMessage | undefined): ResolvedMessage {
  if (message !== undefined) return { ok: true, value: message };
  return { ok: false, error: isMessageId(id) ? notFound(params, id) : invalidId(id) };
}

function isMessageId(id: string): boolean {
  return /^\d{1,19}$/.test(id);
}

function failAll(params: ResolveParams, error: TaskerError): readonly ResolvedMessage[] {
  return params.messageIds.map(() => ({ ok: false, error }));
}

function unsupported(provider: MessagingProvider): TaskerError {
  return new TaskerError(
    'MESSAGING_FETCH_BY_ID_UNSUPPORTED',
    `Provider '${provider.name}' does not support fetch-by-message-ID flow. Use the deployment mode PollingOnly with it.`,
    { details: { provider: provider.name } },
  );
}

function invalidId(id: string): TaskerError {
  return new TaskerError('MESSAGE_ID_INVALID', `Invalid message ID '${id}' for PGMQ: expected a whole number.`, {
    kind: 'input',
    details: { messageId: id },
  });
}

function readFailed({ label, queueName }: ResolveParams, id: string, cause: unknown): TaskerError {
  const text = `Failed to read specific ${label} message ${id} from queue ${queueName}: ${messageOf(cause)}`;
  return new TaskerError('MESSAGE_READ_FAILED', text, { kind: 'infrastructure', cause, details: { queueName, messageId: id } });
}

function notFound({ label, queueName }: ResolveParams, id: string): TaskerError {
  const text = `${capitalized(label)} message ${id} not found in queue ${queueName}: it was taken by another reader or is invisible for now.`;
  return new TaskerError(MESSAGE_NOT_FOUND, text, { kind: 'state', details: { queueName, messageId: id } });
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
