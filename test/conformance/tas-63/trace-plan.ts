// The proof module of the plan TAS-63: traces the changed system and compares it with the goldens of the system before.
import { relative } from 'node:path';
import { requireGolden } from '../../../codemods/proof/golden-store.ts';
import { branchesOf, compareWithGolden, type SubjectSpec } from '../../../codemods/proof/prove.ts';
import { compareRandom } from '../../../codemods/proof/random-scenarios.ts';
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

async function traceSubject(spec: SubjectSpec, open: () => Subject, random: number): Promise<TracedSubject> {
  const after = open();
  const differences = await compareWithGolden(spec, after, requireGolden(goldenFolder, spec));
  const ordered = orderedByThePlan(spec.name, differences);
  const drawn =
    random === 0
      ? { runs: 0 }
      : await compareRandom(spec, { before: openSystem(), after: open() }, { runs: random, seed: RANDOM_SEED });
  const drawnDifferences = orderedByThePlan(
    spec.name,
    (drawn.counterexample?.differences ?? []).map((each) => ({
      ...each,
      case: `random ${String(drawn.counterexample?.seed)}`,
      schedule: 'seeded',
    })),
  );
  const branches = branchesOf(spec, after);
  return {
    subject: spec.name,
    cases: spec.scenarios.length,
    random: drawn.runs,
    differences: [...ordered.rest, ...drawnDifferences.rest]
      .slice(0, LINES_SHOWN)
      .map((each) => `${each.case} [${each.schedule}]: ${differenceLine(each)}`),
    allowed: [...new Set([...ordered.used, ...drawnDifferences.used])],
    branchesReached: branches.reached,
    branches: branches.total,
  };
}

/** Compares the changed system with the goldens, and with the system before in random scenarios. */
export const trace: Trace = async (changed, options) => {
  const overlay = overlayOf(changed);
  const chosen = subjects.filter((spec) => options.subjects?.includes(spec.name) !== false);
  const traced: TracedSubject[] = [];
  for (const spec of chosen) traced.push(await traceSubject(spec, () => openSystem({ overlay }), options.random));
  return traced;
};
