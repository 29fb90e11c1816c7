// The cache of facts: what it finds, what it refuses, and that damage only makes it forget.
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeFacts } from '../../../codemods/gate/compute-facts.ts';
import { FactsCache } from '../../../codemods/gate/facts-cache.ts';

const text = 'export function a(): number {\n  return 1;\n}\n';
const facts = computeFacts('source', 'src/a.ts', text);
const declared = computeFacts('test', 'test/a.test.ts', "it('a', () => {});\n");

function filled(version = 'v'): FactsCache {
  const cache = new FactsCache(version);
  cache.keep('source', 'src/a.ts', { hash: 'h', facts });
  cache.keep('test', 'test/a.test.ts', { hash: 't', facts: declared });
  return cache;
}

const written = Buffer.from(filled().text);

/** A cache file around any body, as someone might forge it. */
function forged(body: string): Buffer {
  const head = { schema: 'refit-gate-cache/2', version: 'v', body: createHash('sha256').update(body).digest('hex') };
  return Buffer.from(`${JSON.stringify(head)}\n${body}`);
}

describe('FactsCache', () => {
  it('finds what an earlier run kept, and then has nothing new to write', () => {
    const cache = new FactsCache('v', written);
    expect(cache.find('source', 'src/a.ts', 'h')).toEqual(facts);
    expect(cache.changed).toBe(true);
    expect(cache.find('test', 'test/a.test.ts', 't')).toEqual(declared);
    expect(cache.changed).toBe(false);
    expect(cache.text).toBe(written.toString());
  });

  it('does not find other bytes, another file or another kind', () => {
    const cache = new FactsCache('v', written);
    expect(cache.find('source', 'src/a.ts', 'other')).toBeUndefined();
    expect(cache.find('source', 'src/b.ts', 'h')).toBeUndefined();
    expect(cache.find('other', 'src/a.ts', 'h')).toBeUndefined();
  });

  it('knows an entry of a report by its bytes alone, and refuses one of another shape', () => {
    const measure = { total: 1, covered: 1, hits: '1 1' };
    const kinds = { lines: measure, branches: measure, functions: measure, statements: measure };
    const entry = { path: '/p/a.ts', lastLine: 1, notes: [], ...kinds };
    const kept = new FactsCache('v');
    kept.keep('entry', 'h', { hash: 'h', facts: entry });
    const cache = new FactsCache('v', Buffer.from(kept.text));
    expect(cache.find('entry', 'h', 'h')).toEqual(entry);
    expect(cache.find('entry', 'other', 'other')).toBeUndefined();
    const other = JSON.stringify({ ...entry, lines: { ...measure, hits: [1, 1] } });
    expect(new FactsCache('v', forged(`"entry h"\th\t${other}\n`)).find('entry', 'h', 'h')).toBeUndefined();
  });

  it('drops what this run did not ask for', () => {
    const cache = new FactsCache('v', written);
    cache.find('source', 'src/a.ts', 'h');
    const after = new FactsCache('v', Buffer.from(cache.text));
    expect(after.find('source', 'src/a.ts', 'h')).toEqual(facts);
    expect(after.find('test', 'test/a.test.ts', 't')).toBeUndefined();
  });

  it('knows nothing that another version of the counting code wrote', () => {
    expect(new FactsCache('w', written).find('source', 'src/a.ts', 'h')).toBeUndefined();
  });

  it.each([
    ['is empty', Buffer.alloc(0)],
    ['is no JSON', Buffer.from('no\nno')],
    ['has no body', written.subarray(0, written.indexOf('\n'))],
    ['is cut off', written.subarray(0, -5)],
    ['has an empty body', forged('')],
    ['has an entry without a hash', forged('"source src/a.ts"\n')],
    ['has an entry without facts', forged('"source src/a.ts"\th\n')],
    ['has facts that are no JSON', forged('"source src/a.ts"\th\t{\n')],
    ['has facts of another shape', forged(`"source src/a.ts"\th\t${JSON.stringify({ ...facts, lines: -1 })}\n`)],
    ['lacks a fact', forged(`"source src/a.ts"\th\t${JSON.stringify({ ...facts, functions: undefined })}\n`)],
  ])('knows nothing when its file %s', (_what, bytes) => {
    const cache = new FactsCache('v', bytes);
    expect(cache.find('source', 'src/a.ts', 'h')).toBeUndefined();
    expect(cache.find('test', 'test/a.test.ts', 't')).toBeUndefined();
  });

  it('never tells anything else than was kept, whichever byte of its file is damaged', () => {
    const place = fc.nat({ max: written.length - 1 });
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(written);
        bytes.writeUInt8((bytes.readUInt8(at) ^ change) & 0xff, at);
        const found = new FactsCache('v', bytes).find('source', 'src/a.ts', 'h');
        expect([undefined, facts]).toContainEqual(found);
      }),
      { numRuns: 500 },
    );
  });
});
