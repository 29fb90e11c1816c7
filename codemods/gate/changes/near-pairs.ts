// Lines beside a pair: short lines that go along with it, and statements that were only broken into lines differently.
import type { CodeLine } from './code-lines.ts';
import type { Matching, Run } from './matching.ts';

/** So many lines may have gone between a line of the base and the next one that is the same; any number may have come. */
const GAP = 3;
/** The longest statement, in lines, that is looked at for other line breaks. */
const LONGEST_STATEMENT = 60;

type Step = 1 | -1;

interface Pair {
  readonly base: number;
  readonly present: number;
}

/** Lines beside `at` in its file, nearest first, as long as they are free. */
function freeBeside(
  files: readonly number[],
  isFree: (at: number) => boolean,
  from: { readonly at: number; readonly step: Step },
) {
  const found: number[] = [];
  for (let at = from.at + from.step; files[at] === files[from.at] && isFree(at); at += from.step) found.push(at);
  return found;
}

function freePresents(matching: Matching, pair: Pair, step: Step): readonly number[] {
  return freeBeside(matching.present.files, (at) => matching.isPresentFree(at), { at: pair.present, step });
}

/** The next lines beside a pair that say the same. What came in between does not count, or a line more would decide. */
function nextFree(matching: Matching, pair: Pair, step: Step): Pair | undefined {
  const isFree = (at: number): boolean => matching.isBaseFree(at) && Math.abs(at - pair.base) <= GAP + 1;
  const bases = freeBeside(matching.base.files, isFree, { at: pair.base, step });
  const presents = bases.length === 0 ? [] : freePresents(matching, pair, step);
  for (const base of bases) {
    const present = presents.find((at) => matching.canPair(base, at));
    if (present !== undefined) return { base, present };
  }
  return undefined;
}

function inFiles(matching: Matching, from: Pair, to: Pair): boolean {
  return matching.staysInFiles(from.base, from.present, { base: to.base - from.base, present: to.present - from.present });
}

/** One side of a statement, line by line as far as it was looked at. */
interface Stretch {
  readonly at: number[];
  readonly tokens: string[];
}

/** The same tokens on both sides. */
interface Wrapped {
  readonly base: Stretch;
  readonly present: Stretch;
}

interface Walk {
  readonly lines: readonly CodeLine[];
  readonly stretch: Stretch;
  readonly step: Step;
}

/** Adds the tokens of the next line; of a walk backwards the last token comes first. */
function extend({ lines, stretch, step }: Walk, at: number): void {
  const tokens = lines[at]?.tokens ?? [];
  stretch.at.push(at);
  stretch.tokens.push(...(step === 1 ? tokens : tokens.toReversed()));
}

function agree(left: readonly string[], right: readonly string[]): boolean {
  const length = Math.min(left.length, right.length);
  return left.slice(0, length).every((token, at) => token === right[at]);
}

/** The lines beside a pair that hold the same tokens, broken into lines differently. */
function sameTokens(matching: Matching, pair: Pair, step: Step): Wrapped | undefined {
  const base: Stretch = { at: [], tokens: [] };
  const present: Stretch = { at: [], tokens: [] };
  while (base.at.length + present.at.length < LONGEST_STATEMENT) {
    const ofBase = base.tokens.length <= present.tokens.length;
    const next = { base: pair.base + step * (base.at.length + 1), present: pair.present + step * (present.at.length + 1) };
    const to = ofBase ? { ...pair, base: next.base } : { ...pair, present: next.present };
    const free = ofBase ? matching.isBaseFree(next.base) : matching.isPresentFree(next.present);
    if (!free || !inFiles(matching, pair, to)) return undefined;
    if (ofBase) extend({ lines: matching.base.lines, stretch: base, step }, next.base);
    else extend({ lines: matching.present.lines, stretch: present, step }, next.present);
    if (!agree(base.tokens, present.tokens)) return undefined;
    if (base.tokens.length === present.tokens.length && present.at.length > 0) return { base, present };
  }
  return undefined;
}

/** The line that the token at each offset stands on. */
function linesOfTokens(lines: readonly CodeLine[], at: readonly number[]): readonly number[] {
  return at.toSorted((left, right) => left - right).flatMap((each) => (lines[each]?.tokens ?? []).map(() => each));
}

/** Pairs each line with the one its first token stood on; a line that has a pair already takes no second one. */
function pairStretch(matching: Matching, { base, present }: Wrapped): void {
  const baseOf = linesOfTokens(matching.base.lines, base.at);
  const presentOf = linesOfTokens(matching.present.lines, present.at);
  for (const [token, at] of presentOf.entries()) {
    const from = baseOf[token];
    const begins = presentOf[token - 1] !== at;
    if (begins && from !== undefined && matching.isBaseFree(from)) matching.pair(from, at);
  }
  for (const at of present.at) if (matching.isPresentFree(at)) matching.keepPresent(at);
  for (const at of base.at) if (matching.isBaseFree(at)) matching.keepBase(at);
}

function follow(matching: Matching, from: Pair, step: Step): void {
  let at: Pair | undefined = from;
  while (at !== undefined) {
    const direct: Pair = { base: at.base + step, present: at.present + step };
    const same: Wrapped | undefined = matching.canPair(direct.base, direct.present) ? undefined : sameTokens(matching, at, step);
    if (same !== undefined) {
      pairStretch(matching, same);
      at = { base: same.base.at.at(-1) ?? at.base, present: same.present.at.at(-1) ?? at.present };
      continue;
    }
    at = nextFree(matching, at, step);
    if (at !== undefined) matching.pair(at.base, at.present);
  }
}

/** Pairs what stands beside pairs, without crossing another pair. */
export function pairNeighbours(matching: Matching): void {
  for (const step of [1, -1] as const) {
    for (let present = 0; present < matching.present.lines.length; present += 1) {
      const base = matching.baseOf(present);
      if (base !== undefined) follow(matching, { base, present }, step);
    }
  }
}

/** The nearest pair beyond `pair`, taken or possible. */
function nearest(matching: Matching, pair: Pair, step: Step): Pair | undefined {
  const presents = freePresents(matching, pair, step);
  const end = pair.present + step * (presents.length + 1);
  for (let gap = 1; gap <= GAP + 1; gap += 1) {
    const base = pair.base + step * gap;
    const present = [...presents, end].find((at) => matching.arePaired(base, at) || matching.canPair(base, at));
    if (present !== undefined && inFiles(matching, pair, { base, present })) return { base, present };
  }
  return undefined;
}

/** What the lines beyond one end of a run add to it: more than enough when one of them is paired already. */
function weightBeyond(matching: Matching, from: Pair, walk: { readonly step: Step; readonly enough: number }): number {
  let weight = 0;
  let at: Pair | undefined = from;
  while (weight < walk.enough) {
    at = nearest(matching, at, walk.step);
    if (at === undefined) return weight;
    if (matching.arePaired(at.base, at.present)) return walk.enough;
    weight += matching.base.lines[at.base]?.weight ?? 0;
  }
  return weight;
}

/** Whether a run, with the lines near it that go along, has at least so many letters and digits. */
export function weighs(matching: Matching, run: Run, enough: number): boolean {
  const lines = matching.base.lines.slice(run.base, run.base + run.length);
  const own = lines.reduce((sum, line) => sum + line.weight, 0);
  if (own >= enough) return true;
  const last = run.length - 1;
  const after = weightBeyond(matching, { base: run.base + last, present: run.present + last }, { step: 1, enough });
  const before = weightBeyond(matching, { base: run.base, present: run.present }, { step: -1, enough });
  return own + before + after >= enough;
}
