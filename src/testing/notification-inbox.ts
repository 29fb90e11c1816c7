// A subscriber for tests: notifications are awaited in the order of their arrival instead of polled for.
import type { MessageNotification } from '../messaging/envelope.ts';

export interface NotificationInbox {
  /** Give this to `subscribe`. */
  readonly receive: (notification: MessageNotification) => void;
  /** The oldest one not yet taken; waits for it. */
  next(): Promise<MessageNotification>;
  /** How many arrived and were not taken. */
  waiting(): number;
}

/** Notifications in the order of their arrival, each awaited instead of polled for. */
export function createNotificationInbox(): NotificationInbox {
  const arrived: MessageNotification[] = [];
  const awaited: ((notification: MessageNotification) => void)[] = [];
  return {
    receive(notification) {
      const waiter = awaited.shift();
      if (waiter === undefined) arrived.push(notification);
      else waiter(notification);
    },
    next() {
      const ready = arrived.shift();
      return ready === undefined ? new Promise((resolve) => void awaited.push(resolve)) : Promise.resolve(ready);
    },
    waiting: () => arrived.length,
  };
}
