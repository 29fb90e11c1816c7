// Which statements of several near-clones belong together: token similarity and a longest common subsequence over it.
import { parseSource, ts } from '../kernel/parse-source.ts';

/** Two statements that share fewer of their tokens are not taken for versions of each other. */
const LEAST_SHARED = 0.5;

/** The tokens of statements as the parser sees them: what stands in a template literal is one token between its holes. */
export function treeTokens(code: string): readonly string[] {
  const source = parseSource('code.ts', code);
  const tokens: string[] = [];
  const visit = (node: ts.Node): void => {
    const children = node.getChildren(source);
    if (children.length === 0 && node.getWidth(source) > 0)
      tokens.push(ts.isStringLiteral(node) ? JSON.stringify(node.text) : node.getText(source));
    for (const child of children) if (!ts.isJSDoc(child)) visit(child);
  };
  visit(source);
  return tokens.filter((token, at) => token !== ',' || !/^[)\]}]$/.test(tokens[at + 1] ?? ''));
}

/** Length of the longest common subsequence. */
export function commonLength(a: readonly string[], b: readonly string[]): number {
  let above: number[] = Array.from({ length: b.length + 1 }, () => 0);
  for (const left of a) {
    const row = [0];
    for (const [at, right] of b.entries()) {
      row.push(left === right ? (above[at] ?? 0) + 1 : Math.max(above[at + 1] ?? 0, row[at] ?? 0));
    }
    above = row;
  }
  return above.at(-1) ?? 0;
}

/** Shared tokens of two pieces of code, from 0 to 1: twice the common ones by all. */
export function similarityOf(a: readonly string[], b: readonly string[]): number {
  const all = a.length + b.length;
  return all === 0 ? 1 : (2 * commonLength(a, b)) / all;
}

/** The similarity of the two that differ most. */
export function leastSimilarity(codes: readonly string[]): number {
  const tokens = codes.map(treeTokens);
  let least = 1;
  for (const [at, a] of tokens.entries()) for (const b of tokens.slice(at + 1)) least = Math.min(least, similarityOf(a, b));
  return least;
}

/** An element of a list as alignment sees it. */
export interface Alignable {
  /** Elements of different kinds are never aligned. */
  readonly kind: string;
  readonly tokens: readonly string[];
}

/** For each list the element that stands in the column, or undefined. */
export type Column<T> = readonly (T | undefined)[];

function weight(a: Alignable, b: Alignable): number {
  if (a.kind !== b.kind) return 0;
  const shared = similarityOf(a.tokens, b.tokens);
  return shared < LEAST_SHARED ? 0 : shared;
}

/** Pairs of positions with the greatest sum of weights, in order. */
function bestPairs(weights: readonly (readonly number[])[], width: number): readonly (readonly [number, number])[] {
  const height = weights.length;
  const best: number[][] = Array.from({ length: height + 1 }, () => Array.from({ length: width + 1 }, () => 0));
  const at = (row: number, column: number): number => best[row]?.[column] ?? 0;
  const pair = (row: number, column: number): number => {
    const own = weights[row]?.[column] ?? 0;
    return own === 0 ? 0 : own + at(row + 1, column + 1);
  };
  for (let row = height - 1; row >= 0; row -= 1) {
    for (let column = width - 1; column >= 0; column -= 1) {
      const line = best[row];
      if (line !== undefined) line[column] = Math.max(pair(row, column), at(row + 1, column), at(row, column + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let row = 0, column = 0; row < height && column < width;) {
    const here = pair(row, column);
    if (here > 0 && here >= at(row + 1, column) && here >= at(row, column + 1)) pairs.push([row++, column++]);
    else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return pairs;
}

/** Merges one more list into the columns of the lists before it. */
function merge<T extends Alignable>(columns: readonly Column<T>[], list: readonly T[], width: number): readonly Column<T>[] {
  const weights = columns.map((column) =>
    list.map((item) => Math.max(0, ...column.map((cell) => (cell === undefined ? 0 : weight(cell, item))))),
  );
  const empty: readonly undefined[] = Array.from({ length: width }, () => undefined);
  const merged: Column<T>[] = [];
  let row = 0;
  let taken = 0;
  for (const [column, item] of [...bestPairs(weights, list.length), [columns.length, list.length] as const]) {
    while (row < column) merged.push([...(columns[row++] ?? empty), undefined]);
    while (taken < item) merged.push([...empty, list[taken++]]);
    if (column < columns.length) merged.push([...(columns[row++] ?? empty), list[taken++]]);
  }
  return merged;
}

/** The lists side by side: elements that are versions of each other share a column, the order of each list is kept. */
export function alignLists<T extends Alignable>(lists: readonly (readonly T[])[]): readonly Column<T>[] {
  let columns: readonly Column<T>[] = [];
  for (const [width, list] of lists.entries()) columns = merge(columns, list, width);
  return columns;
}
