// The cuts a deletion makes: declarations with their comments, names in import and export lists, subpaths of packages.
import { ts } from 'ts-morph';
import type { Workspace } from '../kernel/workspace.ts';
import { jsonCuts, jsonNodeAt, propertyNamed } from './json-text.ts';
import type { Member } from './liveness-model.ts';
import type { Liveness } from './liveness.ts';
import { isRecord, packagesOf, sourceOf, stringsOf, type Package } from './package-entries.ts';
import { listCuts, removalRanges, type Range } from './removal-ranges.ts';

export interface Cut {
  readonly path: string;
  readonly range: Range;
}

export interface DeletionEdits {
  readonly cuts: readonly Cut[];
  /** Absolute paths of files nothing is left of. */
  readonly files: readonly string[];
  readonly lostSubpaths: readonly { readonly manifest: string; readonly subpath: string }[];
  /** Manifests whose main entry would go. */
  readonly lostMains: readonly string[];
}

/** What goes from one file: whole nodes, and items of lists. */
interface FileCuts {
  readonly nodes: ts.Node[];
  readonly lists: Map<readonly ts.Node[], Set<ts.Node>>;
}

class EditCollector {
  readonly #workspace: Workspace;
  readonly #liveness: Liveness;
  readonly #gone: ReadonlySet<Member>;
  readonly #checker: ts.TypeChecker;
  readonly #byFile = new Map<ts.SourceFile, FileCuts>();

  constructor(workspace: Workspace, liveness: Liveness, gone: ReadonlySet<Member>) {
    this.#workspace = workspace;
    this.#liveness = liveness;
    this.#gone = gone;
    this.#checker = workspace.project.getTypeChecker().compilerObject;
  }

  collect(): Pick<DeletionEdits, 'cuts' | 'files'> {
    for (const member of this.#gone) if (member.owner === undefined || !this.#gone.has(member.owner)) this.#declaration(member);
    const files = [...this.#byFile].filter(([file, cuts]) => this.#isEmptied(file, cuts)).map(([file]) => file);
    for (const file of this.#liveness.graph.members.modules.keys()) if (!files.includes(file)) this.#lists(file, files);
    for (const file of files) this.#byFile.delete(file);
    return { cuts: [...this.#byFile].flatMap(([file, cuts]) => cutsOf(file, cuts)), files: files.map((file) => file.fileName) };
  }

  #cutsOf(file: ts.SourceFile): FileCuts {
    const known = this.#byFile.get(file) ?? { nodes: [], lists: new Map() };
    this.#byFile.set(file, known);
    return known;
  }

  #declaration(member: Member): void {
    const cuts = this.#cutsOf(member.file);
    for (const node of member.nodes) {
      if (ts.isSourceFile(node)) continue;
      if (!ts.isVariableDeclaration(node)) cuts.nodes.push(node);
      else this.#item(cuts, node.parent.parent, [...(node.parent as ts.VariableDeclarationList).declarations], node); // top-level variables stand in lists
    }
  }

  /** An item of a list; when all items go, the statement that holds the list does. */
  #item(cuts: FileCuts, holder: ts.Node, items: readonly ts.Node[], item: ts.Node): void {
    const list = [...cuts.lists.keys()].find((each) => each[0] === items[0]) ?? items;
    const gone = (cuts.lists.get(list) ?? new Set()).add(item);
    cuts.lists.set(list, gone);
    if (!list.every((each) => gone.has(each))) return;
    cuts.lists.delete(list);
    cuts.nodes.push(holder);
  }

  /** Whether it is deleted as a file, or imports are all that would be left, or export lists of what goes. */
  #isEmptied(file: ts.SourceFile, cuts: FileCuts): boolean {
    const module = this.#liveness.graph.members.modules.get(file);
    if (module !== undefined && this.#gone.has(module)) return true;
    const gone = new Set(cuts.nodes);
    return file.statements.every(
      (statement) => gone.has(statement) || ts.isImportDeclaration(statement) || this.#isLostExport(statement),
    );
  }

  #isLostExport(statement: ts.Statement): boolean {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier !== undefined) return false;
    if (statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) return false;
    return statement.exportClause.elements.every((each) => this.#isLost(this.#checker.getExportSpecifierLocalTargetSymbol(each)));
  }

  #isLost(symbol: ts.Symbol | undefined): boolean {
    if (symbol === undefined) return false;
    const resolved = (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : this.#checker.getAliasedSymbol(symbol);
    const members = this.#liveness.graph.members.ofSymbol(resolved);
    return members.length > 0 && members.every((member) => this.#gone.has(member));
  }

  /** Import and export lists of a file that stays. */
  #lists(file: ts.SourceFile, goneFiles: readonly ts.SourceFile[]): void {
    for (const statement of file.statements) {
      if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
      if (this.#leadsTo(statement, goneFiles)) this.#cutsOf(file).nodes.push(statement);
      else this.#names(file, statement);
    }
  }

  #leadsTo(statement: ts.ImportDeclaration | ts.ExportDeclaration, goneFiles: readonly ts.SourceFile[]): boolean {
    const specifier = statement.moduleSpecifier;
    const target =
      specifier === undefined ? undefined : this.#checker.getSymbolAtLocation(specifier)?.declarations?.find(ts.isSourceFile);
    return target !== undefined && goneFiles.includes(target);
  }

  #names(file: ts.SourceFile, statement: ts.ImportDeclaration | ts.ExportDeclaration): void {
    const clause = ts.isExportDeclaration(statement) ? statement.exportClause : statement.importClause?.namedBindings;
    if (clause === undefined || ts.isNamespaceImport(clause) || ts.isNamespaceExport(clause)) return;
    if (ts.isImportDeclaration(statement) && statement.importClause?.name !== undefined) return; // the default import stays, the kernel drops what is unused
    const items: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[] = [...clause.elements];
    for (const each of items) {
      const local = ts.isExportSpecifier(each) && statement.moduleSpecifier === undefined;
      const symbol = local
        ? this.#checker.getExportSpecifierLocalTargetSymbol(each)
        : this.#checker.getSymbolAtLocation(each.name);
      if (this.#isLost(symbol)) this.#item(this.#cutsOf(file), statement, items, each);
    }
  }

  packages(files: readonly string[]): Pick<DeletionEdits, 'cuts' | 'lostSubpaths' | 'lostMains'> {
    const gone = new Set(files);
    const results = packagesOf(this.#workspace).map((each) => this.#package(each, gone));
    return {
      cuts: results.flatMap((each) => each.cuts),
      lostSubpaths: results.flatMap((each) => each.lostSubpaths),
      lostMains: results.flatMap((each) => each.lostMains),
    };
  }

  #package(each: Package, gone: ReadonlySet<string>): Pick<DeletionEdits, 'cuts' | 'lostSubpaths' | 'lostMains'> {
    const isLost = (value: unknown): boolean => {
      const targets = stringsOf(value).map((target) => sourceOf(this.#workspace, each.folder, target));
      return targets.length > 0 && targets.every((target) => target !== undefined && gone.has(target));
    };
    const offered = each.json['exports'];
    const subpaths = isRecord(offered)
      ? Object.entries(offered).filter(([key, value]) => key.startsWith('./') && isLost(value))
      : [];
    const mains = [isRecord(offered) ? offered['.'] : offered, each.json['main'], each.json['module'], each.json['bin']];
    const text = this.#workspace.textOf(each.path) ?? '';
    const node = jsonNodeAt(each.path, text, ['exports']);
    const cuts =
      node === undefined || !ts.isObjectLiteralExpression(node)
        ? []
        : jsonCuts(text, node, new Set(subpaths.flatMap(([key]) => propertyNamed(node, key) ?? []))).map((range) => ({
            path: each.path,
            range,
          }));
    return {
      cuts,
      lostSubpaths: subpaths.map(([subpath]) => ({ manifest: each.path, subpath })),
      lostMains: mains.some(isLost) ? [each.path] : [],
    };
  }
}

function cutsOf(file: ts.SourceFile, cuts: FileCuts): readonly Cut[] {
  const whole = removalRanges(file.text, cuts.nodes);
  const items = [...cuts.lists].flatMap(([list, gone]) => listCuts(file.text, list, gone));
  return [...whole, ...items].map((range) => ({ path: file.fileName, range }));
}

/** All cuts that take the members out of the workspace. */
export function deletionEdits(workspace: Workspace, liveness: Liveness, gone: ReadonlySet<Member>): DeletionEdits {
  const collector = new EditCollector(workspace, liveness, gone);
  const { cuts, files } = collector.collect();
  const packages = collector.packages(files);
  return { ...packages, files, cuts: [...cuts, ...packages.cuts] };
}
