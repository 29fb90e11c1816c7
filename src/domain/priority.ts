// Which of two ready tasks comes first: a task gains while it is fresh and fades when nothing moves it on (spec 3.5).

const hourMs = 3_600_000;

/** The constants of spec 3.5; the SQL function carries the same. */
export const priorityAging = {
  /** Up to here a task counts as fresh, and its whole age counts in its favor. */
  freshMs: hourMs,
  gainPerHour: 0.1,
  /** Up to here its priority fades exponentially with the time in its state. */
  fadingMs: 24 * hourMs,
  fadeHours: 12,
  /** What is left for ever after. */
  floor: 0.1,
} as const;

export interface PriorityFacts {
  /** As requested, −100 to 100. */
  readonly priority: number;
  readonly msInState: number;
  readonly ageMs: number;
}

/** The greater comes first. */
export function computedPriority({ priority, msInState, ageMs }: PriorityFacts): number {
  const { freshMs, gainPerHour, fadingMs, fadeHours, floor } = priorityAging;
  if (msInState < freshMs) return priority + (ageMs / hourMs) * gainPerHour;
  if (msInState < fadingMs) return priority * Math.exp(-(msInState / hourMs) / fadeHours);
  return floor;
}
