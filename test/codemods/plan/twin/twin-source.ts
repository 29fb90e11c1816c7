// One file of the twin: every renamable name another one, members and declarations in another order, laid out anew.
import { format, type FormatConfig } from 'oxfmt';
import { parseSource, ts, walk } from '../../../../codemods/kernel/parse-source.ts';

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function edited(text: string, edits: readonly Edit[]): string {
  const ordered = edits.toSorted((a, b) => b.start - a.start);
  return ordered.reduce((done, { start, end, text: by }) => done.slice(0, start) + by + done.slice(end), text);
}

const identifier = /[A-Za-z_$][\w$]*/g;

/** Names in a sentence: those that are a name of the code. */
export function renamedProse(text: string, rename: (name: string) => string): string {
  return text.replaceAll(identifier, (name) => rename(name));
}

/** Names in a piece of code, which need not be whole; what is in quotes stays. */
export function renamedCode(text: string, rename: (name: string) => string): string {
  return text.replaceAll(/'[^']*'|"[^"]*"|[A-Za-z_$][\w$]*/g, (found) => (/^['"]/.test(found) ? found : rename(found)));
}

/** The parts of a node, tokens among them, but no documentation comments. */
export function partsOf(node: ts.Node, source: ts.SourceFile): readonly ts.Node[] {
  return node.getChildren(source).filter(({ kind }) => kind < ts.SyntaxKind.FirstJSDocNode || kind > ts.SyntaxKind.LastJSDocNode);
}

/** Ranges of the comments of a file: all that is between tokens and not blank. */
function commentRanges(source: ts.SourceFile): readonly ts.CommentRange[] {
  const ranges = new Map<number, ts.CommentRange>();
  const note = (found: readonly ts.CommentRange[] | undefined): void => {
    for (const range of found ?? []) ranges.set(range.pos, range);
  };
  const visit = (node: ts.Node): void => {
    if (node.getChildCount(source) === 0) {
      note(ts.getLeadingCommentRanges(source.text, node.getFullStart()));
      note(ts.getTrailingCommentRanges(source.text, node.getEnd()));
    }
    for (const child of partsOf(node, source)) visit(child);
  };
  visit(source);
  return [...ranges.values()];
}

/** Comments of a file, in order. */
export function commentsIn(source: ts.SourceFile): readonly string[] {
  const ranges = commentRanges(source).toSorted((a, b) => a.pos - b.pos);
  return ranges.map(({ pos, end }) => source.text.slice(pos, end));
}

/** What stands between the quotes. */
function renamedText(node: ts.StringLiteral, source: ts.SourceFile, rename: (name: string) => string): string {
  return rename(node.getText(source).slice(1, -1));
}

/** Renames in code, comments and texts that are a name and nothing else. */
export function renamedSource(path: string, text: string, rename: (name: string) => string): string {
  const source = parseSource(path, text);
  const edits: Edit[] = [];
  walk(source, (node) => {
    if (ts.isIdentifier(node)) edits.push({ start: node.getStart(source), end: node.getEnd(), text: rename(node.text) });
    if (ts.isStringLiteral(node))
      edits.push({ start: node.getStart(source) + 1, end: node.getEnd() - 1, text: renamedText(node, source, rename) });
  });
  const comments = commentRanges(source).map(({ pos, end }) => ({
    start: pos,
    end,
    text: renamedProse(text.slice(pos, end), rename),
  }));
  return edited(text, [...edits, ...comments]);
}

/** Puts each node in the place of another, the last first. */
function reversed(nodes: readonly ts.Node[], source: ts.SourceFile): readonly Edit[] {
  const texts = nodes.map((node) => node.getFullText(source)).toReversed();
  return nodes.map((node, at) => ({ start: node.getFullStart(), end: node.getEnd(), text: texts[at] ?? '' }));
}

function hasBody(node: ts.Node): boolean {
  return 'body' in node && node.body !== undefined;
}

/** Declarations that are there before the first statement runs, whatever their place. */
function isHoisted(node: ts.Statement): boolean {
  return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || (ts.isFunctionDeclaration(node) && hasBody(node));
}

function reversedMembers(path: string, text: string): string {
  const source = parseSource(path, text);
  const edits: Edit[] = [];
  for (const statement of source.statements) {
    if (ts.isInterfaceDeclaration(statement)) edits.push(...reversed(statement.members, source));
    if (ts.isClassDeclaration(statement)) edits.push(...reversed(statement.members.filter(ts.isMethodDeclaration), source));
  }
  return edited(text, edits);
}

function reversedDeclarations(path: string, text: string): string {
  const source = parseSource(path, text);
  // The comment above the first statement may be the file's.
  return edited(text, reversed(source.statements.slice(1).filter(isHoisted), source));
}

/** Other members first, other declarations first. */
export function reordered(path: string, text: string): string {
  return reversedDeclarations(path, reversedMembers(path, text));
}

/** How the twin is laid out. */
export type Layout = Pick<FormatConfig, 'tabWidth' | 'useTabs' | 'semi' | 'singleQuote' | 'trailingComma'> & {
  readonly newline: '\n' | '\r\n';
};

const PRINT_WIDTH = 100;

/** Laid out anew. */
export async function laidOutAnew(path: string, text: string, { newline, ...style }: Layout): Promise<string> {
  // The formatter leaves line ends within templates and comments; here all lines end alike.
  const { code, errors } = await format(path, text, { ...style, printWidth: PRINT_WIDTH });
  if (errors.length > 0) throw new Error(`${path}: ${errors.map((each) => each.message).join('; ')}`);
  return code.replaceAll('\n', newline);
}
