// `tasker doctor`: checks the invariants of the state tables, and says why each open task does not move and when it will.
import type { Command } from 'commander';
import type { DoctorFinding } from '../../store/store.ts';
import { withExistingTasker } from '../cli.ts';
import type { Cli, ExitCode, Run } from '../cli.ts';
import { wholeNumber } from '../read-inputs.ts';
import { formatTime } from '../views/format-time.ts';

interface DoctorFlags {
  readonly limit: number;
}

export function addDoctorCommand(program: Command, run: Run): void {
  program
    .command('doctor')
    .summary('why is a task not moving?')
    .description('Checks the invariants of the state tables, and says of each open task why it does not move and when it will.')
    .option('--limit <n>', 'open tasks to look at, and findings of each check', wholeNumber(1, 10_000), 100)
    .addHelpText('after', help)
    .action((flags: DoctorFlags, command: Command) => run(command, (cli) => doctor(cli, flags)));
}

const help = `
Exit code 0 when no invariant is broken and nothing is stuck (waiting is fine), else 1.

Examples
  $ tasker doctor
  $ tasker doctor --json --limit 1000
`;

function doctor(cli: Cli, { limit }: DoctorFlags): Promise<ExitCode> {
  return withExistingTasker(cli, async ({ runtime: { store } }) => {
    const findings = await store.doctor(limit);
    const clean = findings.every(({ kind }) => kind === 'waiting');
    const lines = [clean ? 'clean: no invariant is broken, no task is stuck.' : 'found something:', ...findings.map(line)];
    cli.answer({ clean, findings: findings.map(documentOf) }, `${lines.join('\n')}\n`);
    return clean ? 0 : 1;
  });
}

function line({ kind, check, taskUuid, message, movesAt }: DoctorFinding): string {
  const moves = movesAt === undefined ? '' : `; moves at ${formatTime(movesAt)}`;
  return `${kind} ${check}${taskUuid === undefined ? '' : ` (task ${taskUuid})`}: ${message}${moves}`;
}

function documentOf({ kind, check, taskUuid, message, movesAt }: DoctorFinding) {
  return { kind, check, taskUuid: taskUuid ?? null, message, movesAt: movesAt ?? null };
}
