// A refactoring plan as data: steps with what they need, what they claim, what they do and what they promise.
import type { Operation } from '../kernel/codemod.ts';
import type { Claim } from './claim.ts';

/** One step: a transaction of operations. */
export interface Step {
  /** Short and unique, as in `1A`; `npm run codemod:1a` runs it alone. */
  readonly id: string;
  readonly title: string;
  readonly phase: string;
  /** Ids of steps that must be done before. */
  readonly after: readonly string[];
  /** What the step quotes of the code before anything is changed; the lint checks each. */
  readonly claims: readonly Claim[];
  readonly operations: readonly Operation[];
  /** What must hold of the result of this step; checked on the output, never taken from the plan. */
  readonly ensures: readonly Claim[];
  /** Names of the trace subjects that show this step's behaviour is unchanged. */
  readonly subjects: readonly string[];
  /**
   * Names that packages offer and this step is to change, add or take away. When it is given, the step must change these and
   * no others; without it, what changes is only reported.
   */
  readonly api?: readonly string[];
  /** A rule of a codemod that the team overrides, and why; recorded in the evidence. */
  readonly override?: { readonly rule: string; readonly reason: string };
}

/** A suite of the project's own tests, run on the project as it was and after each step. */
export interface TestSuite {
  /** The folder it is run in, relative to the plan's root. */
  readonly root: string;
  /** Program and arguments; default: the vitest that is installed there, with coverage. */
  readonly command?: readonly string[];
  /** More arguments for vitest, as in `--no-isolate`, which is quicker for tests that keep no state in modules. */
  readonly args?: readonly string[];
  /** The coverage report it writes, relative to the folder; default: `coverage/coverage-final.json`. */
  readonly report?: string;
  /** The results it writes as JSON, in the shape of vitest and jest; default: `coverage/refit-results.json`. */
  readonly results?: string;
  /** False for a suite that is run without coverage. */
  readonly coverage?: false;
  /** Where the tests of a source folder are, for the table of files; relative to the folder. */
  readonly mirrors?: readonly { readonly sources: string; readonly tests: string }[];
}

/** A plan. Paths are relative to `root` of the workspace it runs on. */
export interface Plan {
  readonly name: string;
  readonly title: string;
  /** The folder all paths of the plan are relative to, relative to where the command is run. */
  readonly root: string;
  /** The tsconfig files of the project it was written for, relative to the root. */
  readonly projects: readonly string[];
  readonly phases: readonly { readonly id: string; readonly title: string }[];
  readonly steps: readonly Step[];
  /** Files the report shows before and after, relative to the root. */
  readonly reported: readonly string[];
  /** The project's own tests; without them no step is worth more than its types and traces say. */
  readonly tests?: readonly TestSuite[];
}
