// Prints what `refit dead` found: by class, each member with its place, its proof and what speaks against deleting it.
import { livenessClasses, type Finding, type LivenessClass } from '../analysis/liveness-model.ts';

/** What each class means, as the table explains it. */
const meanings: Readonly<Record<LivenessClass, string>> = {
  live: 'reached from a package entry, a script or a configuration',
  'partially-dead': 'live, but some branches are never taken',
  'interface-only': 'an interface asks for it, nobody calls the interface',
  'exported-unused': 'only its export keeps it; ask before deleting when the package is published',
  'test-only': 'only tests reach it',
  'write-only': 'stored, never read',
  'never-written': 'keeps its first, blank value',
  unproduced: 'a variant that no production code makes',
  unreachable: 'no way from any root, tests included',
};

/** The most names of a cascade a line shows. */
const SHOWN = 6;

/** Number of findings of each class, all classes named. */
export function countsOf(findings: readonly Finding[]): Readonly<Record<LivenessClass, number>> {
  const counts = Object.fromEntries(livenessClasses.map((each) => [each, 0])) as Record<LivenessClass, number>; // fromEntries forgets the keys
  for (const finding of findings) counts[finding.class] += 1;
  return counts;
}

function cascadeLine({ cascade }: Finding): readonly string[] {
  if (cascade.length === 0) return [];
  const more = cascade.length > SHOWN ? ` and ${String(cascade.length - SHOWN)} more` : '';
  return [`    with it goes: ${cascade.slice(0, SHOWN).join(', ')}${more}`];
}

function linesOf(finding: Finding): readonly string[] {
  const internal = finding.ifInternal === undefined ? '' : `, ${finding.ifInternal} if its export is no API`;
  return [
    `  ${finding.symbol}  ${finding.path}:${String(finding.line)}  (${finding.confidence} confidence${internal})`,
    `    ${finding.proof}`,
    ...finding.blockers.map((blocker) => `    but: ${blocker}`),
    ...cascadeLine(finding),
  ];
}

/** The table, dead classes last; live members only with `all`. */
export function deadTable(findings: readonly Finding[], all: boolean): string {
  const counts = countsOf(findings);
  const sections = livenessClasses
    .filter((each) => counts[each] > 0 && (all || each !== 'live'))
    .map((each) => {
      const members = findings.filter((finding) => finding.class === each);
      return [`${each} (${String(members.length)}): ${meanings[each]}`, ...members.flatMap(linesOf), ''].join('\n');
    });
  const summary = livenessClasses.filter((each) => counts[each] > 0).map((each) => `${String(counts[each])} ${each}`);
  return `${sections.join('\n')}${sections.length > 0 ? '\n' : ''}${String(findings.length)} members and variants: ${summary.join(', ')}\n`;
}
