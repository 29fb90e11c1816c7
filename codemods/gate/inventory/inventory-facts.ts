// What one test file or helper says about its tests: what each calls, which are skipped, what its own functions call.
import { parseSource, ts, walk } from '../../kernel/parse-source.ts';
import type { ImportedName } from './callee-names.ts';
import { importedBy, isRelative } from './callee-names.ts';
import { LocalFunctions } from './local-functions.ts';
import type { FileScope } from './reached-calls.ts';
import { reachedCalls } from './reached-calls.ts';
import type { UnexplainedSkip } from './skipped-tests.ts';
import { unexplainedSkips } from './skipped-tests.ts';
import type { Declaration } from './test-declarations.ts';
import { declarationsIn } from './test-declarations.ts';

export interface DeclaredTest {
  readonly name: string;
  readonly line: number;
  /** Dotted names of all it calls, functions of the file followed. */
  readonly calls: readonly string[];
}

/** Facts of one text, whatever the configuration; the same text always gives the same facts. */
export interface InventoryFacts {
  /** Tests that run; those that must fail to pass assert by that. */
  readonly tests: readonly DeclaredTest[];
  readonly skips: readonly UnexplainedSkip[];
  /** What each function, class and object at the top of the file calls, by its exported name. */
  readonly functions: Readonly<Record<string, readonly string[]>>;
  /** Names that come from other files of the project, those it only passes on included. */
  readonly imports: Readonly<Record<string, ImportedName>>;
  /** Specifiers of `export * from`. */
  readonly passesOn: readonly string[];
}

const doNotRun: ReadonlySet<string> = new Set(['skip', 'todo', 'fixme', 'fails', 'failing']);

function testOf(declaration: Declaration, scope: FileScope): DeclaredTest | undefined {
  const { call, isSuite, modifiers, name, line } = declaration;
  if (isSuite || modifiers.some((each) => doNotRun.has(each)) || call.arguments.length < 2) return undefined;
  return { name, line, calls: reachedCalls(call.arguments.slice(1), scope) };
}

/** Names under which a file exports what it calls otherwise: `export { a as b }`. */
function exportedNames(source: ts.SourceFile): readonly (readonly [local: string, exported: string])[] {
  return source.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier !== undefined) return [];
    const clause = statement.exportClause;
    if (clause === undefined || !ts.isNamedExports(clause)) return [];
    return clause.elements.map((each) => [(each.propertyName ?? each.name).text, each.name.text] as const);
  });
}

/** `export { a as b } from` and `export * from` of files of the project. */
function passedOn(source: ts.SourceFile): Pick<InventoryFacts, 'imports' | 'passesOn'> {
  const imports: Record<string, ImportedName> = {};
  const passesOn: string[] = [];
  for (const statement of source.statements.filter(ts.isExportDeclaration)) {
    const from = statement.moduleSpecifier;
    if (from === undefined || !ts.isStringLiteral(from) || !isRelative(from.text)) continue;
    const clause = statement.exportClause;
    if (clause === undefined) passesOn.push(from.text);
    else if (ts.isNamedExports(clause))
      for (const each of clause.elements)
        imports[each.name.text] = { from: from.text, name: (each.propertyName ?? each.name).text };
  }
  return { imports, passesOn };
}

export function inventoryFacts(path: string, text: string): InventoryFacts {
  const source = parseSource(path, text);
  const imported = new Map<string, ImportedName>();
  walk(source, (node) => {
    for (const [local, from] of importedBy(node)) imported.set(local, from);
  });
  const scope: FileScope = { imported, functions: new LocalFunctions(source) };
  const functions = new Map<string, readonly string[]>();
  for (const { name, node, scope: place } of scope.functions.all)
    if (ts.isSourceFile(place)) functions.set(name, reachedCalls([node], scope));
  const relative = [...imported].filter(([, { from }]) => isRelative(from));
  const { imports, passesOn } = passedOn(source);
  for (const [local, exported] of exportedNames(source)) {
    const calls = functions.get(local);
    if (calls !== undefined) functions.set(exported, calls);
    const from = imported.get(local);
    if (from !== undefined && isRelative(from.from)) relative.push([exported, from]);
  }
  const declarations = declarationsIn(source);
  return {
    tests: declarations.flatMap((each) => testOf(each, scope) ?? []),
    skips: unexplainedSkips(declarations, source),
    functions: Object.fromEntries(functions),
    imports: { ...Object.fromEntries(relative), ...imports },
    passesOn,
  };
}
