// The one error type of tasker: a stable code, who has to act, what was found, and the cause.

/**
 * Who has to act on an error.
 * `input`: the caller's data is wrong (CLI exit 2). `state`: the request is valid but the task or step is not in a
 * state that allows it (exit 1). `infrastructure`: database, broker or process (exit 3). `bug`: should not happen (exit 3).
 */
export type ErrorKind = 'input' | 'state' | 'infrastructure' | 'bug';

export interface TaskerErrorOptions {
  readonly kind?: ErrorKind;
  readonly cause?: unknown;
  /** Machine-readable facts: ids, file positions, limits. Never secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** An error whose message says what was found, what was expected and what to do; `code` is stable across versions. */
export class TaskerError extends Error {
  override readonly name = 'TaskerError';
  readonly code: string;
  readonly kind: ErrorKind;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: TaskerErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.kind = options.kind ?? 'bug';
    this.details = options.details ?? {};
  }
}

/** The text of anything that was thrown, `Error` or not. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message === '' ? thrown.name : thrown.message;
  if (typeof thrown === 'string') return thrown;
  try {
    return JSON.stringify(thrown) ?? String(thrown);
  } catch {
    return String(thrown);
  }
}

/** `thrown` itself when it already is a TaskerError, else a TaskerError that keeps it as its cause. */
export function toTaskerError(thrown: unknown, code: string, kind: ErrorKind = 'bug'): TaskerError {
  return thrown instanceof TaskerError ? thrown : new TaskerError(code, messageOf(thrown), { kind, cause: thrown });
}
