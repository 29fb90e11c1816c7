// Builds the command processor in a world: its channel, counters and replies are seen, all around it are stand-ins.
import type { Script } from '../../../codemods/proof/answers.ts';
import { createRecorder } from '../../../codemods/proof/recorder.ts';
import type { Subject } from '../../../codemods/proof/subject-loader.ts';
import { watch } from '../../../codemods/proof/watch.ts';
import type { World } from '../../../codemods/proof/world.ts';
import { fresh } from './fresh-inputs.ts';
import { classOf, contextIn } from './surroundings.ts';

/** A command without its responder. */
export type CommandText = Readonly<Record<string, unknown>> & { readonly type: string };

export type Reply = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: Refusal };

interface Refusal {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
}

export interface ProcessorOptions {
  /** Answers of `client.*`, `pgmq.*`, `actors.*`, `caches.*`, `monitor.*` and `log.*`. */
  readonly script?: Script;
  /** Paths that are answered but not noted, besides the questions that change nothing. */
  readonly silent?: readonly string[];
  readonly bufferSize?: number;
  /** Real caches; stand-ins when absent. */
  readonly healthCaches?: object;
  /** Whether replies become effects; on by default. */
  readonly noteReplies?: boolean;
  /** Whether the messages that go to the hydrators become effects; off by default. */
  readonly noteMessages?: boolean;
}

export interface Processor {
  start(): void;
  /** Sends a command and waits for its reply. */
  ask(command: CommandText): Promise<Reply>;
  /** Sends a command whose reply nobody waits for. */
  tell(command: CommandText): Promise<void>;
  /** No more commands: the loop ends when it has worked off what is there. */
  close(): void;
}

interface Queue {
  send(item: unknown): Promise<void>;
  recv(): Promise<unknown>;
  close(): void;
}

interface Actor {
  start(): void;
}

interface ActorClass {
  create(...options: readonly unknown[]): { readonly actor: Actor & Record<string, unknown>; readonly commandSender: Queue };
}

interface Oneshot {
  readonly tx: { send(reply: Reply): boolean; drop(): void };
  readonly rx: { recv(): Promise<Reply>; close(): void };
}

/** Questions to the surroundings that change nothing: how often they are asked is no behaviour. */
const questions = ['client.providerName', 'client.supportsFetchById', 'client.asPgmq', 'actors.actorCount'];

/** Creates the processor, not started; what its creation logs is part of the trace. */
export function processorIn(world: World, subject: Subject, options: ProcessorOptions = {}): Processor {
  const { silent = [], bufferSize = 100, noteReplies = true } = options;
  subject.use(world);
  const channels = subject.load('src/channels.ts') as unknown as { oneshot(): Oneshot };
  const hydrators = options.noteMessages === true ? watchedHydrators(world, subject) : {};
  subject.use(world, { BoundedQueue: watchedQueue(world, subject), ...hydrators });
  const script: Script = {
    'client.providerName': { returns: 'pgmq' },
    'client.supportsFetchById': { returns: true },
    'client.acknowledge': { resolves: undefined },
    'actors.actorCount': { returns: 4 },
    ...options.script,
  };
  const answers = fresh(script);
  const recording = { script: answers, silent: [...questions, ...silent] };
  const standIn = (path: string) => createRecorder<object>(world, path, recording).standIn;
  const pgmq = standIn('pgmq');
  const context = {
    ...contextIn(world, { script }),
    log: standIn('log'),
    messageClient: createRecorder<object>(world, 'client', {
      ...recording,
      script: { 'client.asPgmq': { returns: pgmq }, ...answers },
    }).standIn,
  };
  const { CommandProcessorActor } = subject.load('src/index.ts') as unknown as { CommandProcessorActor: ActorClass };
  const { actor, commandSender } = CommandProcessorActor.create(
    context,
    standIn('actors'),
    options.healthCaches ?? standIn('caches'),
    bufferSize,
    standIn('monitor'),
  );
  watchCounters(world, actor);
  const responder = (type: string): Oneshot => {
    const { tx, rx } = channels.oneshot();
    return { tx: noteReplies ? notedSender(world, type, tx) : tx, rx };
  };
  return {
    start: () => actor.start(),
    async ask(command) {
      const { tx, rx } = responder(command.type);
      await commandSender.send({ ...fresh(command), resp: tx });
      return rx.recv();
    },
    async tell(command) {
      const { tx, rx } = responder(command.type);
      rx.close();
      await commandSender.send({ ...fresh(command), resp: tx });
    },
    close: () => commandSender.close(),
  };
}

/** The real queue; whoever waits for its next item is alive. */
function watchedQueue(world: World, subject: Subject): object {
  const Original = classOf(subject, 'src/channels.ts', 'BoundedQueue') as new (...args: unknown[]) => Queue;
  return class extends Original {
    override async recv(): Promise<unknown> {
      const ended = world.keepAlive('loop that waits for commands');
      try {
        return await super.recv();
      } finally {
        ended();
      }
    }
  };
}

interface Hydrator {
  hydrateFromMessage(message: unknown): Promise<unknown>;
}

/** The real hydrators; what they are given is noted. */
function watchedHydrators(world: World, subject: Subject): Record<string, object> {
  const names = ['TaskRequestHydrator', 'StepResultHydrator', 'FinalizationHydrator'];
  return Object.fromEntries(
    names.map((name) => {
      const Original = classOf(subject, 'src/orchestration/hydration/index.ts', name) as new (...args: unknown[]) => Hydrator;
      const watched = class extends Original {
        override hydrateFromMessage(message: unknown): Promise<unknown> {
          world.record({ target: 'hydrator', operation: 'hydrateFromMessage', args: [name, message] });
          return super.hydrateFromMessage(message);
        }
      };
      return [name, watched];
    }),
  );
}

/** Whoever waits may look at `ok` with either result in mind: it is one of two values. */
function operationOf({ ok }: { readonly ok: unknown }): string {
  if (typeof ok !== 'boolean') return 'neither';
  return ok ? 'ok' : 'error';
}

function notedSender(world: World, type: string, tx: Oneshot['tx']): Oneshot['tx'] {
  return {
    send(reply) {
      const delivered = tx.send(reply);
      const what = reply.ok ? [reply.value] : [reply.error.name, reply.error.code, reply.error.message];
      world.record({
        target: 'reply',
        operation: operationOf(reply),
        args: [type, ...what],
        answer: { kind: 'returned', value: delivered ? 'delivered' : 'undelivered' },
      });
      return delivered;
    },
    drop() {
      world.record({ target: 'reply', operation: 'drop', args: [type] });
      tx.drop();
    },
  };
}

/** The one record of counters below the actor is watched, whatever holds it. */
function watchCounters(world: World, actor: Record<string, unknown>): void {
  for (const [field, value] of Object.entries(actor)) {
    if (!isRecord(value)) continue;
    if (isCounters(value)) actor[field] = watch(world, 'counters', { object: value });
    for (const [inner, below] of Object.entries(value)) {
      if (isCounters(below)) value[inner] = watch(world, 'counters', { object: below });
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isCounters(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && typeof value['processingErrors'] === 'number';
}

/** Sends one command after the other, waits for each reply, and closes the channel. */
export async function workOff(processor: Processor, commands: readonly CommandText[]): Promise<void> {
  processor.start();
  for (const command of commands) await processor.ask(command);
  processor.close();
}
