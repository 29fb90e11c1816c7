// How the imports and re-exports of other files change when names leave one module for another.
import { type ExportDeclaration, type ImportDeclaration, Node, type SourceFile, SyntaxKind } from 'ts-morph';
import { commentsOf } from '../kernel/comments.ts';
import { specifierFor } from '../kernel/module-specifier.ts';
import { type NamedImport, printImport } from '../kernel/print-import.ts';
import { placeOf, type ImportRequest } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Workspace } from '../kernel/workspace.ts';

/** Columns of a rewritten declaration; the kernel's own default. */
const WIDTH = 120;

export interface Leaving {
  readonly workspace: Workspace;
  readonly from: string;
  readonly to: string;
  /** Exported names that leave, and whether each is a type alone. */
  readonly names: ReadonlyMap<string, boolean>;
  /** Whether the new module will export exactly these names, so that `export *` of it adds nothing else. */
  readonly alone: boolean;
  /** Whether the old module keeps an export. */
  readonly oldExports: boolean;
}

export interface ImporterEdit {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Declaration = ImportDeclaration | ExportDeclaration;

export interface Specifier extends NamedImport {
  readonly node: Node;
}

/** One declaration that named the old module: what of it names the new one (`all`: `export *`). */
export interface Split {
  readonly declaration: Declaration;
  readonly gone: readonly Specifier[] | 'all';
  readonly rest: readonly Specifier[];
  /** Whether the new module is named where the old one was, and not in a declaration of its own. */
  readonly inPlace: boolean;
}

/** What happens to one declaration, or to all of a file. */
interface Change {
  readonly edits: readonly ImporterEdit[];
  readonly requests: readonly ImportRequest[];
  readonly splits: readonly Split[];
}

/** What happens to one file that imports or re-exports from the old module. */
export interface ImporterChange extends Change {
  readonly file: SourceFile;
}

const unchanged: Change = { edits: [], requests: [], splits: [] };

function specifiersOf(declaration: Declaration): readonly Specifier[] {
  const nodes = Node.isImportDeclaration(declaration) ? declaration.getNamedImports() : declaration.getNamedExports();
  return nodes.map((node) => ({
    node,
    name: node.getName(),
    alias: node.getAliasNode()?.getText(),
    typeOnly: declaration.isTypeOnly() || node.isTypeOnly(),
  }));
}

function refuseWhole(declaration: Declaration, what: string): never {
  const message = `${what} reaches the names that move through their old module. Import them by name first, or set keepOldPath.`;
  throw new Refusal('REFIT_MOVE_NAMESPACE_IMPORT', message, placeOf(declaration));
}

function print(declaration: Declaration, named: readonly NamedImport[], specifier: string): string {
  const isImport = Node.isImportDeclaration(declaration);
  const quote = declaration.getModuleSpecifier()?.getText().charAt(0) ?? "'";
  const text = printImport({
    defaultName: isImport ? declaration.getDefaultImport()?.getText() : undefined,
    named,
    specifier,
    quote,
    semicolon: declaration.getText().endsWith(';'),
    width: WIDTH,
    sort: false,
  });
  return isImport ? text : text.replace(/^import/, 'export');
}

function edit(node: Node, text: string): ImporterEdit {
  return { path: node.getSourceFile().getFilePath(), start: node.getStart(), end: node.getEnd(), text };
}

function removal(declaration: Declaration): ImporterEdit {
  const text = declaration.getSourceFile().getFullText();
  const end = /^\r?\n/.exec(text.slice(declaration.getEnd()))?.[0].length ?? 0;
  return { ...edit(declaration, ''), end: declaration.getEnd() + end };
}

/** The declaration without some of its specifiers; comments in it stay where they are. */
function without(declaration: Declaration, gone: readonly Specifier[], rest: readonly Specifier[]): readonly ImporterEdit[] {
  const old = declaration.getModuleSpecifierValue() ?? '';
  if (commentsOf('x.ts', declaration.getText()).length === 0) return [edit(declaration, print(declaration, rest, old))];
  const text = declaration.getSourceFile().getFullText();
  return gone.flatMap(({ node }) => {
    const comma = node.getNextSiblingIfKind(SyntaxKind.CommaToken);
    const blank = /^\s*/.exec(text.slice(node.getEnd()))?.[0].length ?? 0;
    const own = { ...edit(node, ''), end: node.getEnd() + blank };
    if (comma === undefined) return [own];
    // A comment may stand between a name and its comma.
    return comma.getStart() === own.end ? [{ ...own, end: comma.getEnd() }] : [own, edit(comma, '')];
  });
}

/** `export * from './old'`: the names that left are exported from their new module as well. */
function starEdits(declaration: ExportDeclaration, leaving: Leaving): readonly ImporterEdit[] {
  const { workspace, to, names } = leaving;
  const into = declaration.getSourceFile().getFilePath();
  const specifier = specifierFor(workspace, into, to);
  const quote = declaration.getModuleSpecifier()?.getText().charAt(0) ?? "'";
  if (leaving.alone && !leaving.oldExports) return specifierEdit(declaration, specifier);
  const typeWord = declaration.isTypeOnly() ? 'type ' : '';
  const named = [...names].map(([name, typeOnly]) => ({
    name,
    alias: undefined,
    typeOnly: typeOnly || declaration.isTypeOnly(),
  }));
  const added = leaving.alone
    ? `export ${typeWord}* from ${quote}${specifier}${quote}${declaration.getText().endsWith(';') ? ';' : ''}`
    : print(declaration, named, specifier);
  if (!leaving.oldExports) return [edit(declaration, added)];
  return [{ path: into, start: declaration.getEnd(), end: declaration.getEnd(), text: `\n${added}` }];
}

function specifierEdit(declaration: Declaration, specifier: string): readonly ImporterEdit[] {
  const node = declaration.getModuleSpecifier();
  const quote = node?.getText().charAt(0) ?? "'";
  return node === undefined ? [] : [edit(node, `${quote}${specifier}${quote}`)];
}

/** The target itself does not re-export what it now declares. */
function ownExport(declaration: ExportDeclaration, gone: readonly Specifier[], rest: readonly Specifier[]): Change {
  const renamed = gone.find((each) => each.alias !== undefined && each.alias !== each.name);
  if (renamed !== undefined) {
    throw new Refusal(
      'REFIT_MOVE_EXPORT_ALIAS',
      `The target exports ${renamed.name} under another name. Rename it first.`,
      placeOf(declaration),
    );
  }
  const edits = rest.length === 0 ? [removal(declaration)] : without(declaration, gone, rest);
  return { edits, requests: [], splits: [{ declaration, gone: [], rest, inPlace: true }] };
}

function exportChange(declaration: ExportDeclaration, leaving: Leaving): Change {
  if (declaration.getNamespaceExport() !== undefined) refuseWhole(declaration, `\`${declaration.getText()}\``);
  const all = specifiersOf(declaration);
  const into = declaration.getSourceFile().getFilePath();
  if (all.length === 0) {
    if (into === leaving.to) return leaving.oldExports ? unchanged : { ...unchanged, edits: [removal(declaration)] };
    return {
      edits: starEdits(declaration, leaving),
      requests: [],
      splits: [{ declaration, gone: 'all', rest: [], inPlace: true }],
    };
  }
  const gone = all.filter((each) => leaving.names.has(each.name));
  if (gone.length === 0) return unchanged;
  const rest = all.filter((each) => !gone.includes(each));
  if (into === leaving.to) return ownExport(declaration, gone, rest);
  const specifier = specifierFor(leaving.workspace, into, leaving.to);
  const splits = [{ declaration, gone, rest, inPlace: true }];
  if (rest.length === 0) return { edits: specifierEdit(declaration, specifier), requests: [], splits };
  const moved = {
    path: into,
    start: declaration.getEnd(),
    end: declaration.getEnd(),
    text: `\n${print(declaration, gone, specifier)}`,
  };
  return { edits: [...without(declaration, gone, rest), moved], requests: [], splits };
}

/** Whether the file imports from the module already, in a declaration that names can be added to. */
function importsFrom(file: SourceFile, module: string): boolean {
  return file
    .getImportDeclarations()
    .some((each) => each.getModuleSpecifierSourceFile()?.getFilePath() === module && each.getNamespaceImport() === undefined);
}

function importChange(declaration: ImportDeclaration, leaving: Leaving): Change {
  const file = declaration.getSourceFile();
  const into = file.getFilePath();
  if (declaration.getNamespaceImport() !== undefined) {
    if (usesMember(declaration, leaving.names)) refuseWhole(declaration, `\`${declaration.getText()}\``);
    return unchanged;
  }
  const all = specifiersOf(declaration);
  const gone = all.filter((each) => leaving.names.has(each.name));
  if (gone.length === 0) return unchanged;
  const rest = all.filter((each) => !gone.includes(each));
  const whole = rest.length === 0 && declaration.getDefaultImport() === undefined;
  const left = whole ? [removal(declaration)] : without(declaration, gone, rest);
  if (into === leaving.to) {
    const renamed = gone.find((each) => each.alias !== undefined && each.alias !== each.name);
    if (renamed !== undefined) {
      throw new Refusal(
        'REFIT_MOVE_NAME_TAKEN',
        `The target imports ${renamed.name} under another name. Rename it first.`,
        placeOf(declaration),
      );
    }
    return { edits: left, requests: [], splits: [{ declaration, gone: [], rest, inPlace: true }] };
  }
  if (whole && !importsFrom(file, leaving.to)) {
    const edits = specifierEdit(declaration, specifierFor(leaving.workspace, into, leaving.to));
    return { edits, requests: [], splits: [{ declaration, gone, rest, inPlace: true }] };
  }
  const requests = gone.map(({ name, alias, typeOnly }) => ({ into, name, alias, from: leaving.to, typeOnly }));
  return { edits: left, requests, splits: [{ declaration, gone, rest, inPlace: false }] };
}

/** Whether the file uses `ns.Name` of one of the names, or the namespace in a way that cannot be seen through. */
function usesMember(declaration: ImportDeclaration, names: ReadonlyMap<string, boolean>): boolean {
  const local = declaration.getNamespaceImport();
  return (local?.findReferencesAsNodes() ?? []).some((node) => {
    const parent = node.getParent();
    if (node === local || Node.isNamespaceImport(parent)) return false;
    if (Node.isPropertyAccessExpression(parent) && parent.getExpression() === node) return names.has(parent.getName());
    if (Node.isQualifiedName(parent)) return names.has(parent.getRight().getText());
    return true;
  });
}

/** What every file that imports or re-exports one of the names needs. */
export function importerChanges(leaving: Leaving): readonly ImporterChange[] {
  const { workspace, from } = leaving;
  return workspace.sourceFiles().flatMap((file): readonly ImporterChange[] => {
    if (file.getFilePath() === from) return [];
    const changes = [...file.getImportDeclarations(), ...file.getExportDeclarations()]
      .filter((each) => each.getModuleSpecifierSourceFile()?.getFilePath() === from)
      .map((each) => (Node.isImportDeclaration(each) ? importChange(each, leaving) : exportChange(each, leaving)));
    const edits = changes.flatMap((each) => each.edits);
    const requests = changes.flatMap((each) => each.requests);
    return edits.length + requests.length === 0
      ? []
      : [{ file, edits, requests, splits: changes.flatMap((each) => each.splits) }];
  });
}
