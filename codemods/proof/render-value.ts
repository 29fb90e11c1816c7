// Renders any value as one line of text: stable, readable in a diff, and without what differs between two equal runs.
import { createHash } from 'node:crypto';
import { bareInValue, bareOrQuoted } from './bare-or-quoted.ts';
import { contentOf } from './render-content.ts';
import type { Below } from './render-content.ts';
import { describeStandIn } from './stand-in.ts';
import type { Normaliser } from './normalisers.ts';

/** Deeper than this a value is cut, so that an object graph of services does not fill a golden; its hash stands for the rest. */
const deepest = 8;
/** Levels below the cut that its hash covers: more would not fit the stack. */
const deepestHashed = 500;
/** Digits of that hash: enough that two of a golden's values do not share them. */
const hashDigits = 12;

interface Rendering {
  readonly normalisers: readonly Normaliser[];
  /** The way to the value, for cycles. */
  readonly above: readonly object[];
  /** Name of the property that holds the value. */
  readonly key: string;
  /** Below the cut: the number of each object that was seen there, so that each is looked into once. */
  readonly seen?: Map<object, number>;
  /** Levels below the cut. */
  readonly below: number;
}

/** Text of a value; normalisers see each value with the name of the property that holds it. */
export function renderValue(value: unknown, normalisers: readonly Normaliser[] = []): string {
  return render(value, { normalisers, above: [], key: '', below: 0 });
}

function render(value: unknown, rendering: Rendering): string {
  for (const normaliser of rendering.normalisers) {
    const text = normaliser.replace(value, rendering.key);
    if (text !== undefined) return text;
  }
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'symbol') return renderSymbol(value);
  if (typeof value === 'function') return describeStandIn(value) ?? renderFunction(value);
  if (typeof value === 'object' && value !== null) return renderObject(value, rendering);
  return Object.is(value, -0) ? '-0' : String(value);
}

function renderObject(value: object, rendering: Rendering): string {
  const standIn = describeStandIn(value);
  if (standIn !== undefined) return standIn;
  const { above, seen } = rendering;
  if (seen !== undefined) return renderOnce(value, rendering, seen);
  if (above.includes(value)) return '[cycle]';
  if (above.length >= deepest) return renderCut(value, rendering);
  return contentOf(value, belowOf({ ...rendering, above: [...above, value] }));
}

/** Two values that differ anywhere below the cut have different hashes. */
function renderCut(value: object, rendering: Rendering): string {
  // Objects on the way down are known by their place.
  const seen = new Map(rendering.above.map((each, at) => [each, at]));
  const hash = createHash('sha256')
    .update(renderOnce(value, rendering, seen))
    .digest('hex');
  return `[deep ${hash.slice(0, hashDigits)}]`;
}

function renderOnce(value: object, rendering: Rendering, seen: Map<object, number>): string {
  const known = seen.get(value);
  if (known !== undefined) return `[object ${known}]`;
  if (rendering.below >= deepestHashed) return '[deeper]';
  seen.set(value, seen.size);
  return contentOf(value, belowOf({ ...rendering, seen, below: rendering.below + 1 }));
}

function belowOf(rendering: Rendering): Below {
  return (inner, key) => render(inner, { ...rendering, key });
}

const classText = /^class\b/;

function renderFunction(value: object & { readonly name: unknown }): string {
  const kind = classText.test(Function.prototype.toString.call(value)) ? 'class' : 'function';
  const { name } = value;
  return typeof name === 'string' && name !== '' ? `[${kind} ${bareOrQuoted(name, bareInValue)}]` : `[${kind}]`;
}

function renderSymbol({ description }: symbol): string {
  return description === undefined ? 'Symbol()' : `Symbol(${bareOrQuoted(description, bareInValue)})`;
}
