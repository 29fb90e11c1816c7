// What a rule says when it fails: a stable code, the place, what was measured and required, and the cheapest fix.

/** Every code a judgement can carry; a code keeps its meaning across versions. */
export const failureCodes = [
  'GATE_NO_FILES',
  'GATE_NOT_SOURCE',
  'GATE_NO_TESTS',
  'GATE_TESTS_FAILED',
  'GATE_TEST_NOT_RUN',
  'GATE_TEST_TWICE',
  'GATE_TEST_ORPHANED',
  'GATE_TEST_WITHOUT_ASSERTION',
  'GATE_TEST_SKIPPED',
  'GATE_MODULE_UNTESTED',
  'GATE_MUTANTS_SURVIVE',
  'GATE_MUTATION_SCORE',
  'GATE_MUTATION_STALE',
  'GATE_UNSTAMPED',
  'GATE_REPORT_STALE',
  'GATE_REPORT_COMMIT',
  'GATE_REPORT_ROOT',
  'GATE_REPORT_IMPOSSIBLE',
  'GATE_FILE_UNREPORTED',
  'GATE_FILE_GONE',
  'GATE_FLOOR_EMPTY',
  'GATE_FLOOR_LINES',
  'GATE_FLOOR_BRANCHES',
  'GATE_FLOOR_FUNCTIONS',
  'GATE_FLOOR_STATEMENTS',
  'GATE_RATCHET',
  'GATE_RATCHET_MISSING',
  'GATE_RATCHET_LOWERED',
  'GATE_RATCHET_REMOVED',
  'GATE_NEW_FILE',
  'GATE_CHANGED_LINES',
  'GATE_CHANGED_BRANCHES',
  'GATE_SAME_CODE',
  'GATE_FILE_TOO_LONG',
  'GATE_FUNCTION_TOO_LONG',
  'GATE_DEAD_CODE',
  'GATE_DUPLICATES',
  'GATE_EXEMPTION_UNUSED',
  'GATE_WAIVER_EXPIRED',
  'GATE_WAIVER_UNUSED',
] as const;

export type FailureCode = (typeof failureCodes)[number];

export interface Failure {
  readonly code: FailureCode;
  /** Says it all in one sentence or two, the way out included. */
  readonly message: string;
  /** The file or folder it is about, where there is one. */
  readonly file?: string;
  readonly line?: number;
  readonly measured?: number;
  readonly required?: number;
}

/** Failures that leave nothing to judge: the input is wrong, not the code. None of them can be waived. */
const cannotJudge: ReadonlySet<FailureCode> = new Set([
  'GATE_NO_FILES',
  'GATE_NOT_SOURCE',
  'GATE_NO_TESTS',
  'GATE_UNSTAMPED',
  'GATE_REPORT_STALE',
  'GATE_REPORT_COMMIT',
  'GATE_REPORT_ROOT',
  'GATE_REPORT_IMPOSSIBLE',
  'GATE_RATCHET_MISSING',
  'GATE_MUTATION_STALE',
]);

/** Whether nothing can be judged because of it. */
export function isBlocking(failure: Failure): boolean {
  return cannotJudge.has(failure.code);
}

/** What every message about an outdated report ends with. */
export const runTests = 'Run the tests with coverage again.';
