// Stand-ins for what the event system starts: queue listener, fallback poller, and the channel between listener and loop.
import type { Script } from '../../../codemods/proof/answers.ts';
import { createRecorder } from '../../../codemods/proof/recorder.ts';
import { markStandIn } from '../../../codemods/proof/stand-in.ts';
import type { Subject } from '../../../codemods/proof/subject-loader.ts';
import type { World } from '../../../codemods/proof/world.ts';
import { attempt } from './driving.ts';
import { fresh } from './fresh-inputs.ts';
import { classOf, taskerError } from './surroundings.ts';

/** Where a start fails. */
export const failurePoints = ['listener.create', 'listener.start', 'poller.create', 'poller.start'] as const;

export type FailurePoint = (typeof failurePoints)[number];

interface Channel {
  send(item: unknown): Promise<void>;
  recv(): Promise<unknown>;
  close(): void;
}

export interface ComponentOptions {
  readonly failAt?: FailurePoint;
  /** How often it fails there; for ever when absent. */
  readonly failures?: number;
  /** Answers of `listener.*` and `poller.*`, over those below. */
  readonly script?: Script;
  /** Called when the poller is created, before it is there. */
  readonly onPollerCreate?: (components: Components) => void;
}

export interface Components {
  /** Names and stand-ins for `subject.use`. */
  readonly replacements: Readonly<Record<string, unknown>>;
  /** The listener puts a notification into its channel; what becomes of it is noted. */
  notify(notification: object, listener?: number): Promise<void>;
}

export const listenerStats = {
  eventsReceived: 0,
  stepResultsProcessed: 0,
  taskRequestsProcessed: 0,
  unknownEvents: 0,
  connectionErrors: 0,
  lastEventAt: null,
  startedAt: null,
};

export const pollerStats = { pollingCycles: 0, messagesProcessed: 0, pollingErrors: 0, lastPollAt: null, startedAt: null };

/** The stand-ins in their world; the subject uses them from here on. */
export function useComponents(world: World, subject: Subject, options: ComponentOptions = {}): Components {
  // Without replacements first: the channel is made from the subject's own class.
  subject.use(world);
  const channels: Channel[] = [];
  const components: Components = {
    replacements: {
      BoundedQueue: channelClass(world, subject),
      ChannelMonitor: monitorClass(world),
      OrchestrationQueueListener: listenerClass(world, subject, { options, onCreate: (channel) => channels.push(channel) }),
      OrchestrationFallbackPoller: pollerClass(world, subject, { options, onCreate: () => options.onPollerCreate?.(components) }),
    },
    notify: (notification, listener = channels.length - 1) =>
      attempt(world, 'notify', () => channels[listener]?.send(fresh(notification))),
  };
  subject.use(world, components.replacements);
  return components;
}

/** The real channel; whoever waits for a notification is alive. */
function channelClass(world: World, subject: Subject): unknown {
  const Original = classOf(subject, 'src/channels.ts', 'BoundedQueue') as new (max: number) => Channel;
  const note = (operation: string, ...args: readonly unknown[]): void =>
    world.record({ target: 'notifications', operation, args });
  return class extends Original {
    constructor(max: number) {
      super(max);
      note('construct', max);
      markStandIn(this, 'notifications');
    }

    override async recv(): Promise<unknown> {
      note('recv');
      const ended = world.keepAlive('loop that receives notifications');
      const notification = await super.recv();
      ended();
      return notification;
    }

    override close(): void {
      note('close');
      super.close();
    }
  };
}

/** Monitors of channels; a receipt is the first thing the loop does in its own turn, and begins its flow. */
function monitorClass(world: World): unknown {
  const receive = 'ChannelMonitor().recordReceive';
  const script: Script = {
    [receive]: {
      acts() {
        world.enterFlow('loop');
        world.record({ target: 'ChannelMonitor()', operation: 'recordReceive', args: [] });
      },
    },
  };
  return createRecorder(world, 'ChannelMonitor', { script, silent: [receive] }).standIn;
}

interface Making<T> {
  readonly options: ComponentOptions;
  readonly onCreate: (channel: T) => void;
}

function listenerClass(world: World, subject: Subject, { options, onCreate }: Making<Channel>): unknown {
  return componentClass(world, 'listener', {
    className: 'OrchestrationQueueListener',
    fails: failingAt(subject, options),
    create([, , channel]) {
      // The third argument of the listener's create is the channel it writes into.
      const inbox = channel as Channel;
      onCreate(inbox);
      return { script: { 'listener.stats': { resolves: listenerStats }, ...options.script }, closes: () => inbox.close() };
    },
  });
}

function pollerClass(world: World, subject: Subject, { options, onCreate }: Making<void>): unknown {
  return componentClass(world, 'poller', {
    className: 'OrchestrationFallbackPoller',
    fails: failingAt(subject, options),
    create() {
      onCreate();
      return { script: { 'poller.stats': { resolves: pollerStats }, ...options.script }, closes: () => undefined };
    },
  });
}

/** The error of a call that is to fail, as often as it is to fail. */
function failingAt(subject: Subject, { failAt, failures = Infinity }: ComponentOptions): (path: string) => Error | undefined {
  let failed = 0;
  return (path) => {
    if (path !== failAt || failed >= failures) return undefined;
    failed += 1;
    return taskerError(subject, 'Messaging', `${path} fails`);
  };
}

interface ComponentSpec {
  readonly className: string;
  readonly fails: (path: string) => Error | undefined;
  /** Answers of the component, and what its stop does at once. */
  create(args: readonly unknown[]): { readonly script: Script; readonly closes: () => void };
}

/** A class with an asynchronous `create`; what it makes is alive from its start to its stop. */
function componentClass(world: World, name: string, { className, fails, create }: ComponentSpec): unknown {
  const settle = (path: string, value: () => unknown): Promise<unknown> =>
    world.answerLater(path, () => {
      const error = fails(path);
      if (error !== undefined) throw error;
      return value();
    });
  const make = (args: readonly unknown[]): object => {
    const { closes, script } = create(args);
    let ended = (): void => undefined;
    const lifecycle: Script = {
      [`${name}.isHealthy`]: { returns: true },
      [`${name}.start`]: {
        acts: () =>
          settle(`${name}.start`, () => {
            ended = world.keepAlive(name);
          }),
      },
      [`${name}.stop`]: {
        acts: () => {
          closes();
          return settle(`${name}.stop`, () => ended());
        },
      },
    };
    return createRecorder(world, name, { script: { ...lifecycle, ...fresh(script) } }).standIn;
  };
  const script: Script = {
    [`${className}.create`]: {
      acts({ args }) {
        const made = make(args);
        return settle(`${name}.create`, () => made);
      },
    },
  };
  return createRecorder(world, className, { script }).standIn;
}
