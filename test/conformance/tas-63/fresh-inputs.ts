// Copies of what scenarios share: a version that changes what it is given must not change what later runs get.
import { describeStandIn } from '../../../codemods/proof/stand-in.ts';

/** An input that the scenario itself changes while the subject has it. */
class Kept {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** Within inputs that are copied: this one is given as the very object it is; only for what is made for each run. */
export function kept(value: unknown): unknown {
  return new Kept(value);
}

/** A deep copy of records, lists, dates, bytes and plain errors; stand-ins, functions and instances of classes stay what they are. */
export function fresh<T>(value: T): T {
  // A copy is of the same kind as what it was made of.
  return copyOf(value) as T;
}

function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || describeStandIn(value) !== undefined) return value;
  if (value instanceof Kept) return value.value;
  if (Array.isArray(value)) return value.map(copyOf);
  if (value instanceof Date) return new Date(value);
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (value instanceof Error && prototype === Error.prototype) return errorLike(value);
  return prototype === Object.prototype ? copyOfRecord(value) : value;
}

function errorLike(error: Error): Error {
  const cause = error.cause === undefined ? {} : { cause: copyOf(error.cause) };
  return Object.assign(new Error(error.message, cause), copyOfRecord(error));
}

function copyOfRecord(record: object): object {
  return Object.fromEntries(Object.entries(record).map(([key, value]: [string, unknown]) => [key, copyOf(value)]));
}
