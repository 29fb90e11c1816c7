// Runs all that proof:tas-63 runs, and keeps its figures: goldens, choices, branches, both controls, random scenarios.
import type { BranchReport } from '../../../codemods/proof/branch-coverage.ts';
import { requireGolden } from '../../../codemods/proof/golden-store.ts';
import { PolicyUse } from '../../../codemods/proof/policy.ts';
import type { AllowedDifference } from '../../../codemods/proof/policy.ts';
import { branchesOf, casesWithChoice, compareWithGolden, schedulesOf } from '../../../codemods/proof/prove.ts';
import type { CaseDifference, SubjectSpec } from '../../../codemods/proof/prove.ts';
import { compareRandom } from '../../../codemods/proof/random-scenarios.ts';
import { reasonOf } from '../../../codemods/kernel/refit-error.ts';
import { goldenFolder, openDisguised, runControls } from './controls.ts';
import type { Control } from './controls.ts';
import type { HumanPatch } from './human-edits.ts';
import { openSystem } from './system.ts';

export interface ProofOptions {
  readonly subjects: readonly SubjectSpec[];
  readonly patches: readonly HumanPatch[];
  /** Random scenarios a subject. */
  readonly randomRuns: number;
  readonly policy: readonly AllowedDifference[];
  /** Texts that stand for files of the system; none for the system before the plan. */
  readonly overlay?: ReadonlyMap<string, string>;
  /** Called when a subject is done. */
  onSubject?(figures: SubjectFigures): void;
}

export interface SubjectFigures {
  readonly name: string;
  readonly cases: number;
  /** Cases in which a schedule has a choice: more than one answer waits. */
  readonly choices: number;
  readonly runs: number;
  readonly seconds: number;
  readonly branches: BranchReport;
  /** From the golden, without what the policy allows. */
  readonly differences: readonly CaseDifference[];
  readonly disguised: number;
  readonly random: { readonly runs: number; readonly differences: number };
}

export interface ProofFigures {
  readonly randomRuns: number;
  readonly subjects: readonly SubjectFigures[];
  readonly controls: readonly Control[];
  /** What is wrong with the use of the policy. */
  readonly policyProblem?: string;
}

export async function runProof(options: ProofOptions): Promise<ProofFigures> {
  const use = new PolicyUse(options.policy);
  const subjects: SubjectFigures[] = [];
  for (const spec of options.subjects) {
    const figures = await proveSubject(spec, use, options);
    subjects.push(figures);
    options.onSubject?.(figures);
  }
  const controls = await runControls(options.patches, options.policy);
  const policyProblem = misuseOf(use);
  return { randomRuns: options.randomRuns, subjects, controls, ...(policyProblem === undefined ? {} : { policyProblem }) };
}

async function proveSubject(spec: SubjectSpec, use: PolicyUse, options: ProofOptions): Promise<SubjectFigures> {
  const { randomRuns, policy, overlay = new Map<string, string>() } = options;
  const golden = requireGolden(goldenFolder, spec);
  const subject = openSystem({ overlay });
  const startedAt = performance.now();
  const differences = use.remaining(spec.name, await compareWithGolden(spec, subject, golden));
  const seconds = Math.round(performance.now() - startedAt) / 1000;
  const branches = branchesOf(spec, subject);
  const choices = await casesWithChoice(spec, subject);
  // In other clothes the same is allowed; whether an entry is needed is said by the system itself.
  const disguised = new PolicyUse(policy).remaining(spec.name, await compareWithGolden(spec, openDisguised(overlay), golden));
  const versions = { before: openSystem({ overlay }), after: openDisguised(overlay) };
  const random = await compareRandom(spec, versions, { runs: randomRuns, seed: Date.now() % 2 ** 31 });
  return {
    name: spec.name,
    cases: spec.scenarios.length,
    choices: choices.length,
    runs: spec.scenarios.reduce((sum, scenario) => sum + schedulesOf(scenario).length, 0),
    seconds,
    branches,
    differences,
    disguised: disguised.length,
    random: { runs: random.runs, differences: random.counterexample?.differences.length ?? 0 },
  };
}

function misuseOf(use: PolicyUse): string | undefined {
  try {
    use.assertAllUsed();
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}
