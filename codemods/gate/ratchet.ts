// The ratchet: what was reached once, so that it is not lost again. Raised by a command, lowered only with a waiver.
import { reasonOf, RefitError } from '../kernel/refit-error.ts';
import type { CoverageReportConfig } from './config.ts';
import type { Measure, Metric } from './coverage-model.ts';
import { metrics } from './coverage-model.ts';
import type { FileFacts } from './facts.ts';
import { exactPercent, measured, percentOf, totalOf } from './facts.ts';
import type { Failure } from './failure.ts';
import { isFields } from './report-fields.ts';
import { counted } from './rules-floors.ts';

/** Counts of one place; metrics that the report could not say are left out. */
export type Reached = Partial<Readonly<Record<Metric, Measure>>>;

export interface Ratchet {
  readonly schema: 'refit-ratchet/1';
  /** By folder of a floor. */
  readonly floors: Readonly<Record<string, Reached>>;
  /** By source file. */
  readonly files: Readonly<Record<string, Reached>>;
}

const advice = 'Restore the committed file, or write it anew with `refit gate ratchet`.';

function measureIn(value: unknown): Measure | undefined {
  if (!isFields(value)) return undefined;
  const { total, covered } = value;
  const sound = Number.isInteger(total) && Number.isInteger(covered) && Number(covered) >= 0 && Number(covered) <= Number(total);
  return sound ? { total: Number(total), covered: Number(covered) } : undefined;
}

function reachedIn(value: unknown): Reached | undefined {
  if (!isFields(value)) return undefined;
  const known = metrics.filter((metric) => metric in value).map((metric) => [metric, measureIn(value[metric])] as const);
  return known.some(([, measure]) => measure === undefined) ? undefined : Object.fromEntries(known);
}

function placesIn(value: unknown): Readonly<Record<string, Reached>> | undefined {
  if (!isFields(value)) return undefined;
  const places = Object.entries(value).map(([place, reached]) => [place, reachedIn(reached)] as const);
  const sound = places.flatMap(([place, reached]) => (reached === undefined ? [] : [[place, reached] as const]));
  return sound.length === places.length ? Object.fromEntries(sound) : undefined;
}

/**
 * The ratchet a text holds.
 * @throws RefitError GATE_RATCHET_UNREADABLE.
 */
export function parseRatchet(text: string, path: string): Ratchet {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new RefitError('GATE_RATCHET_UNREADABLE', `${path} is not JSON: ${reasonOf(cause)}. ${advice}`, { cause });
  }
  const found = isFields(value) && value['schema'] === 'refit-ratchet/1' ? value : {};
  const floors = placesIn(found['floors']);
  const files = placesIn(found['files']);
  if (floors !== undefined && files !== undefined) return { schema: 'refit-ratchet/1', floors, files };
  throw new RefitError('GATE_RATCHET_UNREADABLE', `${path} is no ratchet of the schema refit-ratchet/1. ${advice}`);
}

function reachedBy(files: readonly FileFacts[]): Reached {
  const total = totalOf(files);
  const said = metrics.filter((metric) => metric === 'lines' || !files.some((file) => file.unknown.includes(metric)));
  return Object.fromEntries(said.map((metric) => [metric, measured(total, metric)]));
}

/** What was measured now. */
export function measureRatchet(config: CoverageReportConfig, files: readonly FileFacts[]): Ratchet {
  const sorted = files.filter((file) => file.exempt === undefined).toSorted((left, right) => (left.file < right.file ? -1 : 1));
  const places = config.floors.map(({ under }) => [under, reachedBy(counted(files, under))] as const);
  return {
    schema: 'refit-ratchet/1',
    floors: Object.fromEntries(places),
    files: Object.fromEntries(sorted.map((file) => [file.file, reachedBy([file])])),
  };
}

const percent = (measure: Measure): number => percentOf(measure.covered, measure.total);
const exact = (measure: Measure): string => exactPercent(measure.covered, measure.total);

function better(old: Reached | undefined, now: Reached): Reached {
  const pick = (metric: Metric): Measure | undefined => {
    const [before, after] = [old?.[metric], now[metric]];
    if (before === undefined || after === undefined) return after ?? before;
    return percent(after) >= percent(before) ? after : before;
  };
  const picked = metrics.flatMap((metric) => {
    const measure = pick(metric);
    return measure === undefined ? [] : [[metric, measure] as const];
  });
  return Object.fromEntries(picked);
}

type Places = Readonly<Record<string, Reached>>;

/** Raises each place to what is measured, adds new ones, drops those that are gone; lowers none. */
export function raiseRatchet(old: Ratchet | undefined, now: Ratchet): Ratchet {
  const raised = (before: Places | undefined, after: Places): Places =>
    Object.fromEntries(Object.entries(after).map(([place, reached]) => [place, better(before?.[place], reached)]));
  return { schema: 'refit-ratchet/1', floors: raised(old?.floors, now.floors), files: raised(old?.files, now.files) };
}

/** Fallen is what has both a lower percentage and more left open: removing covered code alone is no fall. */
function hasFallen(before: Measure, after: Measure | undefined, slack: number): boolean {
  if (after === undefined) return true;
  const open = (measure: Measure): number => measure.total - measure.covered;
  return percent(after) + slack < percent(before) && open(after) > open(before);
}

function fallen(before: Places, after: Places, slack: number): readonly Failure[] {
  return Object.entries(before).flatMap(([place, reached]) => {
    const now = after[place];
    if (now === undefined) return [];
    return metrics.flatMap((metric): readonly Failure[] => {
      const [was, is] = [reached[metric], now[metric]];
      if (was === undefined || !hasFallen(was, is, slack)) return [];
      const found = is === undefined ? 'is not in the report' : `is ${exact(is)} % (${is.total - is.covered} open)`;
      const message = `${place}: ${metric} ${found}; it was ${exact(was)} % (${was.total - was.covered} open). Test what is new or open, or waive it until a day.`;
      return [{ code: 'GATE_RATCHET', file: place, message, required: percent(was), ...(is && { measured: percent(is) }) }];
    });
  });
}

function newFiles(config: CoverageReportConfig, old: Ratchet, now: Ratchet): readonly Failure[] {
  const asked = config.newFiles;
  if (asked === undefined) return [];
  const fresh = Object.entries(now.files).filter(([file]) => old.files[file] === undefined);
  return fresh.flatMap(([file, reached]) =>
    (['lines', 'branches'] as const).flatMap((metric): readonly Failure[] => {
      const found = reached[metric];
      const required = asked[metric];
      if (found !== undefined && percent(found) >= required) return [];
      const value = found === undefined ? 'nothing' : `${exact(found)} %`;
      const message = `${file} is new and has ${value} of ${metric}, required ${required} % of a new file. Test it before it grows old.`;
      return [{ code: 'GATE_NEW_FILE', file, message, required, ...(found && { measured: percent(found) }) }];
    }),
  );
}

/** Judges what is measured by the committed ratchet. */
export function ratchetRules(config: CoverageReportConfig, old: Ratchet, files: readonly FileFacts[]): readonly Failure[] {
  const now = measureRatchet(config, files);
  // A floor that was taken out of the configuration is judged by its mark all the same, as long as there are files under it.
  const marked = Object.keys(old.floors).map((under) => [under, counted(files, under)] as const);
  const held = marked.filter(([, under]) => under.length > 0).map(([place, under]) => [place, reachedBy(under)] as const);
  return [
    ...fallen(old.floors, Object.fromEntries(held), config.slack),
    ...fallen(old.files, now.files, config.slack),
    ...newFiles(config, old, now),
  ];
}

/** Places whose mark the ratchet file holds lower than the base's ratchet file does, or no longer at all. */
export function loweredRatchet(base: Ratchet, current: Ratchet, present: ReadonlySet<string>): readonly Failure[] {
  const check = (before: Places, after: Places, exists: (place: string) => boolean): readonly Failure[] =>
    Object.entries(before)
      .filter(([place]) => exists(place))
      .flatMap(([place, reached]) =>
        metrics.flatMap((metric): readonly Failure[] => {
          const [was, is] = [reached[metric], after[place]?.[metric]];
          if (was === undefined || (is !== undefined && !hasFallen(was, is, 0))) return [];
          const found = is === undefined ? 'nothing' : `${exact(is)} %`;
          const message = `The ratchet file has ${found} for ${metric} of ${place}, the base's has ${exact(was)} %. Restore it, or waive it until a day.`;
          return [
            { code: 'GATE_RATCHET_LOWERED', file: place, message, required: percent(was), ...(is && { measured: percent(is) }) },
          ];
        }),
      );
  return [...check(base.floors, current.floors, () => true), ...check(base.files, current.files, (file) => present.has(file))];
}
