// Comments of a file as a multiset, so that none is lost unnoticed.
import { ts } from './parse-source.ts';
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

/** Every comment of a source text, in order. Regular expressions, templates and JSX text are not mistaken for comments. */
export function commentsOf(path: string, text: string): readonly Comment[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const seen = new Map<number, Comment>();
  const collect = (ranges: readonly ts.CommentRange[] | undefined): void => {
    for (const range of ranges ?? []) {
      seen.set(range.pos, { start: range.pos, end: range.end, text: normalComment(text.slice(range.pos, range.end)) });
    }
  };
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.JsxText) return;
    if (node.getChildCount(source) === 0 || ts.isToken(node)) {
      collect(ts.getLeadingCommentRanges(text, node.pos));
      collect(ts.getTrailingCommentRanges(text, node.end));
    }
    for (const child of node.getChildren(source)) if (!ts.isJSDoc(child)) visit(child);
  };
  visit(source);
  return [...seen.values()].toSorted((a, b) => a.start - b.start);
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
