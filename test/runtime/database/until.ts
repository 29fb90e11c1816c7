// Waits for something outside this process to become true, up to a deadline.
import { setTimeout as pause } from 'node:timers/promises';

/** Asks every 10 ms; throws with `what` after `deadlineMs`. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, deadlineMs = 10_000): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not true after ${deadlineMs} ms: ${what}`);
    await pause(10);
  }
}
