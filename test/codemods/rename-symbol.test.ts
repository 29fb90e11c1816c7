// Renaming: every use and nothing else, or a refusal.
import { describe, expect, it } from 'vitest';
import { use } from '../../codemods/kernel/codemod.ts';
import { DiagnosticBaseline } from '../../codemods/kernel/diagnostics.ts';
import { Refusal } from '../../codemods/kernel/refusal.ts';
import { type OperationRecord, runOperation } from '../../codemods/kernel/run-operation.ts';
import type { Workspace } from '../../codemods/kernel/workspace.ts';
import { renameSymbol, type RenameSymbolOptions } from '../../codemods/rename-symbol.ts';
import { borrowedWorkspace } from './borrowed-workspace.ts';

function run(
  files: Readonly<Record<string, string>>,
  options: Partial<RenameSymbolOptions>,
): { readonly workspace: Workspace; readonly record: OperationRecord } {
  const workspace = borrowedWorkspace(files);
  const operation = use(renameSymbol, { file: 'a.ts', symbol: 'old', to: 'fresh', ...options });
  return { workspace, record: runOperation(workspace, operation, { baseline: new DiagnosticBaseline(workspace) }) };
}

function refusal(text: string, options: Partial<RenameSymbolOptions> = {}): string {
  try {
    run({ 'a.ts': text }, options);
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.code;
    throw thrown;
  }
  return 'not refused';
}

describe('a declaration is renamed', () => {
  it('in every module, under its aliases only where it is named', () => {
    const { workspace } = run(
      {
        'a.ts': 'export const old = 1;\n',
        'b.ts': `export { old } from './a.ts';\nexport { old as other } from './a.ts';\n`,
        'c.ts': `import { old as mine } from './b.ts';\nexport const twice = mine + mine;\n`,
      },
      {},
    );
    expect(workspace.textOf('b.ts')).toBe(`export { fresh } from './a.ts';\nexport { fresh as other } from './a.ts';\n`);
    expect(workspace.textOf('c.ts')).toBe(`import { fresh as mine } from './b.ts';\nexport const twice = mine + mine;\n`);
  });

  it('as a type, and leaves members and texts of the same name alone', () => {
    const { workspace } = run(
      {
        'a.ts': `export interface Old {\n  readonly Old: string;\n}\nexport const old = (given: Old): string => given.Old + 'Old';\n`,
      },
      { symbol: 'Old', to: 'Fresh' },
    );
    expect(workspace.textOf('a.ts')).toBe(
      `export interface Fresh {\n  readonly Old: string;\n}\nexport const old = (given: Fresh): string => given.Old + 'Old';\n`,
    );
  });

  it('and tells when it leaves a module, and where texts still speak of it', () => {
    const { record } = run({ 'a.ts': `// old is good\nconst old = 1;\nexport { old };\n`, 'notes.md': 'see old\n' }, {});
    expect(record.findings.map((finding) => [finding.kind, finding.path])).toEqual([
      ['api', '/workspace/a.ts'],
      ['note', '/workspace/a.ts'],
      ['note', '/workspace/notes.md'],
    ]);
  });
});

describe('a member is renamed', () => {
  it('with its uses, short object literals and destructuring written out', () => {
    const { workspace } = run(
      {
        'a.ts': `export class Box {\n  old = 1;\n  read(): number {\n    const { old } = this;\n    return old + this.old + this['old'];\n  }\n}\n`,
        'b.ts': `import type { Box } from './a.ts';\nexport function boxed(old: number): Pick<Box, never> & { readonly more: Partial<Box> } {\n  return { more: { old } };\n}\n`,
      },
      { symbol: 'Box.old' },
    );
    expect(workspace.textOf('a.ts')).toContain(`    const { fresh: old } = this;\n    return old + this.fresh + this['fresh'];`);
    expect(workspace.textOf('b.ts')).toContain('{ more: { fresh: old } }');
  });

  it('in the interface and in what implements it', () => {
    const { workspace } = run(
      {
        'a.ts': `interface Port {\n  old(): void;\n}\nexport class A implements Port {\n  old(): void {}\n}\nexport function go(port: Port): void {\n  port.old();\n}\n`,
      },
      { symbol: 'A.old' },
    );
    expect(workspace.textOf('a.ts')?.match(/\bfresh\b/g)).toHaveLength(3);
    expect(workspace.textOf('a.ts')).not.toContain('old');
  });

  it('as a parameter of the constructor, both the variable and the field', () => {
    const { workspace } = run(
      {
        'a.ts': `export class Box {\n  readonly all: { old: number };\n  constructor(readonly old: number) {\n    this.all = { old };\n  }\n}\n`,
      },
      { symbol: 'Box.old' },
    );
    expect(workspace.textOf('a.ts')).toContain('constructor(readonly fresh: number) {\n    this.all = { old: fresh };');
  });
});

it('is done once', () => {
  const { workspace } = run({ 'a.ts': 'export class Box {\n  old = 1;\n}\n' }, { symbol: 'Box.old' });
  const again = runOperation(workspace, use(renameSymbol, { file: 'a.ts', symbol: 'Box.old', to: 'fresh' }));
  expect([again.edits, again.skips.length]).toEqual([0, 1]);
});

describe('is refused', () => {
  it.each<[what: string, code: string, text: string, options?: Partial<RenameSymbolOptions>]>([
    ['a name that is no name', 'REFIT_RENAME_NAME', 'export const old = 1;\n', { to: 'two words' }],
    ['a keyword', 'REFIT_RENAME_NAME', 'export const old = 1;\n', { to: 'class' }],
    ['a declaration that is not there', 'REFIT_RENAME_UNKNOWN', 'export const odl = 1;\n'],
    ['a member of something without members', 'REFIT_RENAME_UNKNOWN', 'export const old = 1;\n', { symbol: 'old.length' }],
    [
      'a name that an inner scope would catch',
      'REFIT_RENAME_TAKEN',
      'export const old = 1;\nexport function get(fresh: number): number {\n  return fresh + old;\n}\n',
    ],
    [
      'a name that stands for something else there',
      'REFIT_RENAME_TAKEN',
      'declare const fresh: number;\nexport const old = fresh;\n',
    ],
    [
      'a member name that a subclass has',
      'REFIT_RENAME_TAKEN',
      'export class A {\n  old = 1;\n}\nexport class B extends A {\n  fresh = 2;\n}\n',
      { symbol: 'A.old' },
    ],
    [
      'a class whose members are chosen by a computed key',
      'REFIT_RENAME_COMPUTED',
      `export class A {\n  old = 1;\n  two = 2;\n  get(key: 'old' | 'two'): number {\n    return this[key];\n  }\n}\n`,
      { symbol: 'A.old' },
    ],
    [
      'a member that a library declares',
      'REFIT_RENAME_FOREIGN',
      'export class A implements PromiseLike<number> {\n  then(): never {\n    throw new Error();\n  }\n}\n',
      { symbol: 'A.then' },
    ],
  ])('%s', (_, code, text, options) => {
    expect(refusal(text, options)).toBe(code);
  });
});
