// The globals that a subject must not take from the machine: time, chance, timers, the process. They lead to the current world.
import { controlledWebCrypto } from './controlled-crypto.ts';
import { controlledMicrotask } from './controlled-process.ts';
import { controlledAbortSignal, controlledTimerFunctions } from './controlled-timer-modules.ts';
import type { World } from './world.ts';

export interface GlobalSources {
  readonly current: () => World | undefined;
  /** A module of node as the subject finds it: the global `process` is what it would import. */
  readonly module: (specifier: string) => object;
  /** Globals that reach out of the process, by name. */
  readonly reachingOut: Readonly<Record<string, unknown>>;
}

/** Globals by name; each is a parameter of every module. */
export function createGlobals({ current, module, reachingOut }: GlobalSources): Readonly<Record<string, unknown>> {
  // Object.create answers any; what is made here is an object.
  const math = Object.create(Math, { random: { value: () => current()?.random() ?? 0 } }) as object;
  const controlled: Record<string, unknown> = {
    Date: controlledDate(current),
    Math: math,
    AbortSignal: controlledAbortSignal(current),
    performance: Reflect.get(module('node:perf_hooks'), 'performance'),
    crypto: controlledWebCrypto(current),
    ...controlledTimerFunctions(current),
    queueMicrotask: controlledMicrotask(current),
    process: module('node:process'),
    console: module('node:console'),
    ...reachingOut,
  };
  const global = controlledGlobalThis(controlled);
  return { ...controlled, globalThis: global, global };
}

/** `globalThis` with the controlled globals: what the subject puts in their place stays its own, any other write is one to the real one. */
function controlledGlobalThis(controlled: Readonly<Record<string, unknown>>): object {
  const own: Record<PropertyKey, unknown> = { ...controlled };
  const view: object = new Proxy(globalThis, {
    get(target, key) {
      if (key === 'globalThis' || key === 'global') return view;
      // Reflect answers any.
      return Object.hasOwn(own, key) ? own[key] : (Reflect.get(target, key) as unknown);
    },
    set(target, key, value: unknown) {
      if (!Object.hasOwn(own, key)) return Reflect.set(target, key, value);
      own[key] = value;
      return true;
    },
  });
  return view;
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
