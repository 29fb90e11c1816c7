// Where a new import declaration goes in a file.
import { type ImportDeclaration, Node, type SourceFile } from 'ts-morph';
import { sortsBefore } from './print-import.ts';

export interface ImportPlace {
  readonly at: number;
  readonly before: string;
  readonly after: string;
}

/** Past what follows a declaration on its line: a comment there belongs to it. */
function lineEnd(text: string, end: number): number {
  const rest = /^[ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*\*\/[ \t]*(?=\r?\n))/.exec(text.slice(end))?.[0] ?? '';
  return end + rest.length;
}

/** Comments that speak to a tool about the line below them. */
const toolComment = /@ts-|eslint-|oxlint-|biome-|prettier-|c8 |v8 |istanbul /;

/** Above a declaration, and above a comment on its line for a tool. */
function above(declaration: ImportDeclaration): number {
  const comments = declaration.getLeadingCommentRanges();
  const last = comments.at(-1);
  return last !== undefined && toolComment.test(last.getText()) ? last.getPos() : declaration.getStart();
}

/** After the last declaration that sorts before it, else above the first, else above the first statement. */
export function placeForImport(file: SourceFile, specifier: string): ImportPlace {
  const text = file.getFullText();
  const declarations = file.getImportDeclarations();
  const nextAt = declarations.findIndex((each) => sortsBefore(specifier, each.getModuleSpecifierValue()));
  const previous = nextAt < 0 ? declarations.at(-1) : declarations[nextAt - 1];
  if (previous !== undefined) return { at: lineEnd(text, previous.getEnd()), before: '\n', after: '' };
  const next = declarations[nextAt];
  if (next !== undefined) return { at: above(next), before: '', after: '\n' };
  const directive = directiveOf(file);
  if (directive !== undefined) return { at: lineEnd(text, directive.getEnd()), before: '\n', after: '' };
  const first = file.getStatements()[0];
  return { at: headEnd(text, first?.getStart() ?? text.length), before: '', after: '\n\n' };
}

/** The last of the directives (`'use strict'`) a file opens with. */
function directiveOf(file: SourceFile): Node | undefined {
  const statements = file.getStatements();
  const end = statements.findIndex((each) => !(Node.isExpressionStatement(each) && Node.isStringLiteral(each.getExpression())));
  return end < 0 ? statements.at(-1) : statements[end - 1];
}

/** Past a shebang and the comment that belongs to the file (set off by a blank line), at most `limit`. */
function headEnd(text: string, limit: number): number {
  const head = text.slice(0, limit);
  const blank = head.search(/\n[ \t]*\r?\n(?![\s\S]*\n[ \t]*\r?\n)/);
  if (blank >= 0) return limit - head.slice(blank).replace(/^\s+/, '').length;
  return head.startsWith('#!') ? head.indexOf('\n') + 1 : 0;
}
