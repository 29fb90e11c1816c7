// Mutants: small changes of a source, one at a time.
import { describe, expect, it } from 'vitest';
import { ts } from '../../../codemods/kernel/parse-source.ts';
import { applyMutant, mutantsOf } from '../../../codemods/proof/mutants.ts';
import { programs } from './instrumented-programs.ts';

const everyLine = (): boolean => true;

/** What a text is changed to, mutant by mutant. */
function changesOf(text: string): readonly string[] {
  return mutantsOf('a.ts', text, everyLine).map((mutant) => `${mutant.kind}: ${applyMutant(text, mutant)}`);
}

function isValid(text: string): boolean {
  const { diagnostics } = ts.transpileModule(text, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  });
  return diagnostics?.length === 0;
}

describe('mutantsOf', () => {
  it.each<[string, string, readonly string[]]>([
    ['comparisons', 'let f = a === b', ['let f = a !== b']],
    ['negated comparisons', 'let f = a !== b', ['let f = a === b']],
    [
      'ends of ranges',
      'let f = [a < b, a <= b, a > b, a >= b]',
      [
        'let f = [a <= b, a <= b, a > b, a >= b]',
        'let f = [a < b, a < b, a > b, a >= b]',
        'let f = [a < b, a <= b, a >= b, a >= b]',
        'let f = [a < b, a <= b, a > b, a > b]',
      ],
    ],
    [
      'arithmetic',
      'let f = a * (b + c) / d',
      ['let f = (a * (b + c)) * d', 'let f = (a / (b + c)) / d', 'let f = a * (b - c) / d'],
    ],
    ['logic', 'let f = a && b || c', ['let f = (a && b) && c', 'let f = (a || b) || c']],
    ['operators that do not mix', 'let f = a ?? b ?? c', ['let f = (a ?? b) && c', 'let f = (a && b) ?? c']],
  ])('swaps operators of %s', (_, text, expected) => {
    const swaps = changesOf(text).filter((each) => each.startsWith('other operator: '));
    expect(swaps.map((each) => each.slice('other operator: '.length)).toSorted()).toEqual([...expected].toSorted());
  });

  it.each<[string, readonly string[]]>([
    ['a += 1;', ['other operator: a -= 1;', 'drop statement: ;', 'other number: a += (1 + 1);']],
    ['if (a) b();', ['always: if (((a), true)) b();', 'never: if (((a), false)) b();', 'drop statement: if (a) ;']],
    ['f = a ? b : c', ['drop statement: ;', 'always: f = ((a), true) ? b : c', 'never: f = ((a), false) ? b : c']],
    ['let f = !a', ['drop negation: let f = a']],
    ['let f = -a', []],
    ["let f = 'a'", ["empty text: let f = ''"]],
    ["let f = ''", []],
    ['let f = `a`', ["empty text: let f = ''"]],
    ['let f = `a${b}`', ["empty text: let f = ''"]],
    ['let f = tag`a` + tag`b${c}`', ['other operator: let f = tag`a` - tag`b${c}`']],
    ["let f = 'a' + b", ["empty text: let f = '' + b"]],
    [
      'let f = [true, false, 7]',
      [
        'other boolean: let f = [false, false, 7]',
        'other boolean: let f = [true, true, 7]',
        'other number: let f = [true, false, (7 + 1)]',
      ],
    ],
    ['let f = { a: b, c }', ['drop field: let f = { ...{} /* a */, c }', 'drop field: let f = { a: b, ...{} /* c */ }']],
    ["let f = { 'a*/': b }", ["drop field: let f = { ...{} /* 'a' */ }"]],
    ["let f = { 1: b, 'c'() {} }", ["drop field: let f = { ...{} /* 1 */, 'c'() {} }"]],
    ["class A { 'a' = b; 2 = c }", []],
    ["enum A { 'a', b }", []],
    ["type A = 'a' | 1; let f: { a: 'b', c: true }", []],
    ["switch (a) { case 'b': }", []],
    ["import a from 'b'; export * from 'c'; import d = require('e'); import g from 'h' with { type: 'json' };", []],
    ['let f = a % b', []],
    ['let f = a ?? b', ['other operator: let f = a && b', 'default for falsy: let f = a || b']],
    [
      'let f = a ?? b ?? c',
      [
        'other operator: let f = (a ?? b) && c',
        'default for falsy: let f = (a ?? b) || c',
        'other operator: let f = (a && b) ?? c',
        'default for falsy: let f = (a || b) ?? c',
      ],
    ],
  ])('changes %s', (text, expected) => {
    expect([...changesOf(text)].toSorted()).toEqual([...expected].toSorted());
  });

  it('changes only the lines that are wanted, in the order of the source', () => {
    const text = 'let a = 1;\nlet b = 2;\nlet c = [4, 3];';
    expect(mutantsOf('a.ts', text, (line) => line !== 2).map(({ id }) => id)).toEqual([
      'other number 1:9',
      'other number 3:10',
      'other number 3:13',
    ]);
  });

  it.each(Object.entries(programs))('makes valid mutants with an id each: %s', (_, text) => {
    const mutants = mutantsOf('a.ts', text, everyLine);
    expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
    for (const mutant of mutants) {
      const changed = applyMutant(text, mutant);
      expect(changed).not.toBe(text);
      expect(isValid(changed), `${mutant.id}: ${changed}`).toBe(true);
    }
  });
});
