// npm run bench:refit: what a plan costs, applied and proved, beside the compiler on the same tree in the same run.
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { tas63 } from '../../codemods/plans/tas-63.ts';
import { median, printLine, round } from '../engine/measure.ts';
import { type EditTimes, measureEdits } from './edits.ts';
import type { PlanTimes } from './plan-process.ts';

const usage = `Usage: npm run bench:refit -- [--runs 3] [--random 1000] [--no-proof]
Prints one JSON line a result; the last lines are medians over the runs: seconds, and their ratios to \`tsc --noEmit\` on the
same tree within each run. Compiler and plan are processes of their own; the plan is proved as \`npm run refactor\` does it.`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    random: { type: 'string', default: '1000' },
    'no-proof': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const repository = join(import.meta.dirname, '../..');
const compiler = join(repository, 'node_modules/typescript/bin/tsc');
const planProcess = join(import.meta.dirname, 'plan-process.ts');

interface Measured {
  /** Seconds of the compiler. */
  readonly tsc: number;
  readonly plan: PlanTimes;
  /** Seconds of the plan's whole process, its start included. */
  readonly whole: number;
  readonly edits: readonly EditTimes[];
}

/** Runs node in the repository; answers with what it printed and its seconds. */
function timed(args: readonly string[]): { readonly printed: string; readonly seconds: number } {
  const from = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: repository, encoding: 'utf8' });
  const seconds = (performance.now() - from) / 1000;
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${String(status)}:\n${stdout}${stderr}`);
  return { printed: stdout, seconds };
}

/** The projects of the plan, one after the other. */
function compile(): number {
  const seconds = tas63.projects.map((project) => timed([compiler, '--noEmit', '-p', join(tas63.root, project)]).seconds);
  return seconds.reduce((total, each) => total + each, 0);
}

function oneRun(): Measured {
  const tsc = compile();
  const { printed, seconds } = timed(['--import', 'tsx', planProcess, ...(values['no-proof'] ? [] : [values.random])]);
  const plan = JSON.parse(printed) as PlanTimes; // what our own process printed
  return { tsc, plan, whole: seconds, edits: measureEdits() };
}

function printRun(run: number, { tsc, plan, whole, edits }: Measured): void {
  const rounded = Object.entries({ tsc, ...plan, whole }).map(([key, value]) => [key, round(value, 2)] as const);
  printLine({ run, ...Object.fromEntries(rounded) });
  for (const each of edits) printLine({ run, ...each, totalMs: round(each.totalMs, 1), msPerEdit: round(each.msPerEdit, 3) });
}

function printTimes(name: string, runs: readonly Measured[], pick: (run: Measured) => number | undefined): void {
  const known = runs.flatMap((run) => {
    const seconds = pick(run);
    return seconds === undefined ? [] : [{ seconds, ratio: seconds / run.tsc }];
  });
  if (known.length === 0) return;
  const seconds = round(median(known.map((each) => each.seconds)), 2);
  printLine({ median: name, runs: known.length, seconds, ofTsc: round(median(known.map((each) => each.ratio)), 2) });
}

function printEdits(runs: readonly Measured[]): void {
  for (const [at, { name, lines, edits }] of (runs[0]?.edits ?? []).entries()) {
    const times = runs.flatMap((run) => run.edits[at] ?? []);
    const totalMs = round(median(times.map((each) => each.totalMs)), 1);
    const msPerEdit = round(median(times.map((each) => each.msPerEdit)), 3);
    printLine({ median: name, lines, edits, totalMs, msPerEdit });
  }
}

function main(): void {
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  printLine({ settings: { random: values.random }, node: process.version, cores: cpus().length, cpu: cpus()[0]?.model });
  const runs: Measured[] = [];
  for (let run = 1; run <= Number(values.runs); run += 1) {
    const measured = oneRun();
    printRun(run, measured);
    runs.push(measured);
  }
  printTimes('tsc --noEmit', runs, (each) => each.tsc);
  printTimes('load and lint', runs, (each) => each.plan.load);
  printTimes('apply', runs, (each) => each.plan.apply);
  printTimes('proof', runs, (each) => each.plan.proof);
  printTimes('whole process', runs, (each) => each.whole);
  printEdits(runs);
}

main();
