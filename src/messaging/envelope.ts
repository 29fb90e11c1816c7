// What a message looks like once it is out of its queue (spec 4.2), whoever the provider is.
import type { Json } from '../domain/json.ts';

/** Where a received message can be acknowledged. `token` is pgmq's msg_id, RabbitMQ's delivery tag, or the in-memory id. */
export interface MessageHandle {
  readonly provider: ProviderName;
  readonly queueName: string;
  readonly token: string;
}

export type ProviderName = 'pgmq' | 'rabbitmq' | 'in_memory';

export interface MessageMetadata {
  /** How often the message was handed out, this time included; 1 on the first delivery. */
  readonly receiveCount: number;
  readonly enqueuedAt: Date;
}

export interface QueuedMessage<T = Json> {
  readonly message: T;
  readonly handle: MessageHandle;
  readonly metadata: MessageMetadata;
}

/** Push notification (spec 4.2): either a signal that messages wait, or a whole message. */
export type MessageNotification =
  | {
      readonly kind: 'available';
      readonly queueName: string;
      /** Empty when the sender did not know them: receive from the queue. */
      readonly messageIds: readonly string[];
      /** More messages wait than could be listed: receive from the queue instead of fetching by id. */
      readonly truncated?: true;
    }
  | { readonly kind: 'message'; readonly message: QueuedMessage<Uint8Array> }
  | { readonly kind: 'connection_error'; readonly error: string }
  | { readonly kind: 'reconnected' };

/** The routing form of a signal: one message of one queue. */
export interface MessageEvent {
  readonly queueName: string;
  readonly namespace: string;
  readonly messageId: string;
}

/** `pgmq:{queue}:{id}`, for logs. */
export function handleText(handle: MessageHandle): string {
  return `${handle.provider}:${handle.queueName}:${handle.token}`;
}
