// Names that stand bare in a line, and names that need quotes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as patterns from '../../../codemods/proof/bare-or-quoted.ts';
import { bareOrQuoted, unquoted } from '../../../codemods/proof/bare-or-quoted.ts';
import { oddName } from './rendered-traces.ts';

const { bareInBrackets, bareInValue, bareLabel, bareOperation, barePath, bareTarget, bareTitle } = patterns;

describe('bareOrQuoted', () => {
  it.each([
    ['a field', 'retry-after ms', bareInValue],
    ['a path with what was constructed', 'dep.X().run', barePath],
    ['a target', 'dep.X()()', bareTarget],
    ['an operation of words', 'reply undelivered', bareOperation],
    ['a flow', 'event 1 (of 2)', bareInBrackets],
    ['a label', 'listener dep:"x"', bareLabel],
    ['a title', 'StepResult, (x) and "y[0]"', bareTitle],
  ])('leaves %s bare', (_, name, bare) => {
    expect(bareOrQuoted(name, bare)).toBe(name);
  });

  it.each([
    ['a field with a colon and a space', 'a: b', bareInValue],
    ['a field with a comma', 'a,b', bareInValue],
    ['a path with a bracket', 'dep.a]', barePath],
    ['a target that looks like a flow', '[a] b', bareTarget],
    ['a target that looks like an outcome', '=> b', bareTarget],
    ['a target with a parenthesis', 'f(x', bareTarget],
    ['an operation with a dot', 'a.b', bareOperation],
    ['a flow with a bracket', 'a]b', bareInBrackets],
    ['a label of two lines', 'a\nb', bareLabel],
    ['a label that ends with a space', 'a ', bareLabel],
    ['a title that ends like a group', 'a [fifo]', bareTitle],
    ['a title with what could begin a group', 'a [', bareTitle],
    ['a lone surrogate, which no file holds', '\ud800', bareTitle],
    ['nothing', '', bareTarget],
  ])('quotes %s', (_, name, bare) => {
    expect(bareOrQuoted(name, bare)).toBe(JSON.stringify(name));
  });

  it('is undone by unquoted', () => {
    const bare = fc.constantFrom(bareInValue, barePath, bareTarget, bareOperation, bareInBrackets, bareLabel, bareTitle);
    fc.assert(
      fc.property(oddName, bare, (name, pattern) => {
        expect(unquoted(bareOrQuoted(name, pattern))).toBe(name);
      }),
    );
  });

  it('refuses a broken quotation', () => {
    expect(() => unquoted('"a')).toThrow(SyntaxError);
  });
});
