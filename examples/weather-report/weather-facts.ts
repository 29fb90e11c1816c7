// What the steps of the weather report hand to each other.
import type { Day } from './weather-days.ts';

export interface Loaded {
  readonly path: string;
  readonly rows: number;
  readonly sha256: string;
}

export interface Validated {
  readonly path: string;
  readonly days: number;
  readonly first: string;
  readonly last: string;
}

export interface Extremes {
  readonly hottest: Day;
  readonly coldest: Day;
  readonly wettest: Day;
  readonly windiest: Day;
}

export interface Gaps {
  readonly missingDays: number;
  /** At most ten of them. */
  readonly examples: readonly string[];
}
