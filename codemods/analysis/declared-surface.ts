// What a change does to what files and packages declare to others: `.d.ts` differences, and exports that appear, go or change.
import { structuredPatch } from 'diff';
import { declarationText } from '../kernel/declaration-text.ts';
import { ts } from '../kernel/parse-source.ts';
import type { ChangedFile } from '../kernel/result-checks.ts';
import type { Versions } from './kept-bindings.ts';
import { nameOfDeclaration } from './named-containers.ts';

/** How the `.d.ts` of one file differs. */
export interface DeclarationDifference {
  readonly path: string;
  readonly added: number;
  readonly removed: number;
  /** Hunks of a unified diff without context. */
  readonly diff: readonly string[];
}

/** An export that others may import, and what became of it. */
export interface ApiChange {
  readonly name: string;
  readonly change: 'new' | 'gone' | 'changed';
  /** The modules through which it is offered, as reports show paths. */
  readonly through: readonly string[];
}

function isCode(path: string): boolean {
  return /\.[cm]?tsx?$/.test(path) && !/\.d\.[cm]?ts$/.test(path);
}

/** Differences of the `.d.ts` of the changed files; a file that declares the same is left out. */
export function declarationDifferences(
  versions: Versions,
  files: readonly ChangedFile[],
  shown: (path: string) => string,
): readonly DeclarationDifference[] {
  return files
    .filter(({ path }) => isCode(path))
    .flatMap((file): readonly DeclarationDifference[] => {
      const before = file.before === undefined ? '' : (declarationText(versions.before, file.path) ?? '');
      const after = file.after === undefined ? '' : (declarationText(versions.after, file.path) ?? '');
      if (before === after) return [];
      const { hunks } = structuredPatch(file.path, file.path, before, after, undefined, undefined, { context: 0 });
      const diff = hunks.flatMap((hunk) => hunk.lines);
      const count = (sign: string): number => diff.filter((line) => line.startsWith(sign)).length;
      return [{ path: shown(file.path), added: count('+'), removed: count('-'), diff }];
    });
}

/** Statements of a file's `.d.ts` by the name they declare. */
function declaredByName(text: string): ReadonlyMap<string, string> {
  const source = ts.createSourceFile('declarations.d.ts', text, ts.ScriptTarget.ES2023, true);
  const texts = new Map<string, string>();
  const add = (name: string | undefined, statement: ts.Statement): void => {
    if (name === undefined) return;
    const own = statement.getText(source).replace(/^export\s+(?=declare|interface|type|enum|const|class|function)/, '');
    texts.set(name, [texts.get(name), own].filter((part) => part !== undefined).join('\n'));
  };
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) add(nameOfDeclaration(statement), statement);
    else for (const each of statement.declarationList.declarations) add(nameOfDeclaration(each), statement);
    if (isDefault(statement)) add('default', statement);
  }
  // `export default <value>` is a variable of its own in a `.d.ts`.
  const value = texts.get('_default');
  if (value !== undefined && !texts.has('default')) texts.set('default', value);
  return texts;
}

function isDefault(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some((each) => each.kind === ts.SyntaxKind.DefaultKeyword) === true;
}

/** Reads the declared texts of one program, each file once. */
class Surface {
  readonly #program: ts.Program;
  readonly #texts = new Map<string, ReadonlyMap<string, string>>();

  constructor(program: ts.Program) {
    this.#program = program;
  }

  /** Exported name -> how it is declared. `inside`: the modules it is asked for, as a namespace may hold its own. */
  exportsOf(path: string, inside: readonly string[] = []): ReadonlyMap<string, string> {
    const checker = this.#program.getTypeChecker();
    const source = this.#program.getSourceFile(path);
    const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
    const found = new Map<string, string>();
    for (const symbol of module === undefined ? [] : checker.getExportsOfModule(module)) {
      const real = (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
      const declarations = (real.declarations ?? []).map((each) =>
        ts.isSourceFile(each)
          ? this.#namespace(each.fileName, [...inside, path])
          : this.#declared(each.getSourceFile().fileName, real.name),
      );
      found.set(symbol.name, [...new Set(declarations)].join('\n'));
    }
    return found;
  }

  /** All that a module exports, as `export * as name` offers it. */
  #namespace(path: string, inside: readonly string[]): string {
    if (inside.includes(path)) return '';
    return [...this.exportsOf(path, inside)].map(([name, text]) => `${name}: ${text}`).join('\n');
  }

  #declared(path: string, name: string): string {
    const known = this.#texts.get(path) ?? declaredByName(declarationText(this.#program, path) ?? '');
    this.#texts.set(path, known);
    return known.get(name) ?? '';
  }
}

const surfaces = new WeakMap<ts.Program, Surface>();

/** The version after one step is the version before the next: its texts are written once. */
function surfaceOf(program: ts.Program): Surface {
  const known = surfaces.get(program) ?? new Surface(program);
  surfaces.set(program, known);
  return known;
}

/** What changed in the exports of the entry modules. Types in the declarations are compared as they are written. */
export function apiChanges(
  versions: Versions,
  entries: readonly string[],
  shown: (path: string) => string,
): readonly ApiChange[] {
  const [old, now] = [surfaceOf(versions.before), surfaceOf(versions.after)];
  const changes = new Map<string, { readonly change: ApiChange['change']; readonly through: string[] }>();
  const note = (name: string, change: ApiChange['change'], entry: string): void => {
    const known = changes.get(`${change} ${name}`) ?? { change, through: [] };
    known.through.push(shown(entry));
    changes.set(`${change} ${name}`, known);
  };
  for (const entry of entries) {
    const [before, after] = [old.exportsOf(entry), now.exportsOf(entry)];
    for (const [name, text] of before) {
      if (!after.has(name)) note(name, 'gone', entry);
      else if (offered(text) !== offered(after.get(name) ?? '')) note(name, 'changed', entry);
    }
    for (const name of after.keys()) if (!before.has(name)) note(name, 'new', entry);
  }
  return [...changes].map(([key, { change, through }]) => ({ name: key.slice(change.length + 1), change, through }));
}

/** What of a declaration others can use: not its private members, and not in which files the types it names are. */
function offered(text: string): string {
  return text
    .replaceAll(/^\s*(?:private|#private)\b.*;$/gm, '')
    .replaceAll(/import\((["'])[^"']*\1\)\.?/g, '')
    .replaceAll(/\s+/g, ' ');
}
