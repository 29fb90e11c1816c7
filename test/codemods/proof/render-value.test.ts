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

/** Eight lists around a value. */
function around(value: unknown): unknown {
  let made = value;
  for (let nr = 0; nr < 8; nr += 1) made = [made];
  return made;
}

class Person {
  readonly name = 'Ada';
  readonly #secret = 1;
  get secret(): number {
    return this.#secret;
  }
}

class NotFound extends Error {}
class Cache extends Map<unknown, unknown> {}
class Rows extends Array<number> {}
class Day extends Date {
  x = 1;
}
const [anonymous] = [
  class {
    a = 1;
  },
];

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
    ['a function with a name', function named() {}, '[function named]'],
    ['a function of an odd name', { 'a, b'() {} }['a, b'], '[function "a, b"]'],
    ['a class', Person, '[class Person]'],
    ['a class without a name', anonymous, '[class]'],
    ['a stand-in', markStandIn({ a: 1 }, 'dep.x'), '<dep.x>'],
    ['a stand-in that is a function', markStandIn(() => undefined, 'dep.f'), '<dep.f>'],
    ['a list', [1, 'a', [undefined]], '[1, "a", [undefined]]'],
    ['a list with a hole', Array.from({ length: 2 }), '[undefined, undefined]'],
    ['fields by name, without the undefined', { b: 1, a: undefined, 'c d': 2 }, '{b: 1, c d: 2}'],
    ['odd names of fields', { 'a: b': 1, 'c,d': 2, '': 3 }, '{"": 3, "a: b": 1, "c,d": 2}'],
    ['an instance', new Person(), 'Person{name: "Ada"}'],
    ['an instance of a class without a name', new anonymous(), '""{a: 1}'],
    ['an instance of an heir', new (class Heir extends Person {})(), 'Heir{name: "Ada"}'],
    ['an object that inherits from a plain one', Object.create({ a: 1 }, { b: { value: 2, enumerable: true } }), '{b: 2}'],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), '{a: 1}'],
    ['an object whose class is a field', { constructor: 'x' }, '{constructor: "x"}'],
    ['a list of an own class', Rows.of(1, 2), 'Rows[1, 2]'],
    ['a list with a field', Object.assign([1], { total: 5 }), '[1]{total: 5}'],
    ['a date of an own class', new Day(0), 'Day(1970-01-01T00:00:00.000Z){x: 1}'],
    ['a map of an own class', new Cache([['a', 1]]), 'Cache{"a": 1}'],
    ['boxed values', [new Number(1), new String('a'), new Boolean(false)], '[Number(1), String("a"), Boolean(false)]'],
    ['parameters of an address', new URLSearchParams({ a: 'b' }), 'URLSearchParams("a=b")'],
    ['headers', new Headers({ a: 'b' }), 'Headers{"a": "b"}'],
    ['wider numbers', new Uint16Array([97, 98]), 'Uint16Array("a\\u0000b\\u0000")'],
    ['a buffer of bytes', new Uint8Array([97]).buffer, 'ArrayBuffer("a")'],
    ['a date', new Date(0), 'Date(1970-01-01T00:00:00.000Z)'],
    ['an invalid date', new Date(Number.NaN), 'Date(invalid)'],
    ['an error', new Error('a'), 'Error("a")'],
    ['an error with code and cause', coded, 'TypeError("E_BAD", "bad \\"input\\"", cause Error("why"))'],
    ['an error of an odd name', Object.assign(new Error('a'), { name: 'x(y' }), '"x(y"("a")'],
    [
      'an error with more fields',
      Object.assign(new Error('a'), { status: 500, path: 'x' }),
      'Error("a"){path: "x", status: 500}',
    ],
    ['an error of a class without a name of its own', new NotFound('a'), 'NotFound/Error("a")'],
    ['an error of a class with another name', Object.assign(new NotFound('a'), { name: 'Lost' }), 'NotFound/Lost("a")'],
    ['an error of a class with its name', Object.assign(new NotFound('a'), { name: 'NotFound' }), 'NotFound("a")'],
    ['several errors', new AggregateError([new Error('a')], 'b'), 'AggregateError("b")[Error("a")]'],
    ['an error of the web', new DOMException('a', 'AbortError'), 'AbortError(20, "a")'],
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
    ['what is deep enough', nested(8), '[[[[[[[["bottom"]]]]]]]]'],
  ])('renders %s', (_, value, text) => {
    expect(renderValue(value)).toBe(text);
  });

  it('cuts what is deep, and tells whether it is the same below', () => {
    const text = (value: unknown): string => renderValue(around(value));
    expect(text([1])).toMatch(/^\[{9}deep [0-9a-f]{12}\]{9}$/);
    expect(text([1])).toBe(text([1]));
    expect(text([1])).not.toBe(text([2]));
    expect(text([[[[1]]]])).not.toBe(text([[[[2]]]]));
    expect(text({ a: 1, b: 2 })).toBe(text({ b: 2, a: 1 }));
    expect(text(1)).toBe('[[[[[[[[1]]]]]]]]');
  });

  it('tells cycles below the cut apart, and what they lead to', () => {
    const ring = (size: number): object => {
      const first: { next?: object } = {};
      let last: object = first;
      for (let nr = 1; nr < size; nr += 1) last = { next: last };
      first.next = last;
      return first;
    };
    expect(renderValue(around(ring(3)))).toBe(renderValue(around(ring(3))));
    expect(renderValue(around(ring(3)))).not.toBe(renderValue(around(ring(4))));
  });

  it('looks at each object below the cut once, however often it is held', () => {
    let value: unknown = 'bottom';
    for (let nr = 0; nr < 200; nr += 1) value = [value, value];
    expect(renderValue(around(value))).toMatch(/deep/);
  });

  it('ends where more would not fit the stack', () => {
    const chain = (length: number, end: unknown): unknown => {
      let value = end;
      for (let nr = 0; nr < length; nr += 1) value = { next: value };
      return value;
    };
    expect(renderValue(chain(500, [1]))).not.toBe(renderValue(chain(500, [2])));
    expect(renderValue(chain(20_000, [1]))).toBe(renderValue(chain(20_000, [2])));
  });

  it('lets normalisers stand for what is below the cut', () => {
    const normaliser = { name: 'n', describe: 'n', replace: (value: unknown) => (typeof value === 'number' ? '<n>' : undefined) };
    expect(renderValue(around([1]), [normaliser])).toBe(renderValue(around([2]), [normaliser]));
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
