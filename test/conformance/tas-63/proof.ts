// npm run proof:tas-63: the goldens, the controls and the random scenarios in one run, with the figures of each.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { reasonOf, RefitError } from '../../../codemods/kernel/refit-error.ts';
import { goldenHeader } from '../../../codemods/proof/golden-file.ts';
import { findGolden, refuseUnusedGoldens } from '../../../codemods/proof/golden-store.ts';
import { readPolicy } from '../../../codemods/proof/policy-file.ts';
import { recordGolden, scheduleGroups } from '../../../codemods/proof/prove.ts';
import type { SubjectSpec } from '../../../codemods/proof/prove.ts';
import { updateGolden } from '../../../codemods/proof/write-golden.ts';
import { goldenFolder } from './controls.ts';
import { readHumanPatches } from './human-edits.ts';
import type { HumanPatch } from './human-edits.ts';
import { moduleSources, readModuleRecord } from './module-mutation-record.ts';
import { readMutationRecord, sourcesOf } from './mutation-record.ts';
import type { SubjectMutation } from './mutation-record.ts';
import { mutationProblems } from './mutation-verdict.ts';
import { runProof } from './proof-figures.ts';
import { headline, problemsOf, subjectText, summaryOf, summaryText } from './proof-report.ts';
import { subjects } from './subjects/index.ts';
import { openSystem } from './system.ts';

const usage = `Usage: npm run proof:tas-63 -- [--random 1000] [--policy allowed.json] [--json] [--update]
Runs every case of the system before the plan under its schedules and compares it with the goldens, then the
controls: the deviations of the real refactor must be flagged and nothing else with them, the same system in other
clothes must show nothing. The column Choice counts the cases in which more than one answer waited.
  --random N     random scenarios a subject, compared between the system and its disguise
  --policy FILE  differences that are allowed (docs/proof.md, section 4); an entry that nothing uses fails
  --update       records the goldens again and prints each difference; review it before you commit
Exit codes: 0 all as expected; 1 a difference, a control that failed, an unused entry of the policy, or a mutation
record that is stale or too low; 2 the input is wrong.
`;

export interface ProofArguments {
  readonly randomRuns: number;
  readonly policy?: string;
  readonly json: boolean;
  readonly update: boolean;
  readonly help: boolean;
}

/** Throws where the arguments make no sense. */
export function readArguments(args: readonly string[]): ProofArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      random: { type: 'string', default: '1000' },
      policy: { type: 'string' },
      json: { type: 'boolean', default: false },
      update: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { random, policy, json, update, help } = values;
  const randomRuns = Number(random);
  if (!Number.isInteger(randomRuns) || randomRuns < 1)
    throw new RefitError('USAGE', `--random ${random}: expected a whole number from 1.`);
  if (update && policy !== undefined)
    throw new RefitError(
      'USAGE',
      '--policy says what may differ from the goldens, --update records them again: give one of them.',
    );
  return { randomRuns, json, update, help, ...(policy === undefined ? {} : { policy }) };
}

async function updateGoldens(): Promise<number> {
  const say = (text: string): void => void process.stdout.write(text);
  for (const spec of subjects) {
    const stored = findGolden(goldenFolder, spec.name);
    const change = updateGolden(goldenFolder, await recordGolden(spec, openSystem()));
    if (change === undefined) continue;
    say(`${spec.name}: ${change.added.length} cases added, ${change.removed.length} removed, ${change.changed.size} changed\n`);
    for (const line of goldenHeader(spec.name, spec.normalisers, scheduleGroups(spec)))
      if (stored?.header.includes(line) === false) say(`  new header: ${line}\n`);
    for (const name of change.added) say(`  added: ${name}\n`);
    for (const name of change.removed) say(`  removed: ${name}\n`);
    for (const [name, lines] of change.changed) say(`  ${name}\n${lines.map((line) => `    ${line}\n`).join('')}`);
  }
  return 0;
}

/** What is proved, against which mutation record, and where the lines go. */
export interface Scope {
  readonly subjects: readonly SubjectSpec[];
  readonly patches: readonly HumanPatch[];
  readonly record: readonly SubjectMutation[];
  /** What is wrong with the mutation record of the extracted modules. */
  readonly moduleProblems?: readonly string[];
  say(text: string): void;
}

/** Prints the figures and what is wrong with them; answers with the exit code. */
export async function report({ randomRuns, policy, json }: ProofArguments, scope: Scope): Promise<number> {
  const { record, say } = scope;
  const allowed = policy === undefined ? [] : readPolicy(policy);
  refuseUnusedGoldens(
    goldenFolder,
    subjects.map(({ name }) => name),
  );
  say(headline);
  const figures = await runProof({
    subjects: scope.subjects,
    patches: scope.patches,
    randomRuns,
    policy: allowed,
    onSubject: (each) => say(subjectText(each, record)),
  });
  say(summaryText(figures, record));
  const mutation = mutationProblems(record, new Map(scope.subjects.map((spec) => [spec.name, sourcesOf(spec)])));
  const problems = problemsOf(figures, [...mutation, ...(scope.moduleProblems ?? [])]);
  for (const problem of problems) say(`${problem}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ ...summaryOf(figures), problems, subjects: figures.subjects })}\n`);
  return problems.length === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const args = readArguments(process.argv.slice(2));
  if (args.help) {
    process.stdout.write(usage);
    return 0;
  }
  if (args.update) return updateGoldens();
  const say = (text: string): void => void (args.json ? process.stderr : process.stdout).write(text);
  const moduleProblems = mutationProblems(readModuleRecord(), moduleSources());
  return report(args, { subjects, patches: readHumanPatches(), record: readMutationRecord(), moduleProblems, say });
}

if (import.meta.filename === process.argv[1]) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`proof: ${error instanceof RefitError ? `${error.code}: ` : ''}${reasonOf(error)}\n`);
    process.exitCode = 2;
  }
}
