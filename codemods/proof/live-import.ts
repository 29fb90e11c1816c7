// An import that scenarios may replace: what importers get is decided each time they use it, not when they are loaded.
import { describeStandIn } from './stand-in.ts';

export interface LiveImport {
  /** What is imported where nothing stands for it; undefined for a package that is not there. */
  readonly original: unknown;
  /** What stands for it now. */
  readonly replacement: () => Replacement | undefined;
}

export interface Replacement {
  readonly by: unknown;
}

type Callable = (...args: unknown[]) => unknown;

/**
 * Looks like an ES module, so that compiled importers ask it for each name. What a replacement does not have is the original's;
 * the default export is the replacement's `default`, else a replacement that is a function or a stand-in, else the module itself.
 */
export function liveImport(live: LiveImport): object {
  const target = isObject(live.original) && !isCallable(live.original) ? {} : callableTarget();
  const proxy: object = new Proxy(target, {
    get: (_, key) => (key === '__esModule' ? true : key === 'default' ? defaultOf(live, proxy) : memberOf(live, key)),
    has: (_, key) => key === '__esModule' || key === 'default' || holderOf(live, key) !== undefined,
    set: (_, key, value: unknown) => Reflect.set(Object(live.replacement()?.by ?? live.original) as object, key, value), // Object() answers any
    ownKeys: (own) => [...new Set([...Reflect.ownKeys(own), ...keysOf(live.original), ...keysOf(live.replacement()?.by)])],
    getOwnPropertyDescriptor(own, key) {
      const fixed = Reflect.getOwnPropertyDescriptor(own, key);
      if (fixed !== undefined || holderOf(live, key) === undefined) return fixed;
      return { configurable: true, enumerable: true, writable: true, value: memberOf(live, key) };
    },
    // What is not to be called is refused by the engine, as if it had been called itself.
    apply: (_, self: unknown, args: unknown[]) => Reflect.apply(defaultOf(live, undefined) as Callable, self, args),
    construct: (_, args: unknown[], made) => {
      const whole = defaultOf(live, undefined) as Callable; // as above
      // Reflect answers any; what is constructed is an object.
      return Reflect.construct(whole, args, made === proxy ? whole : made) as object;
    },
  });
  return proxy;
}

function callableTarget(): object {
  return function imported(): void {
    // Only so that the proxy can be called and constructed.
  };
}

/** `module` stands for the parts of both where a replacement has no default of its own. */
function defaultOf({ original, replacement }: LiveImport, module: unknown): unknown {
  const replaced = replacement();
  if (replaced === undefined) return isObject(original) && isModule(original) ? Reflect.get(original, 'default') : original;
  const { by } = replaced;
  if (!isObject(by) || describeStandIn(by) !== undefined) return by;
  if (Object.hasOwn(by, 'default')) return Reflect.get(by, 'default');
  return isCallable(by) ? by : module;
}

function memberOf(live: LiveImport, key: PropertyKey): unknown {
  const holder = holderOf(live, key);
  // Reflect answers any.
  return holder === undefined ? undefined : (Reflect.get(holder, key) as unknown);
}

/** The replacement where it has the name, else the original. */
function holderOf({ original, replacement }: LiveImport, key: PropertyKey): object | undefined {
  const by = replacement()?.by;
  if (isObject(by) && has(by, key)) return by;
  return isObject(original) && key in original ? original : undefined;
}

/** What every object has, such as `toString`, is nothing that a replacement was given to replace. */
function has(object: object, key: PropertyKey): boolean {
  return Object.hasOwn(object, key) || (key in object && !(key in Function.prototype));
}

function keysOf(value: unknown): readonly (string | symbol)[] {
  if (!isObject(value) || describeStandIn(value) !== undefined) return [];
  // The fields of a function are its own affair, except for what was put there.
  return isCallable(value) ? Object.keys(value) : Reflect.ownKeys(value);
}

function isModule(value: object): boolean {
  return '__esModule' in value && value.__esModule === true;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function isCallable(value: unknown): value is Callable {
  return typeof value === 'function';
}
