// Which expressions and classes can be evaluated without anybody seeing it.
import { describe, expect, it } from 'vitest';
import { isInertClass, isInertNode } from '../../../codemods/analysis/inert-node.ts';
import { parseSource, ts } from '../../../codemods/kernel/parse-source.ts';

function valueIn(text: string): ts.Node {
  const [statement] = parseSource('a.ts', `const value = ${text};`).statements;
  const value =
    statement !== undefined && ts.isVariableStatement(statement)
      ? statement.declarationList.declarations[0]?.initializer
      : undefined;
  if (value === undefined) throw new Error(`no value: ${text}`);
  return value;
}

function classIn(text: string): ts.ClassDeclaration {
  const [declaration] = parseSource('a.ts', text).statements;
  if (declaration === undefined || !ts.isClassDeclaration(declaration)) throw new Error(`no class: ${text}`);
  return declaration;
}

describe('an expression', () => {
  it.each([
    '1',
    "'a'",
    '/a/',
    'x',
    'null',
    'true',
    '() => run()',
    'function () { run(); }',
    '`a`',
    '`a${b}c${d}`',
    '[1, x]',
    '{ a: 1, b }',
    '{ f() { run(); } }',
    '(x)',
    'x as string',
    'x satisfies string',
    'x!',
    'a ? b : c',
    'a + b',
    '!a',
    '-a',
    'new Map()',
    'new Set([1])',
    'new Map<string, number>',
    "Symbol('a')",
    'Object.freeze([1])',
  ])('%s is inert', (text) => {
    expect(isInertNode(valueIn(text))).toBe(true);
  });

  it.each([
    'run()',
    'new Thing()',
    'a.b',
    'a[0]',
    'await a',
    'a = 1',
    'a += 1',
    'a++',
    '++a',
    '--a',
    'delete a.b',
    'tag`a`',
    '[run()]',
    '{ a: run() }',
    '{ ...a }',
    '{ [run()]: 1 }',
    '(run())',
    'run() as string',
    'a ? run() : c',
    'a + run()',
    'run() + a',
    '-run()',
    '`a${run()}`',
    'new Map(run())',
    'Symbol(run())',
    'Object.keys(a)',
    'class {}',
  ])('%s is not', (text) => {
    expect(isInertNode(valueIn(text))).toBe(false);
  });
});

describe('a class', () => {
  it.each([
    'class A {}',
    'class A extends B implements C { constructor() { run(); } }',
    'class A { static b = 1; c = run(); static d; m() { run(); } get g() { return run(); } }',
    "class A { ['b'] = 1; [c]() {} static [d] = [1]; }",
  ])('is inert: %s', (text) => {
    expect(isInertClass(classIn(text))).toBe(true);
  });

  it.each([
    '@dec class A {}',
    'class A extends mixin(B) {}',
    'class A { static {} }',
    'class A { @dec b = 1; }',
    'class A { @dec m() {} }',
    'class A { [run()] = 1; }',
    'class A { static b = run(); }',
  ])('is not: %s', (text) => {
    expect(isInertClass(classIn(text))).toBe(false);
  });
});
