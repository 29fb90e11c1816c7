// Programs from which a range cannot be extracted, each with the reason.
import { lines, type RangeOptions } from './extract-function-programs.ts';

export interface RefusedProgram {
  readonly title: string;
  readonly code: string;
  readonly options: RangeOptions;
  readonly refused: string;
}

export const refused: readonly RefusedProgram[] = [
  {
    title: 'a closure would see a copy',
    code: lines('function f(): number {', '  let n = 1;', '  const g = () => n;', '  n = 2;', '  return g();', '}', 'out(f());'),
    options: { in: 'f', first: 'const g' },
    refused: 'REFIT_EXTRACT_CLOSURE',
  },
  {
    title: 'a closure assigns what the range reads',
    code: lines(
      'function f(): number {',
      '  let n = 1;',
      '  const up = () => {',
      '    n += 1;',
      '  };',
      '  const m = n;',
      '  up();',
      '  return n + m;',
      '}',
      'out(f());',
    ),
    options: { in: 'f', first: 'const m', last: 'up()' },
    refused: 'REFIT_EXTRACT_CLOSURE',
  },
  {
    title: 'a handler reads what was assigned before the throw',
    code: lines(
      'function f(): string {',
      "  let s = 'a';",
      '  try {',
      "    s = 'b';",
      "    JSON.parse('{');",
      '    return s;',
      '  } catch {',
      '    return s;',
      '  }',
      '}',
      'out(f());',
    ),
    options: { in: 'f', first: "s = 'b'", last: 'JSON' },
    refused: 'REFIT_EXTRACT_CLOSURE',
  },
  {
    title: 'calls overlap while the range waits',
    code: lines(
      'function f(): Promise<number>[] {',
      '  let n = 0;',
      '  const next = async () => {',
      '    await Promise.resolve();',
      '    n += 1;',
      '    return n;',
      '  };',
      '  return [next(), next()];',
      '}',
      'void Promise.all(f()).then(out);',
    ),
    options: { in: 'f', first: 'await', last: 'n +=' },
    refused: 'REFIT_EXTRACT_CLOSURE',
  },
  {
    title: 'super',
    code: lines(
      'class B {',
      '  m(): number {',
      '    return 1;',
      '  }',
      '}',
      'class A extends B {',
      '  override m(): number {',
      '    const x = super.m() + 1;',
      '    return x;',
      '  }',
      '}',
      'out(new A().m());',
    ),
    options: { in: 'A.m', first: 'const x' },
    refused: 'REFIT_EXTRACT_BOUND',
  },
  {
    title: 'arguments',
    code: lines('function f(a: number): number {', '  const n = arguments.length + a;', '  return n;', '}', 'out(f(1));'),
    options: { in: 'f', first: 'const n' },
    refused: 'REFIT_EXTRACT_BOUND',
  },
  {
    title: 'yield',
    code: lines('function* f(): Generator<number> {', '  const a = 1;', '  yield a;', '}', 'out([...f()]);'),
    options: { in: 'f', first: 'yield a' },
    refused: 'REFIT_EXTRACT_BOUND',
  },
  {
    title: 'new.target',
    code: lines('function f(): boolean {', '  const called = new.target === undefined;', '  return called;', '}', 'out(f());'),
    options: { in: 'f', first: 'const called' },
    refused: 'REFIT_EXTRACT_BOUND',
  },
  {
    title: 'a jump to a label',
    code: lines(
      'function f(): number {',
      '  let n = 0;',
      '  outer: for (;;) {',
      '    for (;;) {',
      '      n++;',
      '      if (n > 2) break outer;',
      '    }',
      '  }',
      '  return n;',
      '}',
      'out(f());',
    ),
    options: { in: 'f', first: 'n++', last: 'if (n' },
    refused: 'REFIT_EXTRACT_LABEL',
  },
  {
    title: 'an early return that is not allowed',
    code: lines('function f(a: number): number {', '  if (a < 0) return 0;', '  out(a);', '  return a;', '}', 'f(1);'),
    options: { in: 'f', first: 'if (a', last: 'out(a', exits: 'refuse' },
    refused: 'REFIT_EXTRACT_EXIT',
  },
  {
    title: 'a type of the function',
    code: lines(
      'function f(): number {',
      '  interface P {',
      '    n: number;',
      '  }',
      '  const p: P = { n: 1 };',
      '  return p.n;',
      '}',
      'out(f());',
    ),
    options: { in: 'f', first: 'const p' },
    refused: 'REFIT_EXTRACT_LOCAL_TYPE',
  },
  {
    title: 'a method without its object',
    code: lines(
      'class A {',
      '  v = 2;',
      '  m(): number {',
      '    return this.v;',
      '  }',
      '}',
      'function f(a: A): number {',
      '  return a.m();',
      '}',
      'out(f(new A()));',
    ),
    options: { in: 'f', expression: 'a.m' },
    refused: 'REFIT_EXTRACT_POSITION',
  },
  {
    title: 'a part of an optional chain',
    code: lines('function f(o?: { a?: { b: number } }): number | undefined {', '  return o?.a?.b;', '}', 'out(f());'),
    options: { in: 'f', expression: 'o?.a' },
    refused: 'REFIT_EXTRACT_POSITION',
  },
  {
    title: 'an argument that runs only sometimes',
    code: lines(
      'function t(s: string): boolean {',
      '  out(s);',
      "  return s === 'a';",
      '}',
      'function f(): boolean {',
      "  const r = t('b') && t('a');",
      '  return r;',
      '}',
      'out(f());',
    ),
    options: { in: 'f', first: 'const r', parameters: { x: "t('a')" } },
    refused: 'REFIT_EXTRACT_LIFT',
  },
  {
    title: 'an argument that runs in every turn of a loop',
    code: lines(
      'function f(now: () => number): number {',
      '  let n = 0;',
      '  for (let i = 0; i < 2; i++) n += now();',
      '  return n;',
      '}',
      'out(f(() => 1));',
    ),
    options: { in: 'f', first: 'for', parameters: { time: 'now()', sum: 'n' } },
    refused: 'REFIT_EXTRACT_LIFT',
  },
  {
    title: 'a field that is read behind a call that may change it',
    code: lines(
      'class A {',
      '  n = 1;',
      '  up(): void {',
      '    this.n += 1;',
      '  }',
      '}',
      'function f(a: A): number {',
      '  a.up();',
      '  const m = a.n * 2;',
      '  return m;',
      '}',
      'out(f(new A()));',
    ),
    options: { in: 'f', first: 'a.up', last: 'const m', parameters: { object: 'a', n: 'a.n' } },
    refused: 'REFIT_EXTRACT_LIFT',
  },
  {
    title: 'a parameter that would hide a name',
    code: lines('const key = 5;', 'function f(id: number): number {', '  const m = key + id;', '  return m;', '}', 'out(f(1));'),
    options: { in: 'f', first: 'const m', parameters: { key: 'id' } },
    refused: 'REFIT_EXTRACT_NAME_CLASH',
  },
  {
    title: 'a name that is taken',
    code: lines('const extracted = 1;', 'function f(): number {', '  const m = extracted + 1;', '  return m;', '}', 'out(f());'),
    options: { in: 'f', first: 'const m' },
    refused: 'REFIT_EXTRACT_NAME_CLASH',
  },
  {
    title: 'an unknown parameter',
    code: lines('function f(a: number): number {', '  return a + 1;', '}', 'out(f(1));'),
    options: { in: 'f', first: 'return', parameters: { x: 'b' } },
    refused: 'REFIT_EXTRACT_PARAMETER',
  },
  {
    title: 'code that is not there',
    code: lines('function f(a: number): number {', '  return a + 1;', '}', 'out(f(1));'),
    options: { in: 'f', first: 'const nothing' },
    refused: 'REFIT_SELECT_NONE',
  },
  {
    title: 'code that is there twice',
    code: lines('function f(a: number): number {', '  out(a);', '  out(a);', '  return a;', '}', 'f(1);'),
    options: { in: 'f', first: 'out(a)' },
    refused: 'REFIT_SELECT_AMBIGUOUS',
  },
  {
    title: 'a function that is not there',
    code: lines('function f(a: number): number {', '  return a;', '}', 'out(f(1));'),
    options: { in: 'g', first: 'return' },
    refused: 'REFIT_SELECT_FUNCTION',
  },
  {
    title: 'a comparison that something changes',
    code: lines(
      'function f(list: number[]): boolean {',
      '  const some = list.filter((each) => each > 1);',
      '  list.push(3);',
      '  if (some.length !== list.length) return true;',
      '  return false;',
      '}',
      'out(f([1, 2]));',
    ),
    options: {
      in: 'f',
      expression: 'list.filter(',
      difference: { name: 'removed', value: 'kept', comparison: 'some.length !== list.length' },
    },
    refused: 'REFIT_EXTRACT_DIFFERENCE',
  },
  {
    title: 'a closure made in one turn of a loop captures what the next turn assigns',
    code: `function f(): number[] {
  let b = 1;
  const made: (() => number)[] = [];
  for (let i = 0; i < 2; i++) {
    b = b + i;
    made.push(() => b);
  }
  return made.map((each) => each());
}
out(f());
`,
    options: { in: 'f', first: 'b = b', last: 'made.push' },
    refused: 'REFIT_EXTRACT_CLOSURE',
  },
  {
    title: 'a var keeps its value from turn to turn',
    code: `function f(list: number[]): number {
  for (const each of list) {
    var sum: number;
    sum ??= 0;
    sum += each;
    out(sum);
  }
  return 0;
}
out(f([1, 2]));
`,
    options: { in: 'f', first: 'var sum', last: 'sum += each' },
    refused: 'REFIT_EXTRACT_CLOSURE',
  },
];
