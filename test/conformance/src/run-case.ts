// Runs the cases of a subject on src, and compares their facts with those of the golden as the intended differences leave them.
import { allSchedules } from '../../../codemods/proof/golden-file.ts';
import type { Golden } from '../../../codemods/proof/golden-file.ts';
import type { Scenario, SubjectSpec } from '../../../codemods/proof/prove.ts';
import { runScenario } from '../../../codemods/proof/run-scenario.ts';
import { fifo, lifo, scheduleName } from '../../../codemods/proof/schedule.ts';
import type { Schedule } from '../../../codemods/proof/schedule.ts';
import type { Subject } from '../../../codemods/proof/subject-loader.ts';
import type { RenderedTrace } from '../../../codemods/proof/trace.ts';
import { compareFacts } from './facts.ts';
import type { FactDifference, Reading } from './facts.ts';
import { intend } from './intend.ts';
import type { IntendedDifference, Use } from './intend.ts';

/** Facts do not hang on the order in which answers arrive: the two extremes are enough to see that. */
const schedules = [fifo, lifo];

export interface Comparing {
  readonly spec: SubjectSpec;
  readonly golden: Golden;
  readonly src: Subject;
  readonly reading: Reading;
  readonly intended: readonly IntendedDifference[];
}

export interface Compared {
  /** Differences that nothing intends. */
  readonly differences: readonly FactDifference[];
  readonly uses: readonly Use[];
}

export async function compareCase(comparing: Comparing, scenario: Scenario): Promise<Compared> {
  const { spec, src, reading, intended } = comparing;
  const where = { subject: spec.name, case: scenario.name };
  const differences = new Map<string, FactDifference>();
  const uses: Use[] = [];
  for (const schedule of schedules) {
    const before = reading(goldenTrace(comparing, scenario, schedule));
    const expected = intend(intended, where, before);
    const trace = await runScenario((world) => scenario.run(world, src), { schedule, normalisers: spec.normalisers });
    uses.push(...expected.uses);
    for (const each of compareFacts(where, expected.facts, reading(trace))) differences.set(JSON.stringify(each), each);
  }
  return { differences: [...differences.values()], uses };
}

function goldenTrace({ golden }: Comparing, { name }: Scenario, schedule: Schedule): RenderedTrace {
  const traces = golden.cases.find((each) => each.name === name)?.traces;
  const trace = traces?.get(scheduleName(schedule)) ?? traces?.get(allSchedules);
  if (trace === undefined) throw new Error(`The golden has no trace of ${JSON.stringify(name)} for ${scheduleName(schedule)}.`);
  return trace;
}
