// Which imports a file needs for names that new code in it uses, given where the names are declared.
import { type ImportSpecifier, Node, type SourceFile, ts } from 'ts-morph';
import { type ImportRequest, placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';

export interface NeededName {
  readonly name: string;
  readonly declaration: Node;
  readonly typeOnly: boolean;
}

function moduleOf(specifier: ImportSpecifier): string {
  const declaration = specifier.getImportDeclaration();
  const target = declaration.getModuleSpecifierSourceFile()?.getFilePath();
  const isOwn = target !== undefined && !target.includes('/node_modules/') && declaration.isModuleSpecifierRelative();
  return isOwn ? target : declaration.getModuleSpecifierValue();
}

/** Declared in a script or in `declare global`: seen everywhere. */
function isGlobal(declaration: Node): boolean {
  if (!ts.isExternalModule(declaration.getSourceFile().compilerNode)) return true;
  return declaration.getAncestors().some((each) => Node.isModuleDeclaration(each) && each.getName() === 'global');
}

function exportedName(declaration: Node): boolean {
  const owner = Node.isVariableDeclaration(declaration) ? declaration.getVariableStatement() : declaration;
  return owner !== undefined && Node.isExportable(owner) && owner.isExported();
}

function notExported(name: string, declaration: Node): Refusal {
  const file = declaration.getSourceFile().getBaseName();
  const message = `The merged code uses ${name}, which ${file} does not export. Merge into a function or method of that file (leave \`to\` out), move ${name} to a module of its own first, or export it.`;
  return new Refusal('REFIT_MERGE_NOT_EXPORTED', message, placeOf(declaration));
}

/** The import of one name into a file; undefined when it needs none. */
export function importFor(file: string, { name, declaration, typeOnly }: NeededName): ImportRequest | undefined {
  const home = declaration.getSourceFile();
  if (Node.isImportSpecifier(declaration)) {
    const original = declaration.getName();
    if (original !== name) {
      const message = `The merged code calls ${original} ${name}, the name of an import. Import it without \`as\` first, or merge into the same file.`;
      if (home.getFilePath() !== file) throw new Refusal('REFIT_MERGE_NOT_EXPORTED', message, placeOf(declaration));
      return undefined;
    }
    return {
      into: file,
      name,
      from: moduleOf(declaration),
      typeOnly: typeOnly || declaration.isTypeOnly() || declaration.getImportDeclaration().isTypeOnly(),
    };
  }
  if (home.getFilePath() === file || isGlobal(declaration)) return undefined;
  if (!exportedName(declaration)) throw notExported(name, declaration);
  return {
    into: file,
    name,
    from: home.getFilePath(),
    typeOnly: typeOnly || Node.isInterfaceDeclaration(declaration) || Node.isTypeAliasDeclaration(declaration),
  };
}

/** The imports a file needs for names; a name needed as a value and as a type is imported once, as a value. */
export function importsFor(file: SourceFile | undefined, path: string, names: readonly NeededName[]): readonly ImportRequest[] {
  const found = new Map<string, ImportRequest>();
  for (const needed of names) {
    const isThere =
      file?.getFilePath() === needed.declaration.getSourceFile().getFilePath() && Node.isImportSpecifier(needed.declaration);
    const request = isThere ? undefined : importFor(path, needed);
    if (request === undefined) continue;
    const known = found.get(request.name);
    if (known === undefined || (known.typeOnly && !request.typeOnly)) found.set(request.name, request);
  }
  return [...found.values()];
}
