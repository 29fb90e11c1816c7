// Reads the JSON report of another tool; what is missing or is no JSON is refused with the way to write it.
import { readFileSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { reasonOf, RefitError, systemCodeOf } from '../../kernel/refit-error.ts';

/** What a report is of, for messages, and which codes its errors have. */
export interface DocumentKind {
  /** `report of dead code`. */
  readonly what: string;
  readonly missing: string;
  readonly unreadable: string;
  /** How to write it: a sentence. */
  readonly advice: string;
}

export function unreadable(path: string, kind: DocumentKind, found: string): RefitError {
  return new RefitError(kind.unreadable, `The ${kind.what} ${path} ${found}. ${kind.advice}`);
}

function textAt(path: string, kind: DocumentKind): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT')
      throw new RefitError(kind.missing, `There is no ${kind.what} at ${path}. ${kind.advice}`, { cause });
    throw new RefitError(kind.unreadable, `The ${kind.what} ${path} cannot be read: ${reasonOf(cause)}.`, {
      kind: 'infrastructure',
      cause,
    });
  }
}

/**
 * The JSON at `path`, a byte order mark passed over.
 * @throws RefitError with the codes of `kind`.
 */
export function readDocument(path: string, kind: DocumentKind): unknown {
  const text = textAt(path, kind);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new RefitError(kind.unreadable, `The ${kind.what} ${path} is not JSON: ${reasonOf(cause)}. ${kind.advice}`, { cause });
  }
}

/** A path of a report, relative to `root` with forward slashes; relative ones are of `base` (`root` by default). */
export function placeOf(root: string, path: string, base = root): string {
  const slashed = path.replaceAll('\\', '/');
  const found = isAbsolute(slashed) ? slashed : resolve(base, slashed);
  return relative(root, found).replaceAll('\\', '/');
}
