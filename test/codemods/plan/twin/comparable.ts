// A file as it is compared with another that may be laid out and ordered in another way; what is left out of the comparison is said here.
//
// Left out: blanks and line breaks, how lines end, the kind of quotes, semicolons, commas before a closing bracket, the
// first bar of a union, parentheses around all that is returned; the order of imports and of the names in them, of declarations at
// the top of a file, of members of classes, interfaces and type literals, and of properties of object literals that only read;
// the place of comments (each must be in the same file as often). Everything else counts, token by token.
import { parseSource, ts } from '../../../../codemods/kernel/parse-source.ts';
import { commentsIn, partsOf } from './twin-source.ts';

export interface Comparable {
  readonly statements: readonly string[];
  readonly comments: readonly string[];
}

const closing: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.CloseParenToken,
  ts.SyntaxKind.CloseBracketToken,
  ts.SyntaxKind.CloseBraceToken,
]);

function isRead(node: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(node)) return isRead(node.expression);
  return ts.isIdentifier(node) || node.kind === ts.SyntaxKind.ThisKeyword || ts.isLiteralExpression(node);
}

function onlyReads(node: ts.ObjectLiteralElementLike): boolean {
  return ts.isShorthandPropertyAssignment(node) || (ts.isPropertyAssignment(node) && isRead(node.initializer));
}

/** Whether the order of what the node lists says nothing. */
function isUnordered(list: ts.Node): boolean {
  const { parent } = list;
  if (ts.isObjectLiteralExpression(parent)) return parent.properties.every(onlyReads);
  return (
    ts.isClassLike(parent) ||
    ts.isInterfaceDeclaration(parent) ||
    ts.isTypeLiteralNode(parent) ||
    ts.isNamedImports(parent) ||
    ts.isNamedExports(parent) ||
    ts.isSourceFile(parent)
  );
}

function isFirstBar(node: ts.Node, source: ts.SourceFile): boolean {
  const isBar = node.kind === ts.SyntaxKind.BarToken || node.kind === ts.SyntaxKind.AmpersandToken;
  return (
    isBar &&
    partsOf(node.parent, source)
      .find((each) => each.kind === ts.SyntaxKind.SyntaxList)
      ?.getChildAt(0, source) === node
  );
}

/** Texts of the items of a list, their separators left out. */
function itemsOf(list: ts.Node, source: ts.SourceFile): readonly string[] {
  const items = partsOf(list, source).filter((child) => child.kind !== ts.SyntaxKind.CommaToken && !isFirstBar(child, source));
  const texts = items.map((child) => tokensOf(child, source).join(' '));
  return isUnordered(list) ? texts.toSorted() : texts;
}

function tokensOf(node: ts.Node, source: ts.SourceFile): readonly string[] {
  if (node.kind === ts.SyntaxKind.SemicolonToken || node.kind === ts.SyntaxKind.EndOfFileToken) return [];
  if (ts.isParenthesizedExpression(node) && ts.isReturnStatement(node.parent)) return tokensOf(node.expression, source);
  if (ts.isStringLiteral(node)) return [JSON.stringify(node.text)];
  if (node.kind === ts.SyntaxKind.SyntaxList)
    return itemsOf(node, source).flatMap((text, at) => (at === 0 ? [text] : [',', text]));
  const children = partsOf(node, source);
  if (children.length === 0) return [node.getText(source)].filter((text) => text !== '');
  const kept = children.filter((child, at) => !isLastComma(child, children[at + 1]));
  return kept.flatMap((child) => tokensOf(child, source));
}

function isLastComma(node: ts.Node, next: ts.Node | undefined): boolean {
  return node.kind === ts.SyntaxKind.CommaToken && next !== undefined && closing.has(next.kind);
}

function commentWords(comment: string): string {
  return comment
    .replaceAll(/^\/\*+|\*\/$/g, ' ')
    .replaceAll(/^\s*\*+/gm, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** The file without what the comparison leaves out. */
export function comparable(path: string, text: string): Comparable {
  const source = parseSource(path, text.replaceAll('\r\n', '\n'));
  const statements = source.statements.map((statement) => tokensOf(statement, source).join(' '));
  return { statements: statements.toSorted(), comments: commentsIn(source).map(commentWords).toSorted() };
}

/** Characters shown before and after the place where two texts part. */
const SHOWN_CHARACTERS = 80;

function around(text: string, at: number): string {
  return text.slice(Math.max(0, at - SHOWN_CHARACTERS), at + SHOWN_CHARACTERS);
}

/** Where two files part, in words; undefined when they compare as equal. */
export function differenceBetween(path: string, one: string, other: string): string | undefined {
  const [a, b] = [comparable(path, one), comparable(path, other)].map((each) =>
    [...each.statements, ...each.comments].join('\n'),
  );
  if (a === undefined || b === undefined || a === b) return undefined;
  let at = 0;
  while (a[at] === b[at]) at += 1;
  return `${path}:\n- ${around(a, at)}\n+ ${around(b, at)}`;
}
