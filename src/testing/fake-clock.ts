// A clock that stands still until a test advances it, so that no test ever sleeps.
import type { Clock } from '../domain/ports.ts';

export interface FakeClock extends Clock {
  /** Moves time forward; tasks that fall due run in the order of their due times, and each sees its own due time as `now()`. */
  advance(ms: number): void;
  /** The same, and lets pending promises go on after each task: for loops that await before they schedule again. */
  advanceAsync(ms: number): Promise<void>;
  /** How many tasks are scheduled and not cancelled. */
  pendingCount(): number;
}

interface ScheduledTask {
  readonly dueMs: number;
  readonly run: () => void;
}

/** 2026-01-01T00:00:00Z: round, and after any fixture a test is likely to hold. */
const defaultStartMs = Date.UTC(2026, 0, 1);

export function createFakeClock(startMs: number = defaultStartMs): FakeClock {
  let nowMs = startMs;
  // Insertion order breaks ties, so tasks due at the same time run in the order in which they were scheduled.
  const tasks = new Set<ScheduledTask>();

  function takeNextDue(untilMs: number): ScheduledTask | undefined {
    let next: ScheduledTask | undefined;
    for (const task of tasks) {
      if (task.dueMs <= untilMs && (next === undefined || task.dueMs < next.dueMs)) next = task;
    }
    if (next !== undefined) {
      tasks.delete(next);
      nowMs = Math.max(nowMs, next.dueMs);
    }
    return next;
  }

  return {
    now: () => nowMs,
    schedule(delayMs, run) {
      const task = { dueMs: nowMs + Math.max(0, delayMs), run };
      tasks.add(task);
      return () => void tasks.delete(task);
    },
    advance(ms) {
      const untilMs = nowMs + ms;
      for (let task = takeNextDue(untilMs); task !== undefined; task = takeNextDue(untilMs)) task.run();
      nowMs = untilMs;
    },
    async advanceAsync(ms) {
      const untilMs = nowMs + ms;
      for (let task = takeNextDue(untilMs); task !== undefined; task = takeNextDue(untilMs)) {
        task.run();
        await settlePromises();
      }
      nowMs = untilMs;
      await settlePromises();
    },
    pendingCount: () => tasks.size,
  };
}

/** One turn of the event loop: every promise chain that needs no I/O has run to its end. */
function settlePromises(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
