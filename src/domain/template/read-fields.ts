// The small grammar in which the template schema is written: readers that return a value and note what is wrong with it.
import { didYouMean } from '../did-you-mean.ts';
import { TaskerError } from '../errors.ts';
import { checkJson } from '../json-limits.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Problem, ProblemCode, TemplatePath } from './template-problem.ts';

/** Where a reader stands, and where it notes problems. */
export interface Place {
  readonly path: TemplatePath;
  readonly problems: Problem[];
}

/** Returns a value of the right type in any case; it is used only when no problem was noted. */
export type Reader<T> = (value: unknown, place: Place) => T;

export function note(place: Place, code: ProblemCode, message: string): void {
  place.problems.push({ code, message, path: place.path, on: 'value' });
}

export function inside(place: Place, key: string | number): Place {
  return { path: [...place.path, key], problems: place.problems };
}

/** Text of 1 to `max` characters (code points, as PostgreSQL counts), and of the given form. */
export function text(max: number, form?: { readonly pattern: RegExp; readonly expected: string }): Reader<string> {
  return (value, place) => {
    if (typeof value !== 'string') {
      const advice = typeof value === 'number' || typeof value === 'boolean' ? `; put it in quotes: "${value}"` : '';
      note(place, 'WRONG_TYPE', `found ${describe(value)}; expected text${advice}.`);
      return '';
    }
    const length = Array.from(value).length;
    if (length < 1 || length > max) note(place, 'OUT_OF_RANGE', `found ${length} characters; expected 1 to ${max}.`);
    else if (value.includes('\0'))
      note(place, 'OUT_OF_RANGE', 'found a NUL character, which PostgreSQL cannot store; remove it.');
    else if (form?.pattern.test(value) === false)
      note(place, 'OUT_OF_RANGE', `found ${describe(value)}; expected ${form.expected}.`);
    return value;
  };
}

export function integer(min: number, max: number): Reader<number> {
  return (value, place) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    const code = typeof value === 'number' ? 'OUT_OF_RANGE' : 'WRONG_TYPE';
    note(place, code, `found ${describe(value)}; expected a whole number from ${min} to ${max}.`);
    return min;
  };
}

export const flag: Reader<boolean> = (value, place) => {
  if (typeof value !== 'boolean') note(place, 'WRONG_TYPE', `found ${describe(value)}; expected true or false.`);
  return value === true;
};

export function oneOf<const V extends readonly [string, ...string[]]>(values: V): Reader<V[number]> {
  return (value, place) => {
    const found = values.find((known) => known === value);
    if (found !== undefined) return found;
    const code = typeof value === 'string' ? 'OUT_OF_RANGE' : 'WRONG_TYPE';
    const hint = typeof value === 'string' ? didYouMean(value, values) : '';
    note(place, code, `found ${describe(value)}; expected one of ${values.join(', ')}.${hint}`);
    return values[0];
  };
}

export function listOf<T>(item: Reader<T>): Reader<readonly T[]> {
  return (value, place) => {
    if (Array.isArray(value)) return value.map((one: unknown, index) => item(one, inside(place, index)));
    note(place, 'WRONG_TYPE', `found ${describe(value)}; expected a list.`);
    return [];
  };
}

export function mapOf<T>(item: Reader<T>): Reader<Readonly<Record<string, T>>> {
  return (value, place) => {
    const entries = Object.entries(asMap(value, place));
    return Object.fromEntries(entries.map(([key, one]) => [key, item(one, inside(place, key))]));
  };
}

/** A map of any JSON, within the limits of spec 1.13. */
export const jsonObject: Reader<JsonObject> = (value, place) => {
  asMap(value, place);
  // As: asMap has noted a problem with anything else, and then nothing of the template is used.
  return json(value, place) as JsonObject;
};

/** Any JSON within the limits of spec 1.13. */
export const json: Reader<Json> = (value, place) => {
  try {
    return checkJson(value, { what: 'the value', mustBe: 'any' });
  } catch (error) {
    if (!(error instanceof TaskerError)) throw error;
    // As: checkJson puts the path of the place there.
    const path = [...place.path, ...(error.details['path'] as TemplatePath)];
    note({ path, problems: place.problems }, 'NOT_STORABLE', error.message);
    return null;
  }
};

function asMap(value: unknown, place: Place): Readonly<Record<string, unknown>> {
  // As: whatever is an object may be asked for its entries.
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  note(place, 'WRONG_TYPE', `found ${describe(value)}; expected a map of keys and values.`);
  return {};
}

/** The keys of one map, read one by one; what was never asked for is unknown. A key without a value (`steps:`) counts as absent. */
export interface Fields {
  required<T>(key: string, reader: Reader<T>): T;
  withDefault<T>(key: string, reader: Reader<T>, fallback: T): T;
  /** `{}` when absent, to be spread. */
  optional<K extends string, T>(key: K, reader: Reader<T>): { readonly [P in K]?: T };
  /** The value under `key` or under its synonym; under both only when they say the same. */
  synonym<T>(key: string, other: string, options: { readonly reader: Reader<T>; readonly fallback: T }): T;
}

/** A map with exactly the keys that `read` asks for. */
export function fields<T>(read: (from: Fields) => T): Reader<T> {
  return (value, place) => {
    const found = asMap(value, place);
    const isMap = found === value;
    const asked = new Set<string>();
    const has = (key: string): boolean => {
      asked.add(key);
      return found[key] !== undefined && found[key] !== null;
    };
    const readKey = <V>(key: string, reader: Reader<V>): V => reader(found[key], inside(place, key));
    const result = read({
      required(key, reader) {
        if (has(key)) return readKey(key, reader);
        if (isMap) note(inside(place, key), 'MISSING_KEY', `the key ${JSON.stringify(key)} is missing here; add it.`);
        return reader(undefined, { path: place.path, problems: [] });
      },
      withDefault: (key, reader, fallback) => (has(key) ? readKey(key, reader) : fallback),
      optional<K extends string, V>(key: K, reader: Reader<V>) {
        const entry = has(key) ? { [key]: readKey(key, reader) } : {};
        // As: the compiler does not see that the only key of the literal is K.
        return entry as { readonly [P in K]?: V };
      },
      synonym(key, other, { reader, fallback }) {
        const keys = [key, other].filter(has);
        const [first = fallback, second = first] = keys.map((name) => readKey(name, reader));
        if (normalized(first) !== normalized(second)) note(inside(place, other), 'CONFLICTING_KEYS', conflict(key, other));
        return first;
      },
    });
    noteUnknownKeys({ found, asked: [...asked] }, place);
    return result;
  };
}

function conflict(key: string, other: string): string {
  return `${other} is another name for ${key}, and the two differ here; keep one of them.`;
}

/** Order does not matter in the lists that have synonyms. */
function normalized(value: unknown): string {
  return JSON.stringify(Array.isArray(value) ? value.map(String).toSorted((a, b) => a.localeCompare(b)) : value);
}

interface Asked {
  readonly found: Readonly<Record<string, unknown>>;
  readonly asked: readonly string[];
}

function noteUnknownKeys({ found, asked }: Asked, place: Place): void {
  for (const key of Object.keys(found)) {
    if (asked.includes(key) || found[key] === undefined) continue;
    const hint = didYouMean(key, asked);
    const message = `found the unknown key ${JSON.stringify(key)}; expected one of ${asked.join(', ')}.${hint}`;
    place.problems.push({ code: 'UNKNOWN_KEY', message, path: [...place.path, key], on: 'key' });
  }
}

/** What was found, short enough for a message. */
function describe(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `the text ${JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)}`;
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} ${value}`;
  return typeof value === 'object' ? 'a map' : `a ${typeof value}`;
}
