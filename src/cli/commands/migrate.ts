// `tasker migrate`: brings the database to the newest schema, or says what that would take.
import type { Command } from 'commander';
import { installQueues } from '../../messaging/providers/pgmq/install-queues.ts';
import { openDatabase } from '../../runtime/database/open-database.ts';
import { migrate } from '../../store/postgres/migrate.ts';
import type { MigrateReport } from '../../store/postgres/migrate.ts';
import { databaseChoice } from '../cli.ts';
import type { Cli, ExitCode, Run } from '../cli.ts';

interface MigrateFlags {
  readonly dryRun?: true;
}

export function addMigrateCommand(program: Command, run: Run): void {
  program
    .command('migrate')
    .summary('bring the database to the newest schema')
    .description(
      'Brings the database to the newest schema. Safe when several processes do it at once. `run` and `start` do it too.',
    )
    .option('--dry-run', 'only say what would be done')
    .addHelpText('after', help)
    .action((flags: MigrateFlags, command: Command) => run(command, (cli) => runMigrate(cli, flags)));
}

const help = `
Examples
  $ tasker migrate
  $ tasker migrate --dry-run --database-url postgres://tasker@db.example.com/tasker
`;

async function runMigrate(cli: Cli, flags: MigrateFlags): Promise<ExitCode> {
  const dryRun = flags.dryRun === true;
  const lease = await openDatabase({ ...databaseChoice(cli), purpose: 'user' });
  try {
    const report = await migrate(lease.url, { installQueues, dryRun });
    const { applied, alreadyThere, queues } = report;
    const document = { dryRun, applied, alreadyThere, queues: queues ?? null };
    cli.answer(document, `${lease.description}\n${textOf(report, dryRun)}`);
    return 0;
  } finally {
    await lease.close();
  }
}

function textOf({ applied, alreadyThere, queues }: MigrateReport, dryRun: boolean): string {
  if (applied.length === 0) return `The schema is up to date: ${alreadyThere} migrations are applied.\n`;
  const verb = dryRun ? 'would apply' : 'applied';
  return [...applied.map((name) => `${verb} ${name}`), ...(queues === undefined ? [] : [`queues: ${queues}`]), ''].join('\n');
}
