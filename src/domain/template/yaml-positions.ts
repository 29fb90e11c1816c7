// From a path in a template to the line and column of the YAML text where it stands.
import { isAlias, isMap, isNode, isScalar, isSeq } from 'yaml';
import type { Document, LineCounter, Pair } from 'yaml';
import type { Position, Problem } from './template-problem.ts';

export type Locate = (problem: Problem) => Position | undefined;

/** Where the text cannot be followed all the way (merged maps, absent keys), the deepest part that is there. */
export function yamlPositions(document: Document, lines: LineCounter): Locate {
  return (problem) => positionAt(offsetOf(problem, document), lines);
}

export function positionAt(offset: number, lines: LineCounter): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function offsetOf({ path, on }: Problem, document: Document): number {
  let node: unknown = document.contents;
  let offset = startOf(node, 0);
  for (const [depth, key] of path.entries()) {
    const resolved = isAlias(node) ? node.resolve(document) : node;
    const next = childOf(resolved, key);
    if (next === undefined) return offset;
    const wantsKey = on === 'key' && depth === path.length - 1;
    offset = startOf(wantsKey ? next.key : next.value, startOf(next.key, offset));
    node = next.value;
  }
  return offset;
}

interface Child {
  readonly key: unknown;
  readonly value: unknown;
}

function childOf(node: unknown, key: string | number): Child | undefined {
  if (isSeq(node)) return { key: undefined, value: node.items[Number(key)] };
  const names = synonyms.get(key) ?? [key];
  return (
    (isMap(node) && node.items.find((pair: Pair) => isScalar(pair.key) && names.includes(String(pair.key.value)))) || undefined
  );
}

/** Problems are noted under the first name; the writer may have used the second. */
const synonyms: ReadonlyMap<string | number, readonly (string | number)[]> = new Map([
  ['dependencies', ['dependencies', 'depends_on']],
  ['type', ['type', 'step_type']],
]);

function startOf(node: unknown, fallback: number): number {
  return isNode(node) && node.range ? node.range[0] : fallback;
}
