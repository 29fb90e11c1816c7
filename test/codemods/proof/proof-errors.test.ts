// Errors of the proof.
import { describe, expect, it } from 'vitest';
import { RefitError } from '../../../codemods/kernel/refit-error.ts';
import { proofError } from '../../../codemods/proof/proof-errors.ts';

describe('proofError', () => {
  it('is an error of refit with a stable code', () => {
    const error = proofError('PROOF_GOLDEN_MISSING', 'There is none.');
    expect(error).toBeInstanceOf(RefitError);
    expect(error).toMatchObject({ code: 'PROOF_GOLDEN_MISSING', message: 'There is none.', kind: 'input' });
    expect('cause' in error).toBe(false);
  });

  it('keeps its cause', () => {
    const cause = new Error('why');
    expect(proofError('PROOF_SUBJECT_NOT_LOADED', 'Not loaded.', cause).cause).toBe(cause);
  });
});
