// What every house rule works on: a parsed file, its comments, and the findings a rule answers with.
import { lineOf, parseSource, ts, walk } from '../kernel/parse-source.ts';

export interface Comment {
  readonly text: string;
  readonly line: number;
  readonly endLine: number;
}

export interface HouseFile {
  /** Relative to the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly source: ts.SourceFile;
  readonly comments: readonly Comment[];
}

export interface Finding {
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  /** What was found and what to do instead. */
  readonly message: string;
}

/** A house rule: pure, over all files at once. */
export type HouseRule = (files: readonly HouseFile[]) => readonly Finding[];

/** Ranges in which `//` and a slash with a star do not begin a comment. */
function literalEnds(source: ts.SourceFile): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  walk(source, (node) => {
    const literal = ts.isStringLiteral(node) || ts.isRegularExpressionLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node);
    const part = ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
    if (literal || part) ends.set(node.getStart(source), node.getEnd());
  });
  return ends;
}

function commentEnd(text: string, at: number): number | undefined {
  if (text.startsWith('//', at)) return text.indexOf('\n', at) === -1 ? text.length : text.indexOf('\n', at);
  if (!text.startsWith('/*', at)) return undefined;
  const close = text.indexOf('*/', at + 2);
  return close === -1 ? text.length : close + 2;
}

function commentsOf(source: ts.SourceFile): readonly Comment[] {
  const { text } = source;
  const literals = literalEnds(source);
  const comments: Comment[] = [];
  let at = 0;
  while (at < text.length) {
    const end = literals.get(at) ?? commentEnd(text, at);
    if (end !== undefined && !literals.has(at)) {
      comments.push({ text: text.slice(at, end), line: lineOf(source, at), endLine: lineOf(source, end) });
    }
    at = end ?? at + 1;
  }
  return comments;
}

export function houseFile(path: string, text: string): HouseFile {
  const source = parseSource(path, text);
  return { path, text, source, comments: commentsOf(source) };
}

/** A finding at a node of a file. */
export function findingAt(rule: string, file: HouseFile, node: ts.Node, message: string): Finding {
  return { rule, path: file.path, line: lineOf(file.source, node.getStart(file.source)), message };
}

/** Every node of a file for which `check` has something to say. */
export function findingsIn(rule: string, file: HouseFile, check: (node: ts.Node) => string | undefined): readonly Finding[] {
  const findings: Finding[] = [];
  walk(file.source, (node) => {
    const message = check(node);
    if (message !== undefined) findings.push(findingAt(rule, file, node, message));
  });
  return findings;
}
