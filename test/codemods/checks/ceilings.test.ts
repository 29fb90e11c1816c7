// Rule: ceilings of files, functions, nesting and parameters.
import { describe, expect, it } from 'vitest';
import { ceilingsRule } from '../../../codemods/checks/ceilings.ts';
import { findingsFor, messagesOf } from './rule-run.ts';

const lines = (count: number, text = '  a();\n'): string => text.repeat(count);
const functionOf = (count: number): string => `function long() {\n${lines(count - 2)}}\n`;

describe('ceilings', () => {
  it('allows a file of 400 lines and finds one of 401', () => {
    expect(messagesOf(ceilingsRule, 'src/a.ts', lines(400, '// a\n'))).toEqual([]);
    expect(messagesOf(ceilingsRule, 'src/a.ts', lines(401, '// a\n'))).toEqual([
      expect.stringContaining('The file has 401 lines, at most 400.'),
    ]);
    expect(messagesOf(ceilingsRule, 'test/a.test.ts', lines(401, '// a\n'))).toHaveLength(1);
  });

  it('allows a function of 60 lines and finds one of 61', () => {
    expect(messagesOf(ceilingsRule, 'src/a.ts', functionOf(60))).toEqual([]);
    expect(messagesOf(ceilingsRule, 'src/a.ts', functionOf(61))).toEqual([
      expect.stringContaining('long has 61 lines, at most 60.'),
    ]);
  });

  it.each([
    ['an arrow function', `const long = () => {\n${lines(60)}};`, 'long has 62'],
    ['a method', `class A {\n  long() {\n${lines(60)}  }\n}`, 'long has 62'],
    ['a callback', `run(() => {\n${lines(60)}});`, 'The function has 62'],
  ])('measures %s', (_what, text, says) => {
    expect(messagesOf(ceilingsRule, 'src/a.ts', text)).toEqual([expect.stringContaining(says)]);
  });

  it('lets a callback be long that declares tests, and any other function of a test up to 120 lines', () => {
    expect(messagesOf(ceilingsRule, 'test/a.test.ts', `describe('a', () => {\n  it('b', () => {});\n${lines(200)}});`)).toEqual(
      [],
    );
    expect(messagesOf(ceilingsRule, 'test/a.test.ts', functionOf(120))).toEqual([]);
    expect(messagesOf(ceilingsRule, 'test/a.test.ts', functionOf(121))).toEqual([expect.stringContaining('at most 120')]);
  });

  it('allows four parameters and finds five', () => {
    expect(messagesOf(ceilingsRule, 'src/a.ts', 'function f(this: A, a: 1, b: 1, c: 1, d: 1) {}')).toEqual([]);
    const five = messagesOf(ceilingsRule, 'src/a.ts', 'const f = (a: 1, b: 1, c: 1, d: 1, e: 1) => 1;');
    expect(five).toEqual(['f takes 5 parameters, at most 4. Take an object.']);
  });

  it('allows three levels and finds the fourth at its line', () => {
    const three = 'if (a) {\n for (;;) {\n  try {\n   b();\n  } catch {}\n }\n}';
    expect(findingsFor(ceilingsRule, { 'src/a.ts': three })).toEqual([]);
    const four = three.replace('b();', 'while (c) {}');
    expect(findingsFor(ceilingsRule, { 'src/a.ts': four })).toMatchObject([
      { line: 4, message: expect.stringContaining('Nested 4 deep') },
    ]);
  });

  it('counts a chain of else-ifs once, and starts anew in a function', () => {
    const chain = 'if (a) {} else if (b) {} else if (c) {} else if (d) {} else if (e) { x(); }';
    const inner = 'if (a) { if (b) { if (c) { run(() => { if (d) {} }); } } }';
    expect(messagesOf(ceilingsRule, 'src/a.ts', `${chain}\n${inner}`)).toEqual([]);
  });
});
