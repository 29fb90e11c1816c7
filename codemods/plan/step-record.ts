// What became of one step of a plan: the record that judges, reports and evidence read.
import type { ChangedFile } from '../kernel/apply.ts';
import type { OperationRecord } from '../kernel/run-operation.ts';
import type { ClaimResult } from './claim.ts';

/** What a promise of a step turned out to be. */
export interface Promised extends ClaimResult {
  readonly says: string;
}

/** Why a step was not done. */
export interface StepFailure {
  readonly code: string;
  readonly message: string;
  readonly path?: string;
  readonly line?: number;
}

/** What became of one step. */
export interface StepRecord {
  readonly id: string;
  readonly title: string;
  readonly status: 'done' | 'already-done' | 'refused' | 'failed' | 'not-run';
  readonly operations: readonly OperationRecord[];
  /** Files this step changed, with their texts before and after it. */
  readonly files: readonly ChangedFile[];
  readonly promised: readonly Promised[];
  /** New compiler messages after the step; 0 for every step that is done. */
  readonly newDiagnostics: number;
  readonly milliseconds: number;
  readonly failure?: StepFailure;
}
