// The tokens of a piece of code, for comparing code by what it says and not by how it is laid out.
import { ts } from '../kernel/parse-source.ts';

const closing: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.CloseParenToken,
  ts.SyntaxKind.CloseBracketToken,
  ts.SyntaxKind.CloseBraceToken,
]);

/** Scans token by token; knows which `}` goes on with a template, and which ends a block or object in its hole. */
function templateScanner(scanner: ts.Scanner): () => ts.SyntaxKind {
  /** For each open hole, the braces that are open in it. */
  const holes: number[] = [];
  return () => {
    const kind = scanner.scan();
    const open = holes.at(-1);
    if (kind === ts.SyntaxKind.TemplateHead) holes.push(0);
    if (open === undefined) return kind;
    if (kind === ts.SyntaxKind.OpenBraceToken) holes[holes.length - 1] = open + 1;
    if (kind !== ts.SyntaxKind.CloseBraceToken) return kind;
    if (open > 0) {
      holes[holes.length - 1] = open - 1;
      return kind;
    }
    const rest = scanner.reScanTemplateToken(false);
    if (rest === ts.SyntaxKind.TemplateTail) holes.pop();
    return rest;
  };
}

const words: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.Identifier,
  ts.SyntaxKind.PrivateIdentifier,
  ts.SyntaxKind.ThisKeyword,
  ts.SyntaxKind.SuperKeyword,
  ts.SyntaxKind.NullKeyword,
  ts.SyntaxKind.TrueKeyword,
  ts.SyntaxKind.FalseKeyword,
  ts.SyntaxKind.PlusPlusToken,
  ts.SyntaxKind.MinusMinusToken,
]);

/** Whether a value may end with this token, so that a slash behind it divides; behind others it opens a pattern. */
function endsValue(kind: ts.SyntaxKind): boolean {
  const isLiteral = kind >= ts.SyntaxKind.FirstLiteralToken && kind <= ts.SyntaxKind.LastLiteralToken;
  const isContextual = kind >= ts.SyntaxKind.AbstractKeyword && kind <= ts.SyntaxKind.LastKeyword;
  return isLiteral || isContextual || kind === ts.SyntaxKind.TemplateTail || words.has(kind) || closing.has(kind);
}

/** Scans token by token; a pattern is one token, its blanks and quotes are its own. */
function patternScanner(scanner: ts.Scanner): () => ts.SyntaxKind {
  const scan = templateScanner(scanner);
  let last = ts.SyntaxKind.Unknown;
  return () => {
    const kind = scan();
    const isSlash = kind === ts.SyntaxKind.SlashToken || kind === ts.SyntaxKind.SlashEqualsToken;
    last = isSlash && !endsValue(last) ? scanner.reScanSlashToken() : kind;
    return last;
  };
}

/** Texts of the tokens: no blanks, no comments, one kind of quote, no comma before a closing bracket. */
export function tokensOf(code: string): readonly string[] {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, code);
  const scan = patternScanner(scanner);
  const tokens: string[] = [];
  for (let kind = scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scan()) {
    if (closing.has(kind) && tokens.at(-1) === ',') tokens.pop();
    tokens.push(kind === ts.SyntaxKind.StringLiteral ? JSON.stringify(scanner.getTokenValue()) : scanner.getTokenText());
  }
  return tokens;
}

/** The tokens with `(x) =>` as `x =>`: a formatter decides which one stands there. */
function withBareParameters(tokens: readonly string[]): readonly string[] {
  const isWrapped = (at: number): boolean =>
    tokens[at] === '(' && /^[\w$]+$/.test(tokens[at + 1] ?? '') && tokens[at + 2] === ')' && tokens[at + 3] === '=>';
  return tokens.filter((_, at) => !isWrapped(at) && !isWrapped(at - 2));
}

/** Whether `code` starts with what `prefix` says, whatever the layout and the parentheses around a parameter alone. */
export function codeStartsWith(code: string, prefix: string): boolean {
  const [tokens, wanted] = [tokensOf(code), tokensOf(prefix)];
  if (startsWithTokens(tokens, wanted)) return true;
  return wanted.includes('=>') && startsWithTokens(withBareParameters(tokens), withBareParameters(wanted));
}

/** Whether two pieces of code say the same, whatever their layout and the parentheses around a parameter alone. */
export function sameCode(code: string, other: string): boolean {
  const [tokens, wanted] = [tokensOf(code), tokensOf(other)];
  return (
    sameTokens(tokens, wanted) || (wanted.includes('=>') && sameTokens(withBareParameters(tokens), withBareParameters(wanted)))
  );
}

/** Whether `tokens` begin with all of `prefix`. */
export function startsWithTokens(tokens: readonly string[], prefix: readonly string[]): boolean {
  return prefix.length <= tokens.length && prefix.every((token, at) => token === tokens[at]);
}

export function sameTokens(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && startsWithTokens(a, b);
}
