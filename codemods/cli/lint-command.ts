// `refit lint`: checks what a plan says about the code, before anything is edited.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ExitCode, Io } from './io.ts';

interface Flags {
  readonly project?: string[];
  readonly root?: string;
  readonly json?: true;
}

async function lint(path: string, flags: Flags, io: Io): Promise<ExitCode> {
  const [{ lintPlan, stepHashes }, { loadPlan, loadProject }] = await Promise.all([
    import('../plan/lint-plan.ts'),
    import('./run-plan.ts'),
  ]);
  const plan = await loadPlan(resolve(io.cwd, path));
  const workspace = loadProject(plan, flags, io.cwd);
  const { claims, findings, record } = lintPlan(workspace, plan);
  if (flags.json === true) {
    const hashes = { sources: Object.fromEntries(record), steps: Object.fromEntries(stepHashes(plan)) };
    const document = { schema: 'refit-lint/1', plan: plan.name, claims, findings, ...hashes };
    io.stdout.write(`${JSON.stringify(document)}\n`);
  } else {
    for (const { step, says, found, at } of findings)
      io.stdout.write(`${step}: the plan says: ${says}\n    the code says: ${found}${at === undefined ? '' : ` (${at})`}\n`);
    io.stdout.write(`${String(claims)} claims checked, ${String(findings.length)} do not hold\n`);
  }
  return findings.length === 0 ? 0 : 1;
}

/** Adds `refit lint` to the program. */
export function addLintCommand(refit: Command, io: Io, finish: (code: ExitCode) => void): void {
  refit
    .command('lint')
    .summary("check a plan's claims against the code")
    .description('Resolves every name, type, count and range a plan quotes against the code and lists what does not hold.')
    .argument('<plan>', 'path of the plan')
    .option('--project <tsconfig...>', "tsconfig files; default: the plan's own")
    .option('--root <folder>', 'the folder paths of the plan are relative to')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExit codes: 0 every claim holds, 1 one does not, 2 bad plan, project or usage.\n')
    .action(async (path: string, flags: Flags) => finish(await lint(path, flags, io)));
}
