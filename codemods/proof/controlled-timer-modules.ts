// `node:timers` and `node:timers/promises` on the world's clock, and `AbortSignal.timeout`.
import { promisify } from 'node:util';
import type { World } from './world.ts';

type Current = () => World | undefined;
type Callback = (...args: unknown[]) => void;

interface WaitOptions {
  readonly signal?: AbortSignal;
}

/** The timers, under the names of the globals. */
export function controlledTimerFunctions(current: Current): Readonly<Record<string, unknown>> {
  const timers = () => current()?.timers;
  const clear = (handle: unknown): void => timers()?.clear(handle);
  const setTimeout = (callback: Callback, delayMs?: number, ...args: unknown[]) =>
    timers()?.setTimeout(callback, delayMs, ...args);
  const setImmediate = (callback: Callback, ...args: unknown[]) => timers()?.setImmediate(callback, ...args);
  const { setTimeout: timeout, setImmediate: immediate } = controlledTimerPromises(current);
  return {
    // `promisify(setTimeout)` asks for this name.
    setTimeout: Object.assign(setTimeout, { [promisify.custom]: timeout }),
    setInterval: (callback: Callback, delayMs?: number, ...args: unknown[]) => timers()?.setInterval(callback, delayMs, ...args),
    setImmediate: Object.assign(setImmediate, { [promisify.custom]: immediate }),
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
  };
}

/** A wait that ends at the world's word: `set` sets its timer, and answers with what clears it. */
function wait<T>(set: (done: () => void) => () => void, value: T, { signal }: WaitOptions = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(abortError(signal));
      return;
    }
    const abort = (): void => {
      clear();
      reject(abortError(signal));
    };
    const clear = set(() => {
      signal?.removeEventListener('abort', abort);
      resolve(value);
    });
    signal?.addEventListener('abort', abort, { once: true });
  });
}

function abortError(signal: AbortSignal | undefined): Error {
  const error = new Error('The operation was aborted', { cause: signal?.reason });
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' });
}

export function controlledTimerPromises(current: Current) {
  const timers = () => current()?.timers;
  const setTimeout = <T>(delayMs?: number, value?: T, options?: WaitOptions): Promise<T | undefined> =>
    wait((done) => clearing(current, timers()?.setTimeout(done, delayMs)), value, options);
  const setImmediate = <T>(value?: T, options?: WaitOptions): Promise<T | undefined> =>
    wait((done) => clearing(current, timers()?.setImmediate(done)), value, options);
  return {
    setTimeout,
    setImmediate,
    setInterval: <T>(delayMs?: number, value?: T, options?: WaitOptions) => ticks(current, { delayMs, value, options }),
    scheduler: {
      wait: (delayMs?: number, options?: WaitOptions) => setTimeout(delayMs, undefined, options),
      yield: () => setImmediate(),
    },
  };
}

function clearing(current: Current, handle: unknown): () => void {
  return () => current()?.timers.clear(handle);
}

interface Ticks<T> {
  readonly delayMs: number | undefined;
  readonly value: T;
  readonly options: WaitOptions | undefined;
}

/** As node has it: ticks that came while nobody waited are made up for, and leaving the loop ends the timer. */
async function* ticks<T>(current: Current, { delayMs, value, options }: Ticks<T>): AsyncGenerator<T, void> {
  const signal = options?.signal;
  let due = 0;
  let wake = (): void => undefined;
  const handle = current()?.timers.setInterval(() => {
    due += 1;
    wake();
  }, delayMs);
  const abort = (): void => wake();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    for (;;) {
      if (signal?.aborted === true) throw abortError(signal);
      if (due === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      due -= 1;
      yield value;
    }
  } finally {
    current()?.timers.clear(handle);
    signal?.removeEventListener('abort', abort);
  }
}

/** `AbortSignal` whose `timeout` is the world's; everything else of it is the real one. */
export function controlledAbortSignal(current: Current): unknown {
  const timeout = (delayMs: number): AbortSignal => {
    const controller = new AbortController();
    const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    current()?.timers.setTimeout(() => controller.abort(reason), delayMs);
    return controller.signal;
  };
  return new Proxy(AbortSignal, {
    // Reflect answers any.
    get: (target, key) => (key === 'timeout' ? timeout : (Reflect.get(target, key) as unknown)),
  });
}
