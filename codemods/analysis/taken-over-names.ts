// The names that code needs when it moves to another module: what to import there, and what would be bound to something else.
import { Node, type SourceFile } from 'ts-morph';
import { parseSource, ts, walk } from '../kernel/parse-source.ts';
import { type ImportRequest, placeOf } from '../kernel/proposal.ts';
import { Refusal } from '../kernel/refusal.ts';
import { isModuleLevel, type NameUse, nameUses } from './name-uses.ts';

function refuse(code: string, place: Node, message: string): never {
  throw new Refusal(code, message, placeOf(place));
}

/** Every identifier in texts of class members. */
export function identifiersIn(members: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>();
  walk(parseSource('members.ts', `class C {\n${members.join('\n')}\n}`), (node) => {
    if (ts.isIdentifier(node)) names.add(node.text);
  });
  return names;
}

function sameThing(file: SourceFile, use: NameUse): boolean {
  const local = file.getLocal(use.identifier.getText());
  const wanted = use.symbol.getAliasedSymbol() ?? use.symbol;
  return local !== undefined && (local.getAliasedSymbol() ?? local) === wanted;
}

/** Where the file's own import of a name comes from. */
function importedFrom(file: SourceFile, name: string): string | undefined {
  for (const declaration of file.getImportDeclarations()) {
    const named = declaration.getNamedImports().find((each) => each.getName() === name && each.getAliasNode() === undefined);
    if (named !== undefined) return moduleOf(declaration.getModuleSpecifierValue(), declaration.getModuleSpecifierSourceFile());
  }
  return undefined;
}

function moduleOf(specifier: string, file: SourceFile | undefined): string {
  return specifier.startsWith('.') && file !== undefined ? file.getFilePath() : specifier;
}

/** Where the moved code gets a name from, seen from its old module; undefined: from the language. */
function sourceOf(use: NameUse, old: SourceFile): string | undefined {
  const { declaration } = use;
  const name = use.identifier.getText();
  if (declaration.getSourceFile() !== old) return undefined;
  if (Node.isImportSpecifier(declaration) && declaration.getAliasNode() === undefined) {
    const statement = declaration.getImportDeclaration();
    return moduleOf(statement.getModuleSpecifierValue(), statement.getModuleSpecifierSourceFile());
  }
  if (Node.isImportSpecifier(declaration) || Node.isImportClause(declaration) || Node.isNamespaceImport(declaration)) {
    refuse(
      'REFIT_INLINE_ALIAS',
      declaration,
      `${name} is imported under a name of its own here, and not in the other file. Import it there in the same way first.`,
    );
  }
  const exported = Node.isVariableDeclaration(declaration)
    ? declaration.isExported()
    : Node.isExportable(declaration) && declaration.isExported();
  if (exported) return old.getFilePath();
  refuse(
    'REFIT_INLINE_PRIVATE_NAME',
    declaration,
    `The moved code needs ${name}, which its module does not export. Move ${name} to a module of its own first.`,
  );
}

/** Imports that nodes need when they are written in a new file: all their names from outside of their scope. */
export function importsForNewFile(nodes: readonly Node[], into: string): readonly ImportRequest[] {
  return nameUses(nodes)
    .filter((use) => isModuleLevel(use.declaration))
    .flatMap((use) => {
      const from = sourceOf(use, use.identifier.getSourceFile());
      return from === undefined ? [] : [{ into, name: use.identifier.getText(), from, typeOnly: use.typeOnly }];
    });
}

/** Imports the moved nodes need in `into`; only `names`, those the moved texts still contain, count. */
export function neededImports(nodes: readonly Node[], into: SourceFile, names: ReadonlySet<string>): readonly ImportRequest[] {
  const requests = new Map<string, ImportRequest>();
  for (const use of nameUses(nodes)) {
    const name = use.identifier.getText();
    const old = use.identifier.getSourceFile();
    if (!names.has(name) || !isModuleLevel(use.declaration) || old === into) continue;
    const taken = into.getLocal(name) !== undefined;
    if (taken && !sameThing(into, use)) {
      refuse(
        'REFIT_INLINE_NAME_TAKEN',
        use.identifier,
        `${name} means something else in ${into.getBaseName()}. Rename one of them first.`,
      );
    }
    const bound = importedFrom(into, name);
    if (taken && bound === undefined) continue;
    const from = bound ?? sourceOf(use, old);
    if (from === undefined) continue;
    const typeOnly = use.typeOnly && (requests.get(name)?.typeOnly ?? true);
    requests.set(name, { into: into.getFilePath(), name, from, typeOnly });
  }
  return [...requests.values()];
}
