// Rule: no import cycles, of values or of types.
import type { Finding, HouseFile } from './house-file.ts';
import { importsOf } from './imports.ts';

interface Edge {
  readonly target: string;
  readonly line: number;
}

type Graph = ReadonlyMap<string, readonly Edge[]>;

function graphOf(files: readonly HouseFile[]): Graph {
  const known = new Set(files.map((file) => file.path));
  const edges = (file: HouseFile): readonly Edge[] =>
    importsOf(file).flatMap(({ target, line }) => (target !== undefined && known.has(target) ? [{ target, line }] : []));
  return new Map(files.map((file) => [file.path, edges(file)]));
}

interface Search {
  readonly graph: Graph;
  readonly done: Set<string>;
  readonly findings: Finding[];
}

/** Depth first; an edge back into the path that led here closes a cycle, and is where the finding points. */
function visit(search: Search, path: readonly string[]): void {
  const from = path.at(-1) ?? '';
  for (const { target, line } of search.graph.get(from) ?? []) {
    const start = path.indexOf(target);
    if (start !== -1) {
      const cycle = [...path.slice(start), target].join(' -> ');
      search.findings.push({
        rule: 'import-cycles',
        path: from,
        line,
        message: `This import closes a cycle: ${cycle}. Move what both need into a third file.`,
      });
    } else if (!search.done.has(target)) visit(search, [...path, target]);
  }
  search.done.add(from);
}

export function importCyclesRule(files: readonly HouseFile[]): readonly Finding[] {
  const search: Search = { graph: graphOf(files), done: new Set(), findings: [] };
  for (const path of search.graph.keys()) if (!search.done.has(path)) visit(search, [path]);
  return search.findings;
}
