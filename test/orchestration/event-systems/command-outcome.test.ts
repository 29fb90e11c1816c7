// Checks the nine mappings of spec 7.5.
import { describe, expect, it } from 'vitest';
import {
  detail,
  fromStepResult,
  fromTaskFinalizationResult,
  fromTaskInitializeResult,
  isFailure,
  isSuccess,
  label,
} from '../../../src/orchestration/event-systems/command-outcome.ts';

const failed = { kind: 'Failed', error: 'boom' } as const;
const skipped = { kind: 'Skipped', reason: 'later' } as const;

describe('command outcome', () => {
  it.each([
    { from: 'step Success', outcome: fromStepResult({ kind: 'Success', message: 'done' }), kind: 'success', text: undefined },
    { from: 'step Failed', outcome: fromStepResult(failed), kind: 'failed', text: 'boom' },
    { from: 'step Skipped', outcome: fromStepResult(skipped), kind: 'skipped', text: 'later' },
    {
      from: 'initialize Success',
      outcome: fromTaskInitializeResult({ kind: 'Success', taskUuid: 'u', message: 'm' }),
      kind: 'success',
      text: undefined,
    },
    { from: 'initialize Failed', outcome: fromTaskInitializeResult(failed), kind: 'failed', text: 'boom' },
    { from: 'initialize Skipped', outcome: fromTaskInitializeResult(skipped), kind: 'skipped', text: 'later' },
    {
      from: 'finalize Success',
      outcome: fromTaskFinalizationResult({
        kind: 'Success',
        taskUuid: 'u',
        finalStatus: 'Completed',
        completionTime: undefined,
      }),
      kind: 'success',
      text: undefined,
    },
    { from: 'finalize Failed', outcome: fromTaskFinalizationResult(failed), kind: 'failed', text: 'boom' },
    {
      from: 'finalize NotClaimed',
      outcome: fromTaskFinalizationResult({ kind: 'NotClaimed', reason: 'later', alreadyClaimedBy: 'other' }),
      kind: 'skipped',
      text: 'later',
    },
  ])('maps $from to $kind', ({ outcome, kind, text }) => {
    expect(label(outcome)).toBe(kind);
    expect(detail(outcome)).toBe(text);
    expect(isSuccess(outcome)).toBe(kind === 'success');
    expect(isFailure(outcome)).toBe(kind === 'failed');
  });
});
