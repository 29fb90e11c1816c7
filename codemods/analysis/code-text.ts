// Text of new code: doc comments, parameter lists and calls that fit their line, and source text with replacements.
import type { Node } from 'ts-morph';
import { indentAt, lineStart, newlineOf } from '../kernel/text-positions.ts';

/** Columns a line of new code may have. */
export const LINE_WIDTH = 120;

const COMMENT_FRAME = 3; // the ` * ` before a line of a doc comment

/** A doc comment of the text: one line when it fits, else wrapped; line breaks of the text are kept. */
export function docComment(text: string, indent = ''): string {
  const line = `/** ${text} */`;
  if (!text.includes('\n') && indent.length + line.length <= LINE_WIDTH) return line;
  const width = LINE_WIDTH - indent.length - COMMENT_FRAME;
  const lines = text.split('\n').flatMap((paragraph) => wrapped(paragraph, width));
  return ['/**', ...lines.map((each) => `${indent} *${each === '' ? '' : ` ${each}`}`), `${indent} */`].join('\n');
}

function wrapped(paragraph: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

/** A list in parentheses, and the line it will stand in. */
export interface ListInLine {
  readonly head: string;
  readonly items: readonly string[];
  readonly tail: string;
  /** The indentation of the line. */
  readonly indent: string;
  /** Columns of the line in front of the head (default: the indentation's) and behind the tail. */
  readonly column?: number;
  readonly behind?: number;
}

/** Whether `head(items)tail` fits its line. */
export function fitsLine({ head, items, tail, indent, column = indent.length, behind = 0 }: ListInLine): boolean {
  const [first = ''] = `${head}(${items.join(', ')})${tail}`.split('\n');
  return !items.some((item) => item.includes('\n')) && column + first.length + behind <= LINE_WIDTH;
}

/** `head(items)tail` on one line when it fits, else one item a line. */
export function listed(list: ListInLine): string {
  const { head, items, tail, indent } = list;
  if (items.length === 0 || fitsLine(list)) return `${head}(${items.join(', ')})${tail}`;
  return `${head}(\n${items.map((item) => `${indent}  ${item},\n`).join('')}${indent})${tail}`;
}

/** The text between two parentheses of the source, printed anew with other items. */
export function relisted(text: string, open: number, close: number, items: readonly string[]): string {
  const indent = indentAt(text, open);
  const lineEnd = text.indexOf('\n', close);
  const behind = (lineEnd < 0 ? text.length : lineEnd) - close - 1;
  return listed({ head: '', items, tail: '', indent, column: open - lineStart(text, open), behind }).slice(1, -1);
}

/** A replacement inside a piece of source text, by offsets of the file. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The file's text from `start` to `end` with the replacements that lie in it; of nested ones the outer counts. */
export function replacedText(
  node: Node,
  range: readonly [start: number, end: number],
  replacements: readonly Replacement[],
): string {
  const text = node.getSourceFile().getFullText();
  const inside = replacements.filter((each) => each.start >= range[0] && each.end <= range[1]);
  const outer = inside.filter(
    (each) =>
      !inside.some(
        (other) =>
          other !== each && other.start <= each.start && each.end <= other.end && other.end - other.start > each.end - each.start,
      ),
  );
  let result = '';
  let from = range[0];
  for (const each of outer.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(from, each.start) + each.text;
    from = each.end;
  }
  const all = result + text.slice(from, range[1]);
  return newlineOf(text) === '\r\n' ? all.replaceAll('\r\n', '\n') : all;
}

/** From the comments directly above the first statement to the comment at the end of the last one's line. */
export function rangeWithComments(nodes: readonly [Node, ...Node[]]): readonly [start: number, end: number] {
  const [first] = nodes;
  const last = nodes.at(-1) ?? first;
  const text = first.getSourceFile().getFullText();
  let start = first.getStart();
  for (const comment of first.getLeadingCommentRanges().toReversed()) {
    const between = text.slice(comment.getEnd(), start);
    const ownLine = text.slice(0, comment.getPos()).match(/(?:^|\n)[ \t]*$/) !== null;
    if (!ownLine || /\n\s*\n/.test(between)) break;
    start = comment.getPos();
  }
  const trailing = last
    .getTrailingCommentRanges()
    .filter((comment) => !text.slice(last.getEnd(), comment.getPos()).includes('\n'));
  return [start, trailing.at(-1)?.getEnd() ?? last.getEnd()];
}
