// The globals that a subject must not take from the machine: time, randomness, timers. They lead to the current world.
import type { World } from './world.ts';

/** Parameters of every module, in the order of `createGlobals`. */
export const globalNames: readonly string[] = [
  'Date',
  'Math',
  'performance',
  'crypto',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
];

export function createGlobals(current: () => World | undefined): readonly unknown[] {
  const timers = () => current()?.timers;
  const clear = (handle: unknown): void => timers()?.clear(handle);
  // Object.create answers any; what is made here are objects.
  const math = Object.create(Math, { random: { value: () => current()?.random() ?? 0 } }) as object;
  const time = { now: () => current()?.monotonicMs() ?? 0 };
  type Callback = (...args: unknown[]) => void;
  return [
    controlledDate(current),
    math,
    time,
    controlledCrypto(current),
    (callback: Callback, delayMs?: number, ...args: unknown[]) => timers()?.setTimeout(callback, delayMs, ...args),
    (callback: Callback, delayMs?: number, ...args: unknown[]) => timers()?.setInterval(callback, delayMs, ...args),
    (callback: Callback, ...args: unknown[]) => timers()?.setImmediate(callback, ...args),
    clear,
    clear,
    clear,
  ];
}

/** `crypto` whose chance is the world's; what it computes is the real one's, which refuses to be called on anything else. */
function controlledCrypto(current: () => World | undefined): object {
  const fill = (view: ArrayBufferView): ArrayBufferView => {
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
    for (const at of bytes.keys()) bytes[at] = Math.floor((current()?.random() ?? 0) * 256);
    return view;
  };
  return { randomUUID: () => current()?.ids.uuid() ?? '', getRandomValues: fill, subtle: globalThis.crypto.subtle };
}

/** `Date` whose present is the world's; everything else of it, `instanceof` included, is the real one. */
function controlledDate(current: () => World | undefined): unknown {
  const nowMs = (): number => current()?.nowMs() ?? 0;
  return new Proxy(Date, {
    // Reflect answers any: a Date here (of a class that extends it, where one does), and what Date holds under the key below.
    construct: (target, args: unknown[], made) => Reflect.construct(target, args.length === 0 ? [nowMs()] : args, made) as object,
    apply: () => new Date(nowMs()).toString(),
    // Reflect answers any.
    get: (target, key, receiver) => (key === 'now' ? nowMs : (Reflect.get(target, key, receiver) as unknown)),
  });
}
