// Who wants to hear of which queue, within one provider; all of them share one LISTEN connection.
import { messageOf } from '../../../domain/errors.ts';
import type { Logger } from '../../../domain/ports.ts';
import type { MessageNotification } from '../../envelope.ts';
import { canonicalQueueName, channelOfQueue } from '../../queue-names.ts';
import type { Announcement } from './announcement.ts';

export interface Subscriber {
  /** Canonical name to the subscriber's own spelling, which it gets back. */
  readonly queueNames: ReadonlyMap<string, string>;
  readonly channels: readonly string[];
  readonly onNotification: (notification: MessageNotification) => void;
}

export class Subscriptions {
  readonly #subscribers = new Set<Subscriber>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Throws QUEUE_NAME_INVALID before anything is registered. */
  add(queueNames: readonly string[], onNotification: Subscriber['onNotification']): Subscriber {
    const names = new Map(queueNames.map((name) => [canonicalQueueName(name), name]));
    const subscriber = { queueNames: names, channels: [...new Set(queueNames.map(channelOfQueue))], onNotification };
    this.#subscribers.add(subscriber);
    return subscriber;
  }

  /** The channels that nobody listens to any more. */
  remove(subscriber: Subscriber): readonly string[] {
    this.#subscribers.delete(subscriber);
    const wanted = new Set([...this.#subscribers].flatMap((other) => other.channels));
    return subscriber.channels.filter((channel) => !wanted.has(channel));
  }

  clear(): void {
    this.#subscribers.clear();
  }

  dispatch(announcement: Announcement): void {
    const { messageIds, truncated } = announcement;
    for (const subscriber of this.#subscribers) {
      const queueName = subscriber.queueNames.get(announcement.queueName);
      if (queueName === undefined) continue;
      this.#call(subscriber, { kind: 'available', queueName, messageIds, ...(truncated ? { truncated } : {}) });
    }
  }

  broadcast(notification: MessageNotification): void {
    for (const subscriber of this.#subscribers) this.#call(subscriber, notification);
  }

  /** A subscriber's bug must not cost the others their notification. */
  #call(subscriber: Subscriber, notification: MessageNotification): void {
    try {
      subscriber.onNotification(notification);
    } catch (thrown) {
      this.#logger.error({ error: messageOf(thrown), notification: notification.kind }, 'a subscriber threw on a notification');
    }
  }
}
