// The one error type of refit: a stable code, who has to act, what was found, and the cause.

/** Who has to act. `input`: what the user gave is wrong (exit 2). `infrastructure`: disk or process (exit 3). */
export type RefitErrorKind = 'input' | 'infrastructure';

/** An error whose message says what was found, what was expected and what to do; `code` is stable across versions. */
export class RefitError extends Error {
  override readonly name = 'RefitError';
  readonly code: string;
  readonly kind: RefitErrorKind;

  constructor(code: string, message: string, options: { readonly kind?: RefitErrorKind; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.kind = options.kind ?? 'input';
  }
}

/**
 * Whether it is a `RefitError`, also one of another copy of this module: a plan that is loaded by another loader than
 * refit's own brings its own classes.
 */
export function isRefitError(thrown: unknown): thrown is RefitError {
  return thrown instanceof RefitError || (thrown instanceof Error && thrown.name === 'RefitError' && 'code' in thrown);
}

/** The text of anything that was thrown, `Error` or not. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The system's code of a failed call (`ENOENT`, `EACCES`), or undefined for anything else. */
export function systemCodeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
