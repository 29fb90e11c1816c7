// Programs a range is extracted from, each with the lines it must still print and what the extraction must say.
import type { ExtractFunctionOptions } from '../../codemods/extract-function.ts';

export type RangeOptions = Omit<ExtractFunctionOptions, 'file' | 'name'>;

export interface Program {
  readonly title: string;
  readonly code: string;
  readonly options: RangeOptions;
  /** Text of the result that shows how it was done. */
  readonly shows: readonly string[];
}

export function lines(...code: readonly string[]): string {
  return `${code.join('\n')}\n`;
}

export const extracted: readonly Program[] = [
  {
    title: 'a variable that is assigned in one branch goes in and comes out',
    code: lines(
      'function f(a: number): number {',
      '  let b = 0;',
      '  let c: string;',
      '  if (a > 1) b = a;',
      "  c = 'x' + a;",
      '  return b + c.length;',
      '}',
      'out(f(2)); out(f(1));',
    ),
    options: { in: 'f', first: 'if (a', last: 'c =' },
    shows: ['const extractedResult = extracted(a, b);', 'b = extractedResult.b;', '  let c: string;\n  if (a > 1) b = a;'],
  },
  {
    title: 'a value that the next turn of a loop reads comes out',
    code: lines(
      'function f(list: number[]): number {',
      '  let before = 0;',
      '  let sum = 0;',
      '  for (const each of list) {',
      '    sum += each - before;',
      '    before = each;',
      '  }',
      '  return sum;',
      '}',
      'out(f([1, 5, 2]));',
    ),
    options: { in: 'f', first: 'sum +=', last: 'before =' },
    shows: ['sum = extractedResult.sum;', 'before = extractedResult.before;'],
  },
  {
    title: 'a value that the next turn of the outer of two loops reads comes out',
    code: `function f(b: number): number {
  let a = 1;
  for (let i = 0; i < 2; i++) {
    const d = a * 4;
    out(d);
    for (let j = 0; j < 2; j++) {
      a = b + 9;
      out(b);
    }
  }
  return b;
}
out(f(2));
`,
    options: { in: 'f', first: 'a = b' },
    shows: ['      a = extracted(b);'],
  },
  {
    title: 'the counter of a for loop that the body moves comes out',
    code: `function f(words: string[]): string {
  const seen: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word.startsWith('-')) at += 1;
    seen.push(word);
  }
  return seen.join();
}
out(f(['a', '-b', 'c', 'd']));
`,
    options: { in: 'f', first: 'const word', last: 'if (word' },
    shows: ['at = extractedResult.at;'],
  },
  {
    title: 'a closure that captures the counter of a for loop keeps the value of its turn',
    code: `function f(words: string[]): string {
  const made: (() => string)[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    made.push(() => at + word);
  }
  return made.map((each) => each()).join();
}
out(f(['a', 'b']));
`,
    options: { in: 'f', first: 'const word', last: 'made.push' },
    shows: ['extracted(words, at, made);'],
  },
  {
    title: 'a counter that a closure keeps between its calls comes out',
    code: lines(
      'function f(): number[] {',
      '  let n = 0;',
      '  const next = () => {',
      '    n += 1;',
      '    const twice = n * 2;',
      '    return twice;',
      '  };',
      '  return [next(), next()];',
      '}',
      'out(f());',
    ),
    options: { in: 'f', first: 'n += 1', last: 'const twice' },
    shows: ['n = extractedResult.n;'],
  },
  {
    title: 'break and continue leave the loop of the caller',
    code: lines(
      'function f(list: number[]): number {',
      '  let sum = 0;',
      '  for (const each of list) {',
      '    if (each < 0) break;',
      '    if (each === 3) continue;',
      '    sum += each;',
      '  }',
      '  return sum;',
      '}',
      'out(f([1, 3, 2, -1, 5]));',
    ),
    options: { in: 'f', first: 'if (each <', last: 'sum +=' },
    shows: ["if (extractedResult.kind === 'break') break;", "if (extractedResult.kind === 'continue') continue;"],
  },
  {
    title: 'a single statement without braces gets them when the call needs more',
    code: lines(
      'function f(k: number): number {',
      '  for (const each of [1, 2]) if (each === k) return each * 10;',
      '  return 0;',
      '}',
      'out(f(1)); out(f(5));',
    ),
    options: { in: 'f', first: 'if (each' },
    shows: ["of [1, 2]) { const extractedResult = extracted(each, k); if (extractedResult.kind === 'return')"],
  },
  {
    title: 'a switch over all cases ends by returning, so its call is returned',
    code: lines(
      "function f(k: 'a' | 'b', n: number): number {",
      '  switch (k) {',
      "    case 'a':",
      '      return n;',
      "    case 'b':",
      '      return 2;',
      '  }',
      '}',
      "out(f('a', 1)); out(f('b', 1));",
    ),
    options: { in: 'f', first: 'switch' },
    shows: ['  return extracted(k, n);\n'],
  },
  {
    title: 'a return inside a callback leaves the callback',
    code: lines(
      'function f(list: number[]): number[] {',
      '  return list.map((each) => {',
      '    const twice = each * 2;',
      '    if (twice > 4) return -1;',
      '    return twice;',
      '  });',
      '}',
      'out(f([1, 2, 3]));',
    ),
    options: { in: 'f', first: 'if (twice', last: 'return twice' },
    shows: ['    return extracted(twice);\n', 'function extracted(twice: number): number {'],
  },
  {
    title: 'a field that is written makes it a private method',
    code: lines(
      'class A {',
      '  private n = 1;',
      '',
      '  go(k: number): number {',
      '    this.n += k;',
      '    const m = this.n * 2;',
      '    return m;',
      '  }',
      '}',
      'out(new A().go(3));',
    ),
    options: { in: 'A.go', first: 'this.n', last: 'const m' },
    shows: ['const m = this.extracted(k);', '  private extracted(k: number): number {\n    this.n += k;'],
  },
  {
    title: 'a readonly field becomes a parameter, and the type parameter of the class goes along',
    code: lines(
      'class Box<T> {',
      '  constructor(readonly value: T) {}',
      '',
      '  pair(): [T, T] {',
      '    const a: T = this.value;',
      '    const b: T = this.value;',
      '    return [a, b];',
      '  }',
      '}',
      'out(new Box(1).pair());',
    ),
    options: { in: 'Box.pair', first: 'const a', last: 'const b' },
    shows: ['const { a, b } = extracted(this.value);', 'function extracted<T>(value: T): { a: T; b: T } {'],
  },
  {
    title: 'a static method calls a static method',
    code: lines(
      'class A {',
      '  static n = 1;',
      '',
      '  static go(): number {',
      '    const m = this.n + 1;',
      '    return m;',
      '  }',
      '}',
      'out(A.go());',
    ),
    options: { in: 'A.go', first: 'const m' },
    shows: ['private static extracted(): number {'],
  },
  {
    title: 'a private name keeps it in the class',
    code: lines(
      'class A {',
      '  #n = 1;',
      '',
      '  go(): number {',
      '    const m = this.#n + 1;',
      '    return m;',
      '  }',
      '}',
      'out(new A().go());',
    ),
    options: { in: 'A.go', first: 'const m' },
    shows: ['private extracted(): number {'],
  },
  {
    title: 'a member of a union is named by what narrowed it',
    code: lines(
      "type U = { kind: 'a'; x: number } | { kind: 'b'; y: string };",
      'function f(u: U): number {',
      "  if (u.kind === 'a') {",
      '    const d = u.x * 2;',
      '    return d;',
      '  }',
      '  return u.y.length;',
      '}',
      "out(f({ kind: 'a', x: 2 })); out(f({ kind: 'b', y: 'zz' }));",
    ),
    options: { in: 'f', first: 'const d' },
    shows: ["function extracted(u: Extract<U, { kind: 'a' }>): number {"],
  },
  {
    title: 'a check for undefined before the range narrows the parameter',
    code: lines(
      'function f(s?: string): number {',
      '  if (s === undefined) return 0;',
      '  const n = s.length;',
      '  return n;',
      '}',
      "out(f()); out(f('ab'));",
    ),
    options: { in: 'f', first: 'const n' },
    shows: ['function extracted(s: string): number {'],
  },
  {
    title: 'a range that waits is awaited, inside the same try',
    code: lines(
      'async function f(n: number): Promise<number> {',
      '  try {',
      '    const v = await Promise.resolve(n);',
      "    if (v > 1) throw new Error('big');",
      '    return v;',
      '  } catch {',
      '    return -1;',
      '  }',
      '}',
      'void f(1).then(out);',
      'void f(2).then(out);',
    ),
    options: { in: 'f', first: 'const v', last: 'return v' },
    shows: ['return await extracted(n);', 'async function extracted(n: number): Promise<number> {'],
  },
  {
    title: 'an awaited expression keeps its parentheses',
    code: lines(
      'async function f(a: Promise<string>): Promise<number> {',
      '  return (await a).length;',
      '}',
      "void f(Promise.resolve('abc')).then(out);",
    ),
    options: { in: 'f', expression: 'await a' },
    shows: ['return (await extracted(a)).length;'],
  },
  {
    title: 'shorthand properties keep their keys when the variables are renamed',
    code: lines('function f(id: string): object {', "  const name = id + '!';", '  return { id, name };', '}', "out(f('x'));"),
    options: { in: 'f', first: 'return {', parameters: { label: 'name', key: 'id' } },
    shows: ['return extracted(name, id);', 'return { id: key, name: label };'],
  },
  {
    title: 'the blanks of a template are data',
    code: lines('function f(a: number): string {', '    const s = `x', '  ${a}', '      y`;', '    return s;', '}', 'out(f(1));'),
    options: { in: 'f', first: 'const s' },
    shows: ['  const s = `x\n  ${a}\n      y`;'],
  },
  {
    title: 'a variable that is assigned again later keeps its type',
    code: lines(
      'function f(a: number): number {',
      '  let b: number | string = a + 1;',
      '  out(b);',
      "  b = 'x';",
      '  return b.length;',
      '}',
      'out(f(1));',
    ),
    options: { in: 'f', first: 'let b' },
    shows: ['let b: number | string = extracted(a);'],
  },
];
