// The one outcome that statistics and logs see, whatever the act answered (spec 7.5).
import type { StepProcessResult, TaskFinalizationResult, TaskInitializeResult } from '../commands/commands.ts';

export type CommandOutcome =
  | { readonly kind: 'success' }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'skipped'; readonly reason: string };

const SUCCESS: CommandOutcome = { kind: 'success' };

export function fromStepResult(result: StepProcessResult): CommandOutcome {
  switch (result.kind) {
    case 'Success':
      return SUCCESS;
    case 'Failed':
      return { kind: 'failed', error: result.error };
    case 'Skipped':
      return { kind: 'skipped', reason: result.reason };
  }
}

export function fromTaskInitializeResult(result: TaskInitializeResult): CommandOutcome {
  switch (result.kind) {
    case 'Success':
      return SUCCESS;
    case 'Failed':
      return { kind: 'failed', error: result.error };
    case 'Skipped':
      return { kind: 'skipped', reason: result.reason };
  }
}

/** A task somebody else finalizes is no failure: NotClaimed counts as skipped. */
export function fromTaskFinalizationResult(result: TaskFinalizationResult): CommandOutcome {
  switch (result.kind) {
    case 'Success':
      return SUCCESS;
    case 'Failed':
      return { kind: 'failed', error: result.error };
    case 'NotClaimed':
      return { kind: 'skipped', reason: result.reason };
  }
}

export function label(outcome: CommandOutcome): CommandOutcome['kind'] {
  return outcome.kind;
}

/** Why it failed or was skipped; undefined for a success. */
export function detail(outcome: CommandOutcome): string | undefined {
  switch (outcome.kind) {
    case 'success':
      return undefined;
    case 'failed':
      return outcome.error;
    case 'skipped':
      return outcome.reason;
  }
}

export function isSuccess(outcome: CommandOutcome): boolean {
  return outcome.kind === 'success';
}

export function isFailure(outcome: CommandOutcome): boolean {
  return outcome.kind === 'failed';
}
