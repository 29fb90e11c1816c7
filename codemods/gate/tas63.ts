// The preset of TAS-63: its success criteria and the floors of its units.
import type { CoverageReportOptions, Floor } from './config.ts';

/** Percent of lines per unit, as the plan's threshold file has them. */
export const tas63Units = {
  shared: 70,
  pgmq: 65,
  orchestration: 55,
  worker: 55,
  client: 60,
  'worker-rust': 55,
  'core-py': 80,
  'worker-rb': 70,
  'worker-ts': 60,
} as const;

/** Percent of lines on the way (`step`) and at the end (`target`). */
export const tas63Percent = { step: 40, target: 55 } as const;

export interface Tas63Options {
  /** Folder of the sources. */
  readonly sources: string;
  /** Folder that mirrors it with tests. */
  readonly tests: string;
  /** Which percentage the whole must reach; `target` by default. */
  readonly stage?: keyof typeof tas63Percent;
  /** Globs of the modules that were extracted: each must have tests of its own. */
  readonly extracted?: readonly string[];
  /** Folders of units that have floors of their own. */
  readonly units?: Readonly<Partial<Record<keyof typeof tas63Units, string>>>;
}

/** The plan only speaks of lines. */
const BRANCHES_ASKED = 0;

/** At most 800 lines a file, 55 % of lines (40 % on the way), tests for each extracted module, floors of the units. */
export function tas63(options: Tas63Options): CoverageReportOptions {
  const whole: Floor = {
    under: options.sources,
    lines: tas63Percent[options.stage ?? 'target'],
    branches: BRANCHES_ASKED,
  };
  const units = Object.entries(options.units ?? {}).map(([unit, under]): Floor => {
    const lines = Object.entries(tas63Units).find(([name]) => name === unit)?.[1] ?? whole.lines;
    return { under, lines, branches: BRANCHES_ASKED };
  });
  return {
    include: [`${options.sources === '.' ? '' : `${options.sources}/`}**/*.ts`],
    tests: [{ sources: options.sources, tests: options.tests }],
    floors: [whole, ...units],
    ceilings: [{ under: '.', lines: 800 }],
    tested: options.extracted ?? [],
  };
}
