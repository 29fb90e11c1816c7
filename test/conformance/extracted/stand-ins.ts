// What both versions are given: a log, a command channel and a monitor that keep what they are told.
import { plainError } from './agreement.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface Surroundings {
  /** Everything that was told to the stand-ins, in order. */
  readonly told: unknown[][];
  readonly log: Readonly<Record<'debug' | 'info' | 'warn' | 'error', (fields: Fields, text: string) => void>>;
  readonly clock: { now(): Date; monotonicMs(): number };
  readonly ids: { uuid(): string };
}

export const NOW_MS = 1_750_000_000_000;

export function surroundings(): Surroundings {
  const told: unknown[][] = [];
  const say = (level: string) => (fields: Fields, text: string) => void told.push([level, text, fields]);
  let monotonicMs = 0;
  return {
    told,
    log: { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') },
    clock: { now: () => new Date(NOW_MS), monotonicMs: () => (monotonicMs += 1) },
    ids: { uuid: () => 'drawn-id' },
  };
}

/** Throws whatever it is: not all that is thrown is an error. */
export function fail(error: unknown): never {
  throw error;
}

/** What becomes of a command. */
export type Fate =
  | { readonly kind: 'refused'; readonly error: unknown }
  | { readonly kind: 'monitor fails'; readonly error: unknown }
  | { readonly kind: 'replied'; readonly reply: unknown }
  | { readonly kind: 'dropped' };

interface Responder {
  send(reply: unknown): boolean;
  drop(): void;
}

interface Command extends Fields {
  readonly resp: Responder;
}

/** A command channel with its monitor. Replies come when the command is taken. */
export function commandChannel({ told }: Surroundings, fate: Fate, isSampled: boolean) {
  const responders: Responder[] = [];
  return {
    /** Responders of the commands that were sent. */
    responders,
    sender: {
      async send({ resp, ...command }: Command): Promise<void> {
        told.push(['send', command]);
        responders.push(resp);
        if (fate.kind === 'refused') throw fate.error;
        if (fate.kind === 'dropped') resp.drop();
        if (fate.kind === 'replied') queueMicrotask(() => void resp.send(fate.reply));
      },
      capacity: () => 7,
      isClosed: () => false,
    },
    monitor: {
      metrics: () => ({ channelName: 'commands' }),
      recordSendSuccess(): boolean {
        told.push(['recordSendSuccess']);
        if (fate.kind === 'monitor fails') throw fate.error;
        return isSampled;
      },
      checkAndWarnSaturation: (capacity: number) => void told.push(['checkAndWarnSaturation', capacity]),
    },
  };
}

/** A responder that keeps its reply as plain data. */
export function keptReply(): { readonly replies: unknown[]; readonly resp: Responder } {
  const replies: unknown[] = [];
  const plain = (reply: unknown): unknown =>
    typeof reply === 'object' && reply !== null && 'error' in reply ? { ...reply, error: plainError(reply.error) } : reply;
  return { replies, resp: { send: (reply) => replies.push(plain(reply)) > 0, drop: () => undefined } };
}

export interface Counters {
  eventsProcessed: number;
  eventsFailed: number;
  operationsCoordinated: number;
  lastProcessingTimeMs: number;
  processingLatenciesMs: number[];
}

/** The counters that both versions of the statistics have, private or not. */
export function countersOf(statistics: Counters): Counters {
  const { eventsProcessed, eventsFailed, operationsCoordinated, lastProcessingTimeMs, processingLatenciesMs } = statistics;
  return {
    eventsProcessed,
    eventsFailed,
    operationsCoordinated,
    lastProcessingTimeMs,
    processingLatenciesMs: [...processingLatenciesMs],
  };
}
