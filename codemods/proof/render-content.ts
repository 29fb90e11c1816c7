// The content of an object as text, by its kind, with the name of its class where that is no plain one.
import { types } from 'node:util';
import { bareInValue, bareOrQuoted } from './bare-or-quoted.ts';

/** Text of a value that an object holds under `key`. */
export type Below = (value: unknown, key: string) => string;

export function contentOf(value: object, below: Below): string {
  if (value instanceof Promise) return '[promise]';
  if (value instanceof Error) return renderError(value, below);
  // Its fields are its bytes.
  if (ArrayBuffer.isView(value)) return renderView(value);
  const form = formOf(value, below);
  if (form === undefined) return `${titleOf(value, 'Object', '')}${renderFields(value, below)}`;
  return `${form}${extras(value, below)}`;
}

/** What has a form of its own, beside its fields. */
function formOf(value: object, below: Below): string | undefined {
  if (Array.isArray(value)) {
    return `${titleOf(value, 'Array', '')}[${Array.from(value, (item: unknown, at) => below(item, String(at))).join(', ')}]`;
  }
  if (value instanceof Map) return `${titleOf(value, 'Map')}{${renderEntries(value, below)}}`;
  if (value instanceof Set)
    return `${titleOf(value, 'Set')}{${Array.from(value, (item: unknown) => below(item, '')).join(', ')}}`;
  if (value instanceof Headers || value instanceof FormData) return `${titleOf(value, '')}{${renderEntries(value, below)}}`;
  const text = textOf(value);
  if (text !== undefined) return `${titleOf(value, '')}(${text})`;
  const boxed = boxedOf(value);
  return boxed === undefined ? undefined : `${titleOf(value, '')}(${below(boxed, '')})`;
}

function textOf(value: object): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid' : value.toISOString();
  if (value instanceof RegExp || value instanceof URLSearchParams) return JSON.stringify(String(value));
  if (value instanceof URL) return JSON.stringify(value.href);
  return value instanceof ArrayBuffer ? bytesText(Buffer.from(value)) : undefined;
}

function boxedOf(value: object): unknown {
  return types.isBoxedPrimitive(value) ? value.valueOf() : undefined;
}

/** Name of the class that made it: of the nearest prototype that says so. */
function classOf(value: object): string | undefined {
  for (let at = prototypeOf(value); at !== null; at = prototypeOf(at)) {
    const made: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    if (typeof made === 'function') return made.name;
  }
  return undefined;
}

function prototypeOf(value: object): object | null {
  // Object.getPrototypeOf answers any.
  return Object.getPrototypeOf(value) as object | null;
}

/** The name of its class, or `plain` where that is the expected one. */
function titleOf(value: object, expected: string, plain = expected): string {
  const name = classOf(value) ?? expected;
  return name === expected ? plain : bareOrQuoted(name, bareInValue);
}

function renderEntries(entries: Iterable<readonly [unknown, unknown]>, below: Below): string {
  const nameOf = (key: unknown): string => (typeof key === 'string' ? key : '');
  return Array.from(entries, ([key, item]) => `${below(key, '')}: ${below(item, nameOf(key))}`).join(', ');
}

type Skip = (key: string) => boolean;

/** What was put on an object beside what it is. */
function extras(value: object, below: Below, skip: Skip = (key) => /^\d+$/.test(key)): string {
  const text = renderFields(value, below, skip);
  return text === '{}' ? '' : text;
}

/** Fields sorted by name: their order is no behaviour. */
function renderFields(value: object, below: Below, skip: Skip = () => false): string {
  const fields = Object.keys(value)
    .filter((key) => !skip(key))
    .map((key): [string, unknown] => [key, Reflect.get(value, key)])
    .filter(([, inner]) => inner !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${bareOrQuoted(key, bareInValue)}: ${below(inner, key)}`);
  return `{${fields.join(', ')}}`;
}

const shownOfErrors: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'code', 'cause', 'errors']);

/** Class, code, text and cause, then what else it holds; never the stack. */
function renderError(error: Error, below: Below): string {
  const code = 'code' in error && error.code !== undefined ? `${below(error.code, 'code')}, ` : '';
  const cause = error.cause === undefined ? '' : `, cause ${below(error.cause, 'cause')}`;
  const many = 'errors' in error && error.errors !== undefined ? below(error.errors, 'errors') : '';
  const others = extras(error, below, (key) => shownOfErrors.has(key));
  return `${errorTitle(error)}(${code}${below(error.message, 'message')}${cause})${many}${others}`;
}

/** The name it gives itself, after its class where a class of the subject's goes by another name. */
function errorTitle(error: Error): string {
  const { name } = error;
  const made = classOf(error) ?? name;
  return bareOrQuoted(made === name || renamed.has(made) ? name : `${made}/${name}`, bareInValue);
}

/** Classes whose instances are given names as a matter of course, such as AbortError. */
const renamed: ReadonlySet<string> = new Set(['Error', 'DOMException']);

/** Bytes as text where they are one; wider numbers by the name of their list. */
function renderView(view: ArrayBufferView): string {
  const text = bytesText(Buffer.from(view.buffer, view.byteOffset, view.byteLength));
  return plainBytes.has(classOf(view) ?? '') ? `bytes(${text})` : `${titleOf(view, '')}(${text})`;
}

const plainBytes: ReadonlySet<string> = new Set(['Buffer', 'Uint8Array', 'DataView']);

function bytesText(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? JSON.stringify(text) : `hex ${bytes.toString('hex')}`;
}
