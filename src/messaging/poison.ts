// What to do with messages that cannot succeed: received too often, or not JSON at all.
import { messageOf, TaskerError } from '../domain/errors.ts';
import type { Json, Settled } from '../domain/json.ts';
import type { Logger } from '../domain/ports.ts';
import type { QueuedMessage } from './envelope.ts';
import { handleText } from './envelope.ts';
import type { MessagingProvider } from './provider.ts';

/** A message handed out this often without an acknowledgement takes its consumers down: it is set aside at the next receive. */
export const defaultMaxReceives = 10;

export interface PoisonPartition<T> {
  readonly healthy: readonly QueuedMessage<T>[];
  readonly poison: readonly QueuedMessage<T>[];
}

/** Splits off the messages that were already handed out `maxReceives` times before this receive; order is kept. */
export function partitionPoison<T>(
  messages: readonly QueuedMessage<T>[],
  maxReceives: number = defaultMaxReceives,
): PoisonPartition<T> {
  const isPoison = (message: QueuedMessage<T>) => message.metadata.receiveCount > maxReceives;
  return { healthy: messages.filter((message) => !isPoison(message)), poison: messages.filter(isPoison) };
}

/** Takes the messages out of circulation, where an operator finds them (pgmq: the archive), and says so for each. */
export async function setAside<T>(
  provider: Pick<MessagingProvider, 'nack'>,
  messages: readonly QueuedMessage<T>[],
  logger: Logger,
): Promise<void> {
  if (messages.length === 0) return;
  const handles = messages.map((message) => message.handle);
  await provider.nack(handles, { requeue: false });
  for (const { handle, metadata } of messages) {
    logger.warn(
      { message: handleText(handle), queueName: handle.queueName, receiveCount: metadata.receiveCount },
      'message set aside: it was received too often without success',
    );
  }
}

/** The JSON in a message body of a broker that carries bytes; MESSAGE_NOT_JSON (kind `input`) otherwise. */
export function parseBody(bytes: Uint8Array): Settled<Json, TaskerError> {
  try {
    // JSON.parse returns nothing but JSON; its declared type is wider than that.
    return { ok: true, value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json };
  } catch (thrown) {
    const text = `A message body of ${bytes.byteLength} bytes is not JSON in UTF-8 (${messageOf(thrown)}); send JSON.`;
    return { ok: false, error: new TaskerError('MESSAGE_NOT_JSON', text, { kind: 'input', cause: thrown }) };
  }
}
