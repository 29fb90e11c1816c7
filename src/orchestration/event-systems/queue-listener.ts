// Listens to the orchestrator's three queues and says, per notification, which act its messages ask for (spec 4.6).
import { messageOf } from '../../domain/errors.ts';
import { silentLogger, type Clock, type Logger, type Service } from '../../domain/ports.ts';
import type { MessageNotification, QueuedMessage } from '../../messaging/envelope.ts';
import type { MessagingProvider, Subscription } from '../../messaging/provider.ts';
import { classifyQueue, orchestrationQueues, type OrchestrationQueues } from '../../messaging/queue-names.ts';
import { ComponentStatistics, noListenerCounts, type ListenerCounters } from '../component-statistics.ts';
import { createInTurn } from '../in-turn.ts';
import { actOfQueue, queuesInOrder } from './act-of-queue.ts';
import type { Act } from './command-dispatch.ts';

export type OrchestrationNotification =
  | { readonly kind: 'signal'; readonly act: Act; readonly queueName: string; readonly messageIds: readonly string[] }
  /** Messages wait that the notification does not name: only a poll finds them. */
  | { readonly kind: 'incomplete_signal'; readonly queueName: string }
  | { readonly kind: 'message'; readonly act: Act; readonly message: QueuedMessage<Uint8Array> }
  /** Nobody knows what its messages ask for. */
  | { readonly kind: 'unknown_queue'; readonly queueName: string }
  | { readonly kind: 'connection_error'; readonly error: string }
  | { readonly kind: 'reconnected' };

type Available = Extract<MessageNotification, { kind: 'available' }>;

export interface QueueListenerOptions {
  readonly provider: Pick<MessagingProvider, 'subscribe'>;
  readonly clock: Clock;
  readonly onNotification: (notification: OrchestrationNotification) => void;
  readonly queues?: OrchestrationQueues;
  readonly logger?: Logger;
  readonly stats?: ComponentStatistics<ListenerCounters>;
}

const countedAs: Record<Act, 'stepResultsProcessed' | 'taskRequestsProcessed' | 'taskFinalizationsProcessed'> = {
  process_step_result: 'stepResultsProcessed',
  initialize_task: 'taskRequestsProcessed',
  finalize_task: 'taskFinalizationsProcessed',
};

export class QueueListener implements Service {
  readonly stats: ComponentStatistics<ListenerCounters>;
  readonly #options: QueueListenerOptions;
  readonly #queues: OrchestrationQueues;
  readonly #logger: Logger;
  readonly #inTurn = createInTurn();
  #subscription: Subscription | undefined;
  #connected = false;

  constructor(options: QueueListenerOptions) {
    this.#options = options;
    this.#queues = options.queues ?? orchestrationQueues;
    this.#logger = options.logger ?? silentLogger;
    this.stats = options.stats ?? new ComponentStatistics(noListenerCounts);
  }

  /** Subscribed, and not between a lost connection and its return. */
  get isHealthy(): boolean {
    return this.#subscription !== undefined && this.#connected;
  }

  start(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#subscription !== undefined) return;
      const names = queuesInOrder(this.#queues).map(({ queueName }) => queueName);
      this.#connected = true;
      this.#subscription = await this.#options.provider.subscribe(names, (notification) => this.#receive(notification));
      this.stats.startedAtMs = this.#options.clock.now();
    });
  }

  stop(): Promise<void> {
    return this.#inTurn(async () => {
      const subscription = this.#subscription;
      this.#subscription = undefined;
      this.#connected = false;
      await subscription?.close();
    });
  }

  /** A consumer that throws must not end the stream of notifications. */
  #receive(notification: MessageNotification): void {
    this.stats.counters.eventsReceived += 1;
    this.stats.lastEventAtMs = this.#options.clock.now();
    for (const understood of this.#classify(notification)) this.#tell(understood);
  }

  #tell(understood: OrchestrationNotification): void {
    try {
      this.#options.onNotification(understood);
    } catch (thrown) {
      this.#logger.error({ kind: understood.kind, error: messageOf(thrown) }, 'handling a queue notification threw');
    }
  }

  #classify(notification: MessageNotification): readonly OrchestrationNotification[] {
    switch (notification.kind) {
      case 'available':
        return this.#signal(notification);
      case 'message': {
        const { queueName } = notification.message.handle;
        const act = this.#actOf(queueName, 1);
        return act === undefined ? this.#unclaimed(queueName) : [{ kind: 'message', act, message: notification.message }];
      }
      case 'connection_error':
        this.#connected = false;
        this.stats.counters.connectionErrors += 1;
        return [notification];
      case 'reconnected':
        this.#connected = true;
        return [notification];
    }
  }

  /** A truncated signal is both: these messages by their ids, and a poll for those that found no place in it. */
  #signal({ queueName, messageIds, truncated }: Available): readonly OrchestrationNotification[] {
    const act = this.#actOf(queueName, messageIds.length);
    if (act === undefined) return this.#unclaimed(queueName);
    const named = messageIds.length === 0 ? [] : [{ kind: 'signal', act, queueName, messageIds } as const];
    const isIncomplete = messageIds.length === 0 || truncated === true;
    return isIncomplete ? [...named, { kind: 'incomplete_signal', queueName }] : named;
  }

  /** The queue alone decides, never the form of the notification: a pushed task request is no step result. */
  #actOf(queueName: string, messages: number): Act | undefined {
    const act = actOfQueue(queueName, this.#queues);
    if (act !== undefined) this.stats.counters[countedAs[act]] += messages;
    return act;
  }

  /** A worker's queue is none of ours; any other is a mistake of somebody. */
  #unclaimed(queueName: string): readonly OrchestrationNotification[] {
    if (classifyQueue(queueName, this.#queues).kind !== 'unknown') return [];
    this.stats.counters.unknownEvents += 1;
    return [{ kind: 'unknown_queue', queueName }];
  }
}
