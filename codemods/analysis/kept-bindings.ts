// Whether the names in text that a change left alone still mean the same declarations: a new name in between may capture them.
import { diffArrays } from 'diff';
import type { ChangedFile } from '../kernel/result-checks.ts';
import { lineOf, ts, walk } from '../kernel/parse-source.ts';
import { containerOf, nameOfDeclaration } from './named-containers.ts';

/** Two programs of one project, before and after a change. */
export interface Versions {
  readonly before: ts.Program;
  readonly after: ts.Program;
}

/** A name that means another declaration than before, though the one it meant is still there. */
export interface MovedName {
  readonly path: string;
  /** Of the result, counted from 1. */
  readonly line: number;
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

export interface KeptBindings {
  /** Names in unchanged text that were looked up in both versions. */
  readonly checked: number;
  /** Those whose declaration went away and that mean what stands in its place now: `name: before -> after`, each once. */
  readonly replaced: readonly string[];
  readonly moved: readonly MovedName[];
}

/** A line of code with the names on it. */
interface NamedLine {
  readonly line: number;
  readonly text: string;
  readonly names: readonly ts.Identifier[];
}

/** Lines with names by the container they stand in. */
type LinesByContainer = ReadonlyMap<string, readonly NamedLine[]>;

/** Both versions of one file. */
interface FilePair {
  readonly path: string;
  readonly before: ts.SourceFile;
  readonly after: ts.SourceFile;
  readonly linesBefore: LinesByContainer;
  readonly linesAfter: LinesByContainer;
  /** Line before -> line after, for unchanged lines with names. */
  readonly kept: ReadonlyMap<number, number>;
}

function linesOf(source: ts.SourceFile): LinesByContainer {
  const texts = source.text.split('\n');
  const containers = new Map<string, Map<number, ts.Identifier[]>>();
  walk(source, (node) => {
    if (!ts.isIdentifier(node)) return;
    const lines = containers.get(containerOf(node)) ?? new Map<number, ts.Identifier[]>();
    containers.set(containerOf(node), lines);
    const line = lineOf(source, node.getStart(source));
    const names = lines.get(line);
    if (names === undefined) lines.set(line, [node]);
    else names.push(node);
  });
  const listed = (lines: ReadonlyMap<number, readonly ts.Identifier[]>): readonly NamedLine[] =>
    [...lines]
      .map(([line, names]) => ({ line, text: (texts[line - 1] ?? '').trim(), names }))
      .toSorted((a, b) => a.line - b.line);
  return new Map([...containers].map(([name, lines]) => [name, listed(lines)]));
}

/** Pairs of equal lines of two lists, in order. */
function* equalLines(old: readonly NamedLine[], now: readonly NamedLine[]): Generator<readonly [NamedLine, NamedLine]> {
  const texts = (lines: readonly NamedLine[]): string[] => lines.map((line) => line.text);
  let [one, other] = [0, 0];
  for (const { added, removed, value } of diffArrays(texts(old), texts(now))) {
    const isSame = !added && !removed;
    if (isSame) yield* value.map((_text, at) => [old[one + at], now[other + at]] as const).filter(isWhole);
    if (!added) one += value.length;
    if (!removed) other += value.length;
  }
}

function isWhole(pair: readonly [NamedLine | undefined, NamedLine | undefined]): pair is readonly [NamedLine, NamedLine] {
  return pair[0] !== undefined && pair[1] !== undefined;
}

/** Pairs of lines that stand unchanged in the same container, indentation aside. */
function* unchangedLines(before: LinesByContainer, after: LinesByContainer): Generator<readonly [NamedLine, NamedLine]> {
  for (const [container, old] of before) yield* equalLines(old, after.get(container) ?? []);
}

function pairOf(versions: Versions, path: string): FilePair | undefined {
  const before = versions.before.getSourceFile(path);
  const after = versions.after.getSourceFile(path);
  if (before === undefined || after === undefined) return undefined;
  const [linesBefore, linesAfter] = [linesOf(before), linesOf(after)];
  const kept = new Map<number, number>();
  for (const [old, now] of unchangedLines(linesBefore, linesAfter)) kept.set(old.line, now.line);
  return { path, before, after, linesBefore, linesAfter, kept };
}

/** What a name means: aliases followed, the short form of a property read as the variable it names. */
function declarationsOf(checker: ts.TypeChecker, name: ts.Identifier): readonly ts.Declaration[] {
  const symbol = ts.isShorthandPropertyAssignment(name.parent)
    ? checker.getShorthandAssignmentValueSymbol(name.parent)
    : checker.getSymbolAtLocation(name);
  if (symbol === undefined) return [];
  const real = (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
  return real.declarations ?? [];
}

function fullName(node: ts.Node): string {
  return [containerOf(node), nameOfDeclaration(node) ?? ts.SyntaxKind[node.kind]].filter((part) => part !== '').join('.');
}

function lineOfDeclaration(node: ts.Declaration): number {
  const source = node.getSourceFile();
  const name = ts.getNameOfDeclaration(node) ?? node;
  return lineOf(source, name.getStart(source));
}

function textOfLine(source: ts.SourceFile, line: number): string {
  return (source.text.split('\n')[line - 1] ?? '').trim();
}

function placeOf(node: ts.Declaration): string {
  return `${node.getSourceFile().fileName}:${String(lineOfDeclaration(node))}`;
}

/** Whether a declaration is reached by its address alone: at the top of a file, or a member of what is. */
function hasAddress(node: ts.Declaration): boolean {
  for (let at: ts.Node = node.parent; !ts.isSourceFile(at); at = at.parent)
    if (ts.isFunctionLike(at) || ts.isBlock(at)) return false;
  return !ts.isParameter(node) || ts.isParameterPropertyDeclaration(node, node.parent);
}

/** A member is found by the type of what stands before the dot; no name in between can capture it. */
function isMemberName(name: ts.Identifier): boolean {
  return ts.isPropertyAccessExpression(name.parent) && name.parent.name === name;
}

/** What was found so far. */
interface Found {
  checked: number;
  readonly replaced: Set<string>;
  readonly moved: MovedName[];
}

type Relation = 'same' | 'replaced' | 'moved';

/** Compares what names of changed files mean. */
class Comparison {
  readonly #pairs = new Map<string, FilePair>();
  readonly #addresses = new Map<ts.SourceFile, ReadonlySet<string>>();
  readonly #versions: Versions;

  constructor(versions: Versions, paths: readonly string[]) {
    this.#versions = versions;
    for (const path of paths) {
      const pair = pairOf(versions, path);
      if (pair !== undefined) this.#pairs.set(path, pair);
    }
  }

  run(): KeptBindings {
    const found: Found = { checked: 0, replaced: new Set(), moved: [] };
    for (const pair of this.#pairs.values()) {
      for (const [old, now] of unchangedLines(pair.linesBefore, pair.linesAfter)) {
        if (old.names.length !== now.names.length) continue;
        for (const [at, name] of old.names.entries()) this.#compare(pair.path, name, now.names[at], found);
      }
    }
    return { checked: found.checked, replaced: [...found.replaced], moved: found.moved };
  }

  #compare(path: string, old: ts.Identifier, now: ts.Identifier | undefined, found: Found): void {
    if (now === undefined) return;
    const before = declarationsOf(this.#versions.before.getTypeChecker(), old);
    const after = declarationsOf(this.#versions.after.getTypeChecker(), now);
    const [was] = before;
    const [is] = after;
    // A declaration's own name means itself.
    if (was === undefined || is === undefined || ts.getNameOfDeclaration(was) === old) return;
    found.checked += 1;
    const relations = new Set(before.flatMap((one) => after.map((other) => this.#relation(one, other))));
    if (relations.has('same')) return;
    if (relations.has('replaced') || (isMemberName(now) && after.every((each) => this.#isNew(each)))) {
      found.replaced.add(`${old.text}: ${fullName(was)} -> ${fullName(is)}`);
      return;
    }
    const line = lineOf(now.getSourceFile(), now.getStart());
    found.moved.push({ path, line, name: old.text, before: placeOf(was), after: placeOf(is) });
  }

  #relation(before: ts.Declaration, after: ts.Declaration): Relation {
    if (before === after) return 'same';
    return hasAddress(before) && hasAddress(after) ? this.#byAddress(before, after) : this.#byLine(before, after);
  }

  #byAddress(before: ts.Declaration, after: ts.Declaration): Relation {
    const [oldPath, newPath] = [before.getSourceFile().fileName, after.getSourceFile().fileName];
    const isSame = fullName(before) === fullName(after);
    if (isSame && oldPath === newPath) return 'same';
    const there = this.#versions.after.getSourceFile(oldPath);
    if (there !== undefined && this.#addressesIn(there).has(fullName(before))) return 'moved';
    return isSame ? 'same' : 'replaced';
  }

  /** Locals have no address: their line says which one it is, and where it changed, that no other one was meant before. */
  #byLine(before: ts.Declaration, after: ts.Declaration): Relation {
    const pair = this.#pairs.get(before.getSourceFile().fileName);
    const [oldLine, newLine] = [lineOfDeclaration(before), lineOfDeclaration(after)];
    if (pair === undefined) return 'moved';
    if (after.getSourceFile() !== pair.after) return 'replaced';
    const expected = pair.kept.get(oldLine);
    if (expected === newLine || this.#isTwin(pair, before, after)) return 'same';
    if (expected !== undefined) return 'moved';
    return [...pair.kept.values()].includes(newLine) ? 'moved' : 'replaced';
  }

  /** Equal lines of one container cannot be told apart: which of them is which is the alignment's guess. */
  #isTwin(pair: FilePair, before: ts.Declaration, after: ts.Declaration): boolean {
    const lines = pair.linesBefore.get(containerOf(before)) ?? [];
    const text = textOfLine(pair.before, lineOfDeclaration(before));
    if (containerOf(before) !== containerOf(after) || text !== textOfLine(pair.after, lineOfDeclaration(after))) return false;
    return lines.filter((line) => line.text === text).length > 1;
  }

  /** Whether the change wrote it: its line is not one that stood there before. */
  #isNew(after: ts.Declaration): boolean {
    const path = after.getSourceFile().fileName;
    if (this.#versions.before.getSourceFile(path) === undefined) return true;
    const pair = this.#pairs.get(path);
    return pair !== undefined && ![...pair.kept.values()].includes(lineOfDeclaration(after));
  }

  #addressesIn(source: ts.SourceFile): ReadonlySet<string> {
    const known = this.#addresses.get(source);
    if (known !== undefined) return known;
    const names = new Set<string>();
    walk(source, (node) => {
      // What has a name declares it, but for the names that imports and exports pass on.
      const passesOn = ts.isImportSpecifier(node) || ts.isExportSpecifier(node) || ts.isImportClause(node);
      if (!passesOn && nameOfDeclaration(node) !== undefined) names.add(fullName(node));
    });
    this.#addresses.set(source, names);
    return names;
  }
}

/** Looks up every name in text of the changed files that the change left alone, in both versions. */
export function keptBindings(versions: Versions, files: readonly ChangedFile[]): KeptBindings {
  const changed = files.filter(({ before, after }) => before !== undefined && after !== undefined);
  return new Comparison(
    versions,
    changed.map(({ path }) => path),
  ).run();
}
