// A bounded first-in first-out queue between many senders and one consumer, which takes what waits in batches.
import { TaskerError } from '../../domain/errors.ts';

export const DEFAULT_CHANNEL_CAPACITY = 5000;

interface WaitingSender<T> {
  readonly item: T;
  readonly accepted: () => void;
  readonly refused: (error: TaskerError) => void;
}

export class CommandChannel<T> {
  readonly maxCapacity: number;
  readonly #items: T[] = [];
  readonly #senders: WaitingSender<T>[] = [];
  #wakeConsumer: ((open: boolean) => void) | undefined;
  #closed = false;

  constructor(maxCapacity: number = DEFAULT_CHANNEL_CAPACITY) {
    if (!Number.isInteger(maxCapacity) || maxCapacity < 1) {
      throw new TaskerError(
        'CHANNEL_CAPACITY_INVALID',
        `A channel of ${maxCapacity} items was asked for; expected a whole number from 1.`,
        {
          kind: 'input',
        },
      );
    }
    this.maxCapacity = maxCapacity;
  }

  /** Free places. */
  get capacity(): number {
    return this.maxCapacity - this.#items.length;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Items that `drain` would find. */
  get size(): number {
    return this.#items.length;
  }

  /** False when the channel is full; throws CHANNEL_CLOSED when it is closed. */
  trySend(item: T): boolean {
    if (this.#closed) throw channelClosed();
    if (this.#items.length >= this.maxCapacity) return false;
    this.#items.push(item);
    this.#wake(true);
    return true;
  }

  /** Waits for a free place, first come first served. Rejects with CHANNEL_CLOSED, or CHANNEL_SEND_ABORTED by `signal`. */
  async send(item: T, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) throw sendAborted();
    if (this.trySend(item)) return;
    await this.#waitForPlace(item, signal);
  }

  /** Takes up to `max` of the oldest items at once; lets waiting senders in. */
  drain(max: number): T[] {
    const taken = this.#items.splice(0, max);
    while (this.#items.length < this.maxCapacity) {
      const sender = this.#senders.shift();
      if (sender === undefined) break;
      this.#items.push(sender.item);
      sender.accepted();
    }
    return taken;
  }

  /** True as soon as something waits; false once the channel is closed and empty, or `releaseConsumer` was called. */
  ready(): Promise<boolean> {
    if (this.#items.length > 0) return Promise.resolve(true);
    if (this.#closed) return Promise.resolve(false);
    if (this.#wakeConsumer !== undefined) {
      throw new TaskerError('CHANNEL_HAS_CONSUMER', 'A second consumer asked for this channel; it serves exactly one.');
    }
    return new Promise((resolve) => {
      this.#wakeConsumer = resolve;
    });
  }

  /** Ends the consumer's wait, so that its loop can look at its own stop flag. */
  releaseConsumer(): void {
    this.#wake(false);
  }

  /** Refuses new items and waiting senders; what is inside stays for the consumer. */
  close(): void {
    this.#closed = true;
    for (const sender of this.#senders.splice(0)) sender.refused(channelClosed());
    this.#wake(false);
  }

  #wake(open: boolean): void {
    const wake = this.#wakeConsumer;
    this.#wakeConsumer = undefined;
    wake?.(open);
  }

  #waitForPlace(item: T, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#senders.splice(this.#senders.indexOf(sender), 1);
        reject(sendAborted());
      };
      const settle = (): void => signal?.removeEventListener('abort', abort);
      const sender: WaitingSender<T> = {
        item,
        accepted: () => {
          settle();
          resolve();
        },
        refused: (error) => {
          settle();
          reject(error);
        },
      };
      this.#senders.push(sender);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }
}

function channelClosed(): TaskerError {
  return new TaskerError(
    'CHANNEL_CLOSED',
    'The command channel is closed: the orchestrator is shutting down. Send to a running one.',
    {
      kind: 'state',
    },
  );
}

function sendAborted(): TaskerError {
  return new TaskerError('CHANNEL_SEND_ABORTED', 'The sender stopped waiting for a place in the command channel.', {
    kind: 'state',
  });
}
