// Modules of node as a subject finds them: parts of them controlled, and parts refused, because they reach out of the process.

export interface Rules {
  /** What stands for members, by name. */
  readonly controlled?: Readonly<Record<string, unknown>>;
  /** Names of functions that are refused; all when it says so, but for the `harmless` ones. */
  readonly refused?: 'all' | ReadonlySet<string>;
  readonly harmless?: ReadonlySet<string>;
}

/** Throws: says what was used, and how to replace it. */
export type Refuse = (member: string) => never;

/** A view of a module (or of an object such as `process`): what is neither controlled nor refused is the real one's. */
export function ruledModule(real: object, { controlled = {}, refused = new Set(), harmless }: Rules, refuse: Refuse): object {
  const seen = new Map<PropertyKey, unknown>();
  const isRefused = (key: string): boolean => (refused === 'all' ? harmless?.has(key) !== true : refused.has(key));
  const memberOf = (key: PropertyKey): unknown => {
    if (typeof key === 'string' && Object.hasOwn(controlled, key)) return controlled[key];
    // Reflect answers any.
    const value = Reflect.get(real, key) as unknown;
    if (typeof key !== 'string' || !isRefused(key)) return value;
    if (!seen.has(key)) seen.set(key, refusedMember(value, key, refuse));
    return seen.get(key);
  };
  return new Proxy(
    {},
    {
      get: (_, key) => memberOf(key),
      has: (_, key) => key in controlled || key in real,
      ownKeys: () => [...new Set([...Object.keys(controlled), ...Reflect.ownKeys(real)])],
      getOwnPropertyDescriptor: (_, key) =>
        key in controlled || key in real
          ? { configurable: true, enumerable: true, writable: true, value: memberOf(key) }
          : undefined,
      // A write to what belongs to the whole process outlives the scenario.
      set: (_, key) => refuse(String(key)),
    },
  );
}

/** Functions and classes can be looked at and extended, not called; what else a module holds (constants, texts) is as it is. */
export function refusedMember(value: unknown, name: string, refuse: Refuse): unknown {
  if (typeof value === 'object' && value !== null && Object.values(value).some((each) => typeof each === 'function'))
    return ruledModule(value, { refused: 'all' }, (inner) => refuse(`${name}.${inner}`));
  if (typeof value !== 'function') return value;
  return new Proxy(value, {
    apply: () => refuse(name),
    construct: () => refuse(name),
    get(target, key) {
      // Reflect answers any.
      const inner = Reflect.get(target, key) as unknown;
      const isOwn = typeof key === 'string' && key !== 'prototype' && Object.hasOwn(target, key);
      return isOwn ? refusedMember(inner, `${name}.${key}`, refuse) : inner;
    },
  });
}
