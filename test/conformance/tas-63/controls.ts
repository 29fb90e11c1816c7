// The controls of the harness: the real refactor's deviations must be flagged, the same system in other clothes must not.
import { join } from 'node:path';
import { PolicyUse } from '../../../codemods/proof/policy.ts';
import type { AllowedDifference } from '../../../codemods/proof/policy.ts';
import { requireGolden } from '../../../codemods/proof/golden-store.ts';
import { compareWithGolden } from '../../../codemods/proof/prove.ts';
import type { CaseDifference } from '../../../codemods/proof/prove.ts';
import type { Subject } from '../../../codemods/proof/subject-loader.ts';
import { disguise } from './disguise.ts';
import { applyHumanPatches } from './human-edits.ts';
import type { Described, Finding, HumanPatch } from './human-edits.ts';
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

export interface SubjectDifference extends CaseDifference {
  readonly subject: string;
}

/** What patches, applied together, show: all they announce, and nothing that they do not announce. */
export interface Control {
  /** `D-01`, or `all together`. */
  readonly name: string;
  readonly caught: readonly CaughtFinding[];
  /** Differences that no row of the patches describes. */
  readonly unexpected: readonly SubjectDifference[];
  /** Rows for what comes along that describe no difference. */
  readonly unused: readonly string[];
}

/** Whether everything announced was there, and nothing else. */
export function isAsAnnounced({ caught, unexpected, unused }: Control): boolean {
  return caught.every((each) => each.caught !== undefined) && unexpected.length === 0 && unused.length === 0;
}

/** Each patch alone, and then all together, as the real refactor had them. */
export async function runControls(
  patches: readonly HumanPatch[],
  policy: readonly AllowedDifference[] = [],
): Promise<readonly Control[]> {
  if (patches.length === 0) return [];
  const controls: Control[] = [];
  for (const patch of patches) controls.push(await controlOf([patch], policy));
  return [...controls, await controlOf(patches, policy)];
}

/** All subjects in full. What the policy allows is no difference of the patches. */
export async function controlOf(applied: readonly HumanPatch[], policy: readonly AllowedDifference[] = []): Promise<Control> {
  const subject = openSystem({ overlay: applyHumanPatches(applied, textOf) });
  const allowed = new PolicyUse(policy);
  const found: SubjectDifference[] = [];
  for (const spec of subjects) {
    const differences = await compareWithGolden(spec, subject, requireGolden(goldenFolder, spec));
    found.push(...allowed.remaining(spec.name, differences).map((difference) => ({ ...difference, subject: spec.name })));
  }
  const [only, ...others] = applied;
  const name = only !== undefined && others.length === 0 ? only.name.replace('.edit', '') : 'all together';
  return { name, ...judge(applied, found) };
}

/** Rows of a patch alone must all be used; together others may hide what they describe, so that only those for several must. */
export function judge(applied: readonly HumanPatch[], found: readonly SubjectDifference[]): Omit<Control, 'name'> {
  const names = new Set(applied.map(({ name }) => name));
  const collateral = applied.flatMap((patch) => patch.collateral.filter((row) => row.with === undefined || names.has(row.with)));
  const described = [...applied.flatMap(({ findings }) => findings), ...collateral];
  const mustBeUsed = collateral.filter((row) => applied.length === 1 || row.with !== undefined);
  return {
    caught: applied.flatMap((patch) => catchOf(patch, found)),
    unexpected: found.filter((difference) => !described.some((row) => shows(difference, row))),
    unused: mustBeUsed.filter((row) => !found.some((difference) => shows(difference, row))).map(({ row }) => row),
  };
}

function catchOf({ name, findings }: HumanPatch, found: readonly SubjectDifference[]): readonly CaughtFinding[] {
  return findings.map((finding) => ({ finding, patch: name, caught: found.find((difference) => shows(difference, finding)) }));
}

/** What of `announcing` the patches `applied` show; only the cases that its findings name are run. */
export async function catchFindings(
  applied: readonly HumanPatch[],
  announcing: readonly HumanPatch[],
): Promise<readonly CaughtFinding[]> {
  const subject = openSystem({ overlay: applyHumanPatches(applied, textOf) });
  const found: SubjectDifference[] = [];
  for (const spec of subjects) {
    const wanted = announcing.flatMap(({ findings }) => findings).filter((finding) => finding.subject === spec.name);
    const scenarios = spec.scenarios.filter(({ name }) => wanted.some((finding) => name.includes(finding.case)));
    const differences = await compareWithGolden({ ...spec, scenarios }, subject, requireGolden(goldenFolder, spec));
    found.push(...differences.map((difference) => ({ ...difference, subject: spec.name })));
  }
  return announcing.flatMap((patch) => catchOf(patch, found));
}

function shows(difference: SubjectDifference, { subject, case: caseName, kind, place, text }: Described): boolean {
  return (
    difference.subject === subject &&
    (caseName === '*' || difference.case.includes(caseName)) &&
    difference.kind === kind &&
    difference.place === place &&
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

/** The system, or a version of it, reformatted, its locals renamed, its methods reordered, its files moved. */
export function openDisguised(overlay: ReadonlyMap<string, string> = new Map()): Subject {
  const dressed = disguise([...disguised, ...machines], (path) => overlay.get(path) ?? textOf(path));
  return openSystem({ overlay: new Map([...overlay, ...dressed]) });
}
