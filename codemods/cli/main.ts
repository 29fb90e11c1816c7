// The `refit` command as a function: arguments and streams in, exit code out.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { Refusal, atPlace } from '../kernel/refusal.ts';
import { reasonOf, RefitError } from '../kernel/refit-error.ts';
import { addCodemodCommand } from './codemod-command.ts';
import { addDeadCommand } from './dead-command.ts';
import { addGateCommand } from './gate-command.ts';
import type { ExitCode, Io } from './io.ts';
import { addLintCommand } from './lint-command.ts';
import { addRunCommand } from './run-command.ts';

export type { ExitCode, Io } from './io.ts';

/** One command a file, `<name>-command.ts`; what it needs is imported when it runs. */
const commands = [addGateCommand, addCodemodCommand, addDeadCommand, addLintCommand, addRunCommand];

/** The package's version, read from the first package.json above this file, in the sources and in dist alike. */
function packageVersion(folder = import.meta.dirname): string {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return packageVersion(dirname(folder));
  const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';
}

const examples = `
Examples
  $ refit gate               judge the coverage report of the last test run
  $ refit gate --help        how it counts, and the exit codes
  $ refit codemod --list     every codemod with one line
  $ refit dead               which members are alive and which are not, with proof
`;

function program(io: Io, finish: (code: ExitCode) => void): Command {
  const refit = new Command('refit')
    .description('Refactoring with evidence for TypeScript.')
    .version(packageVersion())
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .addHelpText('after', examples);
  for (const add of commands) add(refit, io, finish);
  return refit;
}

function exitCodeOf(thrown: unknown): ExitCode {
  if (thrown instanceof Refusal) return 1;
  return thrown instanceof RefitError && thrown.kind === 'input' ? 2 : 3;
}

/** Whether the answer is to be a JSON document. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (each, at) => each === '--json' || each === '--format=json' || (each === 'json' && argv[at - 1] === '--format'),
  );
}

/** What a failure costs; with --json it is a document too, so that a program always finds one. */
function report(thrown: unknown, argv: readonly string[], io: Io): ExitCode {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  const known = thrown instanceof RefitError;
  const code = known ? thrown.code : 'REFIT_BUG';
  const message = known
    ? thrown.message
    : `${reasonOf(thrown)} This is a bug of refit; please report it with the command you ran.`;
  const place = thrown instanceof Refusal ? thrown.place : undefined;
  if (wantsJson(argv)) {
    const schema = `refit-${argv[0] ?? 'gate'}/1`;
    io.stdout.write(`${JSON.stringify({ schema, pass: false, failures: [{ code, message, ...place }] })}\n`);
  }
  io.stderr.write(`refit: ${code}: ${atPlace(place)}${message}\n`);
  return exitCodeOf(thrown);
}

/** `refit codemod run <plan>` is `refit run <plan>`: `npm run codemod -- run <plan>` is what people type. */
function commandLine(argv: readonly string[]): readonly string[] {
  return argv[0] === 'codemod' && argv[1] === 'run' ? argv.slice(1) : argv;
}

/** Runs one command line (without node and script) and answers with the exit code; never throws, never exits. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let code: ExitCode = 0;
  try {
    const finish = (result: ExitCode): void => {
      code = result;
    };
    await program(io, finish).parseAsync([...commandLine(argv)], { from: 'user' });
    return code;
  } catch (thrown) {
    return report(thrown, commandLine(argv), io);
  }
}
