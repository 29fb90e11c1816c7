// The `tasker` command as a function: arguments and streams in, exit code out.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { createCli } from './cli.ts';
import type { ExitCode, GlobalFlags, Run } from './cli.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addHealthCommand } from './commands/health.ts';
import { addMigrateCommand } from './commands/migrate.ts';
import { addRunCommand } from './commands/run.ts';
import { addStartCommand } from './commands/start.ts';
import { addStepCommands } from './commands/step.ts';
import { addTaskCommands } from './commands/task.ts';
import { addTemplateCommands } from './commands/template.ts';
import type { Io } from './io.ts';
import { logLevels } from './logger.ts';
import { reportError } from './report-error.ts';

export type { Io } from './io.ts';

/** Runs one command line (without node and script) and answers with the exit code; never throws, never exits. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const end = argv.indexOf('--');
  const options = end === -1 ? argv : argv.slice(0, end);
  const json = options.includes('--json');
  const printed: string[] = [];
  let code: ExitCode = 0;
  let answered = false;
  const { isTTY, columns, rows } = io.stdout;
  const write = (text: string): void => {
    answered = true;
    io.stdout.write(text);
  };
  const program = createProgram(io, {
    print: (text) => (json ? printed.push(text) : io.stdout.write(text)),
    run: async (command, act) => {
      code = await act(createCli({ ...io, stdout: { write, isTTY, columns, rows } }, command.optsWithGlobals<GlobalFlags>()));
    },
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) {
      if (json) io.stdout.write(`${JSON.stringify({ text: printed.join('') })}\n`);
      return 0;
    }
    // A failure after the answer, such as one while closing, must not make a second document.
    return reportError(thrown, { io, json: json && !answered, debug: options.join(' ').includes('--log-level debug') });
  }
}

interface ProgramPorts {
  readonly print: (text: string) => void;
  readonly run: Run;
}

function createProgram(io: Io, { print, run }: ProgramPorts): Command {
  const program = new Command('tasker')
    .description('DAG tasks from YAML templates, run to completion on PostgreSQL.')
    .version(packageVersion())
    .option('--json', 'exactly one JSON document on stdout; logs on stderr')
    .option('--database-url <url>', 'PostgreSQL 15 or newer; default DATABASE_URL, else a container, else the embedded server')
    .option('--data-dir <folder>', 'of the embedded server; default TASKER_DATA_DIR, else a folder of the user')
    .addOption(new Option('--log-level <level>', 'what is logged on stderr').choices(logLevels).default('warn'))
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('Add --help to the command for its options and examples.')
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: (text) => io.stderr.write(text) })
    .addHelpText('after', overview);
  addRunCommand(program, run);
  addStartCommand(program, run);
  addMigrateCommand(program, run);
  addTemplateCommands(program, run);
  addTaskCommands(program, run);
  addStepCommands(program, run);
  addHealthCommand(program, run);
  addDoctorCommand(program, run);
  return program;
}

const overview = `
Exit codes: 0 complete, 1 the task did not complete, 2 the input is wrong, 3 infrastructure.

Examples
  $ tasker run task.yaml --handlers handlers.ts       run one task here, from nothing to its end
  $ tasker start --templates task.yaml --handlers handlers.ts
  $ tasker task create task.yaml --context '{"order": 7}'
  $ tasker doctor                                     why is a task not moving?
`;

/** The package's version, read from the first package.json above this file, in the sources and in dist alike. */
function packageVersion(folder = import.meta.dirname): string {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return packageVersion(dirname(folder));
  const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';
}
