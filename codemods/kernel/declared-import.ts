// One import declaration as data, and the edits that take names out of it, put names into it, or remove it.
import type { ImportDeclaration } from 'ts-morph';
import { printImport, type NamedImport } from './print-import.ts';
import type { Edit } from './proposal.ts';

/** What becomes of one declaration. */
export interface ImportChange {
  readonly declaration: ImportDeclaration;
  /** Local names that go. */
  readonly drop: ReadonlySet<string>;
  readonly add: readonly NamedImport[];
  /** The module is to be loaded even when no name is left of it. */
  readonly keepLoaded: boolean;
}

export function localName(named: NamedImport): string {
  return named.alias ?? named.name;
}

export function namedOf(declaration: ImportDeclaration): readonly NamedImport[] {
  return declaration.getNamedImports().map((each) => ({
    name: each.getName(),
    alias: each.getAliasNode()?.getText(),
    typeOnly: declaration.isTypeOnly() || each.isTypeOnly(),
  }));
}

/** Whether comments stand between its names: then its list is never printed again, only cut. */
export function hasInnerComments(declaration: ImportDeclaration): boolean {
  return declaration.getImportClause()?.getText().includes('/') === true;
}

/** Whether names can be added to it: not to `* as`, not to a default type, not past attributes or comments. */
export function takesNames(declaration: ImportDeclaration): boolean {
  if (declaration.getImportClause() === undefined || declaration.getNamespaceImport() !== undefined) return false;
  if (declaration.isTypeOnly() && declaration.getDefaultImport() !== undefined) return false;
  return declaration.getAttributes() === undefined && !hasInnerComments(declaration);
}

/** A value import of a name takes the place of a type import of it. */
export function mergedNames(kept: readonly NamedImport[], added: readonly NamedImport[]): readonly NamedImport[] {
  const byName = new Map(kept.map((each) => [localName(each), each]));
  for (const each of added) {
    const known = byName.get(localName(each));
    if (known === undefined || (known.typeOnly && !each.typeOnly)) byName.set(localName(each), each);
  }
  return [...byName.values()];
}

interface Names {
  readonly defaultName: string | undefined;
  readonly namespaceName: string | undefined;
  readonly named: readonly NamedImport[];
}

function remaining({ declaration, drop, add }: ImportChange): Names {
  const left = (name: string | undefined): string | undefined => (name === undefined || drop.has(name) ? undefined : name);
  return {
    defaultName: left(declaration.getDefaultImport()?.getText()),
    namespaceName: left(declaration.getNamespaceImport()?.getText()),
    named: mergedNames(
      namedOf(declaration).filter((each) => !drop.has(localName(each))),
      add,
    ),
  };
}

function isEmpty(names: Names): boolean {
  return names.defaultName === undefined && names.namespaceName === undefined && names.named.length === 0;
}

function bareImport(declaration: ImportDeclaration): string {
  const end = declaration.getText().endsWith(';') ? ';' : '';
  return `import ${declaration.getModuleSpecifier().getText()}${end}`;
}

/** The new text of the declaration; undefined when nothing is left of it. */
function newText(change: ImportChange, width: number): string | undefined {
  const { declaration, keepLoaded, add } = change;
  const names = remaining(change);
  if (isEmpty(names)) return keepLoaded ? bareImport(declaration) : undefined;
  const attributes = declaration.getAttributes();
  const text = printImport({
    ...names,
    specifier: declaration.getModuleSpecifierValue(),
    quote: declaration.getModuleSpecifier().getText().charAt(0),
    semicolon: attributes === undefined && declaration.getText().endsWith(';'),
    width,
    sort: add.length > 0,
    typeOnly: declaration.isTypeOnly() && (names.defaultName !== undefined || names.namespaceName !== undefined),
  });
  const whole =
    attributes === undefined ? text : `${text} ${attributes.getText()}${declaration.getText().endsWith(';') ? ';' : ''}`;
  return keepLoaded ? `${bareImport(declaration)}\n${whole}` : whole;
}

/** Cuts names out of a list with comments, the comments left where they are. */
function cuts({ declaration, drop }: ImportChange): readonly Edit[] {
  const path = declaration.getSourceFile().getFilePath();
  const text = declaration.getSourceFile().getFullText();
  return declaration
    .getNamedImports()
    .filter((each) => drop.has((each.getAliasNode() ?? each.getNameNode()).getText()))
    .map((each) => {
      const comma = /^\s*,[ \t]*/.exec(text.slice(each.getEnd()))?.[0].length ?? 0;
      return { path, start: each.getStart(), end: each.getEnd() + comma, text: '', comments: 'carried' as const };
    });
}

/** The edits of one declaration; those of `wholeRemoval` declarations come from `removals`. */
export function changeEdits(change: ImportChange, width: number): readonly Edit[] {
  const { declaration, drop, add } = change;
  if (drop.size === 0 && add.length === 0) return [];
  const text = newText(change, width);
  if (text === undefined) return [];
  if (hasInnerComments(declaration) && !isEmpty(remaining(change))) return cuts(change);
  const path = declaration.getSourceFile().getFilePath();
  return [{ path, start: declaration.getStart(), end: declaration.getEnd(), text, comments: 'deleted' }];
}

/** Whether the change leaves nothing of the declaration. */
export function isRemoval(change: ImportChange): boolean {
  return change.drop.size > 0 && !change.keepLoaded && isEmpty(remaining(change));
}

function pastNewline(text: string, end: number): number {
  const blanks = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(end))?.[0].length;
  return end + (blanks ?? 0);
}

/** Removes declarations with their lines; of the blank lines around them one is left, at the top of a file none. */
export function removalEdits(text: string, declarations: readonly ImportDeclaration[]): readonly Edit[] {
  const edits: { path: string; start: number; end: number }[] = [];
  for (const declaration of declarations) {
    const start = declaration.getStart();
    const end = pastNewline(text, declaration.getEnd());
    const last = edits.at(-1);
    if (last !== undefined && last.end === start) last.end = end;
    else edits.push({ path: declaration.getSourceFile().getFilePath(), start, end });
  }
  return edits.map(({ path, start, end }) => {
    const blankBefore = start === 0 || /\n[ \t]*\r?\n$/.test(text.slice(0, start));
    const blankAfter = blankBefore ? (/^(?:[ \t]*\r?\n)+/.exec(text.slice(end))?.[0].length ?? 0) : 0;
    return { path, start, end: end + blankAfter, text: '', comments: 'deleted' };
  });
}
