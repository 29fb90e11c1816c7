// Writes a golden, and says what it changes: the only way goldens are updated.
import { mkdirSync, writeFileSync } from 'node:fs';
import { compareTraces } from './compare-traces.ts';
import type { Difference } from './compare-traces.ts';
import { allSchedules, writeGolden } from './golden-file.ts';
import type { Golden, GoldenCase } from './golden-file.ts';
import { findGolden, goldenPath } from './golden-store.ts';

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
  if (stored !== undefined && writeGolden(stored) === text) return undefined;
  mkdirSync(folder, { recursive: true });
  writeFileSync(goldenPath(folder, golden.subject), text);
  return describeChange(golden, stored?.cases ?? []);
}

function describeChange({ subject, cases }: Golden, stored: readonly GoldenCase[]): GoldenChange {
  const before = new Map(stored.map((each) => [each.name, each]));
  const after = new Map(cases.map((each) => [each.name, each]));
  const changed = new Map<string, readonly string[]>();
  for (const [name, each] of after) {
    const was = before.get(name);
    const lines = was === undefined ? [] : differencesOf(was, each).map(differenceLine);
    if (lines.length > 0) changed.set(name, lines);
  }
  return {
    subject,
    added: [...after.keys()].filter((name) => !before.has(name)),
    removed: [...before.keys()].filter((name) => !after.has(name)),
    changed,
  };
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
