// Rendered effects and traces for tests: fixed ones, and arbitrary ones with every odd character.
import fc from 'fast-check';
import { renderValue } from '../../../codemods/proof/render-value.ts';
import type { RenderedEffect, RenderedTrace } from '../../../codemods/proof/trace.ts';

export function effect(change: Partial<RenderedEffect> = {}): RenderedEffect {
  return { flow: 'main', target: 'db', operation: 'find', args: ['1'], answer: '', ...change };
}

export function trace(change: Partial<RenderedTrace> = {}): RenderedTrace {
  return { effects: [], outcome: 'returned undefined', alive: [], ...change };
}

/** Names of all kinds: plain paths, the words of the format itself, and any text. */
export const oddName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('db', 'db.find', 'X()', 'X().run', 'X()()', 'a b', '', ' ', '.', '"', '(', '()', '[f] x', '=> x', 'alive: x'),
  fc.constantFrom(
    '== x',
    'x [fifo]',
    'all',
    'main',
    'a\nb',
    'a\r\n\nb',
    '\u2028',
    '\ud800',
    'a,b',
    'a]b',
    '{a: 1}',
    '\\',
    'é漢😀',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('a', '.', '(', ')', '[', ']', '"', ' ', '\\', ',', '\n'), maxLength: 10 }),
);

const oddError: fc.Arbitrary<Error> = fc.tuple(oddName, oddName, fc.option(fc.anything())).map(([name, message, cause]) => {
  const error = cause === null ? new Error(message) : new Error(message, { cause });
  error.name = name;
  return error;
});

/** Anything a call can be given. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withSparseArray: true }),
  fc.dictionary(oddName, fc.anything()),
  oddName,
  oddName.map((name) => Symbol(name)),
  oddError,
  fc.constantFrom(Symbol.iterator, /[,)]/, new URL('http://a/?b=(,"'), new Date(Number.NaN), () => undefined, Promise.resolve()),
);

const rendered: fc.Arbitrary<string> = oddValue.map((value) => renderValue(value));

const answer: fc.Arbitrary<string> = fc.oneof(
  fc.constant(''),
  fc.tuple(fc.constantFrom('returned', 'resolved', 'threw', 'rejected'), rendered).map(([kind, text]) => `${kind} ${text}`),
);

export const anyEffect: fc.Arbitrary<RenderedEffect> = fc.record({
  flow: fc.oneof(fc.constant('main'), oddName),
  target: oddName,
  operation: oddName,
  args: fc.array(rendered, { maxLength: 3 }),
  answer,
});

export const anyTrace: fc.Arbitrary<RenderedTrace> = fc.record({
  effects: fc.array(anyEffect, { maxLength: 4 }),
  outcome: fc.oneof(
    fc.constant('waits for ever'),
    rendered.map((text) => `returned ${text}`),
  ),
  alive: fc.array(oddName, { maxLength: 3 }),
});
