// Renders any value as one line of text: stable, readable in a diff, and without what differs between two equal runs.
import { bareInValue, bareOrQuoted } from './bare-or-quoted.ts';
import { describeStandIn } from './stand-in.ts';
import type { Normaliser } from './normalisers.ts';

/** Deeper than this a value is cut, so that an object graph of services does not fill a golden. */
const deepest = 8;

interface Rendering {
  readonly normalisers: readonly Normaliser[];
  /** The way to the value, for cycles. */
  readonly above: readonly object[];
  /** Name of the property that holds the value. */
  readonly key: string;
}

/** Text of a value; normalisers see each value with the name of the property that holds it. */
export function renderValue(value: unknown, normalisers: readonly Normaliser[] = []): string {
  return render(value, { normalisers, above: [], key: '' });
}

function render(value: unknown, rendering: Rendering): string {
  for (const normaliser of rendering.normalisers) {
    const text = normaliser.replace(value, rendering.key);
    if (text !== undefined) return text;
  }
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'symbol') return renderSymbol(value);
  if (typeof value === 'function') return describeStandIn(value) ?? '[function]';
  if (typeof value === 'object' && value !== null) return renderObject(value, rendering);
  return Object.is(value, -0) ? '-0' : String(value);
}

function renderObject(value: object, rendering: Rendering): string {
  const standIn = describeStandIn(value);
  if (standIn !== undefined) return standIn;
  if (rendering.above.includes(value)) return '[cycle]';
  if (rendering.above.length >= deepest) return '[deep]';
  const below = (inner: unknown, key: string): string => render(inner, { ...rendering, above: [...rendering.above, value], key });
  if (Array.isArray(value)) return `[${Array.from(value, (item: unknown, at) => below(item, String(at))).join(', ')}]`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Date(invalid)' : `Date(${value.toISOString()})`;
  if (value instanceof Error) return renderError(value, below);
  if (value instanceof Map) {
    return `Map{${[...value].map(([key, item]: [unknown, unknown]) => `${below(key, '')}: ${below(item, nameOf(key))}`).join(', ')}}`;
  }
  if (value instanceof Set) return `Set{${[...value].map((item: unknown) => below(item, '')).join(', ')}}`;
  if (ArrayBuffer.isView(value)) return renderBytes(value);
  if (value instanceof RegExp) return `RegExp(${JSON.stringify(String(value))})`;
  if (value instanceof URL) return `URL(${JSON.stringify(value.href)})`;
  if (value instanceof Promise) return '[promise]';
  return renderRecord(value, below);
}

/** Fields sorted by name: their order is no behaviour. */
function renderRecord(value: object, below: (inner: unknown, key: string) => string): string {
  const fields = Object.entries(value)
    .filter(([, inner]: [string, unknown]) => inner !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]: [string, unknown]) => `${bareOrQuoted(key, bareInValue)}: ${below(inner, key)}`);
  return `{${fields.join(', ')}}`;
}

/** Class, code and text; never the stack. */
function renderError(error: Error, below: (inner: unknown, key: string) => string): string {
  const code = 'code' in error && error.code !== undefined ? `${below(error.code, 'code')}, ` : '';
  const cause = error.cause === undefined ? '' : `, cause ${below(error.cause, 'cause')}`;
  return `${bareOrQuoted(error.name, bareInValue)}(${code}${below(error.message, 'message')}${cause})`;
}

function renderBytes(view: ArrayBufferView): string {
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? `bytes(${JSON.stringify(text)})` : `bytes(hex ${bytes.toString('hex')})`;
}

function renderSymbol({ description }: symbol): string {
  return description === undefined ? 'Symbol()' : `Symbol(${bareOrQuoted(description, bareInValue)})`;
}

function nameOf(key: unknown): string {
  return typeof key === 'string' ? key : '';
}
