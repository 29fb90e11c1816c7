// Runs one example of a codemod and holds the kernel's promises to it.
import { expect } from 'vitest';
import type { ts } from '../../codemods/kernel/parse-source.ts';
import { use, type Codemod } from '../../codemods/kernel/codemod.ts';
import { commentsOf } from '../../codemods/kernel/comments.ts';
import { DiagnosticBaseline, diagnosticsOf } from '../../codemods/kernel/diagnostics.ts';
import type { ExampleFiles, ExampleResult } from '../../codemods/kernel/doc-examples.ts';
import type { CommentFate } from '../../codemods/kernel/proposal.ts';
import { Refusal } from '../../codemods/kernel/refusal.ts';
import { proposalOf, runOperation, type OperationRecord } from '../../codemods/kernel/run-operation.ts';
import type { Workspace } from '../../codemods/kernel/workspace.ts';
import { borrowedWorkspace } from './borrowed-workspace.ts';

export interface ExampleCase {
  readonly name: string;
  readonly options: object;
  readonly before: ExampleFiles;
  readonly result: ExampleResult;
  readonly compilerOptions?: ts.CompilerOptions;
}

function textsOf(workspace: Workspace): ExampleFiles {
  const texts = [...workspace.changes()].filter((entry): entry is [string, string] => entry[1] !== null);
  return Object.fromEntries(
    texts.map(([path, text]) => [workspace.relative(path), text] as const).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function withoutMarks(files: ExampleFiles): ExampleFiles {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replace(/^\uFEFF/, '')]));
}

function complaintsOf(workspace: Workspace): readonly string[] {
  return diagnosticsOf(workspace).map(
    (each) => `${workspace.relative(each.path)}:${String(each.line)} TS${String(each.code)} ${each.message}`,
  );
}

function isSource(path: string): boolean {
  return /\.[cm]?tsx?$/.test(path);
}

/** Every comment text of the files, with how often it stands there. */
function commentCounts(files: ExampleFiles): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [path, text] of Object.entries(files)) {
    if (!isSource(path)) continue;
    for (const comment of commentsOf(path, text)) counts.set(comment.text, (counts.get(comment.text) ?? 0) + 1);
  }
  return counts;
}

interface GivenUp {
  readonly texts: ReadonlyMap<string, number>;
}

/** Comments that the proposal says go with the code they stand in, or are merged. */
function givenUp(example: ExampleCase, codemod: Codemod, workspace: Workspace): GivenUp {
  const proposal = proposalOf(workspace, use(codemod, example.options));
  const texts = new Map<string, number>();
  const add = (text: string, fate: CommentFate): void => {
    if (fate !== 'carried') texts.set(text, (texts.get(text) ?? 0) + 1);
  };
  for (const edit of proposal.edits) {
    const text = workspace.textOf(edit.path) ?? '';
    for (const comment of commentsOf(edit.path, text)) {
      if (comment.start >= edit.start && comment.end <= edit.end) add(comment.text, edit.comments);
    }
  }
  for (const deletion of proposal.deletions) {
    for (const comment of commentsOf(deletion.path, workspace.textOf(deletion.path) ?? '')) add(comment.text, deletion.comments);
  }
  return { texts };
}

function expectCommentsConserved(before: ExampleFiles, after: ExampleFiles, gone: GivenUp): void {
  const now = commentCounts(after);
  for (const [text, times] of commentCounts(before)) {
    const least = times - (gone.texts.get(text) ?? 0);
    expect(now.get(text) ?? 0, `the comment "${text}" appears at least as often`).toBeGreaterThanOrEqual(least);
  }
}

function expectChange(workspace: Workspace, codemod: Codemod, example: ExampleCase, files: ExampleFiles): void {
  const before = textsOf(workspace);
  const gone = givenUp(example, codemod, workspace);
  const baseline = new DiagnosticBaseline(workspace);
  const record: OperationRecord = runOperation(workspace, use(codemod, example.options), { baseline });
  const after = textsOf(workspace);
  expect(after).toEqual(withoutMarks(files));
  expect(record.files.length, 'the record names the files that changed').toBeGreaterThan(0);
  expectCommentsConserved(before, after, gone);
  expect(complaintsOf(workspace), 'the result compiles').toEqual([]);
  const again = runOperation(workspace, use(codemod, example.options), { baseline });
  expect(again.files, 'a second run changes nothing').toEqual([]);
  expect(again.edits, 'a second run proposes nothing').toBe(0);
}

function codeOfRefusal(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.code;
    throw thrown;
  }
  return 'not refused';
}

/** Fails (by expect) unless the codemod does with the example what it says, and what the kernel promises of every codemod. */
export function checkExample(codemod: Codemod, example: ExampleCase): void {
  const workspace = borrowedWorkspace(example.before, example.compilerOptions);
  for (const file of workspace.sourceFiles()) {
    const given = workspace.textOf(file.getFilePath());
    expect(file.getFullText(), 'what was parsed prints as it was').toBe(given);
  }
  expect(complaintsOf(workspace), 'the example compiles').toEqual([]);
  const { result } = example;
  if (result.kind === 'changed') {
    expectChange(workspace, codemod, example, result.files);
    return;
  }
  const before = textsOf(workspace);
  const baseline = new DiagnosticBaseline(workspace);
  const operation = use(codemod, example.options);
  if (result.kind === 'refused') {
    expect(codeOfRefusal(() => runOperation(workspace, operation, { baseline }))).toBe(result.code);
  } else expect(runOperation(workspace, operation, { baseline }).files).toEqual([]);
  expect(textsOf(workspace), 'nothing is changed').toEqual(before);
}
