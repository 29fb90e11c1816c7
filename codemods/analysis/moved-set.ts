// What moves with the declarations that are named: their private helpers, and what the two modules then need of each other.
import { type ImportDeclaration, Node, type SourceFile, type Statement, VariableDeclarationKind } from 'ts-morph';
import { nearestOf } from '../kernel/nearest.ts';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import { isModuleLevel, type NameUse, nameUses } from './name-uses.ts';
import { namesDeclaredBy, type TopLevelName, topLevelNames } from './top-level.ts';

/** A name one module needs from another. */
export interface NeededName {
  readonly name: string;
  readonly typeOnly: boolean;
}

/** A name that moved code takes from one of the imports of its old module. */
export interface NeededImport extends NeededName {
  readonly declaration: ImportDeclaration;
  readonly kind: 'named' | 'default' | 'namespace';
  /** The name in the code; differs from `name` when it is an alias. */
  readonly local: string;
}

/** The declarations that move, closed under private helpers. */
export interface MovedSet {
  readonly names: ReadonlySet<string>;
  /** Names that join because only moved code uses them. */
  readonly helpers: readonly string[];
  /** In the order of the file. */
  readonly statements: readonly Statement[];
  readonly imports: readonly NeededImport[];
  /** Exported names that stay and that moved code uses. */
  readonly fromOld: readonly NeededName[];
  /** Moved names that the code that stays uses. */
  readonly usedByRest: readonly NeededName[];
  readonly uses: readonly NameUse[];
}

interface Module {
  readonly file: SourceFile;
  readonly names: ReadonlyMap<string, TopLevelName>;
  readonly usesOf: ReadonlyMap<Statement, readonly NameUse[]>;
}

function isOwn(use: NameUse, file: SourceFile): boolean {
  return !use.declares && use.declaration.getSourceFile() === file && isModuleLevel(use.declaration);
}

function read(file: SourceFile): Module {
  const statements = file.getStatements().filter((each) => !Node.isImportDeclaration(each) && !Node.isExportDeclaration(each));
  return {
    file,
    names: topLevelNames(file),
    usesOf: new Map(statements.map((each) => [each, nameUses([each]).filter((use) => isOwn(use, file))])),
  };
}

function isImported(use: NameUse): boolean {
  return (
    Node.isImportSpecifier(use.declaration) || Node.isImportClause(use.declaration) || Node.isNamespaceImport(use.declaration)
  );
}

function localNames(module: Module, statement: Statement): readonly string[] {
  const own = new Set(namesDeclaredBy(statement));
  const uses = (module.usesOf.get(statement) ?? []).filter((use) => !isImported(use));
  return [...new Set(uses.map((use) => use.identifier.getText()))].filter((name) => !own.has(name) && module.names.has(name));
}

function statementsOf(module: Module, names: Iterable<string>): ReadonlySet<Statement> {
  return new Set([...names].flatMap((name) => module.names.get(name)?.statements ?? []));
}

function requireKnown(module: Module, symbols: readonly string[]): void {
  for (const symbol of symbols) {
    if (module.names.has(symbol)) continue;
    const near = nearestOf(symbol, module.names.keys());
    const hint = near === undefined ? '' : ` Did you mean ${near}?`;
    throw new Refusal('REFIT_MOVE_UNKNOWN', `${module.file.getBaseName()} declares no ${symbol} at its top level.${hint}`, {
      path: module.file.getFilePath(),
      line: 1,
    });
  }
}

/** The named symbols with every private name they reach. */
function candidatesOf(module: Module, symbols: readonly string[]): Set<string> {
  const found = new Set(symbols);
  for (const name of found) {
    const reached = (module.names.get(name)?.statements ?? []).flatMap((statement) => localNames(module, statement));
    for (const other of reached) if (module.names.get(other)?.exported === 'no') found.add(other);
  }
  return found;
}

/** Statements that do not move and use the name. */
function usersOutside(module: Module, name: string, moved: ReadonlySet<Statement>): readonly Statement[] {
  return [...module.usesOf.keys()].filter((each) => !moved.has(each) && localNames(module, each).includes(name));
}

/** Drops helpers that staying code uses, until none is left that does. */
function closedSet(module: Module, symbols: readonly string[]): ReadonlySet<string> {
  const wanted = new Set(symbols);
  const names = candidatesOf(module, symbols);
  for (let settled = false; !settled;) {
    const moved = statementsOf(module, names);
    const shared = [...names].filter((name) => !wanted.has(name) && usersOutside(module, name, moved).length > 0);
    for (const name of shared) names.delete(name);
    settled = shared.length === 0;
  }
  return names;
}

export function isState(declared: TopLevelName): boolean {
  return declared.statements.some(
    (each) => Node.isVariableStatement(each) && each.getDeclarationKind() !== VariableDeclarationKind.Const,
  );
}

function refuseShared(module: Module, name: string, moved: ReadonlySet<Statement>): never {
  const declared = module.names.get(name);
  const users = usersOutside(module, name, moved).map((each) => String(each.getStartLineNumber()));
  const state = declared !== undefined && isState(declared);
  const advice = state
    ? 'Move everything that reads and writes it, or put it behind a function first.'
    : `Add ${name} to symbols (it is then exported for the code that stays), or export it.`;
  const message = `${name} is used by what moves and by code that stays (line ${users.join(', ')}), and is not exported. ${advice}`;
  const place = declared?.statements[0];
  throw new Refusal(state ? 'REFIT_MOVE_STATE' : 'REFIT_MOVE_SHARED', message, place === undefined ? undefined : placeOf(place));
}

/** Statements with several variables move whole or not at all. */
function requireWhole(names: ReadonlySet<string>, statements: Iterable<Statement>): void {
  for (const statement of statements) {
    const left = namesDeclaredBy(statement).filter((name) => !names.has(name));
    if (left.length === 0) continue;
    const message = `One statement declares what moves and ${left.join(', ')}, which stays. Name all of them, or declare them apart first.`;
    throw new Refusal('REFIT_MOVE_SHARED', message, placeOf(statement));
  }
}

function neededImports(uses: readonly NameUse[]): readonly NeededImport[] {
  const byLocal = new Map<string, NeededImport>();
  for (const use of uses) {
    const { declaration } = use;
    if (!isImported(use)) continue;
    const whole = declaration.getFirstAncestor(Node.isImportDeclaration);
    if (whole === undefined) continue;
    const local = use.identifier.getText();
    const named = Node.isImportSpecifier(declaration);
    const markedType = whole.isTypeOnly() || (named && declaration.isTypeOnly());
    byLocal.set(local, {
      declaration: whole,
      kind: named ? 'named' : Node.isNamespaceImport(declaration) ? 'namespace' : 'default',
      name: named ? declaration.getName() : local,
      local,
      typeOnly: (markedType || use.typeOnly) && (byLocal.get(local)?.typeOnly ?? true),
    });
  }
  return [...byLocal.values()];
}

function needed(uses: readonly NameUse[], isNeeded: (name: string) => boolean): readonly NeededName[] {
  const names = new Map<string, NeededName>();
  for (const use of uses) {
    const name = use.identifier.getText();
    if (isImported(use) || !isNeeded(name)) continue;
    names.set(name, { name, typeOnly: use.typeOnly && (names.get(name)?.typeOnly ?? true) });
  }
  return [...names.values()];
}

/** The set of declarations that moves with `symbols`. Refuses what cannot be taken apart. */
export function movedSet(file: SourceFile, symbols: readonly string[]): MovedSet {
  const module = read(file);
  requireKnown(module, symbols);
  const names = closedSet(module, symbols);
  const moved = statementsOf(module, names);
  requireWhole(names, moved);
  const statements = [...module.usesOf.keys()].filter((each) => moved.has(each));
  const uses = statements.flatMap((each) => module.usesOf.get(each) ?? []);
  for (const statement of statements) {
    for (const name of localNames(module, statement)) {
      const declared = module.names.get(name);
      if (!names.has(name) && declared?.exported === 'no') refuseShared(module, name, moved);
    }
  }
  const rest = [...module.usesOf].flatMap(([statement, all]) => (moved.has(statement) ? [] : all));
  requireOneWriter(module, names, { moved: uses, rest });
  return {
    names,
    helpers: [...names].filter((name) => !symbols.includes(name)),
    statements,
    imports: neededImports(uses),
    fromOld: needed(uses, (name) => module.names.has(name) && !names.has(name)),
    usedByRest: needed(rest, (name) => names.has(name)),
    uses,
  };
}

/** An imported variable cannot be assigned: who writes a variable must live in its module. */
function requireOneWriter(module: Module, names: ReadonlySet<string>, uses: Record<'moved' | 'rest', readonly NameUse[]>): void {
  const foreign = [
    ...uses.moved.filter((use) => use.writes && !isImported(use) && !names.has(use.identifier.getText())),
    ...uses.rest.filter((use) => use.writes && !isImported(use) && names.has(use.identifier.getText())),
  ];
  const first = foreign.find((use) => module.names.has(use.identifier.getText()));
  if (first === undefined) return;
  const name = first.identifier.getText();
  const message = `${name} would be assigned from another module than its own, which an import does not allow. Move everything that writes it together, or put it behind a function first.`;
  throw new Refusal('REFIT_MOVE_STATE', message, placeOf(first.identifier));
}
