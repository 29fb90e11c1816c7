// Watches an object that stays real: what is written to its fields becomes an effect, whoever writes.
import { markStandIn } from './stand-in.ts';
import type { World } from './world.ts';

export interface WatchOptions {
  /** Fields whose writes are noted; all when absent. */
  readonly fields?: readonly string[];
  /** Fields with numbers that are no counters: a write is noted with its value. */
  readonly stamps?: readonly string[];
  /** Methods whose calls are noted, with their arguments. */
  readonly methods?: readonly string[];
  /** Fields that hold lists or maps: calls of their methods are noted too. */
  readonly collections?: readonly string[];
}

/** A view of `object` that notes each change of a number as its difference, any other write with its value, and calls of the named methods. */
export function watch<T extends object>(
  world: World,
  path: string,
  { object, ...options }: WatchOptions & { readonly object: T },
): T {
  const fields = options.fields === undefined ? undefined : new Set(options.fields);
  const stamps = new Set(options.stamps);
  const methods = new Set(options.methods);
  const collections = new Set(options.collections);
  return markStandIn(
    new Proxy(object, {
      set(target, key, value: unknown) {
        if (typeof key === 'string' && (fields === undefined || fields.has(key))) {
          noteWrite(world, path, { key, before: stamps.has(key) ? undefined : Reflect.get(target, key), value });
        }
        return Reflect.set(target, key, value);
      },
      deleteProperty(target, key) {
        if (typeof key === 'string' && (fields === undefined || fields.has(key)))
          world.record({ target: path, operation: 'delete', args: [key] });
        return Reflect.deleteProperty(target, key);
      },
      get(target, key) {
        const value: unknown = Reflect.get(target, key);
        if (typeof key !== 'string') return value;
        if (collections.has(key) && typeof value === 'object' && value !== null)
          return watchCalls(world, `${path}.${key}`, value);
        return methods.has(key) && isFunction(value) ? noted(world, { path, key, target, method: value }) : value;
      },
    }),
    path,
  );
}

interface Method {
  readonly path: string;
  readonly key: string;
  readonly target: object;
  readonly method: AnyFunction;
}

type AnyFunction = (...args: unknown[]) => unknown;

function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function';
}

/** A method that notes its call, and is called on the object itself. */
function noted(world: World, { path, key, target, method }: Method): (...args: unknown[]) => unknown {
  return (...args) => {
    world.record({ target: path, operation: key, args });
    return Reflect.apply(method, target, args);
  };
}

const changing: ReadonlySet<string> = new Set([
  'push',
  'pop',
  'shift',
  'unshift',
  'splice',
  'sort',
  'reverse',
  'fill',
  'copyWithin',
  'set',
  'add',
  'delete',
  'clear',
]);

/** A list, map or set whose changes are noted; reading it is not. */
function watchCalls<T extends object>(world: World, path: string, collection: T): T {
  const view: T = new Proxy(collection, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (!isFunction(value)) return value;
      if (typeof key !== 'string' || !changing.has(key)) return value.bind(target);
      const method = noted(world, { path, key, target, method: value });
      return (...args: unknown[]): unknown => {
        const result = method(...args);
        // What answers with the collection itself goes on being watched: `map.set(…).set(…)`.
        return result === target ? view : result;
      };
    },
    set(target, key, value: unknown) {
      if (typeof key === 'string') world.record({ target: path, operation: 'set', args: [key, value] });
      return Reflect.set(target, key, value);
    },
  });
  return view;
}

interface Write {
  readonly key: string;
  readonly before: unknown;
  readonly value: unknown;
}

function noteWrite(world: World, path: string, { key, before, value }: Write): void {
  const counted = typeof before === 'number' && typeof value === 'number';
  world.record({ target: path, operation: counted ? 'add' : 'set', args: [key, counted ? value - before : value] });
}
