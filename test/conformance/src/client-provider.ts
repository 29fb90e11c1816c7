// The scenario's message client as the provider of src: messages are read by their ids and acknowledged through it.
import type { MessageHandle, ProviderName, QueuedMessage } from '../../../src/messaging/envelope.ts';
import type { FetchByIdParams, MessagingProvider, ProviderCapabilities } from '../../../src/messaging/provider.ts';
import type { LegacyClient, LegacyRow } from './legacy-shapes.ts';
import { notAsked } from './not-asked.ts';
import { wireForm, type Act } from './wire-forms.ts';

const MS_PER_SECOND = 1_000;

/** Which act the messages of a queue ask for. */
const actsByQueue: Readonly<Record<string, Act>> = {
  q_requests: 'initialize_task',
  q_results: 'process_step_result',
  q_finalizations: 'finalize_task',
};

export class ClientProvider implements MessagingProvider {
  readonly #client: LegacyClient;

  constructor(client: LegacyClient) {
    this.#client = client;
  }

  get name(): ProviderName {
    return this.#client.providerName() === 'pgmq' ? 'pgmq' : 'rabbitmq';
  }

  get capabilities(): ProviderCapabilities {
    const fetchById = this.#client.supportsFetchById();
    return { push: true, fetchById, sharesDatabase: false, fallbackPollingMs: undefined };
  }

  async fetchById({ queueName, messageIds, visibilityMs }: FetchByIdParams): Promise<readonly QueuedMessage[]> {
    const found: QueuedMessage[] = [];
    for (const id of messageIds) {
      const row = await this.#client.asPgmq()?.readSpecificMessage(queueName, id, visibilityMs / MS_PER_SECOND);
      if (row !== undefined) found.push(messageOf(queueName, row));
    }
    return found;
  }

  async ack(handles: readonly MessageHandle[]): Promise<void> {
    for (const { queueName, token } of handles) await this.#client.acknowledge(queueName, token);
  }

  readonly ensureQueues = notAsked('ensureQueues');
  readonly verifyQueues = notAsked('verifyQueues');
  readonly send = notAsked('send');
  readonly receive = notAsked('receive');
  readonly nack = notAsked('nack');
  readonly extendVisibility = notAsked('extendVisibility');
  readonly queueStats = notAsked('queueStats');
  readonly announce = notAsked('announce');
  readonly subscribe = notAsked('subscribe');
  readonly isHealthy = notAsked('isHealthy');
  readonly close = notAsked('close');
}

function messageOf(queueName: string, { messageId, payload, readCount, enqueuedAt }: LegacyRow): QueuedMessage {
  return {
    message: wireForm(actsByQueue[queueName] ?? 'finalize_task', payload),
    handle: { provider: 'pgmq', queueName, token: messageId },
    metadata: { receiveCount: readCount, enqueuedAt },
  };
}
