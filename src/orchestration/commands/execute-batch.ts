// Runs a set-based handler so that one poisonous member cannot fail the others.
import { TaskerError, toTaskerError } from '../../domain/errors.ts';
import type { Settled } from '../../domain/json.ts';

/** After this many members in a row that failed for want of a database, the rest would only wait for it too. */
const OUTAGE_AFTER = 3;

export type BatchHandler<Input, Result> = (inputs: readonly Input[]) => Promise<readonly Settled<Result, TaskerError>[]>;

/** One outcome per input, in order; never throws. A batch that throws as a whole is run again, member by member. */
export async function executeBatch<Input, Result>(
  inputs: readonly Input[],
  handler: BatchHandler<Input, Result>,
): Promise<readonly Settled<Result, TaskerError>[]> {
  try {
    const outcomes = await handler(inputs);
    return inputs.map((_, index) => outcomes[index] ?? missingOutcome(inputs.length, outcomes.length));
  } catch (thrown) {
    const error = toTaskerError(thrown, 'COMMAND_HANDLER_THREW');
    return inputs.length > 1 ? oneByOne(inputs, handler) : inputs.map(() => ({ ok: false, error }));
  }
}

async function oneByOne<Input, Result>(
  inputs: readonly Input[],
  handler: BatchHandler<Input, Result>,
): Promise<readonly Settled<Result, TaskerError>[]> {
  const outcomes: Settled<Result, TaskerError>[] = [];
  let failuresInARow = 0;
  for (const input of inputs) {
    const last = outcomes.at(-1);
    if (failuresInARow >= OUTAGE_AFTER && last !== undefined) {
      outcomes.push(last);
      continue;
    }
    // One after the other: members of one batch may touch the same task.
    const [outcome] = await executeBatch([input], handler);
    if (outcome === undefined) continue;
    failuresInARow = !outcome.ok && outcome.error.kind === 'infrastructure' ? failuresInARow + 1 : 0;
    outcomes.push(outcome);
  }
  return outcomes;
}

function missingOutcome(expected: number, got: number): { readonly ok: false; readonly error: TaskerError } {
  const text = `A command handler answered ${got} outcomes for ${expected} inputs; expected one for each. This is a bug of the handler.`;
  return { ok: false, error: new TaskerError('COMMAND_OUTCOME_MISSING', text) };
}
