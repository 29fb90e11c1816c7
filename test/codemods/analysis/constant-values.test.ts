// What an expression of literals evaluates to, and which expressions may be evaluated once more or not at all.
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { constantOf, isPureSyntax, type Known } from '../../../codemods/analysis/constant-values.ts';
import { parseSource, ts } from '../../../codemods/kernel/parse-source.ts';

function expressionOf(text: string): ts.Expression {
  const [statement] = parseSource('a.ts', `(${text});`).statements;
  if (statement === undefined || !ts.isExpressionStatement(statement)) throw new Error(`no expression: ${text}`);
  return statement.expression;
}

function valueOf(text: string): Known | undefined {
  return constantOf(expressionOf(text));
}

const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('0', '1', '-2', "''", "'a'", '`b`', 'true', 'false', 'null', 'undefined'),
    tie('expression').map((inner) => `!(${inner})`),
    tie('expression').map((inner) => `(${inner})`),
    fc
      .tuple(tie('expression'), fc.constantFrom('&&', '||', '??', '===', '!=='), tie('expression'))
      .map(([left, operator, right]) => `(${left}) ${operator} (${right})`),
  ),
}));

describe('the value of an expression', () => {
  it('is what the language gives, for literals and the operators that decide branches', () => {
    fc.assert(
      fc.property(expression, (text) => {
        expect(valueOf(text)).toEqual({ value: runInNewContext(text) });
      }),
    );
  });

  it.each([
    ['false && call()', false],
    ["'a' || call()", 'a'],
    ['0 ?? call()', 0],
    ['true && -3', -3],
  ])('is known of %s, whatever the other operand is', (text, value) => {
    expect(valueOf(text)).toEqual({ value });
  });

  it.each([
    'x',
    'call()',
    'x === 1',
    '1 === x',
    '!x',
    '-x',
    "-'a'",
    '~1',
    '1 < 2',
    '1 + 2',
    'x && 1',
    'true && x',
    'null ?? x',
    '1 == 1',
    'x ?? 1',
  ])('is not told of %s', (text) => {
    expect(valueOf(text)).toBeUndefined();
  });
});

describe('an expression', () => {
  it.each([
    'x',
    '1',
    "'a'",
    'x + 1',
    '!x',
    'a ? b : c',
    '[a, b]',
    '{ a, b: c }',
    '(a)',
    '() => call()',
    'function () { call(); }',
    'a && b',
    '[() => call()]',
  ])('%s may be left out', (text) => {
    expect(isPureSyntax(expressionOf(text))).toBe(true);
  });

  it.each([
    'call()',
    'a.b',
    'a[b]',
    'a = 1',
    'a += 1',
    'a++',
    '-a',
    'new A()',
    '[call()]',
    '{ a: b.c }',
    '{ ...a }',
    'a ? b : call()',
    '`x${a}`',
    '(a, b.c)',
  ])('%s may not', (text) => {
    expect(isPureSyntax(expressionOf(text))).toBe(false);
  });
});
