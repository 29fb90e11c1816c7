// Days of the weather record: read from CSV, and the figures computed from them.
import { readFile } from 'node:fs/promises';

export interface Day {
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly precipitationMm: number;
  readonly maxCelsius: number;
  readonly minCelsius: number;
  readonly windMs: number;
  readonly weather: string;
}

export interface Month {
  /** YYYY-MM. */
  readonly month: string;
  readonly days: number;
  readonly precipitationMm: number;
  readonly meanMaxCelsius: number;
  readonly meanMinCelsius: number;
}

const columns = 'date,precipitation,temp_max,temp_min,wind,weather';

/** Throws when the file is not the table that is expected; a number that cannot be read is NaN. */
export async function readDays(path: string): Promise<readonly Day[]> {
  const [head, ...lines] = (await readFile(path, 'utf8')).trim().split(/\r?\n/);
  if (head !== columns) throw new Error(`${path} begins with "${head ?? ''}"; expected the columns ${columns}`);
  return lines.map((line) => {
    const [date = '', precipitation, max, min, wind, weather = ''] = line.split(',');
    return {
      date,
      precipitationMm: Number(precipitation),
      maxCelsius: Number(max),
      minCelsius: Number(min),
      windMs: Number(wind),
      weather,
    };
  });
}

export function monthsOf(days: readonly Day[]): readonly Month[] {
  const byMonth = new Map<string, Day[]>();
  for (const day of days) {
    const month = day.date.slice(0, 7);
    byMonth.set(month, [...(byMonth.get(month) ?? []), day]);
  }
  return [...byMonth].map(([month, members]) => ({
    month,
    days: members.length,
    precipitationMm: rounded(sum(members.map((day) => day.precipitationMm))),
    meanMaxCelsius: rounded(sum(members.map((day) => day.maxCelsius)) / members.length),
    meanMinCelsius: rounded(sum(members.map((day) => day.minCelsius)) / members.length),
  }));
}

/** The days of the calendar between the first and the last that the record does not have. */
export function missingDates(days: readonly Day[]): readonly string[] {
  const known = new Set(days.map(({ date }) => date));
  const dayMs = 86_400_000;
  const first = Date.parse(days[0]?.date ?? '');
  const last = Date.parse(days.at(-1)?.date ?? '');
  const missing: string[] = [];
  for (let at = first; at <= last; at += dayMs) {
    const date = new Date(at).toISOString().slice(0, 10);
    if (!known.has(date)) missing.push(date);
  }
  return missing;
}

/** The day for which `measure` is greatest. */
export function dayWithMost(days: readonly Day[], measure: (day: Day) => number): Day {
  return days.reduce((most, day) => (measure(day) > measure(most) ? day : most));
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** To one decimal, as the record has them. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
