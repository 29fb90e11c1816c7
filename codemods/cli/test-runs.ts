// The test runs of a plan run, one after the other beside the steps: each state of the project is tested once.
import { RefitError } from '../kernel/refit-error.ts';
import type { Snapshot } from '../kernel/workspace.ts';
import type { TestSuite } from '../plan/plan.ts';
import { runSuites, type SuiteRun } from './run-suites.ts';
import { TestTree } from './write-test-tree.ts';

/** The suites on the state before a step and after it. */
export interface RunPair {
  readonly before: SuiteRun;
  readonly after: SuiteRun;
}

/** Refuses tests that say nothing about a step: failing ones, and none. */
function requireGreen(run: SuiteRun): SuiteRun {
  const [first] = run.failures;
  if (first !== undefined) {
    throw new RefitError(
      'REFIT_TESTS_RED',
      `${String(run.failures.length)} of the project's own tests fail before anything is changed: ${first}. Make them pass first, or run with --no-tests.`,
    );
  }
  if (![...run.files.values()].some(({ passed }) => passed > 0)) {
    throw new RefitError(
      'REFIT_TESTS_NONE',
      "The plan's `tests` ran and no test passed: they would show nothing. Correct `tests`.",
    );
  }
  return run;
}

function isSame(one: Snapshot, other: Snapshot): boolean {
  return one.size === other.size && [...one].every(([path, text]) => other.get(path) === text);
}

/** Runs in the order asked for, never two at a time. */
export class TestRuns {
  readonly #tree: TestTree;
  readonly #suites: readonly TestSuite[];
  readonly #first: Promise<SuiteRun>;
  #last: Promise<SuiteRun>;
  #shown: Snapshot = new Map();
  #seconds = 0;
  #runs = 0;

  /** Begins with the project as it is and, where an earlier run left it elsewhere (`start`), with that state too. */
  constructor(root: string, suites: readonly TestSuite[], start: Snapshot) {
    this.#tree = new TestTree(root);
    this.#suites = suites;
    this.#first = this.#run(new Map()).then(requireGreen);
    this.#last = this.#first.then(async (run) => (start.size === 0 ? run : await this.#run(start)));
    // Who awaits it hears of a failure; nobody may, when the plan stops before.
    this.#last.catch(() => undefined);
  }

  /** The suites on the project as it was and on `now`; what ran last is not run again. */
  async ends(now: Snapshot): Promise<RunPair> {
    const [before, last] = [await this.#first, await this.#last];
    return { before, after: isSame(now, this.#shown) ? last : await this.#run(now) };
  }

  /** The suites on `changes`, and on the state before; the state before again where no test can tell a difference. */
  async after(changes: Snapshot, isCode: boolean): Promise<RunPair> {
    const before = this.#last;
    const next = before.then(async (run) => (isCode ? await this.#run(changes) : run));
    next.catch(() => undefined);
    this.#last = next;
    return { before: await before, after: await next };
  }

  /** How often the suites ran so far, and how long that took in all. */
  get spent(): { readonly runs: number; readonly seconds: number } {
    return { runs: this.#runs, seconds: this.#seconds };
  }

  /** Waits for the run under way and removes the copy. */
  async close(): Promise<void> {
    await this.#last.catch(() => undefined);
    this.#tree.discard();
  }

  async #run(changes: Snapshot): Promise<SuiteRun> {
    this.#tree.show(changes);
    this.#shown = changes;
    const run = await runSuites(this.#tree, this.#suites);
    this.#runs += 1;
    this.#seconds += run.seconds;
    return run;
  }
}
