// Claims about single declarations are held against all that an operation changed: a careless edit beside them is found.
import { describe, expect, it } from 'vitest';
import { unclaimedChange } from '../../../codemods/analysis/unclaimed-change.ts';
import type { ChangedFile } from '../../../codemods/kernel/apply.ts';
import type { StructuralClaim } from '../../../codemods/kernel/proposal.ts';

const file = (path: string, before: string | undefined, after: string | undefined): ChangedFile => ({ path, before, after });

describe('a declaration that moved', () => {
  const claims: readonly StructuralClaim[] = [{ kind: 'moved', name: 'f', from: 'a.ts', to: 'b.ts' }];
  const rest = 'const rate = 2;\nfunction g() {\n  log(rate);\n  f();\n}\n';
  const moved = 'function f() {\n  return rate;\n}\n';
  const arrived = file('/b.ts', undefined, `import { rate } from './a.ts';\nexport ${moved}`);

  it('leaves all else as it was, imports, exports, types and layout aside', () => {
    const after = `import { f } from './b.ts';\nexport { f } from './b.ts';\nexport type T = 1;\nexport ${rest}`;
    expect(unclaimedChange(claims, [file('/a.ts', `${rest}${moved}`, after), arrived])).toBeUndefined();
    expect(unclaimedChange(claims, [file('/a.ts', `${rest}${moved}`, after), arrived, file('/a.test.ts', 'a();', 'b();')])).toBe(
      undefined,
    );
  });

  it.each([
    ['an effect is lost', rest.replace('  log(rate);\n', ''), 'g in /a.ts changed as well'],
    ['a statement appears', `${rest}init();\n`, '"init ( ) ;" in /a.ts changed as well'],
    ['another declaration goes', 'const rate = 2;\n', 'g in /a.ts changed as well'],
    ['the order is another', 'function g() {\n  log(rate);\n  f();\n}\nconst rate = 2;\n', 'rate in /a.ts changed as well'],
  ])('is not all that changed when %s', (_, after, found) => {
    expect(unclaimedChange(claims, [file('/a.ts', `${rest}${moved}`, after), arrived])).toBe(found);
  });

  it('must find under each of its names what it found before', () => {
    const from = file('/a.ts', `${rest}${moved}`, rest);
    const other = file('/b.ts', 'const rate = 3;\n', `const rate = 3;\nexport ${moved}`);
    expect(unclaimedChange(claims, [from, other])).toBe('rate is /b#rate in /b.ts and was /a#rate');
    const lost = file('/b.ts', undefined, `export ${moved}`);
    expect(unclaimedChange(claims, [from, lost])).toBe('rate is a global in /b.ts and was /a#rate');
  });

  it('may take what it uses along, members and several variables of one statement too', () => {
    const both: readonly StructuralClaim[] = ['C', 'x', 'y'].map((name) => ({ kind: 'moved', name, from: '/a.ts', to: '/b.ts' }));
    const text = 'const x = 1,\n  y = 2;\nclass C {\n  m() {\n    return x + y;\n  }\n}\n';
    expect(unclaimedChange(both, [file('/a.ts', text, ''), file('/b.ts', undefined, `export ${text}`)])).toBeUndefined();
    expect(unclaimedChange(both.slice(1), [file('/a.ts', text, ''), file('/b.ts', undefined, text)])).toBe(
      'C in /a.ts changed as well',
    );
  });

  it('is not looked for where one of the two files did not change', () => {
    expect(unclaimedChange(claims, [file('/b.ts', undefined, `export ${moved}`)])).toBeUndefined();
  });
});

describe('something that was removed', () => {
  const claims: readonly StructuralClaim[] = [
    { kind: 'removed', name: 'C.store', from: '/a.ts' },
    { kind: 'removed', name: 'D', from: '/a.ts' },
    { kind: 'removed', name: 'gone.ts', from: '/gone.ts' },
  ];
  const before =
    'class C {\n  store: S;\n  constructor(n: number) {\n    start(n);\n    this.store = new S();\n  }\n  m() {\n    go();\n  }\n}\nclass D {\n  m() {}\n}\n';
  const after = 'class C {\n  constructor(n: number) {\n    start(n);\n  }\n  m() {\n    go();\n  }\n}\n';

  it('leaves all else as it was, but for what filled it', () => {
    const whole = file('/gone.ts', 'effect();', undefined);
    expect(unclaimedChange(claims, [file('/a.ts', before, after), whole, file('/a.json', '1', '2')])).toBeUndefined();
  });

  it.each([
    ['a method', after.replace('    go();\n', ''), 'C.m'],
    ['a constructor', after.replace('    start(n);\n', ''), 'C.constructor'],
    ['a parameter', after.replace('n: number', 'n: string'), 'C.constructor'],
  ])('is not all that changed when %s lost more', (_, careless, name) => {
    expect(unclaimedChange(claims, [file('/a.ts', before, careless)])).toBe(`${name} in /a.ts changed as well`);
  });
});

describe('clones that were merged', () => {
  const clone = { path: '/a.ts', label: 'f', original: 'log(1);\nsave(1);', call: 'both(1);' };
  const claims: readonly StructuralClaim[] = [{ kind: 'merged', helper: 'both', to: '/a.ts', clones: [clone] }];
  const helper = 'function both(n: number) {\n  log(n);\n  save(n);\n}\n';
  const before = 'function f() {\n  open();\n  log(1);\n  save(1);\n}\n';

  it('became their call, and nothing around it changed', () => {
    const after = `function f() {\n  open();\n  both(1);\n}\n${helper}`;
    expect(unclaimedChange(claims, [file('/a.ts', before, after)])).toBeUndefined();
    expect(unclaimedChange(claims, [file('/a.ts', before, after.replace('  open();\n', ''))])).toBe('f in /a.ts changed as well');
  });

  it('of no text change nothing', () => {
    const empty: readonly StructuralClaim[] = [
      { kind: 'merged', helper: 'both', to: '/a.ts', clones: [{ ...clone, original: '' }] },
    ];
    expect(unclaimedChange(empty, [file('/a.ts', before, before)])).toBeUndefined();
  });
});
