// Runs mutants of a subject against its golden: a difference kills, an endless run is unknown, the rest survives.
import { RefitError } from '../kernel/refit-error.ts';
import { executedLines } from './branch-coverage.ts';
import type { LineRange } from './branch-coverage.ts';
import type { Golden } from './golden-file.ts';
import { applyMutant, mutantsOf } from './mutants.ts';
import type { Mutant } from './mutants.ts';
import { compareWithGolden } from './prove.ts';
import type { SubjectSpec } from './prove.ts';
import type { Subject } from './subject-loader.ts';

export type MutantVerdict = 'killed' | 'survived' | 'unknown';

export interface MutantResult {
  readonly mutant: Mutant;
  readonly path: string;
  readonly verdict: MutantVerdict;
}

export interface MutationPorts {
  readonly spec: SubjectSpec;
  readonly golden: Golden;
  /** A fresh subject in which `path` has this text. */
  open(path: string, text: string): Subject;
  /** The text of a file as it is. */
  read(path: string): string;
  /** Called after each mutant, for progress. */
  onResult?(result: MutantResult): void;
}

/** Mutants on the lines of the spec's ranges that a scenario executes, each run until the first difference. */
export async function runMutants(ports: MutationPorts, covered: Subject): Promise<readonly MutantResult[]> {
  const results: MutantResult[] = [];
  for (const [path, ranges] of rangesByPath(ports.spec.ranges)) {
    const text = ports.read(path);
    const executed = executedLines(covered.counters, path, text.split('\n').length);
    const isWanted = (line: number): boolean => executed.has(line) && ranges.some(({ from, to }) => line >= from && line <= to);
    for (const mutant of mutantsOf(path, text, isWanted)) {
      const verdict = await runMutant(ports, path, applyMutant(text, mutant));
      const result = { mutant, path, verdict };
      results.push(result);
      ports.onResult?.(result);
    }
  }
  return results;
}

function rangesByPath(ranges: readonly LineRange[]): ReadonlyMap<string, readonly LineRange[]> {
  const byPath = new Map<string, LineRange[]>();
  for (const range of ranges) byPath.set(range.path, [...(byPath.get(range.path) ?? []), range]);
  return byPath;
}

const noticed: ReadonlySet<string> = new Set(['PROOF_SUBJECT_NOT_LOADED', 'PROOF_SUBJECT_NOT_CONSTRUCTED']);

async function runMutant(ports: MutationPorts, path: string, text: string): Promise<MutantVerdict> {
  try {
    const subject = ports.open(path, text);
    const differences = await compareWithGolden(ports.spec, subject, ports.golden, (found) => found.length > 0);
    return differences.length > 0 ? 'killed' : 'survived';
  } catch (error) {
    // A subject that cannot be loaded or constructed any more was noticed; one that does not end, or cannot be judged, says nothing.
    return error instanceof RefitError && !noticed.has(error.code) ? 'unknown' : 'killed';
  }
}

export interface MutationScore {
  readonly killed: number;
  readonly survived: number;
  readonly unknown: number;
  /** Killed of all that are known, 0 to 100. */
  readonly score: number;
}

export function scoreOf(results: readonly MutantResult[]): MutationScore {
  const count = (wanted: MutantVerdict): number => results.filter(({ verdict }) => verdict === wanted).length;
  const [killed, survived, unknown] = [count('killed'), count('survived'), count('unknown')];
  const known = killed + survived;
  return { killed, survived, unknown, score: known === 0 ? 0 : Math.round((killed / known) * 1000) / 10 };
}
