// Tidying comments: given sentences where they stand, and a report of what still speaks of names that are gone.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { use } from '../../codemods/kernel/codemod.ts';
import { Refusal } from '../../codemods/kernel/refusal.ts';
import { type OperationRecord, runOperation } from '../../codemods/kernel/run-operation.ts';
import { Workspace } from '../../codemods/kernel/workspace.ts';
import { tidyComments, type TidyCommentsOptions } from '../../codemods/tidy-comments.ts';
import { borrowedWorkspace } from './borrowed-workspace.ts';

function run(
  files: Readonly<Record<string, string>>,
  options: TidyCommentsOptions,
): { readonly workspace: Workspace; readonly record: OperationRecord } {
  const workspace = borrowedWorkspace(files);
  return { workspace, record: runOperation(workspace, use(tidyComments, options)) };
}

function after(text: string, from: string, to: string): string {
  return run({ 'a.ts': text }, { sentences: [{ file: 'a.ts', from, to }] }).workspace.textOf('a.ts') ?? '';
}

function refusal(text: string, from: string): string {
  try {
    after(text, from, 'x');
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.code;
    throw thrown;
  }
  return 'not refused';
}

describe('the claim that code is the same', () => {
  const sentences = (file: string) => ({ sentences: [{ file, from: 'old', to: 'new' }] });

  it('is made where comments change', () => {
    expect(run({ 'a.ts': '// old\nexport {};\n' }, sentences('a.ts')).record.claims).toEqual([{ kind: 'same-code' }]);
  });

  it('is not made where nothing changes, or where a program may read what changed', () => {
    expect(run({ 'a.ts': '// new\nexport {};\n' }, sentences('a.ts')).record.claims).toEqual([]);
    expect(run({ 'README.md': 'old\n' }, sentences('README.md')).record.claims).toEqual([]);
    expect(run({ 'a.json': '{ "old": 1 }\n' }, sentences('a.json')).record.claims).toEqual([]);
  });
});

describe('a sentence', () => {
  it('is replaced in comments of every kind, and several in one comment', () => {
    const text = '/** The old one and the other. */\nexport const a = 1; // old again\n';
    const { workspace } = run(
      { 'a.ts': text },
      {
        sentences: [
          { file: 'a.ts', from: 'The old one', to: 'The new one' },
          { file: 'a.ts', from: 'the other', to: 'another' },
          { file: 'a.ts', from: 'old again', to: 'new again' },
        ],
      },
    );
    expect(workspace.textOf('a.ts')).toBe('/** The new one and another. */\nexport const a = 1; // new again\n');
  });

  it('takes its line along when it was alone on it, but never the ends of the comment', () => {
    expect(after('/**\n * one\n * - old\n * two\n */\nexport {};\n', '- old', '')).toBe('/**\n * one\n * two\n */\nexport {};\n');
    expect(after('/** old */\nexport {};\n', 'old', '')).toBe('/**  */\nexport {};\n');
  });

  it('is replaced in documents', () => {
    const { workspace } = run(
      { 'a.ts': 'export {};\n', 'notes.md': '# Old\n\nsee old\n' },
      { sentences: [{ file: 'notes.md', from: 'see old', to: 'see new' }] },
    );
    expect(workspace.textOf('notes.md')).toBe('# Old\n\nsee new\n');
  });

  it('is replaced once: what is gone is skipped', () => {
    const { record } = run({ 'a.ts': '// new\nexport {};\n' }, { sentences: [{ file: 'a.ts', from: 'old', to: 'new' }] });
    expect([record.edits, record.skips.length]).toEqual([0, 1]);
  });

  it.each([
    ['in code', 'REFIT_TIDY_CODE', `export const a = 'old';\n`, 'old'],
    ['in two places', 'REFIT_TIDY_AMBIGUOUS', '// old\n// old\nexport {};\n', 'old'],
    ['over two lines', 'REFIT_TIDY_SENTENCE', '// old\nexport {};\n', 'old\nexport'],
    ['that is empty', 'REFIT_TIDY_SENTENCE', '// old\nexport {};\n', ''],
  ])('%s is refused', (_, code, text, from) => {
    expect(refusal(text, from)).toBe(code);
  });
});

it('reports who still speaks of a name, but not the sentences it replaces', () => {
  const { record } = run(
    { 'a.ts': '// goes through the Store\n// Store or Stores\nexport {};\n', 'notes.md': 'the Store\n' },
    { names: ['Store'], sentences: [{ file: 'a.ts', from: 'goes through the Store', to: 'is here' }] },
  );
  expect(record.findings.map((finding) => `${finding.path}:${String(finding.line)}`)).toEqual([
    '/workspace/a.ts:2',
    '/workspace/notes.md:1',
  ]);
});

it('finds what the system before the plan says about its state manager', () => {
  const root = join(import.meta.dirname, '../../fixtures/tas-63/before/packages/orchestration');
  const workspace = Workspace.load([join(root, 'tsconfig.json')]);
  const record = runOperation(
    workspace,
    use(tidyComments, {
      names: ['StateManager'],
      sentences: [
        { file: 'src/orchestration/lifecycle/step-enqueuer.ts', from: ' through the StateManager', to: '' },
        {
          file: 'src/orchestration/lifecycle/state-initializer.ts',
          from: 'StateManager-based initialization',
          to: 'Initialization',
        },
        {
          file: 'src/orchestration/index.ts',
          from: '- `StateManager` keeps the states of tasks and steps consistent, and recommends the next one',
          to: '',
        },
      ],
    }),
  );
  expect(workspace.textOf('src/orchestration/lifecycle/step-enqueuer.ts')).toContain(
    ' * 4. when at least one step is on its way, the task is marked as in progress\n',
  );
  expect(workspace.textOf('src/orchestration/index.ts')).not.toContain('recommends the next one');
  expect(new Set(record.findings.map((finding) => workspace.relative(finding.path)))).toEqual(
    new Set(['src/orchestration/state-manager.ts']),
  );
});
