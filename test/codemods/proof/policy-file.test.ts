// Policies read from files.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readPolicy } from '../../../codemods/proof/policy-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'policy-'));
const path = join(folder, 'allowed.json');
afterAll(() => rmSync(folder, { recursive: true }));

const entry = { id: 'P-1', reason: 'wanted', kind: 'text-only', place: 'log.*' };

function read(text: string): unknown {
  writeFileSync(path, text);
  return readPolicy(path);
}

describe('readPolicy', () => {
  it.each([
    ['no entry', []],
    ['an entry', [entry]],
    ['all fields', [{ ...entry, subject: 'a', case: 'b', contains: 'c', count: 2 }]],
  ])('reads %s', (_, entries) => {
    expect(read(JSON.stringify(entries))).toEqual(entries);
  });

  it.each<[string, unknown, string]>([
    ['no list', {}, 'it holds no list'],
    ['an entry that is no object', [entry, null], 'entry 2 is null, expected an object'],
    ['an entry that is a list', [[]], 'entry 1 is [], expected an object'],
    ['an entry without a kind', [{ id: 'P-1', reason: 'r', place: 'p' }], 'entry 1 has no kind'],
    ['an entry with an unknown field', [{ ...entry, because: 'x' }], 'entry 1 has an unknown field because'],
    ['an entry with an unknown kind', [{ ...entry, kind: 'any' }], 'entry 1 has the unknown kind "any". Known are order-only'],
    ['a field that is no text', [{ ...entry, place: 1 }], 'entry 1 has the place 1, expected a text'],
    ['a count that is no whole number', [{ ...entry, count: 0.5 }], 'entry 1 has the count 0.5'],
    ['a count of nothing', [{ ...entry, count: 0 }], 'entry 1 has the count 0'],
    ['an id twice', [entry, entry], 'P-1 stands twice'],
  ])('refuses %s', (_, document, message) => {
    expect(() => read(JSON.stringify(document))).toThrow(
      expect.objectContaining({ code: 'PROOF_POLICY_INVALID', message: expect.stringContaining(`${path}: `) }),
    );
    expect(() => read(JSON.stringify(document))).toThrow(message);
  });

  it('refuses a text that is no JSON', () => {
    expect(() => read('[')).toThrow(
      expect.objectContaining({ code: 'PROOF_POLICY_INVALID', message: expect.stringContaining(`${path}: it is no JSON`) }),
    );
  });

  it('refuses a file that is not there', () => {
    const missing = join(folder, 'missing.json');
    expect(() => readPolicy(missing)).toThrow(
      expect.objectContaining({
        code: 'PROOF_POLICY_INVALID',
        message: expect.stringContaining(`${missing}: it cannot be read`),
      }),
    );
  });
});
