// Writes a golden, and says what it changes: the only way goldens are updated.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { compareTraces } from './compare-traces.ts';
import type { Difference } from './compare-traces.ts';
import { allSchedules, writeGolden } from './golden-file.ts';
import type { Golden, GoldenCase } from './golden-file.ts';
import { findGolden, goldenPath } from './golden-store.ts';
import { writeScheduleList } from './schedule-list.ts';

export interface GoldenChange {
  readonly subject: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** By case, one line a difference. */
  readonly changed: ReadonlyMap<string, readonly string[]>;
}

/** Stores a golden where it differs from the stored one; answers with the difference, or undefined. */
export function updateGolden(folder: string, golden: Golden): GoldenChange | undefined {
  const stored = findGolden(folder, golden.subject);
  const text = writeGolden(golden);
  const path = goldenPath(folder, golden.subject);
  // The text decides: an older format says the same in other words, and is written anew.
  if (stored !== undefined && readFileSync(path, 'utf8') === text) return undefined;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, text);
  return describeChange(golden, stored?.cases ?? []);
}

function describeChange({ subject, cases }: Golden, stored: readonly GoldenCase[]): GoldenChange {
  const before = new Map(stored.map((each) => [each.name, each]));
  const after = new Map(cases.map((each) => [each.name, each]));
  const changed = new Map<string, readonly string[]>();
  for (const [name, each] of after) {
    const was = before.get(name);
    const lines = was === undefined ? [] : [...otherSchedules(was, each), ...differencesOf(was, each).map(differenceLine)];
    if (lines.length > 0) changed.set(name, lines);
  }
  return {
    subject,
    added: [...after.keys()].filter((name) => !before.has(name)),
    removed: [...before.keys()].filter((name) => !after.has(name)),
    changed,
  };
}

/** Schedules that only one of them has, where neither has one trace for all. */
function otherSchedules(before: GoldenCase, after: GoldenCase): readonly string[] {
  const [was, is] = [before, after].map(({ traces }) => writeScheduleList([...traces.keys()]));
  const alike = before.traces.has(allSchedules) || after.traces.has(allSchedules) || was === is;
  return alike ? [] : [`recorded under ${is}, before under ${was}`];
}

function differencesOf(before: GoldenCase, after: GoldenCase): readonly Difference[] {
  const groups = [...new Set([...before.traces.keys(), ...after.traces.keys()])];
  return groups.flatMap((group) => {
    const was = before.traces.get(group) ?? before.traces.get(allSchedules);
    const is = after.traces.get(group) ?? after.traces.get(allSchedules);
    return was === undefined || is === undefined ? [] : compareTraces(was, is);
  });
}

/** One difference in one line. */
export function differenceLine({ kind, place, before, after }: Difference): string {
  const was = before === undefined ? '' : `\n    - ${before}`;
  const is = after === undefined ? '' : `\n    + ${after}`;
  return `${kind} at ${place}${was}${is}`;
}
