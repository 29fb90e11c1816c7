// Finds equal runs of lines, longest first, told apart by whether they kept the names around them.
import type { CodeLine } from './code-lines.ts';
import type { Matching, Run, Window } from './matching.ts';

/** A line that stands in so many pairs of places says nothing of where it came from; it only goes along with its neighbours. */
const TOO_COMMON = 250_000;

/** How much of the names of classes and functions around two lines is the same. */
export type Around = 'all' | 'innermost' | 'none';

function aroundOf(left: CodeLine | undefined, right: CodeLine | undefined): Around {
  if (left?.owner === right?.owner) return 'all';
  return left?.name === right?.name ? 'innermost' : 'none';
}

function forward(matching: Matching, base: number, present: number): number {
  let length = 1;
  while (
    matching.staysInFiles(base, present, { base: length, present: length }) &&
    matching.canPair(base + length, present + length)
  )
    length += 1;
  return length;
}

function backward(matching: Matching, base: number, present: number): number {
  let length = 0;
  while (
    matching.staysInFiles(base, present, { base: -length - 1, present: -length - 1 }) &&
    matching.canPair(base - length - 1, present - length - 1)
  )
    length += 1;
  return length;
}

/** Places of each line that is free and says something. */
function placesOf(lines: readonly CodeLine[], range: Window['base'], isFree: (at: number) => boolean): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (let at = range.from; at < range.to; at += 1) {
    const line = lines[at];
    if (line === undefined || line.trivial || !isFree(at)) continue;
    const known = places.get(line.key);
    if (known === undefined) places.set(line.key, [at]);
    else known.push(at);
  }
  return places;
}

/** Every run that cannot be made longer and that says something, in the order of the base. */
function maximalRuns(matching: Matching, window: Window): readonly Run[] {
  const inBase = placesOf(matching.base.lines, window.base, (at) => matching.isBaseFree(at));
  const inPresent = placesOf(matching.present.lines, window.present, (at) => matching.isPresentFree(at));
  const seeds = [...inBase].flatMap(([key, bases]) => {
    const presents = inPresent.get(key) ?? [];
    return bases.length * presents.length > TOO_COMMON ? [] : bases.map((base) => ({ base, presents }));
  });
  // On one diagonal a run ends before the next begins.
  const ends = new Map<number, number>();
  const runs: Run[] = [];
  for (const { base, presents } of seeds.toSorted((left, right) => left.base - right.base)) {
    for (const present of presents) {
      if ((ends.get(base - present) ?? -1) > base) continue;
      const before = backward(matching, base, present);
      const length = before + forward(matching, base, present);
      ends.set(base - present, base - before + length);
      runs.push({ base: base - before, present: present - before, length });
    }
  }
  return runs;
}

/** Cuts a run wherever what `of` says of its pairs changes; parts without a line that says something are left out. */
function cut<T>(matching: Matching, run: Run, of: (base: number, present: number) => T): readonly { part: Run; value: T }[] {
  const parts: { part: Run; value: T }[] = [];
  for (let at = 0; at < run.length; at += 1) {
    const [base, present] = [run.base + at, run.present + at];
    const value = of(base, present);
    const last = parts.at(-1);
    if (last !== undefined && last.value === value)
      parts[parts.length - 1] = { part: { ...last.part, length: last.part.length + 1 }, value };
    else parts.push({ part: { base, present, length: 1 }, value });
  }
  const says = ({ base, length }: Run): boolean => matching.base.lines.slice(base, base + length).some((line) => !line.trivial);
  return parts.filter(({ part }) => says(part));
}

function freeParts(matching: Matching, run: Run): readonly Run[] {
  return cut(matching, run, (base, present) => matching.canPair(base, present))
    .filter(({ value }) => value)
    .map(({ part }) => part);
}

type ByLength = Map<number, Run[]>;

function put(runs: ByLength, run: Run): void {
  const known = runs.get(run.length);
  if (known === undefined) runs.set(run.length, [run]);
  else known.push(run);
}

/** Takes runs of one length; what others have taken a part of goes back in what is left of it, which is shorter. */
function takeLength(matching: Matching, runs: ByLength, length: number, accept: (run: Run) => boolean): void {
  for (const run of runs.get(length) ?? []) {
    const parts = freeParts(matching, run);
    const [first] = parts;
    if (first?.length !== length) for (const part of parts) put(runs, part);
    else if (accept(run)) matching.pairRun(run);
  }
}

export interface Choice {
  readonly window: Window;
  /** Which lines are paired, the first kind before the next. */
  readonly around: readonly Around[];
  readonly accept: (run: Run) => boolean;
}

/** Pairs the lines of equal runs that a choice agrees to. */
export function pairLongestRuns(matching: Matching, { window, around, accept }: Choice): void {
  const byKind = new Map<Around, ByLength>(around.map((kind) => [kind, new Map()]));
  const kindAt = (base: number, present: number): Around => aroundOf(matching.base.lines[base], matching.present.lines[present]);
  for (const run of maximalRuns(matching, window)) {
    for (const { part, value } of cut(matching, run, kindAt)) put(byKind.get(value) ?? new Map(), part);
  }
  for (const runs of byKind.values()) {
    const longest = Math.max(0, ...runs.keys());
    for (let length = longest; length > 0; length -= 1) takeLength(matching, runs, length, accept);
  }
}
