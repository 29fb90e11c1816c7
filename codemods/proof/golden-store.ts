// The folder of goldens: one file a subject; missing, stale and unused ones are errors that say what to do.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemCodeOf } from '../kernel/refit-error.ts';
import { allSchedules, goldenHeader, readGolden } from './golden-file.ts';
import type { Golden } from './golden-file.ts';
import { proofError } from './proof-errors.ts';
import { scheduleGroups, schedulesOf } from './prove.ts';
import type { SubjectSpec } from './prove.ts';
import { writeScheduleList } from './schedule-list.ts';
import { scheduleName } from './schedule.ts';

const ending = '.golden.txt';

export function goldenPath(folder: string, subject: string): string {
  return join(folder, `${subject}${ending}`);
}

/** The stored golden of a subject, or undefined where there is none. */
export function findGolden(folder: string, subject: string): Golden | undefined {
  const path = goldenPath(folder, subject);
  try {
    return readGolden(readFileSync(path, 'utf8'), path);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** The golden that belongs to the spec as it is now: same schedules and normalisers, same cases. */
export function requireGolden(folder: string, spec: SubjectSpec): Golden {
  const path = goldenPath(folder, spec.name);
  const golden = findGolden(folder, spec.name);
  if (golden === undefined) {
    throw proofError(
      'PROOF_GOLDEN_MISSING',
      `There is no golden of ${spec.name} (${path}). Record it, and review every line of it.`,
    );
  }
  const why = staleBecause(golden, spec);
  if (why !== undefined)
    throw proofError('PROOF_GOLDEN_STALE', `${path} is stale: ${why}. Record it again, and review the difference.`);
  return golden;
}

function staleBecause(golden: Golden, spec: SubjectSpec): string | undefined {
  const header = goldenHeader(spec.name, spec.normalisers, scheduleGroups(spec));
  const line = header.find((each, at) => each !== golden.header[at]);
  if (line !== undefined || header.length !== golden.header.length)
    return `its header has no ${JSON.stringify(line ?? 'equal length')}`;
  const recorded = new Set(golden.cases.map(({ name }) => name));
  const wanted = new Set(spec.scenarios.map(({ name }) => name));
  const added = [...wanted].find((name) => !recorded.has(name));
  if (added !== undefined) return `the case ${JSON.stringify(added)} is not in it`;
  const gone = [...recorded].find((name) => !wanted.has(name));
  if (gone !== undefined) return `its case ${JSON.stringify(gone)} is no scenario any more`;
  return otherSchedules(golden, spec);
}

/** A schedule that the golden does not know would be compared with nothing. */
function otherSchedules({ cases }: Golden, { scenarios }: SubjectSpec): string | undefined {
  const recorded = new Map(cases.map(({ name, traces }) => [name, [...traces.keys()]]));
  for (const scenario of scenarios) {
    const found = recorded.get(scenario.name) ?? [];
    const expected = schedulesOf(scenario).map(scheduleName);
    const same = found.length === expected.length && expected.every((each) => found.includes(each));
    if (found.includes(allSchedules) || same) continue;
    return `its case ${JSON.stringify(scenario.name)} was recorded under ${writeScheduleList(found)}, and runs under ${writeScheduleList(expected)}`;
  }
  return undefined;
}

/** Throws for a file of the folder that belongs to none of the subjects. */
export function refuseUnusedGoldens(folder: string, subjects: readonly string[]): void {
  const unused = readdirSync(folder).filter((name) => name.endsWith(ending) && !subjects.includes(name.slice(0, -ending.length)));
  if (unused.length === 0) return;
  throw proofError(
    'PROOF_GOLDEN_UNUSED',
    `No test uses ${unused.join(', ')} in ${folder}. Remove it, or prove the subject it is of.`,
  );
}
