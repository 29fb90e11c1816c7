// `refit run`: carries a plan out, step by step, with progress, evidence and a report.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { unifiedDiff } from '../kernel/unified-diff.ts';
import { applyToDisk } from '../kernel/apply-to-disk.ts';
import { RefitError } from '../kernel/refit-error.ts';
import type { StepRecord } from '../plan/execute-plan.ts';
import type { Step } from '../plan/plan.ts';
import { evidenceOf } from './evidence.ts';
import type { ExitCode, Io } from './io.ts';
import { renderReport, stepLine } from './plan-report.ts';
import { changedFiles, runPlan, type PlanRun } from './run-plan.ts';
import { writeReport } from './write-report.ts';

interface Flags {
  readonly project?: string[];
  readonly root?: string;
  readonly only?: string;
  readonly proof?: string;
  readonly random: string;
  readonly seed?: string;
  readonly dryRun?: true;
  readonly out?: string;
  readonly write?: true;
  readonly evidence?: string;
  readonly json?: true;
}

const help = `
Steps run in the order of their dependencies, each as one transaction: when one is refused or fails, the project is
as that step found it, and nothing after it runs. Without --out or --write nothing is written.

  --proof names a module that exports \`trace\` (docs/proof.md): after each step its subjects are traced, at the end all
  of them, with --random scenarios each. A difference undoes the step.

Exit codes: 0 done, 1 a step was refused or failed, 2 bad plan, project or usage, 3 disk or process.

Examples
  $ refit run codemods/plans/tas-63.ts --dry-run
  $ refit run plan.ts --project tsconfig.json --only 1A,2D --out ../refactored
`;

function numberFrom(text: string, flag: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new RefitError('REFIT_USAGE', `${flag} ${text}: expected a whole number from 0.`);
}

function requireOneTarget(flags: Flags): void {
  const targets = [
    flags.dryRun === true ? '--dry-run' : '',
    flags.out === undefined ? '' : '--out',
    flags.write === true ? '--write' : '',
  ].filter((flag) => flag !== '');
  if (targets.length > 1) throw new RefitError('REFIT_USAGE', `${targets.join(' and ')} exclude each other. Give one.`);
}

function exitCodeOf(run: PlanRun): ExitCode {
  const failed = run.records.some(({ failure }) => failure !== undefined);
  const moved = run.finalTraces?.some(({ differences }) => differences.length > 0) === true;
  return failed || moved ? 1 : 0;
}

async function carryOut(path: string, flags: Flags, io: Io): Promise<ExitCode> {
  requireOneTarget(flags);
  const progress = (text: string): void => {
    (flags.json === true ? io.stderr : io.stdout).write(text);
  };
  const result = await runPlan(
    path,
    {
      random: numberFrom(flags.random, '--random'),
      ...(flags.project === undefined ? {} : { project: flags.project }),
      ...(flags.root === undefined ? {} : { root: flags.root }),
      ...(flags.only === undefined ? {} : { only: flags.only.split(',') }),
      ...(flags.proof === undefined ? {} : { proof: flags.proof }),
      ...(flags.seed === undefined ? {} : { seed: numberFrom(flags.seed, '--seed') }),
    },
    {
      cwd: io.cwd,
      progress: {
        step: (step: Step, record: StepRecord | undefined) => progress(stepLine(step, record)),
        say: (line) => progress(`${line}\n`),
      },
    },
  );
  const code = exitCodeOf(result);
  const evidence = evidenceOf(result);
  if (code === 0 && flags.out !== undefined) applyToDisk(result.workspace, { out: resolve(io.cwd, flags.out) });
  if (code === 0 && flags.write === true) applyToDisk(result.workspace, {});
  if (flags.evidence !== undefined) writeReport(resolve(io.cwd, flags.evidence), evidence);
  if (flags.dryRun === true) progress(unifiedDiff(changedFiles(result.records), result.workspace.root));
  if (flags.json === true) io.stdout.write(`${JSON.stringify(evidence)}\n`);
  else io.stdout.write(renderReport(result, evidence));
  return code;
}

/** Adds `refit run` to the program. */
export function addRunCommand(refit: Command, io: Io, finish: (code: ExitCode) => void): void {
  refit
    .command('run')
    .summary('carry a refactoring plan out, with evidence for each step')
    .description('Carries a plan (a TypeScript module that exports one Plan) out on a project.')
    .argument('<plan>', 'path of the plan')
    .option('--project <tsconfig...>', "tsconfig files; default: the plan's own")
    .option('--root <folder>', 'the folder paths of the plan are relative to')
    .option('--only <steps>', 'ids of steps, comma separated; what they depend on runs too')
    .option('--proof <module>', 'module that exports `trace`')
    .option('--random <n>', 'random scenarios a subject at the end', '1000')
    .option('--seed <n>', 'run independent steps in a random order')
    .option('--dry-run', 'print the unified diff and write nothing')
    .option('--out <folder>', 'write the result to a copy of the project')
    .option('--write', 'write the result into the project itself')
    .option('--evidence <folder>', 'write evidence.json and evidence.md there')
    .option('--json', 'the evidence as one JSON document on stdout')
    .addHelpText('after', help)
    .action(async (path: string, flags: Flags) => finish(await carryOut(path, flags, io)));
}
