// Reads a text as lines of code: what a line says, whatever its blanks, comments, indentation, trailing commas and line breaks.
import { lineOf, parseSource, ts } from '../../kernel/parse-source.ts';

/** A statement, a member, a property or a closing brace: one line, or several where it is broken into lines. */
export interface CodeLine {
  /** Its physical lines that hold more than blanks and comments, ascending, from 1. */
  readonly lines: readonly number[];
  /** Equal for lines that say the same. */
  readonly key: string;
  /** Without commas: where a list is broken into lines, they come and go. */
  readonly tokens: readonly string[];
  /** Letters and digits on it. */
  readonly weight: number;
  /** Nothing but punctuation and keywords: `}`, `return;`, `} else {`. */
  readonly trivial: boolean;
  /** Names of the classes and functions around it, outermost first, joined by dots. */
  readonly owner: string;
  /** The innermost of these names. */
  readonly name: string;
}

interface Token {
  readonly text: string;
  readonly trivial: boolean;
}

/** A physical line. */
interface Found {
  readonly tokens: Token[];
  readonly owners: readonly string[];
  /** Whether it goes on with what the line above began. */
  readonly continues: boolean;
}

/** What is gathered of one file. */
interface Reading {
  readonly source: ts.SourceFile;
  readonly lines: Map<number, Found>;
  /** Positions at which something begins that is a line of its own where it stands first on one. */
  readonly beginnings: Set<number>;
}

function within(kind: ts.SyntaxKind, first: ts.SyntaxKind, last: ts.SyntaxKind): boolean {
  return kind >= first && kind <= last;
}

function isTrivial(leaf: ts.Node): boolean {
  const { kind } = leaf;
  if (within(kind, ts.SyntaxKind.FirstPunctuation, ts.SyntaxKind.LastPunctuation)) return true;
  return within(kind, ts.SyntaxKind.FirstKeyword, ts.SyntaxKind.LastKeyword) || leaf.getText() === 'undefined';
}

function nameOf(node: ts.Node): string | undefined {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (ts.isClassLike(node) || ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node)) return node.name?.text;
  if (ts.isMethodDeclaration(node) || ts.isAccessor(node)) return node.name.getText();
  const isFunction = (value: ts.Node | undefined): boolean =>
    value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value));
  const holds = ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node) || ts.isPropertyDeclaration(node);
  return holds && isFunction(node.initializer) ? node.name.getText() : undefined;
}

const { SyntaxKind } = ts;

const begins: ReadonlySet<ts.SyntaxKind> = new Set([
  SyntaxKind.PropertyAssignment,
  SyntaxKind.ShorthandPropertyAssignment,
  SyntaxKind.SpreadAssignment,
  SyntaxKind.CaseClause,
  SyntaxKind.DefaultClause,
  SyntaxKind.EnumMember,
  SyntaxKind.JsxElement,
  SyntaxKind.JsxSelfClosingElement,
  SyntaxKind.JsxClosingElement,
  SyntaxKind.JsxExpression,
]);

function isBeginning(node: ts.Node): boolean {
  if (ts.isBlock(node)) return false;
  if (ts.isStatement(node) || ts.isClassElement(node) || ts.isTypeElement(node) || begins.has(node.kind)) return true;
  return node.parent !== undefined && ts.isArrayLiteralExpression(node.parent) && ts.isExpression(node);
}

/** Closes a list of such beginnings. */
function isClosing(leaf: ts.Node): boolean {
  if (leaf.kind === SyntaxKind.CloseBracketToken) return ts.isArrayLiteralExpression(leaf.parent);
  return leaf.kind === SyntaxKind.CloseBraceToken && !ts.isNamedImports(leaf.parent) && !ts.isNamedExports(leaf.parent);
}

/** A token over several lines, a template or the text of an element, gives each of them its part. */
function addToken(leaf: ts.Node, owners: readonly string[], { source, lines, beginnings }: Reading): void {
  const trivial = isTrivial(leaf);
  const starts = beginnings.has(leaf.getStart(source)) || isClosing(leaf);
  const first = lineOf(source, leaf.getStart(source));
  for (const [offset, part] of leaf.getText(source).split('\n').entries()) {
    const text = ts.isJsxText(leaf) ? part.trim() : part.replace(/\r$/, '');
    if (text.trim() === '') continue;
    const found = lines.get(first + offset) ?? { tokens: [], owners, continues: offset > 0 || !starts };
    found.tokens.push({ text, trivial });
    lines.set(first + offset, found);
  }
}

function addTokens(node: ts.Node, around: readonly string[], reading: Reading): void {
  const name = nameOf(node);
  const owners = name === undefined ? around : [...around, name];
  if (isBeginning(node)) reading.beginnings.add(node.getStart(reading.source));
  const children = node.getChildren(reading.source).filter((child) => !ts.isJSDoc(child));
  for (const child of children) addTokens(child, owners, reading);
  if (children.length === 0 && node.getStart(reading.source) < node.getEnd()) addToken(node, owners, reading);
}

/** Physical lines that are one line of code. */
interface Joined {
  readonly lines: number[];
  readonly tokens: Token[];
  readonly owners: readonly string[];
}

function codeLine({ lines, tokens, owners }: Joined): CodeLine {
  const listed = tokens.filter(({ text }, at) => text !== ',' || !/^[)\]}>]?$/.test(tokens[at + 1]?.text ?? ''));
  const key = listed.map((token) => token.text).join(' ');
  return {
    lines,
    key,
    tokens: listed.map((token) => token.text).filter((text) => text !== ','),
    weight: key.replaceAll(/[^\p{L}\p{N}]/gu, '').length,
    trivial: listed.every((token) => token.trivial),
    owner: owners.join('.'),
    name: owners.at(-1) ?? '',
  };
}

/** The lines of code of a text, in order; a byte order mark and the line ends of Windows change nothing. */
export function codeLinesOf(path: string, text: string): readonly CodeLine[] {
  const source = parseSource(path, text.replace(/^\uFEFF/, ''));
  const lines = new Map<number, Found>();
  addTokens(source, [], { source, lines, beginnings: new Set() });
  const joined: Joined[] = [];
  for (const [line, { tokens, owners, continues }] of [...lines].toSorted(([left], [right]) => left - right)) {
    const last = joined.at(-1);
    if (continues && last !== undefined) {
      last.lines.push(line);
      last.tokens.push(...tokens);
    } else joined.push({ lines: [line], tokens: [...tokens], owners });
  }
  return joined.map(codeLine);
}
