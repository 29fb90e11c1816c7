// Lines of effects, read back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEffectLine } from '../../../codemods/proof/parse-effect-line.ts';
import { effectLine } from '../../../codemods/proof/trace.ts';
import { anyEffect, effect } from './rendered-traces.ts';

describe('parseEffectLine', () => {
  it.each([
    ['db.find(1)', effect()],
    ['db.find()', effect({ args: [] })],
    [
      'a.b.c("x)(", [1, {d: ","}]) returned (1)',
      effect({ target: 'a.b', operation: 'c', args: ['"x)("', '[1, {d: ","}]'], answer: 'returned (1)' }),
    ],
    [
      'X().run().db.find("\\"") threw Error("(")',
      effect({ target: 'X().run().db', args: ['"\\""'], answer: 'threw Error("(")' }),
    ],
    ['X()().call(1)', effect({ target: 'X()()', operation: 'call' })],
    ['dep."X()"(1)', effect({ target: 'dep', operation: 'X()' })],
    ['[event 1] db.find(1)', effect({ flow: 'event 1' })],
    ['["a]\\"b"] "c.d("."e.f"(1)', effect({ flow: 'a]"b', target: 'c.d(', operation: 'e.f' })],
    ['db.find(1, 2)', effect({ args: ['1', '2'] })],
  ])('reads %s', (line, expected) => {
    expect(parseEffectLine(line)).toEqual(expected);
  });

  it('is the inverse of effectLine, whatever stands in names and values', () => {
    fc.assert(
      fc.property(anyEffect, (given) => {
        const line = effectLine(given);
        expect(line).not.toContain('\n');
        expect(parseEffectLine(line)).toEqual(given);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    '',
    'garbage',
    '<<<<<<< HEAD',
    'find(1)',
    '.find(1)',
    'db.find(1',
    'db.find("a',
    'db.find(1)returned 2',
    'db.find(1,2)',
    'db.find(1) ',
    '[event 1]db.find(1)',
    '[] db.find(1)',
    '"db".find(1)',
    '"\\x".find(1)',
    'db.find(1)]',
  ])('refuses %j', (line) => {
    expect(() => parseEffectLine(line)).toThrow(
      expect.objectContaining({ code: 'PROOF_GOLDEN_MALFORMED', message: expect.stringContaining(JSON.stringify(line)) }),
    );
  });
});
