// The ranges of text to cut so that declarations go with their comments and leave no gap of blank lines behind.
import { ts } from 'ts-morph';
import { lineStart, nextLineStart } from '../kernel/text-positions.ts';

export type Range = readonly [start: number, end: number];

/** Where the comments begin that belong to a node: those above it with no blank line in between. */
export function attachedStart(text: string, node: ts.Node): number {
  const comments = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  let start = node.getStart();
  for (const comment of comments.toReversed()) {
    if (/\n[ \t]*\r?\n/.test(text.slice(comment.end, start))) break;
    if (text.slice(lineStart(text, comment.pos), comment.pos).trim() !== '') break; // ends the line of what stands before
    start = comment.pos;
  }
  return start;
}

/** A node with its comments; whole lines when nothing else stands on them. */
function wholeRange(text: string, node: ts.Node): Range {
  const start = attachedStart(text, node);
  const trailing = ts.getTrailingCommentRanges(text, node.getEnd())?.at(-1);
  const end = trailing?.end ?? node.getEnd();
  const alone =
    text.slice(lineStart(text, start), start).trim() === '' && text.slice(end, nextLineStart(text, end)).trim() === '';
  return alone ? [lineStart(text, start), nextLineStart(text, end)] : [start, end];
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

/** Blank lines after the cut go when there are some before it as well, or nothing; those before it when a block or the file ends after it. */
function withoutGap(text: string, [start, end]: Range): Range {
  if (start !== lineStart(text, start)) return [start, end];
  const before = text.slice(0, start);
  const gapBefore =
    /(?:\r?\n[ \t]*)*\r?\n$/.exec(before.trimEnd() === '' ? before : before.slice(before.trimEnd().length))?.[0] ?? '';
  const opens = /[{([]$/.test(before.trimEnd()) || before.trim() === '';
  const blankBefore = (gapBefore.match(/\n/g) ?? []).length > 1;
  const rest = text.slice(end);
  const gapAfter = /^(?:[ \t]*\r?\n)*/.exec(rest)?.[0] ?? '';
  const closes = isBlank(rest) || /^[})\]]/.test(rest.trimStart());
  if (closes && blankBefore)
    return [
      before.trimEnd().length + (/^\r?\n/.exec(before.slice(before.trimEnd().length))?.[0].length ?? 0),
      end + gapAfter.length,
    ];
  return blankBefore || opens ? [start, end + gapAfter.length] : [start, end];
}

/** The cuts that take the nodes (of one file) out; nodes that follow each other are one cut. */
export function removalRanges(text: string, nodes: readonly ts.Node[]): readonly Range[] {
  const sorted = nodes.map((node) => wholeRange(text, node)).toSorted((a, b) => a[0] - b[0]);
  const merged: Range[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && isBlank(text.slice(last[1], range[0])))
      merged[merged.length - 1] = [last[0], Math.max(last[1], range[1])];
    else merged.push(range);
  }
  return merged.map((range) => withoutGap(text, range));
}

/** The cuts of some items of a comma-separated list, with their commas and line ends. */
export function listCuts(text: string, items: readonly ts.Node[], gone: ReadonlySet<ts.Node>): readonly Range[] {
  const cuts: Range[] = [];
  for (let first = 0; first < items.length; first += 1) {
    let last = first;
    while (last < items.length && isIn(gone, items[last])) last += 1;
    if (last === first) continue;
    const run = { before: items[first - 1], first: items[first], last: items[last - 1], after: items[last] };
    if (run.first !== undefined && run.last !== undefined) cuts.push(runCut(text, { ...run, first: run.first, last: run.last }));
    first = last;
  }
  return cuts;
}

function isIn(nodes: ReadonlySet<ts.Node>, node: ts.Node | undefined): boolean {
  return node !== undefined && nodes.has(node);
}

interface Run {
  readonly before: ts.Node | undefined;
  readonly first: ts.Node;
  readonly last: ts.Node;
  readonly after: ts.Node | undefined;
}

function runCut(text: string, run: Run): Range {
  if (run.after !== undefined) return [attachedStart(text, run.first), attachedStart(text, run.after)];
  return [run.before?.getEnd() ?? attachedStart(text, run.first), run.last.getEnd()];
}
