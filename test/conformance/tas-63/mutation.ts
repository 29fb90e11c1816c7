// npm run proof:mutation: mutates the system on the lines that scenarios execute, and stores how many mutants the goldens kill.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { requireGolden } from '../../../codemods/proof/golden-store.ts';
import { recordGolden } from '../../../codemods/proof/prove.ts';
import type { SubjectSpec } from '../../../codemods/proof/prove.ts';
import { runMutants, scoreOf } from '../../../codemods/proof/run-mutants.ts';
import { goldenFolder } from './controls.ts';
import { readMutationRecord, sourcesOf, survivorOf, writeMutationRecord } from './mutation-record.ts';
import type { SubjectMutation } from './mutation-record.ts';
import { isGood, leastTotal, totalScore } from './mutation-verdict.ts';
import { subjects } from './subjects/index.ts';
import { openSystem, textOf } from './system.ts';

const usage = `Usage: npm run proof:mutation -- [--only subject,subject] [--json]
Changes the system one place at a time and counts the changes that the goldens notice. Stores the result
in test/golden/tas-63/mutation.json; subjects whose sources have not changed since are not measured again
unless named with --only. Exit 1: a score is too low, or a survivor has no reason.
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

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help === true) {
    process.stdout.write(usage);
    return 0;
  }
  const only = values.only?.split(',');
  const unknown = only?.find((name) => !subjects.some((spec) => spec.name === name));
  if (unknown !== undefined) {
    process.stderr.write(`There is no subject ${unknown}; there are ${subjects.map(({ name }) => name).join(', ')}.\n`);
    return 2;
  }
  const stored = new Map(readMutationRecord().map((each) => [each.name, each]));
  for (const spec of subjects) {
    const fresh = stored.get(spec.name)?.sources === sourcesOf(spec);
    if (only === undefined ? fresh : !only.includes(spec.name)) continue;
    stored.set(spec.name, await measure(spec));
    writeMutationRecord(subjects.flatMap(({ name }) => stored.get(name) ?? []));
  }
  const record = subjects.flatMap(({ name }) => stored.get(name) ?? []);
  process.stdout.write(values.json === true ? `${JSON.stringify(record)}\n` : render(record));
  return record.every(isGood) && totalScore(record) >= leastTotal ? 0 : 1;
}

function render(record: readonly SubjectMutation[]): string {
  const rows = record.map(
    ({ name, killed, survived, unknown, score }) =>
      `${name.padEnd(22)} ${String(killed).padStart(5)} killed ${String(survived).padStart(4)} survived ${String(unknown).padStart(3)} unknown  ${score} %`,
  );
  const open = record.flatMap(({ name, survivors }) =>
    survivors
      .filter(({ reason }) => reason === undefined)
      .map(({ path, line, kind, text }) => `${name}: survives without a reason: ${kind}, ${path}:${line}  ${text}`),
  );
  return `${[...rows, `all: ${totalScore(record)} %`, ...open].join('\n')}\n`;
}

if (import.meta.filename === process.argv[1]) process.exitCode = await main();
