// Compiler messages of a workspace, and which of them an operation brought.
import { type SourceFile, ts } from 'ts-morph';
import { walk } from './parse-source.ts';
import { lineAt } from './text-positions.ts';
import type { Workspace } from './workspace.ts';

/** One message of the compiler, with its place. */
export interface Diagnostic {
  readonly path: string;
  readonly line: number;
  /** The compiler's number, as in TS2322. */
  readonly code: number;
  readonly message: string;
}

function read(diagnostic: ts.Diagnostic): Diagnostic {
  const file = diagnostic.file;
  return {
    path: file?.fileName ?? '',
    line: file === undefined ? 1 : lineAt(file.text, diagnostic.start ?? 0),
    code: diagnostic.code,
    message: ts.flattenDiagnosticMessageText(diagnostic.messageText, ' '),
  };
}

/** Messages of the given files (default: all of the workspace), syntax first. */
export function diagnosticsOf(
  workspace: Workspace,
  files: readonly SourceFile[] = workspace.sourceFiles(),
): readonly Diagnostic[] {
  const program = workspace.project.getProgram().compilerObject;
  return files.flatMap((file) => {
    const source = program.getSourceFile(file.getFilePath());
    if (source === undefined) return [];
    const syntax = program.getSyntacticDiagnostics(source);
    return (syntax.length > 0 ? syntax : program.getSemanticDiagnostics(source)).map(read);
  });
}

/** Syntax errors alone: no program, no types. */
export function syntaxErrorsOf(path: string, text: string): readonly Diagnostic[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  // The parser keeps its messages on the tree; the public type does not name the field.
  const messages = (source as unknown as { readonly parseDiagnostics?: readonly ts.Diagnostic[] }).parseDiagnostics ?? [];
  return messages.map(read);
}

function keyOf(diagnostic: Diagnostic): string {
  return `TS${String(diagnostic.code)} ${diagnostic.message}`;
}

/** Messages the workspace had before anything was changed; what is new is judged against them. */
export class DiagnosticBaseline {
  readonly all: readonly Diagnostic[];

  constructor(workspace: Workspace) {
    this.all = diagnosticsOf(workspace);
  }

  /**
   * Those that were not there before: the same message may move, it may not appear more often. `checked`: the files
   * that were looked at or are gone (default: all); an old message of another file still stands there and excuses nothing.
   */
  newAmong(found: readonly Diagnostic[], checked?: ReadonlySet<string>): readonly Diagnostic[] {
    const left = new Map<string, number>();
    for (const diagnostic of this.all) {
      const looked = checked === undefined || checked.has(diagnostic.path);
      if (looked) left.set(keyOf(diagnostic), (left.get(keyOf(diagnostic)) ?? 0) + 1);
    }
    return found.filter((diagnostic) => {
      const count = left.get(keyOf(diagnostic)) ?? 0;
      left.set(keyOf(diagnostic), count - 1);
      return count <= 0;
    });
  }
}

/** The changed files and every file that imports one of them, directly or not. */
export function affectedBy(
  workspace: Workspace,
  changed: ReadonlySet<string>,
  importers: ReadonlyMap<string, ReadonlySet<string>>,
): readonly SourceFile[] {
  const reached = new Set(changed);
  const waiting = [...changed];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for (const importer of importers.get(path) ?? []) {
      if (reached.has(importer)) continue;
      reached.add(importer);
      waiting.push(importer);
    }
  }
  return workspace.sourceFiles().filter((file) => reached.has(file.getFilePath()));
}

const specifiersByTree = new WeakMap<ts.SourceFile, readonly ts.Expression[]>();

/** What a file names modules by: imports, re-exports, `import()`, import types. */
function specifiersOf(source: ts.SourceFile): readonly ts.Expression[] {
  const known = specifiersByTree.get(source);
  if (known !== undefined) return known;
  const found: ts.Expression[] = [];
  walk(source, (node) => {
    if (ts.isImportDeclaration(node) || (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined)) {
      if (node.moduleSpecifier !== undefined) found.push(node.moduleSpecifier);
    } else if (ts.isExternalModuleReference(node)) found.push(node.expression);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
      found.push(node.argument.literal);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      found.push(...node.arguments.slice(0, 1));
  });
  specifiersByTree.set(source, found);
  return found;
}

/** Which files import which: path → paths of its importers (re-exports, dynamic and type imports included). */
export function importersOf(workspace: Workspace): ReadonlyMap<string, ReadonlySet<string>> {
  const program = workspace.project.getProgram().compilerObject;
  const checker = program.getTypeChecker();
  const importers = new Map<string, Set<string>>();
  for (const file of workspace.sourceFiles()) {
    const source = program.getSourceFile(file.getFilePath());
    for (const specifier of source === undefined ? [] : specifiersOf(source)) {
      const target = checker.getSymbolAtLocation(specifier)?.declarations?.find(ts.isSourceFile);
      if (target === undefined) continue;
      const known = importers.get(target.fileName) ?? new Set<string>();
      importers.set(target.fileName, known.add(file.getFilePath()));
    }
  }
  return importers;
}
