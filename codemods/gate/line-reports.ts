// Reports that count every line of a file (c8, node's own): lines without code leave their sums.
import type { FileCoverage, Measure } from './coverage-model.ts';
import { measureOf } from './coverage-model.ts';
import type { SourceFacts } from './facts.ts';

type ByPath = ReadonlyMap<string, FileCoverage>;

/** Tools that count statements start none on a blank line or a comment; those that count lines have most of them, less what is ignored. */
function countsEmptyLines(found: FileCoverage, empty: ReadonlySet<number>): boolean {
  const counted = (found.lines.hits ?? []).filter((hit) => empty.has(hit.line));
  return counted.length > 0 && counted.length * 2 >= empty.size;
}

function without(empty: ReadonlySet<number>, measure: Measure): Measure {
  return measure.hits === undefined ? measure : measureOf(measure.hits.filter((hit) => !empty.has(hit.line)));
}

/**
 * The same coverage, its lines and statements those that hold code, with a note when that changed something.
 * Branches and functions stay: the branch of a whole module starts on its first line, whatever that holds.
 */
export function withoutEmptyLines(
  coverage: ByPath,
  sources: readonly Pick<SourceFacts, 'file' | 'emptyLines'>[],
): { readonly coverage: ByPath; readonly notes: readonly string[] } {
  const kept = new Map(coverage);
  let changed = 0;
  for (const { file, emptyLines } of sources) {
    const found = coverage.get(file);
    const empty = new Set(emptyLines);
    if (found === undefined || !countsEmptyLines(found, empty)) continue;
    const statements = found.statements && without(empty, found.statements);
    kept.set(file, { ...found, lines: without(empty, found.lines), statements });
    changed += 1;
  }
  const note = `The report counts blank lines and comments in ${changed} files (c8 and node count every line); they count nowhere.`;
  return { coverage: kept, notes: changed === 0 ? [] : [note] };
}
