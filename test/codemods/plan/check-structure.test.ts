// Structural claims are checked on the texts: each can fail.
import { describe, expect, it } from 'vitest';
import { isNamedIn } from '../../../codemods/analysis/named-in-text.ts';
import type { ChangedFile } from '../../../codemods/kernel/apply.ts';
import type { StructuralClaim } from '../../../codemods/kernel/proposal.ts';
import { checkStructure, type StructureResult } from '../../../codemods/plan/check-structure.ts';
import type { StepRecord } from '../../../codemods/plan/execute-plan.ts';

function resultsOf(claim: StructuralClaim | undefined, ...files: readonly ChangedFile[]): readonly StructureResult[] {
  const operation = { codemod: 'any', options: {}, edits: 1, files, checked: [], skips: [], findings: [], obligations: [] };
  const record: StepRecord = {
    id: 'A',
    title: 'A',
    status: 'done',
    operations: [{ ...operation, claims: claim === undefined ? [] : [claim] }],
    files,
    promised: [],
    newDiagnostics: 0,
    milliseconds: 0,
  };
  return checkStructure(record);
}

function resultOf(claim: StructuralClaim, ...files: readonly ChangedFile[]): StructureResult | undefined {
  return resultsOf(claim, ...files)[0];
}

function holds(claim: StructuralClaim, ...files: readonly ChangedFile[]): boolean | undefined {
  return resultOf(claim, ...files)?.holds;
}

const file = (path: string, before: string | undefined, after: string | undefined): ChangedFile => ({ path, before, after });

describe('a declaration that moved', () => {
  const claim = { kind: 'moved', name: 'f', from: '/a.ts', to: '/b.ts' } as const;
  const from = file('/a.ts', 'function f() { return 1; }\n', '');

  it('is the same, whatever its layout and export', () => {
    expect(holds(claim, from, file('/b.ts', undefined, 'export function f() {\n  return 1;\n}\n'))).toBe(true);
  });

  it('is not the same when a token is another, or when it did not arrive', () => {
    expect(holds(claim, from, file('/b.ts', undefined, 'export function f() { return 2; }\n'))).toBe(false);
    expect(holds(claim, from, file('/b.ts', undefined, 'export function g() { return 1; }\n'))).toBe(false);
  });
});

describe('code that is the same', () => {
  const claim = { kind: 'same-code' } as const;

  it('may be laid out and commented otherwise, beside new tests', () => {
    const commented = file('/a.ts', '// Old.\nf(1);\n', '// New.\nf(\n  1,\n);\n');
    expect(resultsOf(claim, commented, file('/a.test.ts', undefined, 'it();'))).toEqual([
      { claim: 'nothing that runs in production changed', holds: true, found: 'code is equal token for token, beside new tests' },
    ]);
  });

  it.each([
    ['a token', file('/a.ts', 'f(1);', 'f(2);')],
    ['a token of a test', file('/a.test.ts', 'it(1);', 'it(2);')],
    ['a module that is new', file('/a.ts', undefined, 'f();')],
    ['a module that is gone', file('/a.ts', 'f();', undefined)],
    ['a test that is gone', file('/a.test.ts', 'it();', undefined)],
    ['data', file('/package.json', '{}', '{ "a": 1 }')],
    ['document', file('/letter.md', 'Dear', 'Hello')],
    ['text that is gone', file('/letter.txt', 'Dear', undefined)],
  ])('is not the same with another of %s', (_what, changed) => {
    const found = `${changed.path} may run otherwise`;
    expect(resultsOf(claim, file('/c.ts', '// a', ''), changed)).toEqual([expect.objectContaining({ holds: false, found })]);
  });
});

describe('what no claim says', () => {
  const claim = { kind: 'moved', name: 'f', from: '/a.ts', to: '/b.ts' } as const;

  it('is not proved: an effect that was lost beside a move leaves the step to the traces', () => {
    const before = 'function f() {}\nfunction g() {\n  log();\n}\n';
    const results = resultsOf(claim, file('/a.ts', before, 'function g() {}\n'), file('/b.ts', undefined, 'function f() {}\n'));
    expect(results).toEqual([
      expect.objectContaining({ claim: 'f moved unchanged', holds: true }),
      {
        claim: 'nothing else changed',
        holds: false,
        found: 'g in /a.ts changed as well; traces decide',
        decidedByTraces: true,
      },
    ]);
  });

  it('is nothing where no claim is made', () => {
    expect(resultsOf(undefined, file('/a.ts', 'a();', 'b();'))).toEqual([]);
  });

  it('the text of a template and of a pattern counts, blanks and slashes too', () => {
    for (const [was, is] of [
      ['`${a}  b`', '`${a} b`'],
      ['`${a}// b`', '`${a}// c`'],
      ['/a  b/u', '/a b/u'],
      ['/[/]  b/u', '/[/] b/u'],
      ["/'/u.test(' a')", "/'/u.test('  a')"],
    ] as const) {
      const text = (value: string): string => `const f = (a: string) => ${value};\n`;
      expect(holds(claim, file('/a.ts', text(was), ''), file('/b.ts', undefined, text(is)))).toBe(false);
      expect(holds(claim, file('/a.ts', text(was), ''), file('/b.ts', undefined, text(was)))).toBe(true);
    }
  });
});

describe('something that was removed', () => {
  it.each([
    ['a declaration', 'f', '/a.ts', 'function f() {}', ''],
    ['a member', 'C.m', '/a.ts', 'class C { m() {} }', 'class C {}'],
    ['a constructor', 'C.constructor', '/a.ts', 'class C { constructor() {} }', 'class C {}'],
    ['a field, named by a relative path', 'C.f', 'a.ts', 'class C { f = 1; }', 'class C {}'],
    ['a test', 'test "adds"', '/a.test.ts', "it('adds', () => {});", ''],
    ['an entry of a JSON file', 'tiny-map', '/package.json', '{ "dependencies": { "tiny-map": "1" } }', '{}'],
    ['a file', 'a.json', '/queries/a.json', '{}', undefined],
  ] as const)('%s: is gone, still there, or was never there', (...row) => {
    const [, name, from, before, after] = row;
    const path = from.startsWith('/') ? from : `/${from}`;
    const claim = { kind: 'removed', name, from } as const;
    expect(holds(claim, file(path, before, after))).toBe(true);
    expect(holds(claim, file(path, before, before))).toBe(false);
    expect(holds(claim, file(path, after, after))).toBe(false);
    expect(holds(claim)).toBe(false);
  });

  it('is not mixed up with a member of another class', () => {
    expect(isNamedIn('/a.ts', 'class D { m() {} }', 'C.m')).toBe(false);
  });
});

describe('clones that were merged', () => {
  const clones = [1, 2].map((nr) => {
    return { path: '/a.ts', label: `f${nr}`, original: `log(${nr});\nsave(${nr});`, call: `both(${nr});` };
  });
  const claim = { kind: 'merged', helper: 'both', to: '/h.ts', clones } as const;
  const before = 'function f1() { log(1); save(1); }\nfunction f2() { log(2); save(2); }\n';
  const after = "import { both } from './h.ts';\nfunction f1() { both(1); }\nfunction f2() { both(2); }\n";
  const from = file('/a.ts', before, after);
  const helper = (body: string) => file('/h.ts', undefined, `export function both(n: number) { ${body} }\n`);

  it('are each the helper, inlined again', () => {
    expect(resultsOf(claim, from, helper('log(n); save(n);'))).toEqual([
      { claim: 'both, inlined again, is each of its 2 clones', holds: true, found: 'equal for every clone' },
    ]);
  });

  it('are named with their difference where the helper does something else', () => {
    const { holds: found, found: why } = resultOf(claim, from, helper('save(n); log(n);')) ?? {};
    expect([found, why]).toEqual([false, expect.stringMatching(/^f1: [^]*; f2: /)]);
    expect(holds(claim, from, helper('log(1); save(n);'))).toBe(false);
    expect(holds(claim, from)).toBe(false);
  });

  it('are not proved by a call that does not stand there', () => {
    const careless = file('/a.ts', before, after.replace('both(2)', 'both(1)'));
    expect(resultOf(claim, careless, helper('log(n); save(n);'))).toMatchObject({
      holds: false,
      found: 'f2: the call that was compared does not stand there',
    });
  });

  it('need a call each, also where two are alike', () => {
    const twice = { ...claim, clones: [clones[0], clones[0]].flatMap((each) => each ?? []) };
    const old = 'function f1() { log(1); save(1); }\nfunction f2() { log(1); save(1); }\n';
    const both = file('/a.ts', old, 'function f1() { both(1); }\nfunction f2() { both(1); }\n');
    expect(holds(twice, both, helper('log(n); save(n);'))).toBe(true);
    const one = file('/a.ts', old, 'function f1() { both(1); }\nfunction f2() {}\n');
    expect(holds(twice, one, helper('log(n); save(n);'))).toBe(false);
  });

  it('may be merged in a method of a class', () => {
    const inClass = { ...claim, to: '/a.ts', clones: clones.map((each) => ({ ...each, call: `this.${each.call}` })) };
    const methods = (one: string, two: string, more: string) =>
      file('/a.ts', 'class C { }', `class C { f1() { ${one} } f2() { ${two} } ${more} }`);
    expect(resultOf(inClass, methods('this.both(1);', 'this.both(2);', 'both(n: number) { log(n); save(n); }'))).toMatchObject({
      holds: true,
    });
  });
});

describe('a function that was extracted', () => {
  const claim = { kind: 'extracted', name: 'g', from: 'a.ts', to: 'a.ts' } as const;
  const before = 'function f(a: number) {\n  log(a);\n  return next(a);\n}\n';
  const after = 'function f(a: number) {\n  log(a);\n  return g(a);\n}\n\nfunction g(a: number) {\n  return next(a);\n}\n';

  it('is the code it came from, and nothing else changed', () => {
    expect(holds(claim, file('/src/a.ts', before, after))).toBe(true);
    expect(holds(claim, file('/src/a.ts', before, after), file('/src/b.ts', 'b();', '// b\nb();'))).toBe(true);
    expect(holds(claim, file('/src/a.ts', before, after), file('/src/b.ts', 'b();', 'c();'))).toBe(false);
  });

  it('fails when an effect is lost, and when the files are not there', () => {
    const careless = after.replace('  log(a);\n', '');
    expect(resultOf(claim, file('/src/a.ts', before, careless))).not.toHaveProperty('decidedByTraces');
    expect(holds(claim, file('/src/a.ts', before, careless))).toBe(false);
    expect(holds(claim)).toBe(false);
  });

  it('is left to the traces where texts cannot tell', () => {
    const lifted = after.replace('return g(a)', 'return g(read())').replace('return next(a)', 'prepare();\n  return next(a)');
    const old = before.replace('return next(a)', 'prepare();\n  return next(read())');
    expect(resultOf(claim, file('/src/a.ts', old, lifted))).toMatchObject({ holds: false, decidedByTraces: true });
  });
});

describe('a method that its owner took over', () => {
  const wrapper = 'class W {\n  m(): void {\n    effect();\n  }\n}\n';
  const owner = (call: string, more: string): string =>
    `${wrapper}class O {\n  private readonly w = new W();\n  go(): void {\n    ${call};\n  }\n${more}}\n`;
  const before = owner('this.w.m()', '');
  const claim = {
    kind: 'inlined',
    name: 'W.m',
    into: 'a.ts',
    owner: 'O',
    through: 'w',
    from: { path: '/a.ts', text: before },
    paths: new Map<string, string>(),
  } as const;

  it('does what it did, or is found out', () => {
    const after = owner('this.m()', '  private m(): void {\n    effect();\n  }\n');
    expect(holds(claim, file('/a.ts', before, after))).toBe(true);
    expect(holds(claim, file('/a.ts', before, after.replace('private m(): void {\n    effect();', 'private m(): void {')))).toBe(
      false,
    );
    expect(holds(claim, file('/a.ts', before, after), file('/b.ts', '', 'effect();'))).toBe(false);
  });
});
