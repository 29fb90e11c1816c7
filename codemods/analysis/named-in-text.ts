// Whether a text declares what a removal names: a declaration, a member, a test, an entry of a JSON file, or the file itself.
import { basename } from 'node:path';
import { parseSource, ts, walk } from '../kernel/parse-source.ts';

function nameOf(node: ts.Node): string | undefined {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  const { name } = node as ts.NamedDeclaration; // asked of any node; those without a name answer undefined
  if (name === undefined) return undefined;
  return ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteral(name) ? name.text : undefined;
}

/** Names from the outermost named declaration to the node, so that `Class.member` is found whatever stands between. */
function pathOf(node: ts.Node): readonly string[] {
  const name = nameOf(node);
  const outside = ts.isSourceFile(node) ? [] : pathOf(node.parent);
  return name === undefined ? outside : [...outside, name];
}

function isDeclared(source: ts.SourceFile, name: string): boolean {
  const wanted = name.split('.');
  let found = false;
  walk(source, (node) => {
    if (found || nameOf(node) !== wanted.at(-1)) return;
    const path = pathOf(node);
    found = path.length >= wanted.length && path[0] === wanted[0];
  });
  return found;
}

function isTested(source: ts.SourceFile, title: string): boolean {
  let found = false;
  walk(source, (node) => {
    if (ts.isStringLiteralLike(node) && node.text === title) found = true;
  });
  return found;
}

/** `text` is undefined where the file is not there. */
export function isNamedIn(path: string, text: string | undefined, name: string): boolean {
  if (text === undefined) return false;
  if (name === basename(path)) return true;
  if (!/\.[cm]?[jt]sx?$/.test(path)) return text.includes(JSON.stringify(name));
  const source = parseSource(path, text);
  const title = /^test "(.*)"$/s.exec(name)?.[1];
  return title === undefined ? isDeclared(source, name) : isTested(source, title);
}
