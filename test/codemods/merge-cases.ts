// Merges clones in small programs, and runs the programs before and after.
import { expect } from 'vitest';
import { use } from '../../codemods/kernel/codemod.ts';
import { DiagnosticBaseline } from '../../codemods/kernel/diagnostics.ts';
import { Refusal } from '../../codemods/kernel/refusal.ts';
import { type OperationRecord, runOperation } from '../../codemods/kernel/run-operation.ts';
import { mergeClones, type MergeClonesOptions } from '../../codemods/merge-clones.ts';
import { outDeclaration, runProgram } from './run-program.ts';
import { borrowedWorkspace } from './borrowed-workspace.ts';

export type Options = Partial<MergeClonesOptions> & Pick<MergeClonesOptions, 'clones'>;

/** Short programs have little to win: their tests are about the holes. */
export const small = { rule: ['net-lines', 'similarity', 'conditional-lines'], reason: 'a small example' } as const;

export interface Merged {
  readonly record: OperationRecord;
  readonly text: string;
  readonly files: Readonly<Record<string, string>>;
}

export function merge(code: string | Readonly<Record<string, string>>, options: Options): Merged {
  const before = typeof code === 'string' ? { 'a.ts': outDeclaration + code } : code;
  const workspace = borrowedWorkspace(before);
  const operation = use(mergeClones, { file: 'a.ts', name: 'helper', override: small, ...options });
  const baseline = new DiagnosticBaseline(workspace);
  const record = runOperation(workspace, operation, { baseline });
  expect(runOperation(workspace, operation, { baseline }).edits, 'a second run').toBe(0);
  const paths = [...new Set([...Object.keys(before), ...record.files.map((file) => workspace.relative(file.path))])];
  const files = Object.fromEntries(paths.map((path) => [path, workspace.textOf(path) ?? '']));
  return { record, files, text: files['a.ts'] ?? '' };
}

/** Merges, and runs the program before and after. */
export async function mergedRun(code: string, options: Options): Promise<string> {
  const { text } = merge(code, options);
  const lines = await runProgram({ 'a.ts': text }, 'a.ts');
  expect(lines).toEqual(await runProgram({ 'a.ts': outDeclaration + code }, 'a.ts'));
  expect(lines.length).toBeGreaterThan(0);
  return text;
}

export function refusalOf(code: string, options: Options): Refusal {
  const workspace = borrowedWorkspace({ 'a.ts': outDeclaration + code });
  const before = workspace.textOf('a.ts');
  let refusal: unknown;
  try {
    runOperation(workspace, use(mergeClones, { file: 'a.ts', name: 'helper', ...options }), {
      baseline: new DiagnosticBaseline(workspace),
    });
  } catch (thrown) {
    refusal = thrown;
  }
  expect(workspace.textOf('a.ts')).toBe(before);
  expect(refusal).toBeInstanceOf(Refusal);
  return refusal instanceof Refusal ? refusal : new Refusal('NONE', 'nothing was refused');
}

export const two = [{ in: 'f' }, { in: 'g' }];
