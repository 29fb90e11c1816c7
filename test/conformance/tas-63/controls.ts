// The controls of the harness: the real refactor's deviations must be flagged, the same system in other clothes must not.
import { join } from 'node:path';
import { requireGolden } from '../../../codemods/proof/golden-store.ts';
import { compareWithGolden } from '../../../codemods/proof/prove.ts';
import type { CaseDifference, SubjectSpec } from '../../../codemods/proof/prove.ts';
import type { Subject } from '../../../codemods/proof/subject-loader.ts';
import { disguise } from './disguise.ts';
import { applyHumanPatches } from './human-edits.ts';
import type { Finding, HumanPatch } from './human-edits.ts';
import { subjects } from './subjects/index.ts';
import { openSystem, textOf } from './system.ts';

export const goldenFolder = join(import.meta.dirname, '../../golden/tas-63');

/** Deviations of the real refactor that are visible at run time. */
export const visibleDeviations: readonly string[] = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15, 16, 19, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32,
].map((nr) => `D-${String(nr).padStart(2, '0')}`);

export interface CaughtFinding {
  readonly finding: Finding;
  readonly patch: string;
  /** The difference that shows it; undefined when nothing does. */
  readonly caught: CaseDifference | undefined;
}

/** Each patch alone: every finding it announces, and the difference that shows it. */
export async function catchEach(patches: readonly HumanPatch[]): Promise<readonly CaughtFinding[]> {
  const caught: CaughtFinding[] = [];
  for (const patch of patches) caught.push(...(await catchFindings([patch])));
  return caught;
}

/** The patches together, as the real refactor had them: what `announcing` (by default they) announce, and what shows it. */
export async function catchFindings(
  applied: readonly HumanPatch[],
  announcing: readonly HumanPatch[] = applied,
): Promise<readonly CaughtFinding[]> {
  const subject = openSystem({ overlay: applyHumanPatches(applied, textOf) });
  const found = new Map<string, readonly CaseDifference[]>();
  for (const spec of subjects) {
    const wanted = announcing.flatMap(({ findings }) => findings).filter((finding) => finding.subject === spec.name);
    if (wanted.length > 0) found.set(spec.name, await differencesOf(spec, subject, wanted));
  }
  return announcing.flatMap((patch) =>
    patch.findings.map((finding) => ({
      finding,
      patch: patch.name,
      caught: found.get(finding.subject)?.find((difference) => shows(difference, finding)),
    })),
  );
}

/** Only the cases that the findings name are run. */
function differencesOf(spec: SubjectSpec, subject: Subject, findings: readonly Finding[]): Promise<readonly CaseDifference[]> {
  const golden = requireGolden(goldenFolder, spec);
  const scenarios = spec.scenarios.filter(({ name }) => findings.some((finding) => name.includes(finding.case)));
  return compareWithGolden({ ...spec, scenarios }, subject, golden);
}

function shows(difference: CaseDifference, finding: Finding): boolean {
  const { text } = finding;
  return (
    difference.case.includes(finding.case) &&
    difference.kind === finding.kind &&
    difference.place === finding.place &&
    (text === undefined || [difference.before, difference.after].some((side) => side?.includes(text) === true))
  );
}

const disguised = [
  'event-systems/orchestration-event-system',
  'event-systems/queue-listener',
  'event-systems/fallback-poller',
  'actors/command-processor-actor',
  'actors/task-request-actor',
  'channel-monitor',
  'health/caches',
  'viable-step-discovery',
  'state-manager',
  'lifecycle/step-enqueuer',
  'lifecycle/state-initializer',
].map((name) => `src/orchestration/${name}.ts`);
const machines = ['src/state-machine/task-state-machine.ts', 'src/state-machine/step-state-machine.ts'];

/** The system reformatted, its locals renamed, its methods reordered, its files moved. */
export function openDisguised(): Subject {
  return openSystem({ overlay: disguise([...disguised, ...machines], textOf) });
}
