// What stand-ins answer: a script per path, enumerated or drawn.
import { proofError } from './proof-errors.ts';

/** A call as a script sees it. */
export interface Call {
  readonly path: string;
  readonly args: readonly unknown[];
  /** How often this path was called before. */
  readonly nth: number;
}

export type Answer = (
  | { readonly returns: unknown }
  | { readonly throws: unknown }
  /** Settles when the schedule releases it. */
  | { readonly resolves: unknown }
  | { readonly rejects: unknown }
  /** An async iterable, of a call or of a property that is iterated; each item is released by the schedule, an item that is an error ends it. */
  | { readonly iterates: readonly unknown[] }
  /** Calls the last function among the arguments with these values (an error or null first, by node's custom) when the schedule says so. */
  | { readonly callsBack: readonly unknown[] }
  /** Whatever is needed: calls callbacks that came as arguments, answers by them. What it returns goes back as it is. */
  | { readonly acts: (call: Call) => unknown }
) &
  MayBeUnused;

interface MayBeUnused {
  /** A strict recorder does not mind when nobody asks for it; of a list, the first answer says so for all. */
  readonly optional?: boolean;
}

/** Answers by path (`database.findTask`); a list is used up call by call, its last entry stays. */
export type Script = Readonly<Record<string, Answer | readonly Answer[] | ({ readonly is: unknown } & MayBeUnused)>>;

/** Numbers that decide a scenario, by label: the same label asked for the same time gets the same number in every run. */
export interface Choices {
  /** A whole number below `count`. */
  pick(count: number, label: string): number;
}

/** One of the given values. */
export function choose<T>(choices: Choices, label: string, values: readonly T[]): T {
  const value = values[choices.pick(values.length, label)];
  if (value === undefined && values.length === 0) {
    throw proofError('PROOF_ANSWER_MISSING', `Nothing to choose from for ${label}: the list of values is empty.`);
  }
  // A member of the list: pick answers below its length.
  return value as T;
}

/** Choices by hash of seed, label and count: what one path gets does not depend on the calls of another. */
export function seededChoices(seed: number): Choices {
  const asked = new Map<string, number>();
  return {
    pick(count, label) {
      const nth = asked.get(label) ?? 0;
      asked.set(label, nth + 1);
      return hash(`${seed}/${label}/${nth}`) % count;
    },
  };
}

/** FNV-1a, 32 bits, mixed once more so that the low bits are even. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}

/** Everything that `make` can come to, each combination of its choices once, the first choice changing slowest. */
export function enumerateChoices<T>(make: (choices: Choices) => T, limit = 10_000): readonly T[] {
  const made: T[] = [];
  let path: { at: number; readonly count: number }[] = [];
  for (;;) {
    let depth = 0;
    const walked = path;
    made.push(
      make({
        pick(count) {
          const step = walked[depth] ?? { at: 0, count };
          walked[depth] = step;
          depth += 1;
          return step.at;
        },
      }),
    );
    if (made.length > limit) {
      throw proofError(
        'PROOF_ANSWER_MISSING',
        `More than ${limit} combinations; give enumerateChoices a higher limit, or draw them.`,
      );
    }
    path = nextPath(walked);
    if (path.length === 0) return made;
  }
}

function nextPath(path: readonly { at: number; readonly count: number }[]): { at: number; readonly count: number }[] {
  const next = path.map((step) => ({ ...step }));
  while (next.length > 0) {
    const last = next.at(-1);
    if (last !== undefined && last.at + 1 < last.count) {
      last.at += 1;
      return next;
    }
    next.pop();
  }
  return next;
}
