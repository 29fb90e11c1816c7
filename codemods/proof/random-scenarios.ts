// Draws random scenarios of a subject and compares two versions of it, or one with itself.
import fc from 'fast-check';
import { seededChoices } from './answers.ts';
import { compareTraces } from './compare-traces.ts';
import type { Difference } from './compare-traces.ts';
import type { SubjectSpec } from './prove.ts';
import { runScenario } from './run-scenario.ts';
import { seeded } from './schedule.ts';
import type { Subject } from './subject-loader.ts';
import type { RenderedTrace } from './trace.ts';

export interface RandomComparison {
  readonly runs: number;
  /** Of the first scenario in which the versions differ; with the seed that draws it again. */
  readonly counterexample?: { readonly seed: number; readonly differences: readonly Difference[] };
}

export interface RandomOptions {
  readonly runs: number;
  /** Of the sequence of scenarios; the same seed draws the same ones. */
  readonly seed: number;
}

/** Seed of a scenario: what is drawn, and the schedule it runs under. */
export function traceRandom(spec: SubjectSpec, subject: Subject, seed: number): Promise<RenderedTrace> {
  return runScenario((world) => spec.random?.(world, subject, seededChoices(seed)), {
    schedule: seeded(seed),
    normalisers: spec.normalisers,
  });
}

/** Runs the same random scenarios on both versions until they differ. */
export async function compareRandom(
  spec: SubjectSpec,
  versions: { readonly before: Subject; readonly after: Subject },
  { runs, seed }: RandomOptions,
): Promise<RandomComparison> {
  if (spec.random === undefined) return { runs: 0 };
  let differences: readonly Difference[] = [];
  const property = fc.asyncProperty(fc.nat(), async (drawn) => {
    const before = await traceRandom(spec, versions.before, drawn);
    const after = await traceRandom(spec, versions.after, drawn);
    differences = compareTraces(before, after, spec.happensBefore);
    return differences.length === 0;
  });
  const details = await fc.check(property, { numRuns: runs, seed, endOnFailure: true });
  // A run that threw, rather than differed, could not be judged.
  if (differences.length === 0 && details.errorInstance instanceof Error) throw details.errorInstance;
  const [drawn] = details.counterexample ?? [];
  return drawn === undefined
    ? { runs: details.numRuns }
    : { runs: details.numRuns, counterexample: { seed: drawn, differences } };
}
