// Applies edits given by the text they replace to a workspace in memory, the short way for tests of the kernel.
import { applyOnce, type ApplyOptions, type ChangedFile } from '../../../codemods/kernel/apply.ts';
import { type CommentFate, Proposal } from '../../../codemods/kernel/proposal.ts';
import type { Workspace } from '../../../codemods/kernel/workspace.ts';

/** Fills a proposal and applies it. */
export function apply(workspace: Workspace, fill: (out: Proposal) => void, options: ApplyOptions = {}): readonly ChangedFile[] {
  const proposal = new Proposal();
  fill(proposal);
  return applyOnce(workspace, proposal, options);
}

/** Proposes to replace the one place in the file where `old` stands. */
export function swap(workspace: Workspace, out: Proposal, change: Swap): void {
  const path = workspace.absolute(change.path);
  const text = workspace.textOf(path) ?? '';
  const start = text.indexOf(change.old);
  if (start < 0 || text.includes(change.old, start + 1))
    throw new Error(`"${change.old}" stands not exactly once in ${change.path}`);
  out.edit(path, [start, start + change.old.length], change.put, change.comments ?? 'carried');
}

export interface Swap {
  readonly path: string;
  readonly old: string;
  readonly put: string;
  readonly comments?: CommentFate;
}

/** The texts of the workspace by path relative to its root. */
export function textsOf(workspace: Workspace): Readonly<Record<string, string>> {
  const entries = [...workspace.changes()].filter((entry): entry is [string, string] => entry[1] !== null);
  return Object.fromEntries(entries.map(([path, text]) => [workspace.relative(path), text]));
}
