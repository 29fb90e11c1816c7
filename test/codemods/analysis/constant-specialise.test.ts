// Which statements are folded once a condition is decided, and which are left because something would be lost.
import { describe, expect, it } from 'vitest';
import { canSpecialise, simplified, specialised, statementCount } from '../../../codemods/analysis/constant-specialise.ts';

function body(...lines: readonly string[]): string {
  return `m(): void {\n${lines.map((line) => `  ${line}\n`).join('')}}`;
}

type Lines = readonly string[];

describe('a method with decided conditions', () => {
  it.each<[what: string, before: Lines, after: Lines]>([
    ['takes the branch', ['if (true) a(); else b();', 'c();'], ['a();', 'c();']],
    ['takes the other branch', ['if (false) a();', 'else {', '  b();', '}'], ['b();']],
    ['drops what is passed over, with its comment', ['c();', '// never', 'if (!true) a();', 'd();'], ['c();', 'd();']],
    ['takes the end of a chain', ['if (x) a();', 'else if (false) b();', 'else c();'], ['if (x) a();', 'else c();']],
    ['leaves a chain that has no end', ['if (x) a();', 'else if (false) b();'], ['if (x) a();', 'else if (false) b();']],
    [
      'keeps a block whose names could meet others',
      ['if (true) {', '  const a = b();', '  c(a, a);', '}'],
      ['{', '  const a = b();', '  c(a, a);', '}'],
    ],
    ['takes a chosen value', ["a(true ? 'b' : c);"], ["a('b');"]],
    ['brackets a chosen value that is more than a name', ['a(false ? b : c + 1, null ?? d.e);'], ['a((c + 1), d.e);']],
    ['takes no arm', ["switch ('z') {", "  case 'a':", '    b();', '}', 'c();'], ['c();']],
    [
      'takes the default between the others',
      ["switch ('z') {", '  default:', '    a();', '    break;', "  case 'b':", '    c();', '}'],
      ['a();'],
    ],
    [
      'takes an arm with a block of its own',
      ['switch (1) {', '  case 1: {', '    a();', '    break;', '  }', '  case 2:', '    b();', '}'],
      ['a();'],
    ],
    [
      'takes an arm whose loop breaks itself',
      ['switch (1) {', '  case 1:', '    for (;;) break;', '    b();', '}'],
      ['for (;;) break;', 'b();'],
    ],
    [
      'leaves an arm that a label leaves',
      ['out: switch (1) {', '  case 1:', '    for (;;) break out;', '}'],
      ['out: switch (1) {', '  case 1:', '    for (;;) break out;', '}'],
    ],
    [
      'leaves an arm that declares',
      ['switch (1) {', '  case 1:', '    const a = b();', '    c(a, a);', '}'],
      ['switch (1) {', '  case 1:', '    const a = b();', '    c(a, a);', '}'],
    ],
    [
      'leaves a switch with a label nobody knows',
      ['switch (1) {', '  case x:', '    a();', '}'],
      ['switch (1) {', '  case x:', '    a();', '}'],
    ],
    [
      'leaves a switch on what nobody knows',
      ['switch (x) {', '  case 1:', '    a();', '}'],
      ['switch (x) {', '  case 1:', '    a();', '}'],
    ],
    ['drops what cannot be reached any more', ['if (true) {', '  a();', '  return;', '}', 'b();'], ['a();']],
    [
      'keeps what is hoisted from there',
      ['if (true) return a();', 'b();', 'function a(): void {}'],
      ['return a();', 'b();', 'function a(): void {}'],
    ],
    [
      'keeps a var that is hoisted from there',
      ['if (true) throw a;', 'for (var a = 1; ; ) b();'],
      ['throw a;', 'for (var a = 1; ; ) b();'],
    ],
    ['drops a variable nobody needs any more', ['const a = [1];', 'if (false) b(a);', 'c();'], ['c();']],
    ['keeps the call that filled it', ['const a = b();', 'if (false) c(a);', 'd();'], ['b();', 'd();']],
    ['keeps a variable whose value may run a getter', ['const a = b.c;', 'if (false) d(a);', 'e();'], ['const a = b.c;', 'e();']],
    [
      'keeps a variable whose call would go on from the line before',
      ['const a = (b)();', 'if (false) d(a);', 'e();'],
      ['const a = (b)();', 'e();'],
    ],
    [
      'keeps variables that are declared together or taken apart',
      ['const a = 1, b = 2;', 'const { c } = d;', 'if (false) e(a, b, c);', 'f();'],
      ['const a = 1, b = 2;', 'const { c } = d;', 'f();'],
    ],
    ['leaves what was unused before', ['const a = 1;', 'b();', 'return;'], ['const a = 1;', 'b();', 'return;']],
  ])('%s', (_, before, after) => {
    expect(simplified(body(...before)).text).toBe(body(...after));
  });

  it.each(['if (true) a();', 'const a = 1;', 'm() {} n() {}'])('is a method: %s is left alone', (text) => {
    expect(simplified(text)).toEqual({ text, folded: [] });
    expect(specialised(text, new Map([['a', '1']]))).toEqual({ text, folded: [] });
    expect(canSpecialise(text, 'a')).toBe(false);
    expect(statementCount(text)).toBe(0);
  });

  it('says what was decided, in the order it was', () => {
    const text = body("switch ('a') {", "  case 'a':", '    if (!false) b(true ? 1 : 2);', '}');
    expect(simplified(text).folded).toEqual([
      "switch ('a') always takes case 'a'",
      'if (!false) is always taken',
      'true ? 1 : 2 is always 1',
    ]);
    expect(simplified(body("switch ('z') {", "  case 'a':", '    b();', '}')).folded).toEqual([
      "switch ('z') always takes no arm",
    ]);
  });

  it('counts the statements that are left', () => {
    expect(statementCount(body('a();', 'if (b) c();'))).toBe(2);
    expect(statementCount('abstract m(): void;')).toBe(0);
  });
});

describe('a parameter', () => {
  it.each([
    ['is written by an assignment', 'm(a: number): void { a = 1; }', false],
    ['is counted down before it is read', 'm(a: number): void { b(--a); }', false],
    ['is part of what is written', 'm(a: number[]): void { a[0] = 1; }', false],
    ['is only negated', 'm(a: boolean): void { b(!a); }', true],
    ['is only read where something else is written', 'm(a: number): void { this.b = a; }', true],
  ])('%s', (_, text, can) => {
    expect(canSpecialise(text, 'a')).toBe(can);
  });
});
