// The differences the plan itself orders: each with its step and the reason; anything else is a change of behaviour.
import type { CaseDifference } from '../../../codemods/proof/prove.ts';

interface OrderedDifference {
  readonly id: string;
  readonly reason: string;
  matches(difference: CaseDifference): boolean;
}

/** What the plan's text asks for and a trace can see. */
export const orderedDifferences: readonly OrderedDifference[] = [
  {
    id: '2D-map',
    reason: 'Fix 4 of file 2 removes currentQueueSizes: the snapshot of the statistics has five keys instead of six.',
    matches: ({ before, after }) => {
      // An empty map in a value that is recorded, `{}` where the scenario has turned it into JSON.
      const removed = (before ?? '').replaceAll(/currentQueueSizes: (?:Map)?\{\}, /g, '');
      return removed !== before && removed === after;
    },
  },
];

/** Splits differences into those the plan orders (ids of the entries used) and the rest. */
export function orderedByThePlan(differences: readonly CaseDifference[]): {
  readonly used: readonly string[];
  readonly rest: readonly CaseDifference[];
} {
  const used: string[] = [];
  const rest = differences.filter((difference) => {
    const entry = orderedDifferences.find((each) => each.matches(difference));
    if (entry !== undefined) used.push(entry.id);
    return entry === undefined;
  });
  return { used, rest };
}
