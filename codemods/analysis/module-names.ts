// What code needs from its module when it moves to another one: imports, declarations that go along, cycles it would close.
import { dirname, resolve } from 'node:path';
import { Node, type SourceFile, type Statement, VariableDeclarationKind } from 'ts-morph';
import { placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import { isInert } from '../kernel/top-level-effects.ts';
import { isWithin, nameUses } from './name-uses.ts';
import { isLanguageFile } from './type-text.ts';

/** A name the moving code uses, with its declaration as the source file sees it. */
export interface NeededName {
  readonly name: string;
  readonly declaration: Node;
  /** Used as a type only. */
  readonly typeOnly: boolean;
}

export interface NeededImport {
  readonly name: string;
  /** Absolute path of a module of the project, or a package's specifier. */
  readonly from: string;
  readonly typeOnly: boolean;
}

export interface ModuleNeeds {
  readonly imports: readonly NeededImport[];
  /** Statements of the source file that only the moving code uses, and those both use. */
  readonly moved: readonly MovedStatement[];
  /** Types that the source file exports and the target imports back. */
  readonly backReferences: readonly string[];
}

export interface MovedStatement {
  readonly statement: Statement;
  readonly names: readonly string[];
  /** Whether the source file goes on using it: then it is exported and imported back. */
  readonly shared: boolean;
}

interface Move {
  readonly source: SourceFile;
  readonly target: string;
  /** Ranges of the source file that leave it. */
  readonly leaving: readonly Node[];
}

function statementOf(declaration: Node): Statement | undefined {
  return [declaration, ...declaration.getAncestors()]
    .filter((each) => Node.isStatement(each))
    .find((each) => Node.isSourceFile(each.getParent()));
}

function isExported(statement: Statement): boolean {
  return Node.isExportable(statement) && statement.isExported();
}

/** The import that brings the name into the source file, as the target must write it. */
function importOf(specifier: Node, needed: NeededName): NeededImport {
  const declaration = specifier.getFirstAncestor(Node.isImportDeclaration);
  const plain = Node.isImportSpecifier(specifier) && specifier.getAliasNode() === undefined;
  if (declaration === undefined || !plain) {
    throw new Refusal(
      'REFIT_EXTRACT_IMPORT_FORM',
      `${needed.name} is imported as a default, a namespace or under another name, which is not carried to another module. Extract into the same file, or import it by its own name first.`,
      placeOf(specifier),
    );
  }
  const typeOnly = needed.typeOnly || declaration.isTypeOnly() || specifier.isTypeOnly();
  return {
    name: needed.name,
    from: modulePath(
      declaration.getSourceFile(),
      declaration.getModuleSpecifierValue(),
      declaration.getModuleSpecifierSourceFile(),
    ),
    typeOnly,
  };
}

function modulePath(importer: SourceFile, specifier: string, resolved: SourceFile | undefined): string {
  if (!specifier.startsWith('.')) return specifier;
  return resolved?.getFilePath() ?? resolve(dirname(importer.getFilePath()), specifier);
}

function requireMovable(statement: Statement, needed: NeededName): void {
  const isPlain =
    Node.isInterfaceDeclaration(statement) ||
    Node.isTypeAliasDeclaration(statement) ||
    Node.isFunctionDeclaration(statement) ||
    Node.isEnumDeclaration(statement);
  const values = Node.isVariableStatement(statement) ? statement.getDeclarations() : [];
  const isConstant =
    Node.isVariableStatement(statement) &&
    statement.getDeclarationKind() === VariableDeclarationKind.Const &&
    values.length === 1 &&
    values.every((each) => each.getInitializer() !== undefined && isInert(each));
  if (isPlain || isConstant) return;
  throw new Refusal(
    'REFIT_EXTRACT_MODULE_STATE',
    `${needed.name} is not exported and is a class, a variable, or does something when the module loads, so it cannot go along. Export it from a module of its own first, or extract into the same file.`,
    placeOf(statement),
  );
}

/** The value of an inert variable statement is its initialiser's. */
function namesDeclared(statement: Statement): readonly string[] {
  if (Node.isVariableStatement(statement)) return statement.getDeclarations().map((each) => each.getName());
  return Node.hasName(statement) ? [statement.getName()] : [];
}

class Needs {
  readonly imports = new Map<string, NeededImport>();
  readonly moved = new Map<Statement, NeededName>();
  readonly backReferences: string[] = [];
  readonly #move: Move;

  constructor(move: Move) {
    this.#move = move;
  }

  add(needed: NeededName): void {
    const { declaration, name } = needed;
    const file = declaration.getSourceFile();
    if (isLanguageFile(file.getFilePath()) || file.getFilePath() === this.#move.target) return;
    if (isImport(declaration)) return this.#import(importOf(declaration, needed));
    if (file !== this.#move.source) return this.#foreign(needed, file);
    const statement = statementOf(declaration);
    if (statement === undefined || isWithin(statement, this.#move.leaving)) return;
    if (!isExported(statement)) return this.#moveAlong(statement, needed);
    if (!needed.typeOnly) {
      throw new Refusal(
        'REFIT_EXTRACT_CYCLE',
        `${name} is a value of the file the code comes from: the new module would import it back, a cycle. Move ${name} into a module of its own first (move-declarations).`,
        placeOf(statement),
      );
    }
    this.backReferences.push(name);
    this.#import({ name, from: file.getFilePath(), typeOnly: true });
  }

  /** A declaration of another file that the source does not import: the compiler inferred it. */
  #foreign(needed: NeededName, file: SourceFile): void {
    const statement = statementOf(needed.declaration);
    const inPackage = file.getFilePath().includes('/node_modules/');
    if (inPackage && (statement === undefined || !file.isDeclarationFile() || !isExported(statement))) return;
    const known = this.#move.source.getImportDeclarations().find((each) => each.getModuleSpecifierSourceFile() === file);
    const from = known === undefined ? undefined : modulePath(this.#move.source, known.getModuleSpecifierValue(), file);
    if (inPackage && from === undefined) {
      throw new Refusal(
        'REFIT_EXTRACT_TYPE_NAME',
        `The type ${needed.name} of ${file.getFilePath()} is needed and imported nowhere here. Annotate the variable with a type you import.`,
      );
    }
    this.#import({ name: needed.name, from: from ?? file.getFilePath(), typeOnly: needed.typeOnly });
  }

  #import(wanted: NeededImport): void {
    const known = this.imports.get(wanted.name);
    this.imports.set(wanted.name, known === undefined ? wanted : { ...wanted, typeOnly: known.typeOnly && wanted.typeOnly });
  }

  #moveAlong(statement: Statement, needed: NeededName): void {
    if (this.moved.has(statement)) return;
    requireMovable(statement, needed);
    this.moved.set(statement, needed);
    for (const use of nameUses([statement])) {
      if (isWithin(use.declaration, [statement])) continue;
      this.add({ name: use.identifier.getText(), declaration: use.declaration, typeOnly: use.typeOnly });
    }
  }
}

function isImport(declaration: Node): boolean {
  return (
    Node.isImportSpecifier(declaration) ||
    Node.isImportClause(declaration) ||
    Node.isNamespaceImport(declaration) ||
    Node.isImportEqualsDeclaration(declaration)
  );
}

/** What the target module must import, and which private declarations of the source go along. */
export function moduleNeeds(move: Move, names: readonly NeededName[]): ModuleNeeds {
  const needs = new Needs(move);
  for (const needed of names) needs.add(needed);
  const leaving = [...move.leaving, ...needs.moved.keys()];
  const left = needs.moved.size === 0 ? [] : nameUses([move.source]).filter((use) => !isWithin(use.identifier, leaving));
  const moved = [...needs.moved.keys()]
    .toSorted((a, b) => a.getPos() - b.getPos())
    .map((statement) => ({
      statement,
      names: namesDeclared(statement),
      shared: left.some((use) => statementOf(use.declaration) === statement),
    }));
  return { imports: [...needs.imports.values()], moved, backReferences: [...new Set(needs.backReferences)] };
}
