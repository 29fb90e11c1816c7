// Judges the stored mutation result: fresh, high enough, and every survivor with its reason.
import type { SubjectMutation } from './mutation-record.ts';

/** Least score of one subject, and of all together (percent). */
export const leastScore = 85;
export const leastTotal = 90;

/** Killed of all known mutants of all subjects, in percent. */
export function totalScore(record: readonly SubjectMutation[]): number {
  const killed = record.reduce((sum, each) => sum + each.killed, 0);
  return percent(killed, mutantsOf(record));
}

/** Mutants that were killed or survived. */
export function mutantsOf(record: readonly SubjectMutation[]): number {
  return record.reduce((sum, each) => sum + each.killed + each.survived, 0);
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1000) / 10;
}

export function isGood(each: SubjectMutation): boolean {
  return problemsOfOne(each).length === 0;
}

function problemsOfOne({ name, killed, survived, survivors }: SubjectMutation): readonly string[] {
  const score = percent(killed, killed + survived);
  const open = survivors.filter(({ reason }) => reason === undefined).length;
  return [
    ...(score < leastScore ? [`${name}: ${score} % of the mutants are killed, expected at least ${leastScore} %`] : []),
    ...(open > 0 ? [`${name}: ${open} mutants survive without a reason`] : []),
  ];
}

/** What is wrong with the record; `sources` has the hash of what each subject would be measured on now. */
export function mutationProblems(record: readonly SubjectMutation[], sources: ReadonlyMap<string, string>): readonly string[] {
  const measured = new Map(record.map((each) => [each.name, each.sources]));
  const without = [...sources.keys()].filter((name) => !measured.has(name));
  const stale = [...sources].filter(([name, hash]) => measured.has(name) && measured.get(name) !== hash).map(([name]) => name);
  const total = totalScore(record);
  return [
    ...(without.length > 0 ? [`not measured for ${without.join(', ')}: npm run proof:mutation`] : []),
    ...(stale.length > 0 ? [`stale for ${stale.join(', ')}, whose sources changed since: npm run proof:mutation`] : []),
    ...(record.length > 0 && total < leastTotal
      ? [`${total} % of all mutants are killed, expected at least ${leastTotal} %`]
      : []),
    ...record.flatMap(problemsOfOne),
  ];
}
