// Handlers of the weather report: each takes what the steps before it found, and passes on figures and paths, never rows.
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PermanentError, RetryableError } from '../../src/index.ts';
import type { HandlerInput } from '../../src/index.ts';
import { renderChart, renderReport } from './render.ts';
import type { Extremes, Gaps, Loaded, Validated } from './weather-facts.ts';
import { dayWithMost, missingDates, monthsOf, readDays } from './weather-days.ts';
import type { Day, Month } from './weather-days.ts';

interface Context {
  /** Where the report goes; default: out/ beside this file. */
  readonly outputDir?: string;
}

type Located = { readonly path: string };
type Input<Dependencies, Options = object> = HandlerInput<Context, Dependencies, Options>;

/** Finds the file in the npm package that ships it. */
export function locateData({ input }: Input<object, { readonly package: string; readonly file: string }>): Located {
  const entry = createRequire(import.meta.url).resolve(input.package);
  const folder = entry.slice(0, entry.lastIndexOf(`${input.package}/`) + input.package.length);
  return { path: join(folder, input.file) };
}

/** Fails once on purpose, to show a retry. */
export async function load({ attempt, dependencies }: Input<{ 'locate-data': Located }>): Promise<Loaded> {
  if (attempt === 1) throw new RetryableError('the disk is busy (made up, to show a retry)');
  const { path } = dependencies['locate-data'];
  const text = await readFile(path);
  const rows = await readDays(path);
  return { path, rows: rows.length, sha256: createHash('sha256').update(text).digest('hex') };
}

/** Refuses a record that no figure could be trusted from: trying again would not help. */
export async function validate({ dependencies }: Input<{ load: Loaded }>): Promise<Validated> {
  const { path } = dependencies.load;
  const days = await readDays(path);
  const bad = days.filter((day) => !isSound(day));
  const [first] = days;
  const last = days.at(-1);
  if (bad.length > 0)
    throw new PermanentError(`${bad.length} of ${days.length} days are not sound, the first is ${bad[0]?.date ?? ''}`);
  if (first === undefined || last === undefined) throw new PermanentError(`${path} has no days`);
  return { path, days: days.length, first: first.date, last: last.date };
}

function isSound({ date, precipitationMm, maxCelsius, minCelsius, windMs }: Day): boolean {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(Date.parse(date));
  return isDate && [precipitationMm, maxCelsius, minCelsius, windMs].every(Number.isFinite) && precipitationMm >= 0;
}

export async function monthlyAggregates({ dependencies }: Input<{ validate: Validated }>): Promise<{ months: readonly Month[] }> {
  return { months: monthsOf(await readDays(dependencies.validate.path)) };
}

export async function extremes({ dependencies }: Input<{ validate: Validated }>): Promise<Extremes> {
  const days = await readDays(dependencies.validate.path);
  return {
    hottest: dayWithMost(days, (day) => day.maxCelsius),
    coldest: dayWithMost(days, (day) => -day.minCelsius),
    wettest: dayWithMost(days, (day) => day.precipitationMm),
    windiest: dayWithMost(days, (day) => day.windMs),
  };
}

export async function gaps({ dependencies }: Input<{ validate: Validated }>): Promise<Gaps> {
  const missing = missingDates(await readDays(dependencies.validate.path));
  return { missingDays: missing.length, examples: missing.slice(0, 10) };
}

type Monthly = { readonly months: readonly Month[] };

export function chart({ dependencies, input }: Input<{ 'monthly-aggregates': Monthly }, { readonly width: number }>): {
  chart: string;
} {
  return { chart: renderChart(dependencies['monthly-aggregates'].months, input.width) };
}

interface BeforeReport {
  readonly load: Loaded;
  readonly validate: Validated;
  readonly 'monthly-aggregates': Monthly;
  readonly extremes: Extremes;
  readonly gaps: Gaps;
  readonly chart: { readonly chart: string };
}

/** Named by the task: two runs side by side do not write the same file. */
export async function report({ context, dependencies, step }: Input<BeforeReport>): Promise<{ reportPath: string }> {
  const here = dirname(fileURLToPath(import.meta.url));
  const folder = resolve(context.outputDir ?? join(here, 'out'));
  const reportPath = join(folder, `weather-report-${step.taskUuid}.md`);
  await mkdir(folder, { recursive: true });
  await writeFile(
    reportPath,
    renderReport({ ...dependencies, months: dependencies['monthly-aggregates'].months, ...dependencies.chart }),
  );
  return { reportPath };
}
