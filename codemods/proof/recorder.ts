// Stand-ins for dependencies: every call is noted and answered by a script, to any depth.
import type { Answer, Script } from './answers.ts';
import { Emitters } from './emitters.ts';
import { answeredBy, answerFor, give, iterate } from './give-answer.ts';
import { renderValue } from './render-value.ts';
import { useOf } from './script-use.ts';
import type { ScriptUse } from './script-use.ts';
import { markStandIn } from './stand-in.ts';
import type { Answered } from './trace.ts';
import type { World } from './world.ts';

export interface RecorderOptions {
  readonly script?: Script;
  /** What a call gets that the script does not name; default: it returns undefined. */
  readonly otherwise?: Answer;
  /** Methods that are answered but not noted, such as the clock's. */
  readonly silent?: readonly string[];
  /**
   * What the subject asks for and the script does not say, and answers that nobody asks for, are errors when a golden is recorded.
   * Recorders that share a script account for it together. Not for a log, whose calls need no answers.
   */
  readonly strict?: boolean;
}

interface Recording {
  readonly world: World;
  readonly script: Script;
  readonly otherwise: Answer | undefined;
  readonly silent: ReadonlySet<string>;
  readonly calls: Map<string, number>;
  readonly emitters: Emitters;
  /** Of a strict recorder. */
  readonly use: ScriptUse | undefined;
}

/** A stand-in with the way to make it emit. */
export interface Recorder<T> {
  readonly standIn: T;
  /** Calls whoever listens to `event` of the emitter at `path`; answers with how many did. */
  emit(path: string, event: string, ...args: readonly unknown[]): number;
}

/** Makes a stand-in for a dependency; `path` names it in the trace. The type is the caller's word. */
export function createRecorder<T extends object>(world: World, path: string, options: RecorderOptions = {}): Recorder<T> {
  const silent = new Set(options.silent);
  const script = options.script ?? {};
  const recording: Recording = {
    world,
    script,
    otherwise: options.otherwise,
    silent,
    calls: new Map(),
    emitters: new Emitters(world, silent),
    use: options.strict === true ? useOf(world, script) : undefined,
  };
  return {
    // The stand-in answers to every name; that it is used as a T is what the caller asked for.
    standIn: standInFor(recording, path) as T,
    emit: (emitter, event, ...args) => recording.emitters.emit(emitter, event, args),
  };
}

function standInFor(recording: Recording, path: string): object {
  const inner = new Map<string | symbol, unknown>();
  const target = function standIn(): void {
    // Only so that the proxy can be called and constructed.
  };
  const proxy: object = new Proxy(target, {
    get(_, key) {
      if (key === Symbol.asyncIterator && isIterated(recording, path)) return () => iterateProperty(recording, path);
      return typeof key === 'symbol' ? inner.get(key) : propertyOf(recording, { path, key, inner });
    },
    set(_, key, value: unknown) {
      recording.world.record({ target: path, operation: 'set', args: [String(key), value] });
      inner.set(key, value);
      recording.emitters.write(`${path}.${String(key)}`, value);
      return true;
    },
    deleteProperty(_, key) {
      recording.world.record({ target: path, operation: 'delete', args: [String(key)] });
      return inner.delete(key) || true;
    },
    has: (_, key) => typeof key === 'string' || (key === Symbol.asyncIterator && isIterated(recording, path)),
    apply: (_, self: unknown, args: unknown[]) => answerCall(recording, path, { args, self }),
    construct(_, args: unknown[]) {
      recording.world.record({ target: path, operation: 'construct', args });
      recording.use?.use(path);
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
  if (scripted !== undefined && 'is' in scripted) {
    recording.use?.use(below);
    return scripted.is;
  }
  // A stand-in is no promise, or awaiting it would call it; and it has no JSON form.
  if ((key === 'then' || key === 'toJSON') && scripted === undefined) return undefined;
  // Nothing of the subject is an instance of it, which `instanceof` learns from a prototype of its own.
  if (key === 'prototype') inner.set(key, {});
  if (inner.has(key)) return inner.get(key);
  recording.use?.read(below);
  const made = standInFor(recording, below);
  inner.set(key, made);
  return made;
}

interface Invocation {
  readonly args: readonly unknown[];
  readonly self: unknown;
}

function answerCall(recording: Recording, path: string, { args, self }: Invocation): unknown {
  const nth = countCall(recording, path);
  const scripted = recording.script[path];
  if (scripted === undefined && recording.emitters.handle(path, args)) {
    recording.use?.use(path);
    // Calls of an emitter can be chained; the answer of an event target is nothing.
    return path.endsWith('EventListener') ? undefined : self;
  }
  const said = answerFor(scripted, nth) ?? recording.otherwise;
  if (said === undefined) recording.use?.callWithoutAnswer(path, `${path}(${args.map((each) => renderValue(each)).join(', ')})`);
  else recording.use?.use(path);
  const answer = said ?? nothing;
  if (!recording.silent.has(path)) note(recording.world, path, { args, answered: answeredBy(answer) });
  return give(recording.world, { path, args, nth }, answer);
}

const nothing: Answer = { returns: undefined };

function countCall({ calls }: Recording, path: string): number {
  const nth = calls.get(path) ?? 0;
  calls.set(path, nth + 1);
  return nth;
}

/** Whether the script says that the property itself is iterated: `for await (const row of db.rows)`. */
function isIterated({ script }: Recording, path: string): boolean {
  const answer = answerFor(script[path], 0);
  return answer !== undefined && 'iterates' in answer;
}

function iterateProperty(recording: Recording, path: string): AsyncIterator<unknown> {
  const answer = answerFor(recording.script[path], countCall(recording, path));
  recording.use?.use(path);
  recording.world.record({ target: path, operation: 'iterate', args: [] });
  return iterate(recording.world, path, answer !== undefined && 'iterates' in answer ? answer.iterates : []);
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
