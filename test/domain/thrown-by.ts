// What an act throws, as a TaskerError, so that a test can look at its code and its message.
import { TaskerError } from '../../src/domain/errors.ts';

export function thrownBy(act: () => unknown): TaskerError {
  try {
    act();
  } catch (error) {
    if (error instanceof TaskerError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
