// What src is expected to show: the facts of the legacy system, rewritten by the differences that are intended.
import type { ComparedCase, Facts } from './facts.ts';

/** What becomes of the text of a fact; nothing where `from` is not in it. */
export interface Change {
  readonly fact: string;
  readonly from: RegExp;
  readonly to: string;
}

export interface IntendedDifference {
  readonly id: string;
  readonly subjects: readonly string[];
  /** Cases by name; all of the subjects when absent. */
  readonly cases?: RegExp;
  readonly changes: readonly Change[];
  /** Where that is asked for: section of the specification, decision of the architecture, or page of docs/decisions. */
  readonly spec: string;
  readonly reason: string;
}

/** One use of a change of an entry. */
export interface Use {
  readonly id: string;
  readonly subject: string;
  readonly change: Change;
}

export interface Expected {
  readonly facts: Facts;
  readonly uses: readonly Use[];
}

/** Applies the entries in their order, each to what the ones before have left. */
export function intend(entries: readonly IntendedDifference[], where: ComparedCase, before: Facts): Expected {
  const facts: Record<string, string> = { ...before };
  const uses: Use[] = [];
  for (const { id, subjects, cases = /^/, changes } of entries) {
    if (!subjects.includes(where.subject) || !cases.test(where.case)) continue;
    for (const change of changes) {
      const text = facts[change.fact] ?? '';
      const changed = text.replace(change.from, change.to);
      if (changed === text) continue;
      facts[change.fact] = changed;
      uses.push({ id, subject: where.subject, change });
    }
  }
  return { facts, uses };
}

/** Entries, or parts of them, that changed nothing: a subject that did not need it, a change that found no text. */
export function unusedIn(entries: readonly IntendedDifference[], uses: readonly Use[]): readonly string[] {
  return entries.flatMap(({ id, subjects, changes }) => {
    const own = uses.filter((use) => use.id === id);
    return [
      ...subjects.filter((subject) => !own.some((use) => use.subject === subject)).map((subject) => `${id}: ${subject}`),
      ...changes
        .filter((change) => !own.some((use) => use.change === change))
        .map(({ fact, from }) => `${id}: ${fact} ${String(from)}`),
    ];
  });
}
