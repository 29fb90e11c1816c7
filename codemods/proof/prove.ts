// Runs all cases of a subject under all schedules, and compares what they did with the golden.
import { reportBranches } from './branch-coverage.ts';
import type { BranchReport, LineRange, Unreachable } from './branch-coverage.ts';
import { compareTraces } from './compare-traces.ts';
import type { Difference, HappensBefore } from './compare-traces.ts';
import { allSchedules, goldenHeader } from './golden-file.ts';
import type { Golden, GoldenCase } from './golden-file.ts';
import type { Normaliser } from './normalisers.ts';
import { proofError } from './proof-errors.ts';
import { runScenario, runTwice } from './run-scenario.ts';
import { fifo, lifo, scheduleName, seeded } from './schedule.ts';
import type { Schedule } from './schedule.ts';
import type { Choices } from './answers.ts';
import type { Subject } from './subject-loader.ts';
import { traceLines } from './trace.ts';
import type { RenderedTrace } from './trace.ts';
import type { World } from './world.ts';

/** One situation: drives the subject in a world. */
export interface Scenario {
  readonly name: string;
  /** More than one answer can wait at a time: run under seeded schedules too. */
  readonly concurrent?: boolean;
  run(world: World, subject: Subject): unknown;
}

export interface SubjectSpec {
  readonly name: string;
  readonly normalisers: readonly Normaliser[];
  readonly scenarios: readonly Scenario[];
  /** A situation drawn at random: whatever `choices` decides, drives the subject. */
  random?(world: World, subject: Subject, choices: Choices): unknown;
  readonly happensBefore?: readonly HappensBefore[];
  /** Where every branch must be reached. */
  readonly ranges: readonly LineRange[];
  readonly unreachable?: readonly Unreachable[];
}

export const seededSchedules: readonly Schedule[] = Array.from({ length: 20 }, (_, nr) => seeded(nr + 1));

export function schedulesOf({ concurrent = false }: Scenario): readonly Schedule[] {
  return concurrent ? [fifo, lifo, ...seededSchedules] : [fifo, lifo];
}

/** Traces of a case: one for all schedules where they agree (up to the order across flows, which is free), else one for each. */
export async function traceCase(
  spec: SubjectSpec,
  subject: Subject,
  scenario: Scenario,
): Promise<ReadonlyMap<string, RenderedTrace>> {
  const traces = new Map<string, RenderedTrace>();
  for (const schedule of schedulesOf(scenario)) {
    const run = (world: World): unknown => scenario.run(world, subject);
    traces.set(scheduleName(schedule), await runScenario(run, { schedule, normalisers: spec.normalisers }));
  }
  const [first, ...others] = [...traces.values()];
  if (first === undefined) return traces;
  const text = traceLines(first).join('\n');
  const agrees = (other: RenderedTrace): boolean =>
    traceLines(other).join('\n') === text || compareTraces(first, other, spec.happensBefore).length === 0;
  return others.every(agrees) ? new Map([[allSchedules, first]]) : traces;
}

/** What the subject does now, as a golden. */
export async function recordGolden(spec: SubjectSpec, subject: Subject): Promise<Golden> {
  const cases: GoldenCase[] = [];
  for (const scenario of spec.scenarios) {
    // What differs between two equal runs would be recorded as if the schedule had decided it.
    const refuse = (world: World): void => refuseMissingSchedules(scenario, world);
    await runTwice((world) => scenario.run(world, subject), { normalisers: spec.normalisers, onEnd: refuse });
    cases.push({ name: scenario.name, traces: await traceCase(spec, subject, scenario) });
  }
  return { subject: spec.name, header: goldenHeader(spec.name, spec.normalisers, scheduleGroups(spec)), cases };
}

/** A case in which the schedule decides something must be run under more than first-in-first-out and its reverse. */
function refuseMissingSchedules({ name, concurrent = false }: Scenario, { choices }: World): void {
  if (concurrent || choices === 0) return;
  throw proofError(
    'PROOF_SCHEDULES_MISSING',
    `In the case ${JSON.stringify(name)} more than one answer waits at ${choices} moments. Declare it \`concurrent: true\`, so that it runs under seeded schedules.`,
  );
}

/**
 * Names of the cases in which a schedule has a choice: more than one answer waits at some moment.
 * Up to the first such moment all schedules do the same, so that one of them tells it for all.
 */
export async function casesWithChoice({ scenarios, normalisers }: SubjectSpec, subject: Subject): Promise<readonly string[]> {
  const names: string[] = [];
  for (const scenario of scenarios) {
    const note = ({ choices }: World): void => {
      if (choices > 0) names.push(scenario.name);
    };
    await runScenario((world) => scenario.run(world, subject), { normalisers, onEnd: note });
  }
  return names;
}

/** Names of the schedules a spec runs under, for the header of its golden. */
export function scheduleGroups({ scenarios }: SubjectSpec): readonly string[] {
  return [...new Set(scenarios.flatMap((scenario) => schedulesOf(scenario).map(groupName)))];
}

function groupName(schedule: Schedule): string {
  return schedule.kind === 'seeded' ? `seeds 1 to ${seededSchedules.length} where concurrent` : schedule.kind;
}

/** A difference with the case it was seen in. */
export interface CaseDifference extends Difference {
  readonly case: string;
  readonly schedule: string;
}

/** Differences of what the subject does from the golden; `enough` ends the search early, as a mutant is killed by one. */
export async function compareWithGolden(
  spec: SubjectSpec,
  subject: Subject,
  golden: Golden,
  enough: (found: readonly CaseDifference[]) => boolean = () => false,
): Promise<readonly CaseDifference[]> {
  const found: CaseDifference[] = [];
  const expected = new Map(golden.cases.map(({ name, traces }) => [name, traces]));
  for (const scenario of spec.scenarios) {
    const traces = await traceCase(spec, subject, scenario);
    found.push(...compareCase(spec, scenario.name, { expected: expected.get(scenario.name), traces }));
    if (enough(found)) return found;
  }
  return found;
}

interface CaseTraces {
  readonly expected: ReadonlyMap<string, RenderedTrace> | undefined;
  readonly traces: ReadonlyMap<string, RenderedTrace>;
}

function compareCase(spec: SubjectSpec, name: string, { expected, traces }: CaseTraces): readonly CaseDifference[] {
  if (expected === undefined) {
    return [{ kind: 'extra effect', place: 'case', after: name, case: name, schedule: allSchedules }];
  }
  const groups =
    expected.has(allSchedules) && traces.has(allSchedules)
      ? [allSchedules]
      : [...new Set([...traces.keys(), ...expected.keys()])];
  return groups
    .filter((group) => groups.length === 1 || group !== allSchedules)
    .flatMap((group) => {
      const before = expected.get(group) ?? expected.get(allSchedules);
      const after = traces.get(group) ?? traces.get(allSchedules);
      if (before === undefined || after === undefined) return [];
      return compareTraces(before, after, spec.happensBefore).map((difference) => ({
        ...difference,
        case: name,
        schedule: group,
      }));
    });
}

/** Branches reached so far by whatever ran on this subject. */
export function branchesOf(spec: SubjectSpec, subject: Subject): BranchReport {
  return reportBranches(subject.counters, spec.ranges, spec.unreachable);
}
