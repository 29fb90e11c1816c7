// A message provider whose notifications come from the scenario: its stand-ins of listener and poller live as long as those of src.
import type { World } from '../../../codemods/proof/world.ts';
import type { MessageHandle, MessageNotification, ProviderName, QueuedMessage } from '../../../src/messaging/envelope.ts';
import type { MessagingProvider, ProviderCapabilities, ReceiveParams, Subscription } from '../../../src/messaging/provider.ts';
import type { OrchestrationQueues } from '../../../src/messaging/queue-names.ts';
import { isPolling, type DeploymentMode } from '../../../src/orchestration/event-systems/deployment-mode.ts';
import type { LegacyComponent, LegacyComponentClass, LegacyContext, LegacyNotification } from './legacy-shapes.ts';
import { notAsked } from './not-asked.ts';
import type { Surroundings } from './src-system.ts';

/** Src tells the acts apart by their queues, the scenarios by the kind of the event. */
export const queues: OrchestrationQueues = {
  stepResults: 'q_results',
  taskRequests: 'q_requests',
  taskFinalizations: 'q_finalizations',
};

const queueOfKind = {
  StepResult: queues.stepResults,
  TaskRequest: queues.taskRequests,
  TaskFinalization: queues.taskFinalizations,
} as const;

const namesOfQueues: readonly string[] = Object.values(queues);

/** The names that the scenarios give to queues whose name does not matter. */
export function legacyQueueName(name: string, via: 'event' | 'message'): string {
  if (!namesOfQueues.includes(name)) return name;
  return via === 'event' ? 'q_any' : 'q_pushed';
}

const FALLBACK_POLLING_MS = 5_000;

export class ScenarioProvider implements MessagingProvider {
  readonly name: ProviderName;
  readonly capabilities: ProviderCapabilities;
  readonly #surroundings: Surroundings;
  readonly #world: World;
  readonly #context: LegacyContext;
  readonly #mode: () => DeploymentMode;

  constructor(surroundings: Surroundings, context: LegacyContext, mode: () => DeploymentMode) {
    this.#surroundings = surroundings;
    this.#world = surroundings.world();
    this.#context = context;
    this.#mode = mode;
    const isPgmq = context.messageClient.providerName() === 'pgmq';
    this.name = isPgmq ? 'pgmq' : 'rabbitmq';
    const fallbackPollingMs = isPgmq ? FALLBACK_POLLING_MS : undefined;
    this.capabilities = { push: true, fetchById: isPgmq, sharesDatabase: false, fallbackPollingMs };
  }

  /** The listener's stand-in, from its start to its stop. The poller's is only made, between the two starts: there the scenario may act. */
  async subscribe(names: readonly string[], tell: (notification: MessageNotification) => void): Promise<Subscription> {
    const inbox = new Inbox(tell);
    const listener = await this.#component('OrchestrationQueueListener', [names, this.#context, inbox]);
    await listener.start();
    if (isPolling(this.#mode())) await this.#component('OrchestrationFallbackPoller', [this.#context]);
    return { close: () => listener.stop() };
  }

  /** Called when the poller of src sets its timer; the returned function when it ends it. The timer itself never goes off. */
  startPoller(): () => void {
    this.#world.record({ target: 'poller', operation: 'start', args: [] });
    const ended = this.#world.keepAlive('poller');
    return () => {
      this.#world.record({ target: 'poller', operation: 'stop', args: [] });
      ended();
    };
  }

  /** Only that the queues were looked at is noted, once for all three. */
  async receive({ queueName }: ReceiveParams): Promise<readonly QueuedMessage[]> {
    if (queueName === queues.stepResults) this.#note('poll');
    return [];
  }

  async nack(handles: readonly MessageHandle[], { requeue }: { readonly requeue: boolean }): Promise<void> {
    this.#note('nack', handles.length, requeue ? 'back to the queue' : 'set aside');
  }

  readonly ensureQueues = notAsked('ensureQueues');
  readonly verifyQueues = notAsked('verifyQueues');
  readonly send = notAsked('send');
  readonly fetchById = notAsked('fetchById');
  readonly ack = notAsked('ack');
  readonly extendVisibility = notAsked('extendVisibility');
  readonly queueStats = notAsked('queueStats');
  readonly announce = notAsked('announce');
  readonly isHealthy = notAsked('isHealthy');
  readonly close = notAsked('close');

  #component(name: string, args: readonly unknown[]): Promise<LegacyComponent> {
    // The scenario's stand-in for the class of this name.
    return (this.#surroundings.replacement(name) as LegacyComponentClass).create(...args);
  }

  #note(operation: string, ...args: readonly unknown[]): void {
    this.#world.record({ target: 'provider', operation, args });
  }
}

/** Where the scenario's listener puts its notifications: they go on to whoever subscribed. */
class Inbox {
  readonly #tell: (notification: MessageNotification) => void;
  #isClosed = false;

  constructor(tell: (notification: MessageNotification) => void) {
    this.#tell = tell;
  }

  async send(notification: LegacyNotification): Promise<void> {
    if (!this.#isClosed) this.#tell(notificationOf(notification));
  }

  close(): void {
    this.#isClosed = true;
  }
}

function notificationOf(notification: LegacyNotification): MessageNotification {
  switch (notification.kind) {
    case 'Event': {
      const { event } = notification;
      if (event.kind === 'Unknown') return { kind: 'available', queueName: event.queueName, messageIds: ['1'] };
      return { kind: 'available', queueName: queueOfKind[event.kind], messageIds: [event.event.messageId] };
    }
    case 'StepResultWithPayload': {
      const { message, handle, metadata } = notification.message;
      return {
        kind: 'message',
        message: {
          message,
          handle: { provider: 'rabbitmq', queueName: queues.stepResults, token: handle.receipt },
          metadata: { receiveCount: metadata.readCount, enqueuedAt: metadata.enqueuedAt },
        },
      };
    }
    case 'ConnectionError':
      return { kind: 'connection_error', error: notification.error };
    case 'Reconnected':
      return { kind: 'reconnected' };
  }
}
