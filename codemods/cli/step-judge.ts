// Judges the steps of a plan run: structure, names, exports and traces at once, the project's own tests beside the steps that follow.
import type { Snapshot, Workspace } from '../kernel/workspace.ts';
import type { StepFailure, StepRecord } from '../plan/execute-plan.ts';
import { hashOfStep } from '../plan/lint-plan.ts';
import type { Plan, Step } from '../plan/plan.ts';
import type { Trace } from '../proof/trace-verdict.ts';
import type { SuitePair } from './file-table.ts';
import { recordOfRun, type RecordedStep, type RunRecord } from './run-record.ts';
import { checkFailure, StepChecker } from './step-checks.ts';
import { behaviourFailure, structureFailure } from './step-failures.ts';
import { stepEvidence, type StepEvidence, type StepWitness } from './step-evidence.ts';
import { TestRuns } from './test-runs.ts';
import { compareRuns, testFailure, testsReach } from './test-verdict.ts';
import { writeRunRecord } from './write-run-record.ts';

/** What a run is judged by. */
export interface JudgedRun {
  readonly plan: Plan;
  readonly workspace: Workspace;
  readonly trace: Trace | undefined;
  /** Whether the project's own tests run. */
  readonly tests: boolean;
  /** Where the run is recorded; undefined: nowhere. */
  readonly record: string | undefined;
  readonly earlier: RunRecord | undefined;
}

/** Files that no test could run differently. */
function isProse(path: string): boolean {
  return /\.(?:md|txt)$/.test(path);
}

/** Collects what is found about each step. */
export class StepJudge {
  readonly #run: JudgedRun;
  readonly #checker: StepChecker;
  readonly #tests: TestRuns | undefined;
  readonly #witnesses = new Map<string, StepWitness>();
  readonly #recorded: RecordedStep[];
  /** Milliseconds that the run waited for checks and traces. */
  #milliseconds = 0;

  constructor(run: JudgedRun) {
    const { plan, workspace, earlier } = run;
    this.#run = run;
    this.#checker = new StepChecker(workspace);
    this.#recorded = [...(earlier?.steps ?? [])];
    const suites = run.tests ? (plan.tests ?? []) : [];
    this.#tests = suites.length === 0 ? undefined : new TestRuns(workspace.root, suites, workspace.changes());
  }

  get milliseconds(): number {
    return this.#milliseconds;
  }

  /** To be called before a step changes anything. */
  begin(): void {
    this.#checker.begin();
  }

  async judge(step: Step, record: StepRecord): Promise<StepFailure | undefined> {
    const from = performance.now();
    try {
      return await this.#judge(step, record);
    } finally {
      this.#milliseconds += performance.now() - from;
    }
  }

  async #judge(step: Step, record: StepRecord): Promise<StepFailure | undefined> {
    const checks = this.#checker.check(step, record);
    this.#witnesses.set(step.id, { checks });
    const found = structureFailure(record) ?? checkFailure(checks, record);
    if (found !== undefined || this.#run.trace === undefined || step.subjects.length === 0) return found;
    const traces = await this.#run.trace(this.#run.workspace.changes(), { subjects: step.subjects, random: 0 });
    this.#witnesses.set(step.id, { checks, traces });
    return behaviourFailure(traces);
  }

  /** The project's own tests on the step; once they say nothing against it, it is recorded. */
  async confirm(step: Step, record: StepRecord, changes: Snapshot): Promise<StepFailure | undefined> {
    if (this.#tests !== undefined) {
      const isCode = record.files.some(({ path }) => !isProse(path));
      const pair = await this.#tests.after(changes, isCode);
      const tests = compareRuns(pair, record.files, (path) => this.#run.workspace.relative(path));
      const reached = testsReach(tests, record.files, pair.after);
      this.#witnesses.set(step.id, { ...this.#witnesses.get(step.id), tests, reached });
      const failure = testFailure(tests);
      if (failure !== undefined) return failure;
    }
    this.#keep(step, record, changes);
    return undefined;
  }

  #keep(step: Step, record: StepRecord, changes: Snapshot): void {
    const { plan, workspace, record: path } = this.#run;
    this.#recorded.push({ id: step.id, hash: hashOfStep(step), evidence: this.#evidenceOf(record) });
    if (path !== undefined) writeRunRecord(path, recordOfRun(plan, workspace, this.#recorded, changes));
  }

  /** The evidence of all steps, in the order they were done. */
  evidence(records: readonly StepRecord[]): readonly StepEvidence[] {
    const before = this.#run.earlier?.steps.map(({ evidence }) => evidence) ?? [];
    return [...before, ...records.map((record) => this.#evidenceOf(record))];
  }

  /** The tests before the first step and after the last that counts. */
  async suites(): Promise<{ readonly suites: SuitePair | undefined; readonly testRuns: TestRuns['spent'] | undefined }> {
    if (this.#tests === undefined) return { suites: undefined, testRuns: undefined };
    return { suites: await this.#tests.ends(this.#run.workspace.changes()), testRuns: this.#tests.spent };
  }

  async close(): Promise<void> {
    await this.#tests?.close();
  }

  #evidenceOf(record: StepRecord): StepEvidence {
    return stepEvidence(this.#run.workspace, record, this.#witnesses.get(record.id) ?? {});
  }
}
