// `tasker health`: what each orchestrator and worker process last said of itself.
import type { Command } from 'commander';
import type { ProcessHealth } from '../../store/store.ts';
import { withExistingTasker } from '../cli.ts';
import type { Cli, ExitCode, Run } from '../cli.ts';
import { formatDuration } from '../views/format-time.ts';
import { textTable } from '../views/text-table.ts';

// Three missed reports: the process is dead, or cannot reach the database.
const staleAfterMs = 30_000;

export function addHealthCommand(program: Command, run: Run): void {
  program
    .command('health')
    .summary('how the orchestrators and workers are')
    .description(
      `Shows what each process last said of itself; after ${staleAfterMs / 1000} s of silence it counts as stale, some minutes later it is forgotten. Exit code 1 when one is not well, or when no orchestrator runs.`,
    )
    .addHelpText('after', '\nExamples\n  $ tasker health\n  $ tasker health --json\n')
    .action((_flags: object, command: Command) => run(command, showHealth));
}

export interface ProcessDocument extends Omit<ProcessHealth, 'status'> {
  readonly status: ProcessHealth['status'] | 'stale';
}

/** A process that has said goodbye cannot be stale. */
export function judged(health: ProcessHealth, now: number): ProcessDocument {
  const isStale = health.status !== 'stopped' && now - health.reportedAt > staleAfterMs;
  return isStale ? { ...health, status: 'stale' } : health;
}

function showHealth(cli: Cli): Promise<ExitCode> {
  return withExistingTasker(cli, async ({ runtime: { store, clock } }) => {
    const now = clock.now();
    const processes = (await store.readHealth()).map((process) => judged(process, now));
    const rows = processes.map(({ kind, hostname, pid, status, startedAt, reportedAt }) => [
      kind,
      `${hostname}:${pid}`,
      status,
      formatDuration(reportedAt - startedAt),
      `${formatDuration(Math.max(0, now - reportedAt))} ago`,
    ]);
    const table = textTable([['PROCESS', 'HOST:PID', 'STATUS', 'UP', 'REPORTED'], ...rows]).join('\n');
    cli.answer({ processes }, processes.length === 0 ? 'No process has reported; `tasker start` runs one.\n' : `${table}\n`);
    return isWell(processes) ? 0 : 1;
  });
}

/** Everyone who reports is healthy, and somebody moves the tasks on: workers alone complete nothing. */
export function isWell(processes: readonly Pick<ProcessDocument, 'kind' | 'status'>[]): boolean {
  const reporting = processes.filter(({ status }) => status !== 'stopped');
  return reporting.every(({ status }) => status === 'healthy') && reporting.some(({ kind }) => kind !== 'worker');
}
