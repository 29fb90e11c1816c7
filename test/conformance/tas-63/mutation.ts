// npm run proof:mutation: mutates the system on the lines that scenarios execute, and the extracted modules, and stores how many mutants the goldens and the modules' own tests kill.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { RefitError } from '../../../codemods/kernel/refit-error.ts';
import { requireGolden } from '../../../codemods/proof/golden-store.ts';
import { recordGolden } from '../../../codemods/proof/prove.ts';
import type { SubjectSpec } from '../../../codemods/proof/prove.ts';
import { runMutants, scoreOf } from '../../../codemods/proof/run-mutants.ts';
import { goldenFolder } from './controls.ts';
import { readMutationRecord, sourcesOf, survivorOf, writeMutationRecord } from './mutation-record.ts';
import type { SubjectMutation } from './mutation-record.ts';
import { isGood, leastTotal, totalScore } from './mutation-verdict.ts';
import { measureModules } from './measure-modules.ts';
import { extractedModules } from './module-mutation-record.ts';
import { subjects } from './subjects/index.ts';
import { openSystem, textOf } from './system.ts';

const usage = `Usage: npm run proof:mutation -- [--subjects | --modules] [--only name,name] [--json]
Changes the system one place at a time and counts the changes that are noticed: those of the subjects by their goldens, those
of the modules that the plan extracts by the tests of their own. Stores the results in test/golden/tas-63/mutation.json and
module-mutation.json; what has not changed since is not measured again unless named with --only. Exit 1: a score is too low,
or a survivor has no reason.
`;

async function measure(spec: SubjectSpec): Promise<SubjectMutation> {
  const covered = openSystem();
  await recordGolden(spec, covered);
  const startedAt = performance.now();
  let done = 0;
  const results = await runMutants(
    {
      spec,
      golden: requireGolden(goldenFolder, spec),
      open: (path, text) => openSystem({ overlay: new Map([[path, text]]) }),
      read: textOf,
      onResult() {
        done += 1;
        if (done % 50 === 0)
          process.stderr.write(`${spec.name}: ${done} mutants, ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
      },
    },
    covered,
  );
  const survivors = results.filter(({ verdict }) => verdict === 'survived').map((result) => survivorOf(spec.name, result));
  return { name: spec.name, sources: sourcesOf(spec), ...scoreOf(results), survivors };
}

async function measureSubjects(only: readonly string[] | undefined): Promise<readonly SubjectMutation[]> {
  const stored = new Map(readMutationRecord().map((each) => [each.name, each]));
  const record = (): readonly SubjectMutation[] => subjects.flatMap(({ name }) => stored.get(name) ?? []);
  for (const spec of subjects) {
    const fresh = stored.get(spec.name)?.sources === sourcesOf(spec);
    if (only === undefined ? fresh : !only.includes(spec.name)) continue;
    stored.set(spec.name, await measure(spec));
    writeMutationRecord(record());
  }
  return record();
}

const options = {
  subjects: { type: 'boolean', default: false },
  modules: { type: 'boolean', default: false },
  only: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

async function main(): Promise<number> {
  const { values } = parseArgs({ options });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const only = values.only?.split(',');
  const names = [...subjects, ...extractedModules()].map(({ name }) => name);
  const unknown = only?.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    process.stderr.write(`There is no subject or module ${unknown}; there are ${names.join(', ')}.\n`);
    return 2;
  }
  // Neither flag asks for both.
  const both = values.subjects === values.modules;
  const ofSubjects = both || values.subjects ? await measureSubjects(only) : [];
  const ofModules = both || values.modules ? await measureModules(only) : [];
  const records = [ofSubjects, ofModules].filter((record) => record.length > 0);
  process.stdout.write(values.json ? `${JSON.stringify(records.flat())}\n` : records.map(render).join('\n'));
  return records.every((record) => record.every(isGood) && totalScore(record) >= leastTotal) ? 0 : 1;
}

function render(record: readonly SubjectMutation[]): string {
  const width = Math.max(...record.map(({ name }) => name.length));
  const rows = record.map(
    ({ name, killed, survived, unknown, score }) =>
      `${name.padEnd(width)} ${String(killed).padStart(5)} killed ${String(survived).padStart(4)} survived ${String(unknown).padStart(3)} unknown  ${score} %`,
  );
  const open = record.flatMap(({ name, survivors }) =>
    survivors
      .filter(({ reason }) => reason === undefined)
      .map(({ path, line, kind, text }) => `${name}: survives without a reason: ${kind}, ${path}:${line}  ${text}`),
  );
  return `${[...rows, `all: ${totalScore(record)} %`, ...open].join('\n')}\n`;
}

if (import.meta.filename === process.argv[1]) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    process.stderr.write(`proof: ${error instanceof RefitError ? `${error.code}: ` : ''}${error.message}\n`);
    process.exitCode = 2;
  }
}
