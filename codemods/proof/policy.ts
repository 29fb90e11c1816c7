// Differences that are allowed, each with an id and a reason; anything else fails, and so does an entry that nothing used.
import { globPattern } from '../kernel/glob.ts';
import type { Difference, DifferenceKind } from './compare-traces.ts';
import { proofError } from './proof-errors.ts';

export interface AllowedDifference {
  readonly id: string;
  readonly reason: string;
  /** Glob over names of subjects; all when absent. */
  readonly subject?: string;
  readonly kind: DifferenceKind;
  /** Glob over places (`context.log.debug`). */
  readonly place: string;
  /** Text that the line before, or the line after, must contain. */
  readonly contains?: string;
}

/** Checks a policy as it was written; an id twice, or an entry without a reason, is refused. */
export function definePolicy(entries: readonly AllowedDifference[]): readonly AllowedDifference[] {
  const seen = new Set<string>();
  for (const { id, reason } of entries) {
    if (id.trim() === '')
      throw proofError(
        'PROOF_POLICY_INVALID',
        `An allowed difference has no id; its reason is ${JSON.stringify(reason)}. Give it one.`,
      );
    if (reason.trim() === '')
      throw proofError('PROOF_POLICY_INVALID', `The allowed difference ${id} has no reason. Say why it is no harm.`);
    if (seen.has(id))
      throw proofError('PROOF_POLICY_INVALID', `The id ${id} stands twice in the policy. Give each difference its own.`);
    seen.add(id);
  }
  return entries;
}

/** Applies a policy to one subject's differences, and remembers which entries were used. */
export class PolicyUse {
  readonly #policy: readonly AllowedDifference[];
  readonly #used = new Set<string>();

  constructor(policy: readonly AllowedDifference[]) {
    this.#policy = definePolicy(policy);
  }

  /** The differences that no entry allows. */
  remaining(subject: string, differences: readonly Difference[]): readonly Difference[] {
    return differences.filter((difference) => {
      const entry = this.#policy.find((each) => allows(each, subject, difference));
      if (entry !== undefined) this.#used.add(entry.id);
      return entry === undefined;
    });
  }

  /** Throws when an entry allowed nothing: what it described is gone, or it never was there. */
  assertAllUsed(): void {
    const unused = this.#policy.filter(({ id }) => !this.#used.has(id)).map(({ id }) => id);
    if (unused.length === 0) return;
    throw proofError(
      'PROOF_POLICY_UNUSED',
      `Nothing used the allowed ${unused.length === 1 ? 'difference' : 'differences'} ${unused.join(', ')}. Remove them from the policy.`,
    );
  }
}

function allows(entry: AllowedDifference, subject: string, { kind, place, before = '', after = '' }: Difference): boolean {
  if (entry.subject !== undefined && !globPattern(entry.subject).test(subject)) return false;
  if (entry.kind !== kind || !globPattern(entry.place).test(place)) return false;
  return entry.contains === undefined || before.includes(entry.contains) || after.includes(entry.contains);
}
