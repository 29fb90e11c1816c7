// The imports of a file after its edits: what it newly needs is added in order, what it no longer uses is removed.
import type { ImportDeclaration, Node, SourceFile } from 'ts-morph';
import {
  changeEdits,
  isRemoval,
  localName,
  mergedNames,
  namedOf,
  removalEdits,
  takesNames,
  type ImportChange,
} from './declared-import.ts';
import { placeForImport } from './import-place.ts';
import { effectLostWith, isLoaded, loadedTargets } from './loaded-modules.ts';
import { specifierFor } from './module-specifier.ts';
import { outerNamesUsed, type OuterNames } from './outer-names.ts';
import { ts } from './parse-source.ts';
import { printImport, sortsBefore, type NamedImport } from './print-import.ts';
import type { Edit, ImportRequest } from './proposal.ts';
import { Refusal } from './refusal.ts';
import type { Workspace } from './workspace.ts';

export interface ImportRepair {
  readonly workspace: Workspace;
  /** The file after the edits. */
  readonly file: SourceFile;
  /** What its code used before them; undefined for a new file. */
  readonly before: OuterNames | undefined;
  readonly requests: readonly ImportRequest[];
  /** Columns a line may have. */
  readonly width: number;
}

/** A change under construction. */
interface Draft {
  readonly declaration: ImportDeclaration;
  readonly drop: Set<string>;
  readonly add: NamedImport[];
}

function isFrom(repair: ImportRepair, declaration: ImportDeclaration, from: string): boolean {
  const specifier = declaration.getModuleSpecifierValue();
  if (!from.startsWith('/')) return specifier === from;
  return repair.workspace.targetOf(declaration)?.getFilePath() === from || specifier === specifierOf(repair, from);
}

function specifierOf({ workspace, file }: ImportRepair, from: string): string {
  return specifierFor(workspace, file.getFilePath(), from);
}

/** Every local name an import binds, in order. */
function boundNames(declaration: ImportDeclaration): readonly string[] {
  const whole = [declaration.getDefaultImport(), declaration.getNamespaceImport()].filter((each) => each !== undefined);
  return [...whole.map((each) => each.getText()), ...namedOf(declaration).map(localName)];
}

function declaresAtTop(file: SourceFile, name: string): boolean {
  const { statements } = file.compilerNode;
  return statements.some((statement) => {
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.some((each) => each.name.getText() === name);
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) return statement.name?.text === name;
    const named = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) || ts.isEnumDeclaration(statement);
    return named && statement.name.text === name;
  });
}

/** The name a request binds in the file. */
function requestedLocal(request: ImportRequest): string {
  return request.alias ?? request.name;
}

function namedImportOf(request: ImportRequest): NamedImport {
  return { name: request.name, alias: request.alias, typeOnly: request.typeOnly };
}

/** The file has no other thing of the requested name. */
function requireFreeName(repair: ImportRepair, drafts: readonly Draft[], request: ImportRequest): void {
  const { file, workspace } = repair;
  const local = requestedLocal(request);
  const holder = drafts.find(({ declaration, drop }) => {
    return !isFrom(repair, declaration, request.from) && !drop.has(local) && boundNames(declaration).includes(local);
  });
  if (holder === undefined && !declaresAtTop(file, local)) return;
  const what =
    holder === undefined ? 'a declaration of the file' : `the import from ${holder.declaration.getModuleSpecifierValue()}`;
  throw new Refusal(
    'REFIT_IMPORT_NAME_TAKEN',
    `${workspace.relative(file.getFilePath())} needs ${local} from ${specifierOf(repair, request.from)}, but ${what} has that name already. Rename one of them first. Nothing was applied.`,
    { path: workspace.relative(file.getFilePath()), line: holder?.declaration.getStartLineNumber() ?? 1 },
  );
}

/** Puts a request into an existing declaration of its module, or answers that a new one is needed. */
function place(repair: ImportRepair, drafts: readonly Draft[], request: ImportRequest): boolean {
  const own = drafts.filter(({ declaration }) => isFrom(repair, declaration, request.from));
  const bindings = own.flatMap((draft) => namedOf(draft.declaration).map((named) => ({ draft, named })));
  const known = bindings.find(({ draft, named }) => {
    return named.name === request.name && named.alias === request.alias && !draft.drop.has(requestedLocal(request));
  });
  if (known !== undefined && (request.typeOnly || !known.named.typeOnly)) return true;
  const open = own.filter(({ declaration }) => takesNames(declaration));
  const fitting = open.find(({ declaration }) => declaration.isTypeOnly() === request.typeOnly) ?? open[0];
  if (known !== undefined && known.draft !== fitting) known.draft.drop.add(requestedLocal(request));
  if (fitting === undefined) return false;
  fitting.add.push(namedImportOf(request));
  return true;
}

function draftsOf(repair: ImportRepair, after: OuterNames): readonly Draft[] {
  const { before } = repair;
  return repair.file.getImportDeclarations().map((declaration) => {
    const unused = before === undefined ? [] : boundNames(declaration).filter((name) => before.has(name) && !after.has(name));
    return { declaration, drop: new Set(unused), add: [] };
  });
}

/** Whether the change stops the file from loading a module whose loading can be seen. */
function losesAnEffect(repair: ImportRepair, drafts: readonly Draft[], draft: Draft, after: OuterNames): boolean {
  const { workspace, file, before } = repair;
  const { declaration } = draft;
  const target = workspace.targetOf(declaration);
  const wasLoaded = before !== undefined && isLoaded(workspace, declaration, before);
  if (draft.drop.size === 0 || !wasLoaded || target === undefined || target.isDeclarationFile()) return false;
  if (draft.add.some((each) => !each.typeOnly)) return false;
  const kept = boundNames(declaration).filter((name) => !draft.drop.has(name));
  if (kept.some((name) => after.get(name) === 'value')) return false;
  const gone = new Set<Node>(drafts.filter((each) => each.drop.size > 0).map((each) => each.declaration));
  const requested = repair.requests.filter((each) => !each.typeOnly).map((each) => workspace.findSourceFile(each.from));
  const others = [...loadedTargets(workspace, file, after, gone), ...requested.filter((each) => each !== undefined)];
  return effectLostWith(workspace, target, others) !== undefined;
}

export interface ImportEdits {
  readonly edits: readonly Edit[];
  /** What no existing declaration can take: new declarations, for the file after `edits`. */
  readonly fresh: readonly ImportRequest[];
}

/** Edits of the declarations the file has, and what is left to declare. */
export function existingImportEdits(repair: ImportRepair): ImportEdits {
  const after = outerNamesUsed(repair.workspace, repair.file);
  const drafts = draftsOf(repair, after);
  const requests = repair.requests.filter((request) => request.from !== repair.file.getFilePath());
  for (const request of requests) requireFreeName(repair, drafts, request);
  const fresh = requests.filter((request) => !place(repair, drafts, request));
  const changes = drafts.map((draft): ImportChange => ({ ...draft, keepLoaded: losesAnEffect(repair, drafts, draft, after) }));
  const removed = changes.filter(isRemoval).map((change) => change.declaration);
  const edits = changes.filter((change) => !isRemoval(change)).flatMap((change) => changeEdits(change, repair.width));
  return { edits: [...edits, ...removalEdits(repair.file.getFullText(), removed)], fresh };
}

/** Edits that declare the fresh imports in a file, in order. */
export function freshImportEdits(repair: ImportRepair, fresh: readonly ImportRequest[]): readonly Edit[] {
  const { file } = repair;
  const path = file.getFilePath();
  const bySpecifier = new Map<string, NamedImport[]>();
  for (const request of fresh) {
    const specifier = specifierOf(repair, request.from);
    const named = bySpecifier.get(specifier) ?? [];
    bySpecifier.set(specifier, [...named, namedImportOf(request)]);
  }
  const declarations = file.getImportDeclarations();
  const quote = declarations[0]?.getModuleSpecifier().getText().charAt(0) ?? "'";
  const wanted = [...bySpecifier].toSorted(([a], [b]) => (sortsBefore(a, b) ? -1 : 1));
  return wanted.map(([specifier, named], index) => {
    const text = printImport({
      named: mergedNames([], named),
      specifier,
      quote,
      semicolon: true,
      width: repair.width,
      sort: true,
    });
    const { at, before, after } = placeForImport(file, specifier);
    const closing = declarations.length === 0 && index < wanted.length - 1 ? after.slice(0, 1) : after;
    return { path, start: at, end: at, text: `${before}${text}${closing}`, comments: 'carried' };
  });
}
