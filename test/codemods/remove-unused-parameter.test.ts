// remove-unused-parameter beyond its examples: kinds of functions, lists of every shape, and what it refuses.
import { describe, expect, it } from 'vitest';
import { DiagnosticBaseline } from '../../codemods/kernel/diagnostics.ts';
import { use } from '../../codemods/kernel/codemod.ts';
import { runOperation } from '../../codemods/kernel/run-operation.ts';
import { removeUnusedParameter } from '../../codemods/remove-unused-parameter.ts';
import { borrowedWorkspace } from './borrowed-workspace.ts';

interface Call {
  readonly function?: string;
  readonly parameter?: string;
  readonly public?: boolean;
}

function run(
  source: string,
  call: Call = {},
  others: Readonly<Record<string, string>> = {},
): { text: string | undefined; api: readonly string[] } {
  const workspace = borrowedWorkspace({ 'a.ts': source, ...others });
  const baseline = new DiagnosticBaseline(workspace);
  const record = runOperation(workspace, use(removeUnusedParameter, { file: 'a.ts', function: 'f', parameter: 'p', ...call }), {
    baseline,
  });
  return { text: workspace.textOf('a.ts'), api: record.findings.map((finding) => finding.what) };
}

describe('remove-unused-parameter takes the parameter and its argument out of', () => {
  it.each([
    ['a list of one', 'function f(p: number) {}\nf(1);\n', 'function f() {}\nf();\n'],
    [
      'a list of one with a comma at its end',
      'function f(\n  p: number,\n) {}\nf(\n  1,\n);\n',
      'function f(\n  \n) {}\nf(\n  \n);\n',
    ],
    ['the front', 'function f(p: number, q: number) { return q; }\nf(1, 2);\n', 'function f(q: number) { return q; }\nf(2);\n'],
    [
      'the middle',
      'function f(o: 1, p: 2, q: 3) { return [o, q]; }\nf(1, 2, 3);\n',
      'function f(o: 1, q: 3) { return [o, q]; }\nf(1, 3);\n',
    ],
    ['the end', 'function f(o: 1, p?: 2) { return o; }\nf(1, 2);\nf(1);\n', 'function f(o: 1) { return o; }\nf(1);\nf(1);\n'],
    [
      'the rest',
      'function f(o: 1, ...p: number[]) { return o; }\nf(1, 2, 3);\nf(1);\n',
      'function f(o: 1) { return o; }\nf(1);\nf(1);\n',
    ],
    ['a constant', 'const f = (p: number, q: number) => q;\nf(1, 2);\n', 'const f = (q: number) => q;\nf(2);\n'],
    [
      'a function that calls itself',
      'function f(p: number, q: number): number { return q > 0 ? f(1, q - 1) : 0; }\n',
      'function f(q: number): number { return q > 0 ? f(q - 1) : 0; }\n',
    ],
    [
      'nested calls',
      'function f(p: number, q: number) { return q; }\nf(1, f(2, 3));\n',
      'function f(q: number) { return q; }\nf(f(3));\n',
    ],
  ])('%s', (_, before, after) => {
    expect(run(`export {};\n${before}`).text).toBe(`export {};\n${after}`);
  });

  it.each([
    {
      kind: 'private',
      before: ['private f(p: number): void {}', 'this.f(1)'],
      after: ['private f(): void {}', 'this.f()'],
      name: 'C.f',
    },
    {
      kind: 'hard private',
      before: ['#f(p: number): void {}', 'this.#f(1)'],
      after: ['#f(): void {}', 'this.#f()'],
      name: 'C.#f',
    },
    {
      kind: 'static',
      before: ['private static f(p: number): void {}', 'C.f(1)'],
      after: ['private static f(): void {}', 'C.f()'],
      name: 'C.f',
    },
  ])('a method: $kind', ({ before, after, name }) => {
    const source = ([declared = '', called = '']: readonly string[]): string =>
      `export class C {\n  ${declared}\n  g(): void { ${called}; }\n}\n`;
    expect(run(source(before), { function: name }).text).toBe(source(after));
  });

  it('calls in other files, when it may change what is exported, and reports that', () => {
    const workspace = borrowedWorkspace({
      'a.ts': 'export function f(p: number, q: number) { return q; }\n',
      'b.ts': "import { f as g } from './a.ts';\nexport { f } from './a.ts';\nexport const x = g(1, 2);\n",
    });
    const record = runOperation(
      workspace,
      use(removeUnusedParameter, { file: 'a.ts', function: 'f', parameter: 'p', public: true }),
    );
    expect(workspace.textOf('b.ts')).toBe(
      "import { f as g } from './a.ts';\nexport { f } from './a.ts';\nexport const x = g(2);\n",
    );
    expect(record.findings).toEqual([{ kind: 'api', path: '/workspace/a.ts', line: 1, what: 'f loses its parameter p.' }]);
  });

  it('the comment: the lines of its tag, not those of the next', () => {
    const source = (tag: string, p: string): string =>
      `export {};\n/**\n * Does it.\n${tag} * @param q other\n * @returns what\n */\nfunction f(${p}q: number) { return q; }\n`;
    expect(run(source(' * @param p one\n *   two\n', 'p: number, ')).text).toBe(source('', ''));
  });
});

describe('remove-unused-parameter leaves alone', () => {
  it('a function that has no such parameter any more, and says what it has', () => {
    const workspace = borrowedWorkspace({ 'a.ts': 'export {};\nfunction f(q: number) { return q; }\n' });
    const record = runOperation(workspace, use(removeUnusedParameter, { file: 'a.ts', function: 'f', parameter: 'p' }));
    expect(record).toMatchObject({ edits: 0, skips: [{ line: 2, why: 'f has no parameter p (any more); it has: q.' }] });
  });
});

describe('remove-unused-parameter refuses', () => {
  const method = (text: string, rest = ''): string =>
    `interface I { f(p: number): void }\nclass B { m(p: number): void {} }\n${text}\n${rest}\nexport {};\n`;

  it.each<[string, string, string, Call?]>([
    ['a parameter that is read', 'REFIT_PARAMETER_USED', 'function f(p: number) { return p; }'],
    ['one that a default value reads', 'REFIT_PARAMETER_USED', 'function f(p: number, q = p) { return q; }'],
    ['`arguments`', 'REFIT_PARAMETER_USED', 'function f(p: number) { return arguments.length; }'],
    ['a call among the arguments', 'REFIT_PARAMETER_ARGUMENT', 'function f(p: number) {}\nf(Math.random());'],
    [
      'a getter among the arguments',
      'REFIT_PARAMETER_ARGUMENT',
      'function f(p: number) {}\nclass G { get x() { return 1; } }\nf(new G().x);',
    ],
    ['an await', 'REFIT_PARAMETER_ARGUMENT', 'function f(p: number) {}\nf(await 1);'],
    [
      'spread arguments',
      'REFIT_PARAMETER_ARGUMENT',
      'function f(p: number, q: number) { return q; }\nconst list: [number, number] = [1, 2];\nf(...list);',
    ],
    ['a default value that acts', 'REFIT_PARAMETER_SIGNATURE', 'function f(p = Math.random()) {}'],
    ['a pattern', 'REFIT_PARAMETER_SIGNATURE', 'function f({ a }: { a: number }) {}', { parameter: '{ a }' }],
    [
      'overloads',
      'REFIT_PARAMETER_SIGNATURE',
      'function f(p: number): void;\nfunction f(p: string): void;\nfunction f(p: unknown): void {}',
    ],
    ['a variable with a type of its own', 'REFIT_PARAMETER_SIGNATURE', 'const f: (p: number) => void = (p: number) => {};'],
    [
      'a method that an interface fixes',
      'REFIT_PARAMETER_SIGNATURE',
      'class C implements I { f(p: number) {} }',
      { function: 'C.f', public: true },
    ],
    [
      'a method that a base class has',
      'REFIT_PARAMETER_SIGNATURE',
      'class C extends B { m(p: number) {} }',
      { function: 'C.m', public: true },
    ],
    [
      'a method that a subclass overrides',
      'REFIT_PARAMETER_SIGNATURE',
      'class C extends B { m(p: number) {} }',
      { function: 'B.m', public: true },
    ],
    [
      'a method that a computed name may reach',
      'REFIT_PARAMETER_SIGNATURE',
      'class C { private f(p: number) {} }\nconst key: string = "f";\n(new C() as any)[key]; new C()[key as "x"];',
      { function: 'C.f' },
    ],
    [
      'a method with a decorator',
      'REFIT_PARAMETER_SIGNATURE',
      'const d = (_: unknown, __: unknown) => {};\nclass C { @d private f(p: number) {} }',
      { function: 'C.f' },
    ],
    [
      'a parameter that is a property',
      'REFIT_FUNCTION_UNKNOWN',
      'class C { constructor(private p: number) {} }',
      { function: 'C.constructor' },
    ],
    ['a function that is handed on', 'REFIT_PARAMETER_VALUE_USE', 'function f(p: number) {}\n[1].forEach(f);'],
    [
      'a bound method',
      'REFIT_PARAMETER_VALUE_USE',
      'class C { private f(p: number) {} g() { return this.f.bind(this); } }',
      { function: 'C.f' },
    ],
    [
      'a method taken out of its object',
      'REFIT_PARAMETER_VALUE_USE',
      'class C { private f(p: number) {} g() { const { f } = this; f(1); } }',
      { function: 'C.f' },
    ],
    ['an exported function', 'REFIT_PARAMETER_PUBLIC', 'export function f(p: number) {}'],
    ['a function in an export list', 'REFIT_PARAMETER_PUBLIC', 'function f(p: number) {}\nexport { f as g };'],
    [
      'a method that fits an interface it does not name',
      'REFIT_PARAMETER_SIGNATURE',
      'class C { f(p: number) {} }',
      { function: 'C.f', public: true },
    ],
    [
      'a method that an assertion lets others call',
      'REFIT_PARAMETER_SIGNATURE',
      'class C { h(p: number) {} }\n(new C() as unknown as { h(q: number): void }).h(1);',
      { function: 'C.h', public: true },
    ],
    ['a method that is not private', 'REFIT_PARAMETER_PUBLIC', 'class C { h(p: number) {} }', { function: 'C.h' }],
    ['a name there is not', 'REFIT_FUNCTION_UNKNOWN', 'function ff(p: number) {}'],
  ])('%s', (_, code, text, call) => {
    expect(() => run(method(text), call)).toThrow(expect.objectContaining({ code }));
  });
});
