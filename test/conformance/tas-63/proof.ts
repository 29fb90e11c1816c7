// npm run proof:tas-63: the goldens, the controls and the random scenarios in one run, with the figures of each.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { reasonOf, RefitError } from '../../../codemods/kernel/refit-error.ts';
import type { BranchReport } from '../../../codemods/proof/branch-coverage.ts';
import { goldenHeader } from '../../../codemods/proof/golden-file.ts';
import { findGolden, refuseUnusedGoldens, requireGolden } from '../../../codemods/proof/golden-store.ts';
import { branchesOf, compareWithGolden, recordGolden, scheduleGroups, schedulesOf } from '../../../codemods/proof/prove.ts';
import type { CaseDifference, SubjectSpec } from '../../../codemods/proof/prove.ts';
import { compareRandom } from '../../../codemods/proof/random-scenarios.ts';
import { differenceLine, updateGolden } from '../../../codemods/proof/write-golden.ts';
import { catchEach, catchFindings, goldenFolder, openDisguised, visibleDeviations } from './controls.ts';
import { readHumanPatches } from './human-edits.ts';
import { readMutationRecord, sourcesOf } from './mutation-record.ts';
import { totalScore } from './mutation.ts';
import { subjects } from './subjects/index.ts';
import { openSystem } from './system.ts';

const usage = `Usage: npm run proof:tas-63 -- [--random 1000] [--json] [--update]
Runs every case of the system before the plan under its schedules and compares it with the goldens, then the
controls: the deviations of the real refactor must be flagged, the same system in other clothes must not.
  --random N   random scenarios a subject, compared between the system and its disguise
  --update     records the goldens again and prints each difference; review it before you commit
Exit codes: 0 all as expected, 1 a difference or a control that failed, 2 the input is wrong.
`;

interface SubjectFigures {
  readonly name: string;
  readonly cases: number;
  readonly runs: number;
  readonly seconds: number;
  readonly branches: BranchReport;
  readonly differences: readonly CaseDifference[];
  readonly disguised: number;
  readonly random: { readonly runs: number; readonly differences: number };
}

async function prove(spec: SubjectSpec, randomRuns: number): Promise<SubjectFigures> {
  const golden = requireGolden(goldenFolder, spec);
  const subject = openSystem();
  const startedAt = performance.now();
  const differences = await compareWithGolden(spec, subject, golden);
  const seconds = Math.round(performance.now() - startedAt) / 1000;
  const branches = branchesOf(spec, subject);
  const disguised = await compareWithGolden(spec, openDisguised(), golden);
  const random = await compareRandom(
    spec,
    { before: openSystem(), after: openDisguised() },
    { runs: randomRuns, seed: Date.now() % 2 ** 31 },
  );
  return {
    name: spec.name,
    cases: spec.scenarios.length,
    runs: spec.scenarios.reduce((sum, scenario) => sum + schedulesOf(scenario).length, 0),
    seconds,
    branches,
    differences,
    disguised: disguised.length,
    random: { runs: random.runs, differences: random.counterexample?.differences.length ?? 0 },
  };
}

/** Ids of the deviations that were flagged, each patch alone and all together. */
async function positiveControl(): Promise<number> {
  const patches = readHumanPatches();
  const missed = [...(await catchEach(patches)), ...(await catchFindings(patches))].filter(({ caught }) => caught === undefined);
  const lost = new Set(missed.map(({ finding }) => finding.id));
  const announced = new Set(patches.flatMap(({ findings }) => findings.map(({ id }) => id)));
  return visibleDeviations.filter((id) => announced.has(id) && !lost.has(id)).length;
}

function mutationLine(): string {
  const record = readMutationRecord();
  if (record.length === 0) return 'not measured: npm run proof:mutation';
  const stale = subjects.filter((spec) => record.find(({ name }) => name === spec.name)?.sources !== sourcesOf(spec));
  const note = stale.length === 0 ? '' : `, stale for ${stale.map(({ name }) => name).join(', ')}: npm run proof:mutation`;
  return `${totalScore(record)} % of ${record.reduce((sum, each) => sum + each.killed + each.survived, 0)} mutants killed${note}`;
}

function row({ name, cases, runs, seconds, branches, disguised, random }: SubjectFigures): string {
  const record = readMutationRecord().find((each) => each.name === name);
  const mutants = record === undefined ? '-' : `${record.killed} of ${record.killed + record.survived}`;
  const reached = `${branches.reached} of ${branches.total}${branches.unreachable === 0 ? '' : ` (${branches.unreachable} unreachable)`}`;
  const numbers = [String(cases).padStart(6), String(runs).padStart(6), seconds.toFixed(2).padStart(8)];
  return `${name.padEnd(22)}${numbers.join('')}  ${reached.padEnd(24)} ${mutants.padEnd(14)} ${disguised}, ${random.differences} of ${random.runs} random`;
}

async function update(): Promise<number> {
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

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      random: { type: 'string', default: '1000' },
      json: { type: 'boolean' },
      update: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(usage);
    return 0;
  }
  if (values.update === true) return update();
  const randomRuns = Number(values.random);
  if (!Number.isInteger(randomRuns) || randomRuns < 1)
    throw new RefitError('USAGE', `--random ${values.random}: expected a whole number from 1.`);
  return report(randomRuns, values.json === true);
}

async function report(randomRuns: number, json: boolean): Promise<number> {
  const say = (text: string): void => void (json ? process.stderr : process.stdout).write(text);
  say(`${'Subject'.padEnd(22)} Cases  Runs Seconds  Branches                 Mutants killed Differences in other clothes\n`);
  refuseUnusedGoldens(
    goldenFolder,
    subjects.map(({ name }) => name),
  );
  const figures: SubjectFigures[] = [];
  for (const spec of subjects) {
    const each = await prove(spec, randomRuns);
    figures.push(each);
    say(`${row(each)}\n`);
    for (const difference of each.differences)
      say(`  ${difference.case} [${difference.schedule}]: ${differenceLine(difference)}\n`);
  }
  const unreached = figures.flatMap(({ name, branches: { missed, wronglyListed } }) => [
    ...missed.map((branch) => `${name}: no scenario reaches ${branch}`),
    ...wronglyListed.map((branch) => `${name}: listed as unreachable, and reached: ${branch}`),
  ]);
  for (const line of unreached) say(`${line}\n`);
  const undrawn = figures.filter(({ random }) => random.runs < randomRuns && random.differences === 0).map(({ name }) => name);
  if (undrawn.length > 0) say(`without random scenarios: ${undrawn.join(', ')}\n`);
  const sum = (of: (each: SubjectFigures) => number): number => figures.reduce((total, each) => total + of(each), 0);
  const differences = sum((each) => each.differences.length);
  const negative = sum((each) => each.disguised + each.random.differences);
  const positive = await positiveControl();
  const summary = {
    cases: sum(({ cases }) => cases),
    runs: sum(({ runs }) => runs),
    seconds: sum(({ seconds }) => seconds),
    differences,
    positive,
    negative,
  };
  say(
    `${summary.cases} cases in ${summary.runs} runs, ${summary.seconds.toFixed(1)} s; branches ${sum((each) => each.branches.reached)} of ${sum((each) => each.branches.total)}; ` +
      `${differences} differences from the goldens\npositive ${positive}/${visibleDeviations.length}\nnegative ${negative}\nmutation ${mutationLine()}\n`,
  );
  if (json) process.stdout.write(`${JSON.stringify({ ...summary, mutation: mutationLine(), subjects: figures })}\n`);
  const asExpected = differences === 0 && negative === 0 && positive === visibleDeviations.length;
  return asExpected && unreached.length === 0 && undrawn.length === 0 ? 0 : 1;
}

if (import.meta.filename === process.argv[1]) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`proof: ${error instanceof RefitError ? `${error.code}: ` : ''}${reasonOf(error)}\n`);
    process.exitCode = 2;
  }
}
