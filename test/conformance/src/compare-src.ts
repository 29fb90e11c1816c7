// Compares src with the legacy system over all subjects.
import { requireGolden } from '../../../codemods/proof/golden-store.ts';
import { goldenFolder } from '../tas-63/controls.ts';
import { subjects } from '../tas-63/subjects/index.ts';
import { leftOut } from './compared-subjects.ts';
import type { ComparedSubject } from './compared-subjects.ts';
import type { FactDifference } from './facts.ts';
import type { IntendedDifference, Use } from './intend.ts';
import { compareCase } from './run-case.ts';
import { openSrc } from './src-system.ts';

export interface SubjectComparison {
  readonly subject: string;
  readonly cases: number;
  /** Differences that nothing intends. */
  readonly differences: readonly FactDifference[];
  readonly uses: readonly Use[];
}

/** Whether a case is one of those that cannot be compared. */
export function isLeftOut(subject: string, name: string): boolean {
  return leftOut.some((each) => each.subject === subject && each.cases.test(name));
}

export async function compareSubject(
  { subject, cases = /^/, adapter, reading }: ComparedSubject,
  intended: readonly IntendedDifference[],
): Promise<SubjectComparison> {
  const spec = subjects.find(({ name }) => name === subject);
  if (spec === undefined) throw new Error(`There is no subject ${subject}.`);
  const comparing = { spec, golden: requireGolden(goldenFolder, spec), src: openSrc(adapter), reading, intended };
  const scenarios = spec.scenarios.filter(({ name }) => cases.test(name) && !isLeftOut(subject, name));
  const differences: FactDifference[] = [];
  const uses: Use[] = [];
  for (const scenario of scenarios) {
    const compared = await compareCase(comparing, scenario);
    differences.push(...compared.differences);
    uses.push(...compared.uses);
  }
  return { subject, cases: scenarios.length, differences, uses };
}
