// Levels and cycles of a graph of dependencies, in time linear in its edges and without recursion.
import { TaskerError } from './errors.ts';

/** `from` must be done before `to` may run. */
export interface DependencyEdge {
  readonly from: string;
  readonly to: string;
}

/**
 * How deep each step lies (spec 3.1): 0 without parents, else one more than its deepest parent.
 * `nodes` adds steps that no edge names. Throws DEPENDENCY_CYCLE when the edges run in a circle.
 */
export function dependencyLevels(edges: readonly DependencyEdge[], nodes: Iterable<string> = []): ReadonlyMap<string, number> {
  const { levels, cycle } = sortByLevel(edges, nodes);
  if (cycle === undefined) return levels;
  throw new TaskerError('DEPENDENCY_CYCLE', `${cycleText(cycle)}. Remove one of these dependencies.`, {
    kind: 'input',
    details: { cycle },
  });
}

/** The steps of one cycle, each waiting for the next, the first repeated at the end; undefined when there is none. */
export function findCycle(edges: readonly DependencyEdge[]): readonly string[] | undefined {
  return sortByLevel(edges, []).cycle;
}

/** One sentence that names the cycle. */
export function cycleText(cycle: readonly string[]): string {
  return `the dependencies run in a circle: ${cycle.join(' → ')} (each step waits for the next)`;
}

interface Sorted {
  readonly levels: ReadonlyMap<string, number>;
  readonly cycle: readonly string[] | undefined;
}

interface GraphNode {
  readonly name: string;
  readonly children: GraphNode[];
  openParents: number;
}

function sortByLevel(edges: readonly DependencyEdge[], names: Iterable<string>): Sorted {
  const graph = new Map<string, GraphNode>();
  const nodeOf = (name: string): GraphNode => {
    const node = graph.get(name) ?? { name, children: [], openParents: 0 };
    graph.set(name, node);
    return node;
  };
  for (const name of names) nodeOf(name);
  for (const { from, to } of edges) {
    const child = nodeOf(to);
    child.openParents += 1;
    nodeOf(from).children.push(child);
  }

  const levels = new Map<string, number>();
  let level = [...graph.values()].filter((node) => node.openParents === 0);
  for (let depth = 0; level.length > 0; depth += 1) {
    for (const node of level) levels.set(node.name, depth);
    level = level.flatMap((node) => node.children).filter(losesItsLastParent);
  }
  return { levels, cycle: cycleAmong(edges.filter(({ from, to }) => !levels.has(from) && !levels.has(to))) };
}

/** A child is free with its last, so with its deepest, parent. */
function losesItsLastParent(child: GraphNode): boolean {
  child.openParents -= 1;
  return child.openParents === 0;
}

/** Each node of these edges has a parent among them, so walking up from any of them must come round. */
function cycleAmong(edges: readonly DependencyEdge[]): readonly string[] | undefined {
  const parentOf = new Map(edges.map(({ from, to }) => [to, from]));
  const path: string[] = [];
  for (let node = edges[0]?.to; node !== undefined; node = parentOf.get(node)) {
    const start = path.indexOf(node);
    if (start >= 0) return [...path.slice(start), node];
    path.push(node);
  }
  return undefined;
}
