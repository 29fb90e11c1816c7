// Prints the figures of proof:tas-63, and says why they are no proof where they are none.
import { printDifferences } from '../../../codemods/proof/print-differences.ts';
import { differenceLine } from '../../../codemods/proof/write-golden.ts';
import { isAsAnnounced, visibleDeviations } from './controls.ts';
import type { Control } from './controls.ts';
import type { SubjectMutation } from './mutation-record.ts';
import { mutantsOf, totalScore } from './mutation-verdict.ts';
import type { ProofFigures, SubjectFigures } from './proof-figures.ts';

export const headline =
  'Subject                Cases Choice  Runs Seconds  Branches                 Mutants killed Differences in other clothes\n';

/** The line of a subject, and below it how it differs from its golden. */
export function subjectText(figures: SubjectFigures, record: readonly SubjectMutation[]): string {
  const { name, cases, choices, runs, seconds, branches, disguised, random, differences } = figures;
  const measured = record.find((each) => each.name === name);
  const mutants = measured === undefined ? '-' : `${measured.killed} of ${measured.killed + measured.survived}`;
  const reached = `${branches.reached} of ${branches.total}${branches.unreachable === 0 ? '' : ` (${branches.unreachable} unreachable)`}`;
  const numbers = [
    String(cases).padStart(6),
    String(choices).padStart(7),
    String(runs).padStart(6),
    seconds.toFixed(2).padStart(8),
  ];
  const row = `${name.padEnd(22)}${numbers.join('')}  ${reached.padEnd(24)} ${mutants.padEnd(14)} ${disguised}, ${random.differences} of ${random.runs} random\n`;
  return differences.length === 0 ? row : `${row}${printDifferences(differences).replace(/^(?=.)/gm, '  ')}\n`;
}

/** Ids of the deviations that were flagged alone and with all others, each patch with nothing else. */
export function flagged(controls: readonly Control[]): readonly string[] {
  const announced = controls.flatMap((control) => control.caught.map((each) => ({ ...each, control })));
  const lost = new Set(announced.filter(({ caught }) => caught === undefined).map(({ finding }) => finding.id));
  for (const { finding, patch, control } of announced) {
    if (control.name === nameOf(patch) && !isAsAnnounced(control)) lost.add(finding.id);
  }
  return visibleDeviations.filter((id) => !lost.has(id) && announced.some(({ finding }) => finding.id === id));
}

function nameOf(patch: string): string {
  return patch.replace('.edit', '');
}

function sumOf(figures: ProofFigures, of: (each: SubjectFigures) => number): number {
  return figures.subjects.reduce((total, each) => total + of(each), 0);
}

export interface Summary {
  readonly cases: number;
  readonly choices: number;
  readonly runs: number;
  readonly seconds: number;
  readonly differences: number;
  readonly positive: number;
  readonly negative: number;
}

export function summaryOf(figures: ProofFigures): Summary {
  return {
    cases: sumOf(figures, ({ cases }) => cases),
    choices: sumOf(figures, ({ choices }) => choices),
    runs: sumOf(figures, ({ runs }) => runs),
    seconds: sumOf(figures, ({ seconds }) => seconds),
    differences: sumOf(figures, ({ differences }) => differences.length),
    positive: flagged(figures.controls).length,
    negative: sumOf(figures, ({ disguised, random }) => disguised + random.differences),
  };
}

export function summaryText(figures: ProofFigures, record: readonly SubjectMutation[]): string {
  const { cases, choices, runs, seconds, differences, positive, negative } = summaryOf(figures);
  const reached = sumOf(figures, ({ branches }) => branches.reached);
  const total = sumOf(figures, ({ branches }) => branches.total);
  return (
    `${cases} cases in ${runs} runs, ${seconds.toFixed(1)} s; in ${choices} cases the schedule had a choice; ` +
    `branches ${reached} of ${total}; ${differences} differences from the goldens\n` +
    `positive ${positive}/${visibleDeviations.length}\nnegative ${negative}\n` +
    `mutation ${totalScore(record)} % of ${mutantsOf(record)} mutants killed\n`
  );
}

/** Why the figures are no proof; nothing where they are one. `mutation` is what is wrong with the mutation record. */
export function problemsOf(figures: ProofFigures, mutation: readonly string[]): readonly string[] {
  const { subjects, controls, policyProblem, randomRuns } = figures;
  const { differences, negative, positive } = summaryOf(figures);
  const undrawn = subjects.filter(({ random }) => random.runs < randomRuns && random.differences === 0);
  return [
    ...(differences > 0 ? [`${differences} differences from the goldens`] : []),
    ...(negative > 0 ? [`${negative} differences in other clothes`] : []),
    ...(positive < visibleDeviations.length ? [`${positive} of ${visibleDeviations.length} deviations are flagged`] : []),
    ...subjects.flatMap(({ name, branches: { missed, wronglyListed } }) => [
      ...missed.map((branch) => `${name}: no scenario reaches ${branch}`),
      ...wronglyListed.map((branch) => `${name}: listed as unreachable, and reached: ${branch}`),
    ]),
    ...undrawn.map(({ name }) => `${name}: without random scenarios`),
    ...controls.flatMap(controlProblems),
    ...(policyProblem === undefined ? [] : [`policy: ${policyProblem}`]),
    ...mutation.map((problem) => `mutation: ${problem}`),
  ];
}

function controlProblems({ name, caught, unexpected, unused }: Control): readonly string[] {
  const lines = unexpected.map((each) => `${name}: not announced: ${each.subject}, ${each.case}: ${differenceLine(each)}`);
  return [
    ...caught
      .filter((each) => each.caught === undefined)
      .map(({ finding: { id, subject, kind, place } }) => `${name}: not flagged: ${id}, ${subject}: ${kind} at ${place}`),
    ...new Set(lines),
    ...unused.map((row) => `${name}: nothing shows "${row}"`),
  ];
}
