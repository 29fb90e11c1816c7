// `refit run`: carries a plan out, step by step, with progress, evidence and a report.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { RefitError } from '../kernel/refit-error.ts';
import type { StepRecord } from '../plan/execute-plan.ts';
import type { Step } from '../plan/plan.ts';
import type { ExitCode, Io } from './io.ts';
import type { PlanRun, RunFlags } from './run-plan.ts';

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
  readonly allowDirty?: true;
  readonly evidence?: string;
  readonly json?: true;
  readonly tests: boolean;
  readonly linted?: string;
  readonly resume?: true;
}

const help = `
Steps run in the order of their dependencies, each as one transaction: when one is refused or fails, the project is
as that step found it, and nothing after it runs. Without --out or --write nothing is written.

  --proof names a module that exports \`trace\` (docs/proof.md): after each step its subjects are traced, at the end all
  of them, with --random scenarios each. A difference undoes the step.

Where the plan names the project's own tests, they run in a copy before the first step and after each, beside the steps
that follow; a failing test, or lines of a touched declaration that are no longer covered, undo the step and all after it.

With --out or --write each confirmed step is recorded. A run that was stopped, or whose step failed, goes on with --resume
and the same target; it is refused when a file or a step that is done changed meanwhile. --linted refuses a plan or code
that changed since \`refit lint <plan> --json\` wrote the record.

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

/** For what the run is recorded; nothing when it writes nothing. */
function recordFor(flags: Flags, cwd: string): RunFlags['record'] {
  if (flags.out !== undefined) return { out: resolve(cwd, flags.out) };
  if (flags.write === true) return {};
  if (flags.resume === true)
    throw new RefitError('REFIT_USAGE', '--resume goes on with a run that was to write: give its --out or --write as well.');
  return undefined;
}

function stepsFrom(text: string): readonly string[] {
  const ids = text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  if (ids.length > 0) return ids;
  throw new RefitError('REFIT_USAGE', `--only ${JSON.stringify(text)}: expected ids of steps, comma separated.`);
}

/** The flags as the run takes them. */
function runFlagsOf(flags: Flags, cwd: string): RunFlags {
  const record = recordFor(flags, cwd);
  return {
    random: numberFrom(flags.random, '--random'),
    ...(flags.project === undefined ? {} : { project: flags.project }),
    ...(flags.root === undefined ? {} : { root: flags.root }),
    ...(flags.only === undefined ? {} : { only: stepsFrom(flags.only) }),
    ...(flags.proof === undefined ? {} : { proof: flags.proof }),
    ...(flags.seed === undefined ? {} : { seed: numberFrom(flags.seed, '--seed') }),
    ...(flags.tests ? { tests: true } : {}),
    ...(flags.linted === undefined ? {} : { linted: flags.linted }),
    ...(record === undefined ? {} : { record }),
    ...(flags.allowDirty === undefined ? {} : { allowDirty: true }),
    ...(flags.resume === undefined ? {} : { resume: true }),
  };
}

function exitCodeOf(run: PlanRun): ExitCode {
  const failed = run.records.some(({ failure }) => failure !== undefined);
  const moved = run.finalTraces?.some(({ differences }) => differences.length > 0) === true;
  return failed || moved ? 1 : 0;
}

async function carryOut(path: string, flags: Flags, io: Io): Promise<ExitCode> {
  requireOneTarget(flags);
  const runFlags = runFlagsOf(flags, io.cwd);
  // Loaded when a plan runs and not before: the other commands have no use for the compiler.
  const { renderReport, stepLine } = await import('./plan-report.ts');
  const [
    { applyToDisk },
    { unifiedDiff },
    { evidenceOf },
    { changedOnDisk },
    { runPlan },
    { requireFolder, writeReport },
    { removeRunRecord },
  ] = await Promise.all([
    import('../kernel/apply-to-disk.ts'),
    import('../kernel/unified-diff.ts'),
    import('./evidence.ts'),
    import('./file-table.ts'),
    import('./run-plan.ts'),
    import('./write-report.ts'),
    import('./write-run-record.ts'),
  ]);
  if (flags.evidence !== undefined) requireFolder(resolve(io.cwd, flags.evidence));
  const progress = (text: string): void => {
    (flags.json === true ? io.stderr : io.stdout).write(text);
  };
  const result = await runPlan(path, runFlags, {
    cwd: io.cwd,
    progress: {
      step: (step: Step, record: StepRecord | undefined) => progress(stepLine(step, record)),
      say: (line) => progress(`${line}\n`),
    },
  });
  const code = exitCodeOf(result);
  const evidence = evidenceOf(result);
  if (code === 0 && flags.out !== undefined) applyToDisk(result.workspace, { out: resolve(io.cwd, flags.out) });
  if (code === 0 && flags.write === true) applyToDisk(result.workspace, {});
  if (code === 0 && result.recordPath !== undefined) removeRunRecord(result.recordPath);
  if (flags.evidence !== undefined) writeReport(resolve(io.cwd, flags.evidence), evidence);
  if (flags.dryRun === true) progress(unifiedDiff(changedOnDisk(result.workspace), result.workspace.root));
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
    .option('--allow-dirty', 'with --write: although the project has changes that are not committed')
    .option('--resume', 'go on with a run of the same --out or --write that was stopped')
    .option('--linted <file>', 'refuse what changed since `refit lint --json` wrote this record')
    .option('--no-tests', "leave out the project's own tests")
    .option('--evidence <folder>', 'write evidence.json and evidence.md there')
    .option('--json', 'the evidence as one JSON document on stdout')
    .addHelpText('after', help)
    .action(async (path: string, flags: Flags) => finish(await carryOut(path, flags, io)));
}
