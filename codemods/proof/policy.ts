// Differences that are allowed, each with an id and a reason; anything else fails, and so does an entry that nothing used.
import { globPattern } from '../kernel/glob.ts';
import type { Difference, DifferenceKind } from './compare-traces.ts';
import { proofError } from './proof-errors.ts';

export interface AllowedDifference {
  readonly id: string;
  readonly reason: string;
  /** Glob over names of subjects; all when absent. */
  readonly subject?: string;
  /** Glob over names of cases; all when absent. */
  readonly case?: string;
  readonly kind: DifferenceKind;
  /** Glob over places (`context.log.debug`). */
  readonly place: string;
  /** Text that the line before, or the line after, must contain. */
  readonly contains?: string;
  /** How many differences it allows, exactly; any number but none when absent. One that several schedules show is one. */
  readonly count?: number;
}

/** A difference, with the case and the schedule it was seen in where there are any. */
export interface JudgedDifference extends Difference {
  readonly case?: string;
  readonly schedule?: string;
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
  /** Of each entry, the differences that it allowed. */
  readonly #used = new Map<string, Set<string>>();

  constructor(policy: readonly AllowedDifference[]) {
    this.#policy = definePolicy(policy);
  }

  /** The differences that no entry allows. */
  remaining<D extends JudgedDifference>(subject: string, differences: readonly D[]): readonly D[] {
    const seen = new Map<string, number>();
    return differences.filter((difference) => {
      const entry = this.#policy.find((each) => allows(each, subject, difference));
      if (entry !== undefined) this.#note(entry.id, identityOf(subject, difference, seen));
      return entry === undefined;
    });
  }

  #note(id: string, identity: string): void {
    const used = this.#used.get(id) ?? new Set();
    this.#used.set(id, used.add(identity));
  }

  /** Throws when an entry allowed nothing, or another number than its count: what it described is gone, or is more than that. */
  assertAllUsed(): void {
    const usedBy = (id: string): number => this.#used.get(id)?.size ?? 0;
    const unused = this.#policy.filter(({ id, count }) => count === undefined && usedBy(id) === 0).map(({ id }) => id);
    const miscounted = this.#policy.filter(({ id, count }) => count !== undefined && usedBy(id) !== count);
    const found = [
      ...(unused.length === 0
        ? []
        : [
            `Nothing used the allowed ${unused.length === 1 ? 'difference' : 'differences'} ${unused.join(', ')}. Remove them from the policy.`,
          ]),
      ...miscounted.map(
        ({ id, count }) =>
          `The allowed difference ${id} was used ${usedBy(id)} times, expected ${count}. Read what it allows, then correct its count.`,
      ),
    ];
    if (found.length > 0) throw proofError('PROOF_POLICY_UNUSED', found.join(' '));
  }
}

/** The same text for the same difference under another schedule; the second of two equal ones under one schedule is another. */
function identityOf(subject: string, difference: JudgedDifference, seen: Map<string, number>): string {
  const { kind, place, before, after, schedule } = difference;
  const text = JSON.stringify([subject, difference.case, kind, place, before, after]);
  const inSchedule = `${schedule ?? ''} ${text}`;
  const nth = seen.get(inSchedule) ?? 0;
  seen.set(inSchedule, nth + 1);
  return `${nth} ${text}`;
}

function allows(entry: AllowedDifference, subject: string, difference: JudgedDifference): boolean {
  const { kind, place, before = '', after = '' } = difference;
  if (entry.subject !== undefined && !globPattern(entry.subject).test(subject)) return false;
  if (entry.case !== undefined && (difference.case === undefined || !globPattern(entry.case).test(difference.case))) return false;
  if (entry.kind !== kind || !globPattern(entry.place).test(place)) return false;
  return entry.contains === undefined || before.includes(entry.contains) || after.includes(entry.contains);
}
