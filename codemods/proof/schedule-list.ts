// A list of schedules as a person reads it: seeds that follow each other are one entry, such as `fifo, seeds 1 to 4, seed 9`.
import { unquoted } from './bare-or-quoted.ts';

const quoted = String.raw`"(?:[^"\\]|\\.)*"`;
const entry = String.raw`(?:${quoted}|[^\],"]+)`;
/** What may stand between the square brackets of a list. */
export const listPattern = `${entry}(?:, ${entry})*`;

const entries = new RegExp(`(?:^|, )(?<name>${entry})`, 'g');
const bareEntry = /^(?! )(?!seeds )[^\],"\p{Cc}\p{Cs}]+(?<! )$/u;
const oneSeed = /^seed (?<seed>0|[1-9]\d{0,8})$/;
const seedRun = /^seeds (?<from>0|[1-9]\d{0,8}) to (?<to>[1-9]\d{0,8})$/;
/** A list that names more seeds at once was not written by us. */
const mostSeedsOfARun = 10_000;

/** The names in one text: those without a number first, then the seeds in ascending order. */
export function writeScheduleList(names: readonly string[]): string {
  const seeds = names.flatMap((name) => seedOf(name) ?? []);
  const others = names.filter((name) => seedOf(name) === undefined);
  const runs: { readonly from: number; to: number }[] = [];
  for (const seed of seeds.toSorted((one, other) => one - other)) {
    const last = runs.at(-1);
    if (last !== undefined && last.to === seed - 1) last.to = seed;
    else runs.push({ from: seed, to: seed });
  }
  return [
    ...others.map((name) => (bareEntry.test(name) ? name : JSON.stringify(name))),
    ...runs.map(({ from, to }) => (from === to ? `seed ${from}` : `seeds ${from} to ${to}`)),
  ].join(', ');
}

function seedOf(name: string): number | undefined {
  const seed = oneSeed.exec(name)?.groups?.['seed'];
  return seed === undefined ? undefined : Number(seed);
}

/** The inverse. Throws a SyntaxError where a quoted name is broken, or a run of seeds has no order or no end. */
export function readScheduleList(text: string): readonly string[] {
  return [...text.matchAll(entries)].flatMap(({ groups }) => {
    const name = groups?.['name'] ?? '';
    const { from, to } = seedRun.exec(name)?.groups ?? {};
    return from === undefined || to === undefined ? [unquoted(name)] : seedsOf(Number(from), Number(to));
  });
}

function seedsOf(from: number, to: number): readonly string[] {
  if (from >= to || to - from > mostSeedsOfARun) throw new SyntaxError(`seeds ${from} to ${to} is no run of seeds`);
  return Array.from({ length: to - from + 1 }, (_, nr) => `seed ${from + nr}`);
}
