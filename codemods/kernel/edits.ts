// Turns edits of one file into its new text; edits that overlap fail the operation.
import type { Edit } from './proposal.ts';
import { lineAt } from './text-positions.ts';
import { Refusal } from './refusal.ts';

/** Sorted from the start of the file to its end; insertions at one place keep the order they were proposed in. */
export function inOrder(edits: readonly Edit[]): readonly Edit[] {
  return edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
}

function requireRange(text: string, edit: Edit): void {
  if (edit.start >= 0 && edit.start <= edit.end && edit.end <= text.length) return;
  throw new Refusal(
    'REFIT_EDIT_RANGE',
    `An edit reaches from ${String(edit.start)} to ${String(edit.end)}, the file has ${String(text.length)} characters. This is a bug of the codemod; nothing was applied.`,
    { path: edit.path, line: 1 },
  );
}

/** The text after all edits, in one pass: 1,000 edits cost one copy of the file. */
export function editedText(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let from = 0;
  let last: Edit | undefined;
  for (const edit of inOrder(edits)) {
    requireRange(text, edit);
    if (edit.start < from && last !== undefined) {
      const lines = `lines ${String(lineAt(text, last.start))} and ${String(lineAt(text, edit.start))}`;
      throw new Refusal(
        'REFIT_EDITS_OVERLAP',
        `Two edits overlap (${lines}). Nothing was applied; run the operations one after the other, or make their ranges disjoint.`,
        { path: edit.path, line: lineAt(text, edit.start) },
      );
    }
    parts.push(text.slice(from, edit.start), edit.text);
    from = edit.end;
    last = edit;
  }
  parts.push(text.slice(from));
  return parts.join('');
}
