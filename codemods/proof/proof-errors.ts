// The errors of the proof, each with its stable code.
import { RefitError } from '../kernel/refit-error.ts';

export type ProofErrorCode =
  | 'PROOF_SUBJECT_NOT_CONSTRUCTED'
  | 'PROOF_SUBJECT_NOT_LOADED'
  | 'PROOF_DEPENDENCY_NOT_REPLACED'
  | 'PROOF_SCENARIO_DOES_NOT_END'
  | 'PROOF_SUBJECT_NOT_DETERMINISTIC'
  | 'PROOF_REAL_IO'
  | 'PROOF_SCHEDULES_MISSING'
  | 'PROOF_ANSWER_MISSING'
  | 'PROOF_ANSWER_UNUSED'
  | 'PROOF_GOLDEN_MISSING'
  | 'PROOF_GOLDEN_STALE'
  | 'PROOF_GOLDEN_UNUSED'
  | 'PROOF_GOLDEN_MALFORMED'
  | 'PROOF_POLICY_INVALID'
  | 'PROOF_POLICY_UNUSED';

export function proofError(code: ProofErrorCode, message: string, cause?: unknown): RefitError {
  return new RefitError(code, message, cause === undefined ? {} : { cause });
}
