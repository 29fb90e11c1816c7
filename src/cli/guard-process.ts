// What a handler can do to the process from outside its promise: exit it, throw in a timer, leave a rejection; each ends in one clear answer.
import { messageOf, TaskerError } from '../domain/errors.ts';
import type { Logger } from '../domain/ports.ts';

/** The process's events, as far as the guard hears them; `exitCode` is what the process ends with. */
export interface GuardedProcess {
  on(event: 'exit', listener: () => void): unknown;
  on(event: 'uncaughtException' | 'unhandledRejection', listener: (thrown: unknown) => void): unknown;
  exit(code: number): unknown;
  exitCode?: number | string | null | undefined;
}

export interface GuardOptions {
  readonly process: GuardedProcess;
  readonly interrupt: AbortController;
  readonly logger: Logger;
  /** Tells of an error that the command itself cannot tell of any more; synchronous, and answers with the exit code. */
  readonly report: (error: TaskerError) => number;
  readonly schedule: (afterMs: number, act: () => void) => void;
}

// After a crash the command stops as on Ctrl-C, for which `start` gives its handlers 30 s. What hangs for longer is left.
const gracefulStopMs = 60_000;

/** Listens from the call on; `settle` says what the command ended with. */
export function guardProcess(options: GuardOptions): { settle(code: number): void; forceExit(code: number): void } {
  const { process, interrupt, logger, report, schedule } = options;
  let settled: number | undefined;
  let crashed: TaskerError | undefined;
  process.on('unhandledRejection', (reason) => {
    const message = 'a promise was rejected and nobody handled it; the command goes on. Await it, or catch it, in the handler';
    logger.error({ error: messageOf(reason), at: placeOf(reason) }, message);
  });
  process.on('uncaughtException', (thrown) => {
    if (crashed !== undefined) {
      logger.error({ error: messageOf(thrown), at: placeOf(thrown) }, 'something was thrown outside of every promise again');
      return;
    }
    crashed = crashOf(thrown);
    // After the command's answer the exit code is settled, and there is nothing to stop.
    if (settled !== undefined) {
      logger.error({ error: messageOf(thrown), at: placeOf(thrown) }, 'something was thrown after the command had ended');
      return;
    }
    interrupt.abort(crashed);
    schedule(gracefulStopMs, () => process.exit(1));
  });
  process.on('exit', () => {
    process.exitCode = settled ?? report(crashed ?? exitedBy(process.exitCode));
  });
  return {
    settle(code) {
      // A command that does not look at the signal, or had just ended: the crash must not pass for success.
      settled = crashed === undefined || code !== 0 ? code : report(crashed);
      process.exitCode = settled;
    },
    forceExit(code) {
      settled = code;
      process.exit(code);
    },
  };
}

function crashOf(thrown: unknown): TaskerError {
  const at = placeOf(thrown);
  const where = at === undefined ? '' : ` (${at})`;
  return new TaskerError(
    'HANDLER_CRASHED',
    `something was thrown outside of every promise, in a timer or an event of a handler (or of tasker itself): ${messageOf(thrown)}${where}. The command stopped; let the handler catch it.`,
    { kind: 'state', details: { thrown: messageOf(thrown), at: at ?? null } },
  );
}

function exitedBy(code: GuardedProcess['exitCode']): TaskerError {
  const exitCode = code ?? 0;
  return new TaskerError(
    'HANDLER_EXITED',
    `the process ended (exit code ${exitCode}) before the command was done, as when a handler calls process.exit(). A step that ran goes to another worker when its lease ends, 30 s after its last renewal. Let the handler return or throw.`,
    { kind: 'state', details: { exitCode } },
  );
}

/** The first line of the stack that has a place in a file. */
function placeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  return /^\s+at (?:.*\()?((?:file:|\/|[A-Za-z]:\\).*?:\d+:\d+)\)?$/m.exec(thrown.stack ?? '')?.[1];
}
