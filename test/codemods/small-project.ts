// Runs a codemod on a small project in memory: what changes, or the code of the refusal.
import { expect } from 'vitest';
import { type Codemod, use } from '../../codemods/kernel/codemod.ts';
import { DiagnosticBaseline } from '../../codemods/kernel/diagnostics.ts';
import { Refusal } from '../../codemods/kernel/refusal.ts';
import { type OperationRecord, runOperation } from '../../codemods/kernel/run-operation.ts';
import { borrowedWorkspace } from './borrowed-workspace.ts';

export type Files = Readonly<Record<string, string>>;

export interface Outcome {
  /** Texts of the files that changed, by name. */
  readonly texts: Files;
  readonly record: OperationRecord;
}

/** Runs the codemod on a project that compiles; what comes out compiles, and a second run changes nothing. */
export function outcomeOf<Options extends object>(codemod: Codemod<Options>, options: Options, files: Files): Outcome {
  const workspace = borrowedWorkspace(files);
  const baseline = new DiagnosticBaseline(workspace);
  expect(baseline.all).toEqual([]);
  const record = runOperation(workspace, use(codemod, options), { baseline });
  expect(runOperation(workspace, use(codemod, options), { baseline }).files).toEqual([]);
  const texts = record.files.flatMap((file) =>
    file.after === undefined ? [] : [[workspace.relative(file.path), file.after] as const],
  );
  return { texts: Object.fromEntries(texts), record };
}

/** The code the codemod refuses the project with. */
export function refusalOf<Options extends object>(codemod: Codemod<Options>, options: Options, files: Files): string {
  try {
    outcomeOf(codemod, options, files);
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.code;
    throw thrown;
  }
  return 'not refused';
}
