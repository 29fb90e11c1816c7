// Comments of a file as a multiset, so that none is lost unnoticed.
import { parseSource, ts, walk } from './parse-source.ts';
import type { CommentFate } from './proposal.ts';

export interface Comment {
  readonly start: number;
  readonly end: number;
  /** Without the stars and blanks that depend on where the comment stands. */
  readonly text: string;
}

/** A comment's words, independent of indentation and of the kind of newline. */
export function normalComment(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) =>
      line
        .trim()
        .replace(/^(?:\/\*+|\/\/+|\*(?!\/))/, '')
        .replace(/\*+\/$/, '')
        .trim(),
    )
    .filter((line) => line !== '')
    .join('\n');
}

/** Start → end of what may hold slashes that begin no comment: texts, templates, regular expressions, the text of JSX. */
function literalRanges(source: ts.SourceFile): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  walk(source, (node) => {
    if (ts.isJsxText(node)) ends.set(node.pos, node.end);
    else if (ts.isLiteralExpression(node) || ts.isTemplateMiddleOrTemplateTail(node) || ts.isTemplateHead(node)) {
      ends.set(node.getStart(source), node.end);
    }
  });
  return ends;
}

const restOfLine = /[^\r\n\u2028\u2029]*/y;

function lineEnd(text: string, at: number): number {
  restOfLine.lastIndex = at;
  return at + (restOfLine.exec(text)?.[0].length ?? 0);
}

function commentEnd(text: string, at: number): number | undefined {
  if (text.startsWith('//', at)) return lineEnd(text, at);
  if (!text.startsWith('/*', at)) return undefined;
  const close = text.indexOf('*/', at + 2);
  return close < 0 ? text.length : close + 2;
}

/** Every comment of a source text, in order. Regular expressions, templates and JSX text are not mistaken for comments. */
export function commentsOf(path: string, text: string): readonly Comment[] {
  const literals = literalRanges(parseSource(path, text));
  const starts = [...literals.keys()].toSorted((a, b) => a - b);
  const comments: Comment[] = [];
  let literal = 0;
  let at = text.startsWith('#!') ? lineEnd(text, 0) : 0;
  while (at < text.length) {
    const slash = text.indexOf('/', at);
    if (slash < 0) break;
    while ((starts[literal] ?? text.length) < at) literal += 1;
    const next = starts[literal] ?? text.length;
    if (next <= slash) {
      at = literals.get(next) ?? text.length;
      literal += 1;
      continue;
    }
    const end = commentEnd(text, slash);
    if (end !== undefined) comments.push({ start: slash, end, text: normalComment(text.slice(slash, end)) });
    at = end ?? slash + 1;
  }
  return comments;
}

/** What must hold of the comments that stood in changed ranges. */
export interface CommentDuty {
  readonly path: string;
  readonly text: string;
  readonly fate: CommentFate;
}

/**
 * The first comment that is lost: `before` and `after` are the texts of all comments of the changed files,
 * `duties` those in replaced ranges. Undefined when every one is where it must be.
 */
export function lostComment(
  before: readonly string[],
  after: readonly string[],
  duties: readonly CommentDuty[],
): string | undefined {
  const count = (texts: readonly string[]): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
    return counts;
  };
  const now = count(after);
  const excused = count(duties.filter((duty) => duty.fate !== 'carried').map((duty) => duty.text));
  const atLeastOnce = new Set(duties.filter((duty) => duty.fate === 'merged').map((duty) => duty.text));
  for (const [text, times] of count(before)) {
    const left = now.get(text) ?? 0;
    if (left < times - (excused.get(text) ?? 0)) return text;
    if (atLeastOnce.has(text) && left === 0) return text;
  }
  return undefined;
}
