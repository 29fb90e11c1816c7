// A refusal: a codemod, or the kernel after it, says no, with a code, a place and a reason; nothing was changed.
import { RefitError } from './refit-error.ts';

/** A file and a line counted from 1. */
export interface Place {
  readonly path: string;
  readonly line: number;
}

/** Why an operation was not carried out. Exit code 1 on the command line: the input was understood. */
export class Refusal extends RefitError {
  readonly place: Place | undefined;

  constructor(code: string, message: string, place?: Place, cause?: unknown) {
    super(code, message, cause === undefined ? {} : { cause });
    this.place = place;
  }
}

/** `path:line: ` or nothing. */
export function atPlace(place: Place | undefined): string {
  return place === undefined ? '' : `${place.path}:${String(place.line)}: `;
}
