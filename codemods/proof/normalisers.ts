// What two equal runs may differ in, named: durations, timestamps, random ids. Stacks are never rendered.

/** Replaces values that say nothing about behaviour; each is listed in the golden's header. */
export interface Normaliser {
  readonly name: string;
  /** For the header: what is replaced, and why. */
  readonly describe: string;
  /** The text that stands for `value`, or undefined to leave it as it is. */
  replace(value: unknown, key: string): string | undefined;
}

/** Numbers in fields of these names are times taken, which depend on how often the clock was read. */
export function durations(fields: readonly string[]): Normaliser {
  const names = new Set(fields);
  return {
    name: 'durations',
    describe: `numbers in ${fields.join(', ')}`,
    replace: (value, key) => (typeof value === 'number' && names.has(key) ? '<ms>' : undefined),
  };
}

/** Where the wall clock of a world starts: 2026-01-01T00:00:00Z. */
export const clockStartsAtMs = Date.UTC(2026, 0, 1);

/** How long after its start a time can be a reading of the world's clock: a day, where scenarios take seconds. */
export const clockWindowMs = 86_400_000;

/** Whether milliseconds since 1970 can be a reading of the world's clock; any other time is a mistake or the scenario's own. */
export function isClockReading(ms: number): boolean {
  return ms >= clockStartsAtMs && ms < clockStartsAtMs + clockWindowMs;
}

/** Readings of the clock: which of several was taken is no behaviour. */
export const timestamps: Normaliser = {
  name: 'timestamps',
  describe: 'dates on 2026-01-01, the day of the clock',
  replace: (value) => (value instanceof Date && isClockReading(value.getTime()) ? '<time>' : undefined),
};

const controlledId = /00000000-0000-4000-8000-[0-9a-f]{12}/g;

/** Ids the controlled source made, also inside texts; ids that the scenario gave stay. */
export const randomIds: Normaliser = {
  name: 'random ids',
  describe: 'ids drawn during the scenario',
  replace: (value) =>
    typeof value === 'string' && value.search(controlledId) !== -1
      ? JSON.stringify(value.replace(controlledId, '<id>'))
      : undefined,
};
