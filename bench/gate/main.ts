// npm run bench:gate: what `refit gate` costs on a project of 5,000 modules, cold and warm, beside what cannot be saved.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { median, printLine, round } from '../engine/measure.ts';
import { installPackage } from './built-package.ts';
import type { GeneratedProject } from './generate-project.ts';
import { commitAll, generateProject, stampProject } from './generate-project.ts';
import { istanbulSummary, parseReport, readAndHash } from './limits.ts';
import type { ProcessCost } from './measured-process.ts';
import { measure } from './measured-process.ts';

const usage = `Usage: npm run bench:gate -- [--modules 5000] [--runs 5] [--seed 7]
Generates a project with tests, report, stamp and ratchet in a temporary folder, compiles refit into its node_modules, and runs
\`refit gate\` as a process of its own: cold (no cache), warm, and warm after one file in a hundred has changed. Prints one JSON line
a result; the last lines are medians over the interleaved runs, with ratios to parsing the report within each run. Seconds include the start of the process.`;

const { values } = parseArgs({
  options: {
    modules: { type: 'string', default: '5000' },
    runs: { type: 'string', default: '5' },
    seed: { type: 'string', default: '7' },
    help: { type: 'boolean', default: false },
  },
});

interface Bench {
  readonly project: GeneratedProject;
  readonly executable: string;
  /** File that lists every source and test. */
  readonly list: string;
}

/** A project that has a ratchet, everything committed, and a report of that commit. */
function prepare(root: string): Bench {
  const project = generateProject(root, Number(values.modules), Number(values.seed));
  const executable = installPackage(root);
  measure([executable, 'gate', 'ratchet', '--no-cache'], root);
  stampProject(project, commitAll(root));
  const list = join(root, 'coverage/files.txt');
  writeFileSync(list, [...project.sources, ...project.tests].join('\n'));
  return { project, executable, list };
}

type Costs = Readonly<Record<string, ProcessCost>>;

/** Raises a count in every hundredth entry; answers with what the report was. */
function changeReport({ report }: GeneratedProject): string {
  const text = readFileSync(report, 'utf8');
  const lines = text.split('\n').map((line, nr) => (nr % 100 === 0 ? line.replace('"s":{"0":1', '"s":{"0":2') : line));
  writeFileSync(report, lines.join('\n'));
  return text;
}

/** The cost when every hundredth entry of the report and every hundredth test file is another than the cache knows; all is as before afterwards. */
function changed({ project, executable }: Bench): ProcessCost {
  const report = changeReport(project);
  const tests = project.tests.filter((_, nr) => nr % 100 === 0).map((file) => join(project.root, file));
  const before = tests.map((path) => readFileSync(path, 'utf8'));
  for (const path of tests) appendFileSync(path, '// Changed.\n');
  const cost = measure([executable, 'gate'], project.root);
  tests.forEach((path, nr) => writeFileSync(path, before[nr] ?? ''));
  writeFileSync(project.report, report);
  return cost;
}

function oneRun(bench: Bench): Costs {
  const { project, executable, list } = bench;
  const { root, report } = project;
  const program = (text: string, ...args: readonly string[]): ProcessCost =>
    measure(['--input-type=module', '--eval', text, ...args], root);
  rmSync(join(root, 'node_modules/.cache'), { recursive: true, force: true });
  return {
    'gate, cold': measure([executable, 'gate'], root),
    'gate, warm': measure([executable, 'gate'], root),
    'gate, warm, one file in a hundred changed': changed(bench),
    'node, nothing to do': program(''),
    'read and hash the same files': program(readAndHash, list),
    'parse the report': program(parseReport, report),
    "istanbul's summary of the report": program(istanbulSummary, report, import.meta.filename),
  };
}

function rounded({ seconds, cpuSeconds, megabytes }: ProcessCost): ProcessCost {
  return { seconds: round(seconds, 2), cpuSeconds: round(cpuSeconds, 2), megabytes: Math.round(megabytes) };
}

function printMedian(name: string, runs: readonly Costs[]): void {
  const costs = runs.flatMap((run) => run[name] ?? []);
  const ratios = runs.flatMap((run) => {
    const [cost, limit] = [run[name], run['parse the report']];
    return cost === undefined || limit === undefined ? [] : [cost.seconds / limit.seconds];
  });
  const of = (pick: (cost: ProcessCost) => number): number => median(costs.map(pick));
  const cost = { seconds: of((each) => each.seconds), cpuSeconds: of((each) => each.cpuSeconds) };
  const most = Math.max(...costs.map((each) => each.megabytes));
  const fastest = round(Math.min(...costs.map((each) => each.seconds)), 2);
  printLine({ median: name, ...rounded({ ...cost, megabytes: most }), fastest, ofParsing: round(median(ratios), 2) });
}

function main(): void {
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const root = mkdtempSync(join(tmpdir(), 'refit-bench-gate-'));
  try {
    const bench = prepare(root);
    const { sources, tests, lines, report } = bench.project;
    const reportMegabytes = round(statSync(report).size / 1_000_000, 1);
    printLine({ node: process.version, cores: cpus().length, cpu: cpus()[0]?.model, package: 'compiled' });
    printLine({ sources: sources.length, tests: tests.length, lines, reportMegabytes });
    const runs: Costs[] = [];
    for (let run = 1; run <= Number(values.runs); run += 1) {
      const costs = oneRun(bench);
      for (const [name, cost] of Object.entries(costs)) printLine({ run, name, ...rounded(cost) });
      runs.push(costs);
    }
    for (const name of Object.keys(runs[0] ?? {})) printMedian(name, runs);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

main();
