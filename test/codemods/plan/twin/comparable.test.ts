// The comparison of the twin's result: it sees every token, and leaves out only what it says.
import { describe, expect, it } from 'vitest';
import { differenceBetween } from './comparable.ts';

const same = (one: string, other: string): boolean => differenceBetween('a.ts', one, other) === undefined;

describe('files that compare as equal', () => {
  it.each([
    ['layout, quotes, semicolons and last commas', "const a = f('x',\n  [1,\n2,],\n);\n", 'const a = f("x", [1, 2])\n'],
    [
      'order of imports and of their names',
      "import { b, a } from 'x';\nimport c from 'c';\n",
      "import c from 'c';\nimport { a, b } from 'x';\n",
    ],
    ['order of members', 'class A {\n  b(): void {}\n  a = 1;\n}\n', 'class A {\n  a = 1;\n  b(): void {}\n}\n'],
    ['order of properties that only read', 'f({ a: this.a, b });\n', 'f({ b, a: this.a });\n'],
    ['order of declarations', 'interface A {}\nfunction f() {}\n', 'function f() {}\ninterface A {}\n'],
    ['first bar of a union', 'type A =\n  | 1\n  | 2;\n', 'type A = 1 | 2;\n'],
    ['parentheses around all that is returned', 'function f() { return (a && b); }\n', 'function f() { return a && b; }\n'],
    ['place and stars of comments', '/**\n * One\n * two.\n */\nf();\ng();\n', 'f();\n/** One two. */\ng();\n'],
  ])('%s', (_, one, other) => {
    expect(one).not.toBe(other);
    expect(same(one, other)).toBe(true);
  });
});

describe('files that differ', () => {
  it.each([
    ['a name', 'f(a);\n', 'f(b);\n'],
    ['a literal', "f('a');\n", "f('b');\n"],
    ['a text in a template', 'f(`a ${b}`);\n', 'f(`c ${b}`);\n'],
    ['an argument of a type', 'f<A>();\n', 'f<B>();\n'],
    ['a type', 'let a: A;\n', 'let a: B;\n'],
    ['an operator', 'const f = () => a === b;\n', 'const f = () => a !== b;\n'],
    ['a modifier', 'class A {\n  private a = 1;\n}\n', 'class A {\n  a = 1;\n}\n'],
    ['order of statements', 'function f() {\n  a();\n  b();\n}\n', 'function f() {\n  b();\n  a();\n}\n'],
    ['order of arguments', 'f(a, b);\n', 'f(b, a);\n'],
    ['order of parameters', 'function f(a: A, b: B) {}\n', 'function f(b: B, a: A) {}\n'],
    ['order of properties that call', 'f({ a: g(), b: h() });\n', 'f({ b: h(), a: g() });\n'],
    ['parentheses within', 'const f = (a + b) * c;\n', 'const f = a + b * c;\n'],
    ['a statement more', 'f();\n', 'f();\nf();\n'],
    ['an import for types alone', "import { a } from 'x';\n", "import type { a } from 'x';\n"],
    ['a comment', '// one\nf();\n', '// two\nf();\n'],
    ['how often a comment is there', '// one\nf();\n', '// one\n// one\nf();\n'],
  ])('%s', (_, one, other) => {
    expect(same(one, other)).toBe(false);
  });
});
