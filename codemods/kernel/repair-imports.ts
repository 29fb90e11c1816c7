// The imports of a file after its edits: what it newly needs is added in order, what it no longer uses is removed.
import { Node, type ImportDeclaration, type SourceFile } from 'ts-morph';
import { printImport, sortsBefore, type NamedImport } from './print-import.ts';
import { specifierFor } from './module-specifier.ts';
import type { Edit, ImportRequest } from './proposal.ts';
import { topLevelEffect } from './top-level-effects.ts';
import type { Workspace } from './workspace.ts';

/** Names the file's code uses (not its import and re-export lists). */
export function usedNames(file: SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  file.forEachDescendant((node, traversal) => {
    if (Node.isImportDeclaration(node) || (Node.isExportDeclaration(node) && node.getModuleSpecifier() !== undefined)) traversal.skip();
    else if (Node.isIdentifier(node)) names.add(node.getText());
  });
  return names;
}

function namedOf(declaration: ImportDeclaration): NamedImport[] {
  return declaration.getNamedImports().map((each) => ({
    name: each.getName(),
    alias: each.getAliasNode()?.getText(),
    typeOnly: declaration.isTypeOnly() || each.isTypeOnly(),
  }));
}

function localName(named: NamedImport): string {
  return named.alias ?? named.name;
}

interface Wanted {
  readonly file: SourceFile;
  readonly workspace: Workspace;
  /** Names that were used before the edits and are not any more. */
  readonly unused: ReadonlySet<string>;
  readonly requests: readonly ImportRequest[];
  readonly width: number;
}

/** The edit of one existing declaration, or undefined when it stays as it is. */
function declarationEdit(declaration: ImportDeclaration, added: readonly NamedImport[], wanted: Wanted): Edit | undefined {
  const path = wanted.file.getFilePath();
  const specifier = declaration.getModuleSpecifierValue();
  const clause = declaration.getImportClause();
  if (clause === undefined) return undefined; // `import './effects'` is never touched
  const named = namedOf(declaration);
  const kept = named.filter((each) => !wanted.unused.has(localName(each)));
  const whole = [declaration.getDefaultImport()?.getText(), declaration.getNamespaceImport()?.getText()];
  const lost = whole.some((name) => name !== undefined && wanted.unused.has(name));
  if (kept.length === named.length && added.length === 0 && !lost) return undefined;
  const others = whole.some((name) => name !== undefined && !wanted.unused.has(name));
  const range: [number, number] = [declaration.getStart(), declaration.getEnd()];
  if (kept.length + added.length === 0 && !others) {
    const target = declaration.getModuleSpecifierSourceFile();
    const loads = !declaration.isTypeOnly() && target !== undefined && topLevelEffect(target) !== undefined;
    if (loads) return { path, start: range[0], end: range[1], text: `import ${declaration.getModuleSpecifier().getText()};`, comments: 'carried' };
    return { path, start: range[0], end: pastNewline(wanted.file.getFullText(), range[1]), text: '', comments: 'deleted' };
  }
  const text = printImport({
    defaultName: whole[0] !== undefined && !wanted.unused.has(whole[0]) ? whole[0] : undefined,
    namespaceName: whole[1] !== undefined && !wanted.unused.has(whole[1]) ? whole[1] : undefined,
    named: merged(kept, added),
    specifier,
    quote: declaration.getModuleSpecifier().getText().charAt(0),
    semicolon: declaration.getText().endsWith(';'),
    width: wanted.width,
    sort: added.length > 0,
  });
  return { path, start: range[0], end: range[1], text, comments: 'deleted' };
}

/** A value import of a name takes the place of a type import of it. */
function merged(kept: readonly NamedImport[], added: readonly NamedImport[]): readonly NamedImport[] {
  const byName = new Map(kept.map((each) => [localName(each), each]));
  for (const each of added) {
    const known = byName.get(localName(each));
    if (known === undefined || (known.typeOnly && !each.typeOnly)) byName.set(localName(each), each);
  }
  return [...byName.values()];
}

function pastNewline(text: string, end: number): number {
  if (text.startsWith('\r\n', end)) return end + 2;
  return text.startsWith('\n', end) ? end + 1 : end;
}

/** Where a new declaration goes: before the first that sorts after it, else after the last, else above the first statement. */
function placeFor(file: SourceFile, specifier: string): { readonly at: number; readonly before: string; readonly after: string } {
  const declarations = file.getImportDeclarations();
  const next = declarations.find((each) => sortsBefore(specifier, each.getModuleSpecifierValue()));
  if (next !== undefined) return { at: next.getStart(), before: '', after: '\n' };
  const last = declarations.at(-1);
  if (last !== undefined) return { at: last.getEnd(), before: '\n', after: '' };
  const text = file.getFullText();
  const first = file.getStatements()[0];
  const directive = first !== undefined && Node.isExpressionStatement(first) && Node.isStringLiteral(first.getExpression());
  if (directive) return { at: first.getEnd(), before: '\n', after: '' };
  return { at: headEnd(text, first?.getStart(true) ?? text.length), before: '', after: '\n\n' };
}

/** Past a shebang and the comment that belongs to the file (set off by a blank line), at most `limit`. */
function headEnd(text: string, limit: number): number {
  const head = text.slice(0, limit);
  const blank = head.search(/\n[ \t]*\r?\n(?![\s\S]*\n[ \t]*\r?\n)/);
  if (blank >= 0) return limit - head.slice(blank).replace(/^\s+/, '').length;
  return head.startsWith('#!') ? pastNewline(text, head.indexOf('\n')) : limit - head.length;
}

interface ModuleWish {
  readonly specifier: string;
  readonly named: NamedImport[];
}

function wishes(wanted: Wanted): ReadonlyMap<string, ModuleWish> {
  const byTarget = new Map<string, ModuleWish>();
  for (const request of wanted.requests) {
    if (request.from === wanted.file.getFilePath()) continue;
    const specifier = specifierFor(wanted.workspace, request.into, request.from);
    const wish = byTarget.get(specifier) ?? { specifier, named: [] };
    wish.named.push({ name: request.name, alias: undefined, typeOnly: request.typeOnly });
    byTarget.set(specifier, wish);
  }
  return byTarget;
}

/** Edits that bring a file's imports in line with its code. */
export function importEdits(wanted: Wanted): readonly Edit[] {
  const path = wanted.file.getFilePath();
  const open = new Map(wishes(wanted));
  const edits: Edit[] = [];
  for (const declaration of wanted.file.getImportDeclarations()) {
    const target = declaration.getModuleSpecifierValue();
    const wish = declaration.getNamespaceImport() === undefined ? open.get(target) : undefined;
    if (wish !== undefined) open.delete(target);
    const have = new Map(namedOf(declaration).map((each) => [localName(each), each]));
    const missing = (wish?.named ?? []).filter((each) => {
      const known = have.get(each.name);
      return known === undefined || (known.typeOnly && !each.typeOnly);
    });
    const edit = declarationEdit(declaration, missing, wanted);
    if (edit !== undefined) edits.push(edit);
  }
  const quote = wanted.file.getImportDeclarations()[0]?.getModuleSpecifier().getText().charAt(0) ?? "'";
  const fresh = [...open.values()].toSorted((a, b) => (sortsBefore(a.specifier, b.specifier) ? -1 : 1));
  const bare = wanted.file.getImportDeclarations().length === 0;
  for (const [at, wish] of fresh.entries()) {
    const named = merged([], wish.named);
    const text = printImport({ named, specifier: wish.specifier, quote, semicolon: true, width: wanted.width, sort: true });
    const place = placeFor(wanted.file, wish.specifier);
    const after = bare && at < fresh.length - 1 ? '\n' : place.after;
    edits.push({ path, start: place.at, end: place.at, text: `${place.before}${text}${after}`, comments: 'carried' });
  }
  return edits;
}
