// Deletions that a careless tool gets wrong: what remove-unreachable takes along, leaves, and refuses.
import { describe, expect, it } from 'vitest';
import { use } from '../../codemods/kernel/codemod.ts';
import { DiagnosticBaseline } from '../../codemods/kernel/diagnostics.ts';
import { Refusal } from '../../codemods/kernel/refusal.ts';
import { runOperation } from '../../codemods/kernel/run-operation.ts';
import type { Workspace } from '../../codemods/kernel/workspace.ts';
import { removeUnreachable } from '../../codemods/remove-unreachable.ts';
import { borrowedWorkspace } from './borrowed-workspace.ts';

type Options = Parameters<typeof removeUnreachable.propose>[1];
type Files = Readonly<Record<string, string>>;

const manifest = { 'package.json': '{ "name": "it", "exports": "./main.ts" }' };

function after(files: Files, options: Options): Workspace {
  const workspace = borrowedWorkspace({ ...manifest, ...files });
  runOperation(workspace, use(removeUnreachable, options), { baseline: new DiagnosticBaseline(workspace) });
  return workspace;
}

function refusal(files: Files, options: Options): string {
  try {
    after(files, options);
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.code;
    throw thrown;
  }
  return 'done';
}

describe('what goes along', () => {
  it('private helpers, constants and types, through several layers', () => {
    const workspace = after(
      {
        'main.ts': [
          'interface Size {',
          '  readonly width: number;',
          '}',
          '',
          'const LIMIT = 10;',
          '',
          'export class Box {',
          '  go(): number {',
          '    return 1;',
          '  }',
          '',
          '  spare(): Size {',
          '    return this.first();',
          '  }',
          '',
          '  private first(): Size {',
          '    return this.second();',
          '  }',
          '',
          '  private second(): Size {',
          '    return { width: LIMIT };',
          '  }',
          '}',
          '',
          'export const run = (): number => new Box().go();',
          '',
        ].join('\n'),
      },
      { symbols: ['Box.spare'], approve: ['Box.spare'] },
    );
    expect(workspace.textOf('main.ts')).toBe(
      [
        'export class Box {',
        '  go(): number {',
        '    return 1;',
        '  }',
        '}',
        '',
        'export const run = (): number => new Box().go();',
        '',
      ].join('\n'),
    );
  });

  it('nothing whose initialiser can be seen to run', () => {
    const text = 'const opened = Date.now();\n\nfunction spare(): number {\n  return opened;\n}\n\nexport const run = 1;\n';
    expect(after({ 'main.ts': text }, { symbols: ['spare'] }).textOf('main.ts')).toBe(
      'const opened = Date.now();\n\nexport const run = 1;\n',
    );
  });

  it('one of several variables of a statement, with its comma', () => {
    const text = 'const a = 1,\n  spare = 2,\n  c = 3;\nexport const run = a + c;\n';
    expect(after({ 'main.ts': text }, { symbols: ['spare'] }).textOf('main.ts')).toBe(
      'const a = 1,\n  c = 3;\nexport const run = a + c;\n',
    );
  });

  it('comments that belong to it, not those set off by a blank line', () => {
    const text =
      '// ---- helpers ----\n\n/** Spare. */\nfunction spare(): number {\n  return 1;\n} // spare too\n\nexport const run = 1;\n';
    expect(after({ 'main.ts': text }, { symbols: ['spare'] }).textOf('main.ts')).toBe(
      '// ---- helpers ----\n\nexport const run = 1;\n',
    );
  });

  it('its name in lists of barrels, and the list when it is the last', () => {
    const files = {
      'main.ts': "export { run } from './barrel.ts';\n",
      'barrel.ts': "export { run, spare } from './parts.ts';\nexport { spare as other } from './parts.ts';\n",
      'parts.ts': 'export const run = 1;\nexport const spare = 2;\n',
    };
    const workspace = after(files, { symbols: ['spare'] });
    expect(workspace.textOf('barrel.ts')).toBe("export { run } from './parts.ts';\n");
    expect(workspace.textOf('parts.ts')).toBe('export const run = 1;\n');
  });

  it('a file nothing is left of, with imports and `export *` that lead to it', () => {
    const files = {
      'main.ts': "export * from './spare.ts';\nexport * from './run.ts';\n",
      'run.ts': "import type { Spare } from './spare.ts';\nexport const run = 1;\n",
      'spare.ts': 'export interface Spare {}\nexport const spare: Spare = {};\n',
    };
    const workspace = after(files, { symbols: ['Spare', 'spare'], approve: ['Spare', 'spare'] });
    expect(workspace.textOf('spare.ts')).toBeUndefined();
    expect(workspace.textOf('main.ts')).toBe("export * from './run.ts';\n");
    expect(workspace.textOf('run.ts')).toBe('export const run = 1;\n');
  });

  it('with Windows line ends, byte for byte elsewhere', () => {
    const text = 'export const run = 1;\r\n\r\nfunction spare(): number {\r\n  return 1;\r\n}\r\n\r\nexport const go = 2;\r\n';
    expect(after({ 'main.ts': text }, { symbols: ['spare'] }).textOf('main.ts')).toBe(
      'export const run = 1;\r\n\r\nexport const go = 2;\r\n',
    );
  });
});

describe('what is refused', () => {
  const refused: readonly (readonly [string, string, Files, Options])[] = [
    [
      'a function that is called',
      'REFIT_UNREACHABLE_USED',
      { 'main.ts': 'const used = () => 1;\nexport const run = () => used();\n' },
      { symbols: ['used'] },
    ],
    [
      'a type that is only spoken of',
      'REFIT_UNREACHABLE_USED',
      { 'main.ts': 'interface Used {}\nexport const run = (x: Used): Used => x;\n' },
      { symbols: ['Used'] },
    ],
    [
      'a file that is imported at run time',
      'REFIT_UNREACHABLE_USED',
      { 'main.ts': "export const run = () => import('./late.ts');\n", 'late.ts': 'export const late = 1;\n' },
      { files: ['late.ts'] },
    ],
    [
      'a field somebody stores into',
      'REFIT_UNREACHABLE_USED',
      { 'main.ts': 'class A { count = 0; go() { this.count += 1; } }\nexport const run = () => new A().go();\n' },
      { symbols: ['A.count'] },
    ],
    [
      'a file that does something when it is loaded',
      'REFIT_UNREACHABLE_EFFECT',
      {
        'main.ts': "import './patch.ts';\nexport const run = 1;\n",
        'patch.ts': 'Object.assign(globalThis, { patched: true });\nexport const patched = 1;\n',
      },
      { files: ['patch.ts'] },
    ],
    [
      'a member an interface asks for',
      'REFIT_UNREACHABLE_INTERFACE',
      {
        'main.ts':
          'interface I { spare(): void }\nclass A implements I { go() {} spare() {} }\nexport const run = (i: I = new A()): I => i;\n',
      },
      { symbols: ['A.spare'] },
    ],
    [
      'a member a subclass overrides',
      'REFIT_UNREACHABLE_INTERFACE',
      {
        'main.ts':
          'class A { spare() {} }\nclass B extends A { override spare() {} }\nexport const run = () => String(new B());\n',
      },
      { symbols: ['A.spare'] },
    ],
    [
      'a property of a constructor parameter',
      'REFIT_UNREACHABLE_PARAMETER',
      { 'main.ts': 'class A { constructor(private spare: number) {} }\nexport const run = () => String(new A(1));\n' },
      { symbols: ['A.spare'] },
    ],
    [
      'a name that is a string in code',
      'REFIT_UNREACHABLE_DYNAMIC',
      {
        'main.ts':
          "class A { spare() {} }\nexport const run = (call: (a: unknown, n: string) => void) => call(new A(), 'spare');\n",
      },
      { symbols: ['A.spare'] },
    ],
    [
      'a name in a configuration file',
      'REFIT_UNREACHABLE_DYNAMIC',
      { 'main.ts': 'class A { spare() {} }\nexport const run = () => String(new A());\n', 'jobs.json': '["spare"]' },
      { symbols: ['A.spare'] },
    ],
    [
      'the main entry of a package',
      'REFIT_UNREACHABLE_ENTRY',
      { 'main.ts': 'export const run = 1;\n' },
      { files: ['main.ts'], approve: ['run'] },
    ],
  ];

  it.each(refused)('%s', (_what, code, files, options) => {
    expect(refusal(files, options)).toBe(code);
  });

  it('a string that is no key is accepted when it is approved', () => {
    const files = {
      'main.ts':
        "class A {\n  spare() {}\n}\nexport const run = (call: (a: unknown, n: string) => void) => call(new A(), 'spare');\n",
    };
    expect(refusal(files, { symbols: ['A.spare'], approve: ['A.spare'] })).toBe('done');
  });
});
