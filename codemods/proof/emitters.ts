// Event emitters among stand-ins: who listens, so that a scenario can emit and the trace shows who is left.
import type { World } from './world.ts';
import { words } from './words.ts';

type Listener = (...args: unknown[]) => unknown;

/** One listener of an emitter, as often as it was added. */
interface Joined {
  readonly callback: Listener;
  readonly once: boolean;
  readonly end: () => void;
}

interface Joining {
  readonly verb: string;
  readonly listener: Listener;
  readonly options: unknown;
}

const joins: ReadonlySet<string> = new Set(words('on once addListener addEventListener prependListener prependOnceListener'));
const leaves: ReadonlySet<string> = new Set(['off', 'removeListener', 'removeEventListener']);
const joinsOnce: ReadonlySet<string> = new Set(['once', 'prependOnceListener']);
const joinsFirst: ReadonlySet<string> = new Set(['prependListener', 'prependOnceListener']);

export class Emitters {
  readonly #world: World;
  readonly #silent: ReadonlySet<string>;
  readonly #joined = new Map<string, readonly Joined[]>();
  /** Functions in properties such as `onmessage`. */
  readonly #handlers = new Map<string, Listener>();

  constructor(world: World, silent: ReadonlySet<string>) {
    this.#world = world;
    this.#silent = silent;
  }

  /** Calls whoever listens; answers with how many did. */
  emit(emitter: string, event: string, args: readonly unknown[]): number {
    const key = `${emitter}:${event}`;
    const handler = this.#handlers.get(`${emitter}.on${event}`);
    const listeners = this.#listeners(key);
    for (const listener of listeners) {
      if (listener.once) this.#leave(key, listener);
      listener.callback(...args);
    }
    handler?.(...args);
    return listeners.length + (handler === undefined ? 0 : 1);
  }

  /** A property was written: one such as `onmessage` is who listens, until something else is written. */
  write(path: string, value: unknown): void {
    if (isListener(value)) this.#handlers.set(path, value);
    else this.#handlers.delete(path);
  }

  /** Whether the call is one of an emitter; notes it then, and keeps who listens. */
  handle(path: string, args: readonly unknown[]): boolean {
    const dot = path.lastIndexOf('.');
    const [emitter, verb] = [path.slice(0, Math.max(dot, 0)), path.slice(dot + 1)];
    const [event, listener, options] = args;
    if (dot === -1) return false;
    if (verb === 'removeAllListeners' && (event === undefined || typeof event === 'string')) {
      this.#note({ emitter, verb, path }, event === undefined ? [] : [event]);
      this.#leaveAll(emitter, event);
      return true;
    }
    if (typeof event !== 'string' || !isListener(listener) || !(joins.has(verb) || leaves.has(verb))) return false;
    this.#note({ emitter, verb, path }, [event]);
    const key = `${emitter}:${event}`;
    if (joins.has(verb)) this.#join(key, { verb, listener, options });
    else this.#leave(key, this.#latest(key, listener));
    return true;
  }

  #note({ emitter, verb, path }: Record<'emitter' | 'verb' | 'path', string>, args: readonly unknown[]): void {
    if (!this.#silent.has(path)) this.#world.record({ target: emitter, operation: verb, args });
  }

  #join(key: string, { verb, listener, options }: Joining): void {
    // An event target takes a listener once, an emitter as often as it is given.
    if (verb === 'addEventListener' && this.#latest(key, listener) !== undefined) return;
    const { once = false, signal } = optionsOf(options);
    if (signal?.aborted === true) return;
    const added: Joined = {
      callback: listener,
      once: once || joinsOnce.has(verb),
      end: this.#world.keepAlive(`listener ${key}`),
    };
    const others = this.#listeners(key);
    this.#joined.set(key, joinsFirst.has(verb) ? [added, ...others] : [...others, added]);
    signal?.addEventListener('abort', () => this.#leave(key, added), { once: true });
  }

  #listeners(key: string): readonly Joined[] {
    return this.#joined.get(key) ?? [];
  }

  #latest(key: string, listener: Listener): Joined | undefined {
    return this.#listeners(key).findLast(({ callback }) => callback === listener);
  }

  #leave(key: string, left: Joined | undefined): void {
    left?.end();
    this.#joined.set(
      key,
      this.#listeners(key).filter((each) => each !== left),
    );
  }

  #leaveAll(emitter: string, event: string | undefined): void {
    for (const [key, listeners] of this.#joined) {
      if (event === undefined ? !key.startsWith(`${emitter}:`) : key !== `${emitter}:${event}`) continue;
      for (const listener of listeners) this.#leave(key, listener);
    }
  }
}

function isListener(value: unknown): value is Listener {
  return typeof value === 'function';
}

interface ListenerOptions {
  readonly once?: boolean;
  readonly signal?: AbortSignal;
}

function optionsOf(options: unknown): ListenerOptions {
  if (typeof options !== 'object' || options === null) return {};
  return {
    once: 'once' in options && options.once === true,
    ...('signal' in options && options.signal instanceof AbortSignal ? { signal: options.signal } : {}),
  };
}
