// Stand-ins for dependencies: every call is noted and answered by a script, to any depth.
import type { Answer, Call, Script } from './answers.ts';
import { markStandIn } from './stand-in.ts';
import type { Answered } from './trace.ts';
import type { World } from './world.ts';

export interface RecorderOptions {
  readonly script?: Script;
  /** What a call gets that the script does not name; default: it returns undefined. */
  readonly otherwise?: Answer;
  /** Methods that are answered but not noted, such as the clock's. */
  readonly silent?: readonly string[];
}

interface Recording {
  readonly world: World;
  readonly script: Script;
  readonly otherwise: Answer;
  readonly silent: ReadonlySet<string>;
  readonly calls: Map<string, number>;
  readonly emitters: Map<string, Joined[]>;
}

type Listener = (...args: unknown[]) => unknown;

/** One listener of an emitter, as often as it was added. */
interface Joined {
  readonly callback: Listener;
  readonly once: boolean;
  readonly end: () => void;
}

/** A stand-in with the way to make it emit. */
export interface Recorder<T> {
  readonly standIn: T;
  /** Calls whoever listens to `event` of the emitter at `path`; answers with how many did. */
  emit(path: string, event: string, ...args: readonly unknown[]): number;
}

/** Makes a stand-in for a dependency; `path` names it in the trace. The type is the caller's word. */
export function createRecorder<T extends object>(world: World, path: string, options: RecorderOptions = {}): Recorder<T> {
  const recording: Recording = {
    world,
    script: options.script ?? {},
    otherwise: options.otherwise ?? { returns: undefined },
    silent: new Set(options.silent),
    calls: new Map(),
    emitters: new Map(),
  };
  return {
    // The stand-in answers to every name; that it is used as a T is what the caller asked for.
    standIn: standInFor(recording, path) as T,
    emit(emitter, event, ...args) {
      const key = `${emitter}:${event}`;
      const listeners = [...(recording.emitters.get(key) ?? [])];
      for (const listener of listeners) {
        if (listener.once) leave(recording, key, listener);
        listener.callback(...args);
      }
      return listeners.length;
    },
  };
}

function standInFor(recording: Recording, path: string): object {
  const inner = new Map<string | symbol, unknown>();
  const target = function standIn(): void {
    // Only so that the proxy can be called and constructed.
  };
  const proxy: object = new Proxy(target, {
    get: (_, key) => (typeof key === 'symbol' ? inner.get(key) : propertyOf(recording, { path, key, inner })),
    set(_, key, value: unknown) {
      recording.world.record({ target: path, operation: 'set', args: [String(key), value] });
      inner.set(key, value);
      return true;
    },
    deleteProperty(_, key) {
      recording.world.record({ target: path, operation: 'delete', args: [String(key)] });
      return inner.delete(key) || true;
    },
    has: (_, key) => typeof key === 'string',
    apply: (_, self: unknown, args: unknown[]) => answerCall(recording, path, { args, self }),
    construct(_, args: unknown[]) {
      recording.world.record({ target: path, operation: 'construct', args });
      return standInFor(recording, `${path}()`);
    },
    getPrototypeOf: () => Function.prototype,
    ownKeys: () => ['prototype'],
  });
  return markStandIn(proxy, path);
}

interface Property {
  readonly path: string;
  readonly key: string;
  readonly inner: Map<string | symbol, unknown>;
}

function propertyOf(recording: Recording, { path, key, inner }: Property): unknown {
  const below = `${path}.${key}`;
  const scripted = recording.script[below];
  if (inner.has(key)) return inner.get(key);
  if (scripted !== undefined && 'is' in scripted) return scripted.is;
  // A stand-in is no promise, or awaiting it would call it; and it has no JSON form.
  if ((key === 'then' || key === 'toJSON') && scripted === undefined) return undefined;
  // Nothing of the subject is an instance of it, which `instanceof` learns from a prototype of its own.
  if (key === 'prototype') inner.set(key, {});
  if (inner.has(key)) return inner.get(key);
  const made = standInFor(recording, below);
  inner.set(key, made);
  return made;
}

interface Invocation {
  readonly args: readonly unknown[];
  readonly self: unknown;
}

function answerCall(recording: Recording, path: string, { args, self }: Invocation): unknown {
  const nth = recording.calls.get(path) ?? 0;
  recording.calls.set(path, nth + 1);
  const scripted = recording.script[path];
  if (scripted === undefined) {
    const listening = listenOrLeave(recording, path, args);
    // Calls of an emitter can be chained; the answer of an event target is nothing.
    if (listening) return path.endsWith('EventListener') ? undefined : self;
  }
  const answer = answerFor(scripted, nth) ?? recording.otherwise;
  const silent = recording.silent.has(path);
  if (!silent) note(recording.world, path, { args, answered: answeredBy(answer) });
  return give(recording.world, { path, args, nth }, answer);
}

function answerFor(scripted: Script[string] | undefined, nth: number): Answer | undefined {
  if (scripted === undefined || 'is' in scripted) return undefined;
  if (!isList(scripted)) return scripted;
  return scripted[Math.min(nth, scripted.length - 1)];
}

function isList(scripted: Answer | readonly Answer[]): scripted is readonly Answer[] {
  return Array.isArray(scripted);
}

function note(
  world: World,
  path: string,
  { args, answered }: { readonly args: readonly unknown[]; readonly answered: Answered | undefined },
): void {
  const dot = path.lastIndexOf('.');
  const where = dot === -1 ? { target: path, operation: 'call' } : { target: path.slice(0, dot), operation: path.slice(dot + 1) };
  world.record({ ...where, args, ...(answered === undefined ? {} : { answer: answered }) });
}

function answeredBy(answer: Answer): Answered | undefined {
  if ('returns' in answer) return answer.returns === undefined ? undefined : { kind: 'returned', value: answer.returns };
  if ('throws' in answer) return { kind: 'threw', error: answer.throws };
  if ('resolves' in answer) return { kind: 'resolved', value: answer.resolves };
  if ('rejects' in answer) return { kind: 'rejected', error: answer.rejects };
  return undefined;
}

function give(world: World, call: Call, answer: Answer): unknown {
  if ('returns' in answer) return answer.returns;
  if ('throws' in answer) throw answer.throws;
  if ('resolves' in answer) return world.answerLater(call.path, () => answer.resolves);
  if ('rejects' in answer) {
    return world.answerLater(call.path, () => {
      throw answer.rejects;
    });
  }
  if ('iterates' in answer) return iterate(world, call.path, answer.iterates);
  return answer.acts(call);
}

/** One item at a time, each released by the schedule; alive until it is used up or left. */
async function* iterate(world: World, path: string, items: readonly unknown[]): AsyncGenerator {
  const ended = world.keepAlive(`iteration ${path}`);
  try {
    for (const [at, item] of items.entries()) {
      yield await world.answerLater(`${path}[${at}]`, () => {
        if (item instanceof Error) throw item;
        return item;
      });
    }
  } finally {
    ended();
  }
}

const joins: ReadonlySet<string> = new Set(['on', 'once', 'addListener', 'addEventListener']);
const leaves: ReadonlySet<string> = new Set(['off', 'removeListener', 'removeEventListener']);
/** Event emitters without a script: keeps who listens, so that the scenario can emit and the trace shows who is left. */
function listenOrLeave(recording: Recording, path: string, args: readonly unknown[]): boolean {
  const dot = path.lastIndexOf('.');
  const verb = path.slice(dot + 1);
  const [event, listener, options] = args;
  if (dot === -1 || typeof event !== 'string' || !isListener(listener) || !(joins.has(verb) || leaves.has(verb))) return false;
  const emitter = path.slice(0, dot);
  const key = `${emitter}:${event}`;
  if (!recording.silent.has(path)) recording.world.record({ target: emitter, operation: verb, args: [event] });
  const joined = recording.emitters.get(key) ?? [];
  const same = joined.findLast(({ callback }) => callback === listener);
  if (leaves.has(verb)) {
    if (same !== undefined) leave(recording, key, same);
    return true;
  }
  // An event target takes a listener once, an emitter as often as it is given.
  if (verb === 'addEventListener' && same !== undefined) return true;
  const once = verb === 'once' || isOnce(options);
  const added = { callback: listener, once, end: recording.world.keepAlive(`listener ${key}`) };
  recording.emitters.set(key, [...joined, added]);
  return true;
}

function isListener(value: unknown): value is Listener {
  return typeof value === 'function';
}

function isOnce(options: unknown): boolean {
  return typeof options === 'object' && options !== null && 'once' in options && options.once === true;
}

function leave(recording: Recording, key: string, left: Joined): void {
  left.end();
  recording.emitters.set(
    key,
    (recording.emitters.get(key) ?? []).filter((each) => each !== left),
  );
}
