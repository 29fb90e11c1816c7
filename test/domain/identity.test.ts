// Identity: the table of spec 1.14, and what normalizing forgets and keeps.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identityKey, identityStrategies, normalizeJson } from '../../src/domain/identity.ts';
import type { IdentityFacts } from '../../src/domain/identity.ts';
import type { Json } from '../../src/domain/json.ts';
import { thrownBy } from './thrown-by.ts';

const facts: IdentityFacts = {
  namedTask: 'task-1',
  context: { b: 1, a: [2, null] },
  strategy: 'strict',
  idempotencyKey: undefined,
  newId: () => 'fresh-id',
  hash: (text) => `#${text}`,
};
// As: fast-check types its values as mutable JSON, which is Json.
const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

describe('identityKey', () => {
  it.each(identityStrategies)('uses the idempotency key with strategy %s', (strategy) => {
    expect(identityKey({ ...facts, strategy, idempotencyKey: 'k' })).toBe('#["key","task-1","k"]');
  });

  it('hashes the context with strategy strict', () => {
    expect(identityKey(facts)).toBe('#["context","task-1",{"a":[2,null],"b":1}]');
  });

  it('takes a fresh id with strategy always_unique', () => {
    expect(identityKey({ ...facts, strategy: 'always_unique' })).toBe('fresh-id');
  });

  it('makes the same request the same task with strategy always_unique, and no other', () => {
    const unique = { ...facts, strategy: 'always_unique', requestId: 'r1' } as const;
    expect(identityKey(unique)).toBe('#["request","task-1","r1"]');
    expect(identityKey({ ...unique, requestId: 'r2' })).not.toBe(identityKey(unique));
    expect(identityKey({ ...unique, idempotencyKey: 'k' })).toBe('#["key","task-1","k"]');
  });

  it('does not look at the name of the request where the context or a key tells', () => {
    expect(identityKey({ ...facts, requestId: 'r1' })).toBe(identityKey(facts));
  });

  it('asks for the key with strategy caller_provided', () => {
    expect(thrownBy(() => identityKey({ ...facts, strategy: 'caller_provided' }))).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REQUIRED',
      kind: 'input',
      message: 'idempotency_key is required when named task uses CallerProvided identity strategy',
    });
  });

  it('refuses an empty key', () => {
    expect(thrownBy(() => identityKey({ ...facts, idempotencyKey: '' }))).toMatchObject({
      code: 'IDEMPOTENCY_KEY_EMPTY',
      kind: 'input',
    });
  });

  it('never takes a key for a context, whatever the key looks like', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        expect(identityKey({ ...facts, idempotencyKey: text })).not.toBe(identityKey({ ...facts, context: text }));
      }),
    );
  });
});

describe('normalizeJson', () => {
  it('writes JSON that reads back as the same value', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(normalizeJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('forgets the order of keys, at every depth', () => {
    const turned = (value: Json): Json => {
      if (Array.isArray(value)) return value.map(turned);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([key, inner]) => [key, turned(inner)]),
      );
    };
    fc.assert(
      fc.property(json, (value) => {
        expect(normalizeJson(turned(value))).toBe(normalizeJson(value));
      }),
    );
  });

  it('keeps the order of arrays', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 2 }), (values) => {
        expect(normalizeJson(values.toReversed())).not.toBe(normalizeJson(values));
      }),
    );
  });

  it('writes scalars and escapes as JSON does, without white space', () => {
    expect(normalizeJson({ z: 'a"b\n', y: [true, null, -0, 1.5e21] })).toBe('{"y":[true,null,0,1.5e+21],"z":"a\\"b\\n"}');
  });
});
