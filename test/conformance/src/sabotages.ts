// Ways in which src could go wrong, each made by a wrapper around its adapter: the comparison must find every one of them.
import { discoveryAdapter } from './discovery-adapter.ts';
import { eventSystemAdapter, type CreateArguments } from './event-system-adapter.ts';
import type { LegacyClient, LegacyContext } from './legacy-shapes.ts';
import { processorAdapter } from './processor-adapter.ts';
import type { Adapter } from './src-system.ts';

export interface Sabotage {
  readonly subject: string;
  readonly adapter: Adapter;
}

interface Factory {
  create(...args: readonly unknown[]): unknown;
}

/** The adapter, with other arguments for the factory that it presents under `name`. */
function withArguments(adapter: Adapter, name: string, change: (args: readonly unknown[]) => readonly unknown[]): Adapter {
  return (surroundings) => {
    const presented = adapter(surroundings);
    // The adapters present classes by their factories.
    const factory = presented[name] as Factory;
    return { ...presented, [name]: { create: (...args: readonly unknown[]) => factory.create(...change(args)) } };
  };
}

/** The message client, with other answers in place of some of its own. */
function withClient(answers: (client: LegacyClient) => Partial<LegacyClient>): (args: readonly unknown[]) => readonly unknown[] {
  return ([context, ...rest]) => {
    // The first argument of the command processor.
    const { messageClient, ...others } = context as LegacyContext;
    const client: LegacyClient = {
      providerName: () => messageClient.providerName(),
      supportsFetchById: () => messageClient.supportsFetchById(),
      asPgmq: () => messageClient.asPgmq(),
      acknowledge: (queueName, receipt) => messageClient.acknowledge(queueName, receipt),
      sendJson: (queueName, body) => messageClient.sendJson(queueName, body),
      ...answers(messageClient),
    };
    return [{ ...others, messageClient: client }, ...rest];
  };
}

export const sabotages: Readonly<Record<string, Sabotage>> = {
  'it acknowledged nothing': {
    subject: 'message-handlers',
    adapter: withArguments(
      processorAdapter,
      'CommandProcessorActor',
      withClient(() => ({ acknowledge: () => Promise.resolve() })),
    ),
  },
  'it fetched each message from another queue': {
    subject: 'event-handlers',
    adapter: withArguments(
      processorAdapter,
      'CommandProcessorActor',
      withClient((client) => ({
        asPgmq: () => {
          const pgmq = client.asPgmq();
          return pgmq && { readSpecificMessage: (queue, id, seconds) => pgmq.readSpecificMessage(`${queue}_2`, id, seconds) };
        },
      })),
    ),
  },
  'it looked after the channel at every command': {
    subject: 'process-event',
    adapter: withArguments(eventSystemAdapter, 'OrchestrationEventSystem', (args) => {
      const [options, context, core, commands, monitor] = args as unknown as CreateArguments;
      return [options, context, core, commands, { ...alwaysSampled(monitor) }];
    }),
  },
  'no task were ever blocked': {
    subject: 'readiness-summary',
    adapter: (surroundings) => {
      const { ViableStepDiscovery, ...others } = discoveryAdapter(surroundings);
      // The class, whose summaries answer the three questions.
      const Discovery = ViableStepDiscovery as new (...args: readonly unknown[]) => {
        getTaskReadinessSummary(uuid: string): Promise<object>;
      };
      class Optimist extends Discovery {
        override async getTaskReadinessSummary(uuid: string): Promise<object> {
          return Object.assign(await super.getTaskReadinessSummary(uuid), { isBlocked: () => false });
        }
      }
      return { ...others, ViableStepDiscovery: Optimist };
    },
  },
};

function alwaysSampled(monitor: CreateArguments[4]): CreateArguments[4] {
  return {
    recordSendSuccess: () => {
      monitor.recordSendSuccess();
      return true;
    },
    checkAndWarnSaturation: (available) => monitor.checkAndWarnSaturation(available),
  };
}
