// The proof module of the plan TAS-63: traces the changed system and compares it with the goldens of the system before.
import { relative } from 'node:path';
import fc from 'fast-check';
import { compareTraces } from '../../../codemods/proof/compare-traces.ts';
import { requireGolden } from '../../../codemods/proof/golden-store.ts';
import { type CaseDifference, compareWithGolden, type SubjectSpec } from '../../../codemods/proof/prove.ts';
import { traceRandom } from '../../../codemods/proof/random-scenarios.ts';
import type { Subject } from '../../../codemods/proof/subject-loader.ts';
import type { Trace, TracedSubject } from '../../../codemods/proof/trace-verdict.ts';
import { differenceLine } from '../../../codemods/proof/write-golden.ts';
import { goldenFolder } from './controls.ts';
import { orderedByThePlan } from './ordered-differences.ts';
import { subjects } from './subjects/index.ts';
import { beforeRoot, openSystem } from './system.ts';

/** The same scenarios in every run of the command, so that two runs can be compared. */
const RANDOM_SEED = 63;

const LINES_SHOWN = 8;

function overlayOf(changed: ReadonlyMap<string, string | null>): ReadonlyMap<string, string> {
  const inside = [...changed].filter(([path]) => path.startsWith(`${beforeRoot}/`));
  return new Map(inside.flatMap(([path, text]) => (text === null ? [] : [[relative(beforeRoot, path), text] as const])));
}

interface Versions {
  readonly before: Subject;
  readonly after: Subject;
}

interface Drawn {
  readonly runs: number;
  readonly used: readonly string[];
  readonly rest: readonly CaseDifference[];
}

/** The same random scenarios on both versions, until they differ in what the plan does not order. */
async function drawScenarios(spec: SubjectSpec, { before, after }: Versions, runs: number): Promise<Drawn> {
  const used = new Set<string>();
  if (spec.random === undefined) return { runs: 0, used: [], rest: [] };
  const seeds = fc.sample(fc.nat(), { numRuns: runs, seed: RANDOM_SEED });
  for (const [nr, seed] of seeds.entries()) {
    const found = compareTraces(await traceRandom(spec, before, seed), await traceRandom(spec, after, seed), spec.happensBefore);
    const named = found.map((each) => ({ ...each, case: `random ${String(seed)}`, schedule: 'seeded' }));
    const ordered = orderedByThePlan(named);
    for (const id of ordered.used) used.add(id);
    if (ordered.rest.length > 0) return { runs: nr + 1, used: [...used], rest: ordered.rest };
  }
  return { runs: seeds.length, used: [...used], rest: [] };
}

/** Branches of the changed files, and how many of them the subject reached. */
function branchesIn(subject: Subject, paths: ReadonlySet<string>): { readonly reached: number; readonly total: number } {
  let reached = 0;
  let total = 0;
  for (const [path, { points, hits }] of subject.counters) {
    if (!paths.has(path)) continue;
    for (const [nr, point] of points.entries()) {
      if (point.kind === 'statement' || point.kind === 'function') continue;
      total += 1;
      if ((hits[nr] ?? 0) > 0) reached += 1;
    }
  }
  return { reached, total };
}

async function traceSubject(spec: SubjectSpec, overlay: ReadonlyMap<string, string>, random: number): Promise<TracedSubject> {
  const after = openSystem({ overlay });
  const ordered = orderedByThePlan(await compareWithGolden(spec, after, requireGolden(goldenFolder, spec)));
  const drawn = await drawScenarios(spec, { before: openSystem(), after }, random);
  const branches = branchesIn(after, new Set(overlay.keys()));
  return {
    subject: spec.name,
    cases: spec.scenarios.length,
    random: drawn.runs,
    differences: [...ordered.rest, ...drawn.rest]
      .slice(0, LINES_SHOWN)
      .map((each) => `${each.case} [${each.schedule}]: ${differenceLine(each)}`),
    allowed: [...new Set([...ordered.used, ...drawn.used])],
    branchesReached: branches.reached,
    branches: branches.total,
  };
}

/** Compares the changed system with the goldens, and with the system before in random scenarios. */
export const trace: Trace = async (changed, options) => {
  const overlay = overlayOf(changed);
  const chosen = subjects.filter((spec) => options.subjects?.includes(spec.name) !== false);
  const traced: TracedSubject[] = [];
  for (const spec of chosen) traced.push(await traceSubject(spec, overlay, options.random));
  return traced;
};
