// Values as one line of text.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderValue } from '../../../codemods/proof/render-value.ts';
import { markStandIn } from '../../../codemods/proof/stand-in.ts';
import { oddValue } from './rendered-traces.ts';

function cyclic(): object {
  const value: { name: string; self?: object } = { name: 'a' };
  value.self = value;
  return value;
}

function nested(depth: number): unknown {
  return depth === 0 ? 'bottom' : [nested(depth - 1)];
}

class Person {
  readonly name = 'Ada';
  readonly #secret = 1;
  get secret(): number {
    return this.#secret;
  }
}

const coded = Object.assign(new TypeError('bad "input"', { cause: new Error('why') }), { code: 'E_BAD' });

describe('renderValue', () => {
  it.each<[string, unknown, string]>([
    ['a text', 'a"\n', '"a\\"\\n"'],
    ['a number', 1.5, '1.5'],
    ['minus zero', -0, '-0'],
    ['no number', Number.NaN, 'NaN'],
    ['a big integer', 5n, '5n'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a boolean', true, 'true'],
    ['a symbol', Symbol('a b'), 'Symbol(a b)'],
    ['a symbol of two lines', Symbol('a\nb'), 'Symbol("a\\nb")'],
    ['a symbol without a name', Symbol(), 'Symbol()'],
    ['a function', () => undefined, '[function]'],
    ['a stand-in', markStandIn({ a: 1 }, 'dep.x'), '<dep.x>'],
    ['a stand-in that is a function', markStandIn(() => undefined, 'dep.f'), '<dep.f>'],
    ['a list', [1, 'a', [undefined]], '[1, "a", [undefined]]'],
    ['a list with a hole', Array.from({ length: 2 }), '[undefined, undefined]'],
    ['fields by name, without the undefined', { b: 1, a: undefined, 'c d': 2 }, '{b: 1, c d: 2}'],
    ['odd names of fields', { 'a: b': 1, 'c,d': 2, '': 3 }, '{"": 3, "a: b": 1, "c,d": 2}'],
    ['an instance', new Person(), '{name: "Ada"}'],
    ['a date', new Date(0), 'Date(1970-01-01T00:00:00.000Z)'],
    ['an invalid date', new Date(Number.NaN), 'Date(invalid)'],
    ['an error', new Error('a'), 'Error("a")'],
    ['an error with code and cause', coded, 'TypeError("E_BAD", "bad \\"input\\"", cause Error("why"))'],
    ['an error of an odd name', Object.assign(new Error('a'), { name: 'x(y' }), '"x(y"("a")'],
    [
      'a map',
      new Map<unknown, unknown>([
        ['a', 1],
        [{ b: 2 }, 3],
      ]),
      'Map{"a": 1, {b: 2}: 3}',
    ],
    ['a set', new Set(['a', 1]), 'Set{"a", 1}'],
    ['bytes that are text', new TextEncoder().encode('é"'), 'bytes("é\\"")'],
    ['bytes that are none', new Uint8Array([255, 0]), 'bytes(hex ff00)'],
    ['a view of bytes', new DataView(new Uint8Array([1, 97, 98]).buffer, 1), 'bytes("ab")'],
    ['a pattern', /a,\)/gu, 'RegExp("/a,\\\\)/gu")'],
    ['an address', new URL('http://a/b?c'), 'URL("http://a/b?c")'],
    ['a promise', Promise.resolve(1), '[promise]'],
    ['a cycle', cyclic(), '{name: "a", self: [cycle]}'],
    ['what is deep', nested(9), '[[[[[[[[[deep]]]]]]]]]'],
    ['what is deep enough', nested(8), '[[[[[[[["bottom"]]]]]]]]'],
  ])('renders %s', (_, value, text) => {
    expect(renderValue(value)).toBe(text);
  });

  it('renders the same object twice where it is no cycle', () => {
    const shared = { a: 1 };
    expect(renderValue([shared, shared])).toBe('[{a: 1}, {a: 1}]');
  });

  it('tells different bytes apart', () => {
    expect(renderValue(new Uint8Array([0xff]))).not.toBe(renderValue(new Uint8Array([0xfe])));
  });

  it('gives normalisers each value with the name of its field, before anything else looks at it', () => {
    const seen: string[] = [];
    const normaliser = {
      name: 'n',
      describe: 'n',
      replace(value: unknown, key: string) {
        if (typeof value === 'number') seen.push(`${key}=${value}`);
        return value === 3 ? '<three>' : undefined;
      },
    };
    expect(renderValue({ a: [1], b: new Map([['k', 2]]), c: 3 }, [normaliser])).toBe('{a: [1], b: Map{"k": 2}, c: <three>}');
    expect(seen).toEqual(['0=1', 'k=2', 'c=3']);
  });

  it('is one line of balanced text for anything', () => {
    fc.assert(
      fc.property(oddValue, (value) => {
        const text = renderValue(value);
        expect(text).not.toMatch(/[\n\r]/);
        const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, '');
        expect(bare).not.toContain('"');
        expect(bare.split(/[([{]/).length).toBe(bare.split(/[)\]}]/).length);
      }),
    );
  });
});
