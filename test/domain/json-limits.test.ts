// The limits of stored JSON, each at its edge, and what JSON cannot hold.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkJson, jsonPath } from '../../src/domain/json-limits.ts';
import type { TaskerError } from '../../src/domain/errors.ts';
import { thrownBy } from './thrown-by.ts';

const any = { what: 'the context', mustBe: 'any' } as const;

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)];
}

function refused(value: unknown): TaskerError {
  return thrownBy(() => checkJson(value, any));
}

describe('the limits', () => {
  const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]));
  // 104 lists of ten thousand letters and their quotes: 1,040,208 bytes without commas; the rest is filled up to the byte.
  const bytes = (total: number) => [...Array.from({ length: 104 }, () => 'x'.repeat(10_000)), 'x'.repeat(total - 1_040_316)];

  it.each([
    ['depth 10', nested(10)],
    ['1000 keys', keys(1000)],
    ['1000 items', Array.from({ length: 1000 }, () => null)],
    ['10,000 characters', 'x'.repeat(10_000)],
    ['a key of 10,000 characters', { ['x'.repeat(10_000)]: 1 }],
    ['1 MiB', bytes(1_048_576)],
  ])('allow %s', (_, value) => {
    expect(checkJson(value, any)).toEqual(value);
  });

  it('count bytes as JSON.stringify writes them', () => {
    expect(JSON.stringify(bytes(1_048_576))).toHaveLength(1_048_576);
  });

  it.each([
    ['JSON_TOO_DEEP', nested(11), '$[0][0][0][0][0][0][0][0][0][0]'],
    ['JSON_TOO_MANY_KEYS', { a: keys(1001) }, '$.a'],
    ['JSON_TOO_MANY_ITEMS', { a: [Array.from({ length: 1001 }, () => 1)] }, '$.a[0]'],
    ['JSON_STRING_TOO_LONG', { 'odd key': 'x'.repeat(10_001) }, '$["odd key"]'],
    ['JSON_STRING_TOO_LONG', { ['x'.repeat(10_001)]: 1 }, `$["${'x'.repeat(60)}…"]`],
    ['JSON_TOO_LARGE', bytes(1_048_577), '$[104]'],
  ])('refuse with %s', (code, value, at) => {
    const error = refused(value);
    expect(error).toMatchObject({ code, kind: 'input' });
    expect(error.message).toContain(`the context, at ${at}`);
    expect(error.message).toContain('expected');
  });

  it('stop at the limit on values that unfold without end', () => {
    const wide = (depth: number): unknown => {
      const inner = depth === 0 ? 'x'.repeat(100) : wide(depth - 1);
      return Array.from({ length: 1000 }, () => inner);
    };
    expect(refused(wide(8)).code).toBe('JSON_TOO_LARGE');
  });

  it('count the bytes of any text exactly', () => {
    const sizes = (text: string) => {
      const clean = checkJson(text, any);
      return { clean, size: new TextEncoder().encode(JSON.stringify(clean)).length };
    };
    const filler = Array.from({ length: 104 }, () => 'x'.repeat(10_000));
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        const { clean, size } = sizes(text);
        const room = 1_048_576 - 1_040_317 - size;
        expect(checkJson([...filler, text, 'x'.repeat(room)], any)).toEqual([...filler, clean, 'x'.repeat(room)]);
        expect(refused([...filler, text, 'x'.repeat(room + 1)]).code).toBe('JSON_TOO_LARGE');
      }),
      { numRuns: 30 },
    );
  });
});

describe('what JSON cannot hold', () => {
  class Order {
    total = 1;
  }
  const circle: unknown[] = [];
  circle.push({ back: circle });

  it.each([
    [{ a: [undefined] }, '$.a[0]', 'found undefined, which JSON cannot hold; use null'],
    [undefined, '$', 'found undefined'],
    [Array.from({ length: 1 }), '$[0]', 'found undefined'],
    [{ f: () => 1 }, '$.f', 'found a function, which JSON cannot hold; leave it out'],
    [[Symbol('s')], '$[0]', 'found a symbol'],
    [{ n: 10n }, '$.n', 'found a bigint, which JSON cannot hold; pass it as a string'],
    [{ n: Number.NaN }, '$.n', 'found NaN; expected a finite number, or null'],
    [-Infinity, '$', 'found -Infinity'],
    [{ at: new Date(0) }, '$.at', 'found an instance of Date; pass its text, date.toISOString()'],
    [new Map([['a', 1]]), '$', 'found an instance of Map; pass Object.fromEntries(map)'],
    [[new Set([1])], '$[0]', 'found an instance of Set; pass [...set]'],
    [{ order: new Order() }, '$.order', 'found an instance of Order; pass a plain object'],
    [new Error('x'), '$', 'found an instance of Error'],
    [Object.create(Object.create(Object.create(null) as object) as object), '$', 'found an instance of an unknown class'],
    [circle, '$[0].back', 'found a reference back to what contains it'],
  ])('is refused: %o', (value, at, text) => {
    const error = refused(value);
    expect(error).toMatchObject({ code: 'JSON_NOT_REPRESENTABLE', kind: 'input' });
    expect(error.message).toContain(`the context, at ${at}: ${text}`);
  });

  it('tells the place as keys too', () => {
    expect(refused({ a: [1, Number.NaN] }).details).toEqual({ at: '$.a[1]', path: ['a', 1] });
  });
});

describe('the copy', () => {
  it('equals what JSON.stringify and JSON.parse make of any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(checkJson(JSON.parse(text), any))).toBe(text);
      }),
    );
  });

  it('drops properties that are undefined and symbols, and takes plain objects without a prototype', () => {
    const bare: object = Object.assign(Object.create(null) as object, { a: 1, b: undefined, [Symbol('s')]: 1 });
    expect(checkJson(bare, any)).toEqual({ a: 1 });
    expect(Object.keys(checkJson(bare, { what: 'x', mustBe: 'object' }))).toEqual(['a']);
  });

  it('leaves out NUL and replaces lone surrogates, in texts and keys, and keeps whole pairs', () => {
    expect(checkJson({ 'k\0ey': ['a\0b', '\ud800', 'x\udc00', '😀é'] }, any)).toEqual({
      key: ['ab', '\ufffd', 'x\ufffd', '😀é'],
    });
  });

  it('keeps a key named __proto__ a key', () => {
    const value: unknown = JSON.parse('{"__proto__":{"polluted":true}}');
    expect(JSON.stringify(checkJson(value, any))).toBe('{"__proto__":{"polluted":true}}');
  });

  it('may hold the same object twice side by side', () => {
    const same = { a: 1 };
    expect(checkJson([same, same], any)).toEqual([same, same]);
  });
});

describe('the top', () => {
  it.each([
    ['object', {}, undefined],
    ['object', [], 'found an array; expected an object.'],
    ['object', null, 'found null; expected an object.'],
    ['object', 'text', 'found a string; expected an object.'],
    ['array_or_object', [], undefined],
    ['array_or_object', {}, undefined],
    ['array_or_object', 1, 'found a number; expected an object or an array.'],
    ['any', true, undefined],
    ['any', null, undefined],
  ] as const)('must be %s: %o', (mustBe, value, problem) => {
    const check = () => checkJson(value, { what: 'tags', mustBe });
    if (problem === undefined) expect(check()).toEqual(value);
    else expect(thrownBy(check)).toMatchObject({ code: 'JSON_WRONG_TYPE', message: `tags, at $: ${problem}` });
  });
});

describe('jsonPath', () => {
  it('quotes what is no identifier', () => {
    expect(jsonPath(['a', 3, 'odd key', '1st'])).toBe('$.a[3]["odd key"]["1st"]');
  });
});
