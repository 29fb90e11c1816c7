// The text moved declarations have in their new module: verbatim, with the imports they need.
import { dirname, join, relative } from 'node:path';
import { type ImportDeclaration, Node, type SourceFile, type Statement } from 'ts-morph';
import { specifierFor } from '../kernel/module-specifier.ts';
import { printImport, sortsBefore } from '../kernel/print-import.ts';
import type { ImportRequest } from '../kernel/proposal.ts';
import type { Workspace } from '../kernel/workspace.ts';
import type { MovedSet, NeededImport } from './moved-set.ts';
import { extentOf, namesDeclaredBy } from './top-level.ts';

/** Columns of a printed import; the kernel's own default. */
const WIDTH = 120;

export interface Move {
  readonly workspace: Workspace;
  readonly file: SourceFile;
  /** Absolute path of the new module. */
  readonly to: string;
  readonly moved: MovedSet;
  /** Names that get the `export` keyword. */
  readonly exported: ReadonlySet<string>;
}

function statementText(move: Move, statement: Statement): string {
  const text = move.file.getFullText();
  const { start, end } = extentOf(statement);
  const at = statement.getStart();
  const hasKeyword = Node.isExportable(statement) && statement.hasExportKeyword();
  const added = !hasKeyword && namesDeclaredBy(statement).some((name) => move.exported.has(name)) ? 'export ' : '';
  return `${text.slice(start, at)}${added}${text.slice(at, end)}`;
}

/** The moved statements in the order of their old module, as far apart as they stood there. */
export function movedBody(move: Move): string {
  const text = move.file.getFullText();
  let body = '';
  let last: number | undefined;
  for (const statement of move.moved.statements) {
    const { start, end } = extentOf(statement);
    const close = last !== undefined && /^[ \t]*\r?\n[ \t]*$/.test(text.slice(last, start));
    if (last !== undefined) body += close ? '\n' : '\n\n';
    body += statementText(move, statement);
    last = end;
  }
  return body;
}

/** The specifier of an old import as the new module writes it: the same ending, from another folder. */
function movedSpecifier(move: Move, needed: NeededImport): string {
  const specifier = needed.declaration.getModuleSpecifierValue();
  if (!specifier.startsWith('.')) return specifier;
  const path = relative(dirname(move.to), join(dirname(move.file.getFilePath()), specifier)).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}

interface ImportLine {
  readonly specifier: string;
  readonly text: string;
}

function importLine(move: Move, specifier: string, needed: readonly NeededImport[]): ImportLine {
  const named = needed.filter((each) => each.kind === 'named');
  const whole = needed.filter((each) => each.kind !== 'named');
  const model = needed[0]?.declaration ?? move.file.getImportDeclarations()[0];
  const text = printImport({
    defaultName: whole.find((each) => each.kind === 'default')?.local,
    namespaceName: whole.find((each) => each.kind === 'namespace')?.local,
    named: named.map(({ name, local, typeOnly }) => ({ name, alias: local === name ? undefined : local, typeOnly })),
    specifier,
    quote: model?.getModuleSpecifier().getText().charAt(0) ?? "'",
    semicolon: model?.getText().endsWith(';') ?? true,
    width: WIDTH,
    sort: false,
  });
  const typed = named.length === 0 && whole.every((each) => each.typeOnly);
  return { specifier, text: typed ? text.replace(/^import /, 'import type ') : text };
}

/** The imports of moved code, one declaration for each it had; those that cannot be asked of the kernel are `whole`. */
function importLines(move: Move, needed: readonly NeededImport[]): readonly ImportLine[] {
  const byDeclaration = new Map<ImportDeclaration, NeededImport[]>();
  for (const each of needed) byDeclaration.set(each.declaration, [...(byDeclaration.get(each.declaration) ?? []), each]);
  return [...byDeclaration]
    .toSorted(([a], [b]) => a.getStart() - b.getStart())
    .map(([declaration, names]) => {
      const order = declaration.getNamedImports().map((each) => each.getAliasNode()?.getText() ?? each.getName());
      const sorted = names.toSorted((a, b) => order.indexOf(a.local) - order.indexOf(b.local));
      return importLine(move, movedSpecifier(move, sorted[0] ?? never(declaration)), sorted);
    });
}

function never(declaration: ImportDeclaration): never {
  throw new Error(`No name is imported by ${declaration.getText()}; this is a bug.`);
}

/** The import of what the new module still uses of its old one. */
function oldModuleLine(move: Move): readonly ImportLine[] {
  if (move.moved.fromOld.length === 0) return [];
  const specifier = specifierFor(move.workspace, move.to, move.file.getFilePath());
  const named = move.moved.fromOld.map(({ name, typeOnly }) => ({ name, alias: undefined, typeOnly }));
  return [{ specifier, text: printImport({ named, specifier, quote: "'", semicolon: true, width: WIDTH, sort: true }) }];
}

/** The whole text of a new module. `doc`: the sentence it opens with. */
export function newModuleText(move: Move, doc: string | undefined): string {
  const lines = [...importLines(move, move.moved.imports)];
  for (const line of oldModuleLine(move)) {
    const next = lines.findIndex((each) => sortsBefore(line.specifier, each.specifier));
    lines.splice(next < 0 ? lines.length : next, 0, line);
  }
  const head = doc === undefined ? '' : `/** ${doc} */\n`;
  const imports = lines.map((line) => line.text).join('\n');
  const gap = head !== '' && imports === '' ? '\n' : '';
  return `${head}${gap}${imports}${imports === '' ? '' : '\n\n'}${movedBody(move)}\n`;
}

/** What an existing module still has to import for moved code: named imports the kernel writes, others as lines. */
export function missingImports(
  move: Move,
  target: SourceFile,
): { readonly requests: readonly ImportRequest[]; readonly lines: readonly string[] } {
  const have = new Set(
    target.getImportDeclarations().flatMap((each) => [each.getDefaultImport()?.getText(), each.getNamespaceImport()?.getText()]),
  );
  const into = move.to;
  const moduleOf = (each: NeededImport): string => {
    const path = each.declaration.getModuleSpecifierSourceFile()?.getFilePath();
    return each.declaration.getModuleSpecifierValue().startsWith('.') && path !== undefined
      ? path
      : each.declaration.getModuleSpecifierValue();
  };
  const named = move.moved.imports.filter((each) => each.kind === 'named' && moduleOf(each) !== into);
  const whole = move.moved.imports.filter((each) => each.kind !== 'named' && !have.has(each.local));
  const requests = named.map((each) => ({
    into,
    name: each.name,
    alias: each.local === each.name ? undefined : each.local,
    from: moduleOf(each),
    typeOnly: each.typeOnly,
  }));
  const old = move.moved.fromOld.map(({ name, typeOnly }) => ({ into, name, from: move.file.getFilePath(), typeOnly }));
  return { requests: [...requests, ...old], lines: importLines(move, whole).map((line) => line.text) };
}
