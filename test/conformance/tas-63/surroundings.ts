// What every scenario of the orchestration system gives its subject: a context of stand-ins, and the vocabulary of its effects.
import type { Script } from '../../../codemods/proof/answers.ts';
import { createRecorder } from '../../../codemods/proof/recorder.ts';
import { isClockReading } from '../../../codemods/proof/normalisers.ts';
import type { Normaliser } from '../../../codemods/proof/normalisers.ts';
import type { Subject } from '../../../codemods/proof/subject-loader.ts';
import type { World } from '../../../codemods/proof/world.ts';
import { fresh } from './fresh-inputs.ts';

export const defaultConfig = {
  queues: { taskRequests: 'q_requests', stepResults: 'q_results', taskFinalizations: 'q_finalizations' },
  namespace: 'conformance',
  deploymentMode: 'Hybrid',
  commandBufferSize: 100,
  eventBufferSize: 50,
  eventSystem: { processingTimeoutMs: 5_000, healthCheckIntervalMs: 30_000, healthCheckEnabled: true },
  fallbackPoller: {
    pollingIntervalMs: 1_000,
    batchSize: 10,
    ageThresholdMs: 5_000,
    maxAgeHours: 24,
    visibilityTimeoutSeconds: 30,
  },
};

export interface ContextOptions {
  /** Answers of `db.*`, `client.*` and `events.*`. */
  readonly script?: Script;
  readonly config?: object;
}

/** A SystemContext of stand-ins: log, database, message client and publisher are noted, clock and ids are the world's. */
export function contextIn(world: World, { script = {}, config = {} }: ContextOptions = {}) {
  const answers = fresh(script);
  const standIn = (path: string) => createRecorder<object>(world, path, { script: answers }).standIn;
  return {
    log: standIn('log'),
    clock: world.clock,
    ids: world.ids,
    config: fresh({ ...defaultConfig, ...config }),
    database: standIn('db'),
    messageClient: standIn('client'),
    eventPublisher: standIn('events'),
  };
}

/** What becomes of a command: refused by a closed channel, or taken and then answered so. */
export type CommandFate =
  | { readonly kind: 'closed' }
  /** Early: while the sender still waits for its command to be taken. */
  | { readonly kind: 'reply'; readonly value: unknown; readonly early?: boolean }
  | { readonly kind: 'handler error'; readonly error: unknown }
  | { readonly kind: 'dropped' }
  /** Taken; nobody answers. */
  | { readonly kind: 'silent' };

/** One fate for all commands, or one for each, decided when it is sent. */
export type CommandFates = CommandFate | ((type: string, payload: object) => CommandFate);

interface Responder {
  send(reply: unknown): boolean;
  drop(): void;
}

interface Command {
  readonly type: string;
  readonly resp: Responder;
}

/** The command channel: notes what is sent, and lets the responder answer when the schedule says so. */
export function commandChannel(world: World, subject: Subject, fates: CommandFates) {
  return {
    async send({ type, resp, ...payload }: Command): Promise<void> {
      world.record({ target: 'commands', operation: 'send', args: [type, payload] });
      const fate = typeof fates === 'function' ? fates(type, payload) : fates;
      const isEarly = fate.kind === 'reply' && fate.early === true;
      if (isEarly) answer(world, resp, fate);
      await world.answerLater(`commands.send ${type}`, () => undefined);
      if (fate.kind === 'closed') throw channelClosed(subject);
      if (fate.kind !== 'silent' && !isEarly) void world.answerLater(`reply to ${type}`, () => answer(world, resp, fate));
    },
    capacity(): number {
      world.record({ target: 'commands', operation: 'capacity', args: [] });
      return 7;
    },
    isClosed: () => typeof fates !== 'function' && fates.kind === 'closed',
  };
}

function answer(world: World, resp: Responder, fate: CommandFate): void {
  if (fate.kind === 'dropped') {
    resp.drop();
    return;
  }
  const reply =
    fate.kind === 'handler error'
      ? { ok: false, error: fresh(fate.error) }
      : { ok: true, value: 'value' in fate ? fresh(fate.value) : undefined };
  const delivered = resp.send(reply);
  if (!delivered) world.record({ target: 'commands', operation: 'reply undelivered', args: [] });
}

/** An exported class of the subject. */
export function classOf(subject: Subject, module: string, name: string): new (...args: unknown[]) => object {
  return subject.load(module)[name] as new (...args: unknown[]) => object;
}

/** Its errors are made by its own classes, as it asks which class they are of. */
export function channelClosed(subject: Subject): Error {
  return new (classOf(subject, 'src/channels.ts', 'ChannelClosedError'))() as Error;
}

export function taskerError(subject: Subject, code: string, message: string): Error {
  return new (classOf(subject, 'src/errors.ts', 'TaskerError'))(code, message) as Error;
}

/** What V8 says about a text that is not JSON differs between its versions. */
export const jsonErrors: Normaliser = {
  name: 'JSON errors',
  describe: "texts in error that speak of JSON: they are the engine's",
  replace: (value, key) => (key === 'error' && typeof value === 'string' && value.includes('JSON') ? '<not JSON>' : undefined),
};

/** Times as numbers: which reading of the clock was taken is no behaviour. */
export const epochTimes: Normaliser = {
  name: 'epoch times',
  describe: 'numbers of milliseconds since 1970 on 2026-01-01, the day of the clock',
  replace: (value) => (typeof value === 'number' && isClockReading(value) ? '<time>' : undefined),
};
