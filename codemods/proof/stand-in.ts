// Remembers which objects stand in for dependencies, so that a trace names them instead of looking inside.
import { bareOrQuoted, barePath } from './bare-or-quoted.ts';

const names = new WeakMap<object, string>();

/** Marks an object or function as the stand-in of `path`. */
export function markStandIn<T extends object>(object: T, path: string): T {
  names.set(object, path);
  return object;
}

/** `<path>` for a stand-in, undefined for anything else. */
export function describeStandIn(value: object): string | undefined {
  const path = names.get(value);
  return path === undefined ? undefined : `<${bareOrQuoted(path, barePath)}>`;
}
