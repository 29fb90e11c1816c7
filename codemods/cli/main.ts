// The `refit` command as a function: arguments and streams in, exit code out.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { reasonOf, RefitError } from '../kernel/refit-error.ts';
import type { Io } from './io.ts';

export type { Io } from './io.ts';

/** 0 it passes, 1 a rule failed, 2 the input is wrong or cannot be judged, 3 disk or process. */
export type ExitCode = 0 | 1 | 2 | 3;

/** The package's version, read from the first package.json above this file, in the sources and in dist alike. */
function packageVersion(folder = import.meta.dirname): string {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return packageVersion(dirname(folder));
  const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';
}

interface GateFlags {
  readonly config: string;
  readonly report?: string;
  readonly json?: true;
  readonly all?: true;
}

const gateHelp = `
Prints file, lines, coverable lines, coverage and tests, worst covered first, and each floor with pass or FAIL.

How it counts
  Lines      physical lines of the file.
  Coverable  lines on which a statement starts; covered when one of them ran.
  Branches   arms of branches that ran; a negative count is not covered, and noted.
  Tests      cases in the mirrored test files (<name>.test.ts, <name>.<kind>.test.ts), counted in their source:
             each \`it\` or \`test\` once, an \`each\` table that is a literal of the same file once a row,
             any other table once, skipped and todo cases and those that a shared suite adds not at all.
  A report is stale when a source file was changed after it was written, or is shorter than it says.

Exit codes: 0 passes, 1 a rule failed, 2 cannot judge (configuration or report missing, stale, malformed), 3 disk.

Examples
  $ refit gate
  $ refit gate src/domain --json
  $ refit gate --config packages/api/coverage-report.config.ts --report ci/coverage-final.json
`;

async function gate(only: readonly string[], flags: GateFlags, io: Io): Promise<ExitCode> {
  const [{ runGate }, { isUnjudged }, { renderVerdict, verdictDocument }] = await Promise.all([
    import('../gate/run-gate.ts'),
    import('../gate/judge.ts'),
    import('../gate/render.ts'),
  ]);
  const verdict = await runGate({ ...flags, cwd: io.cwd });
  const folders = only.map((path) => path.replace(/^\.\//, '').replace(/\/+$/, ''));
  if (flags.json === true) io.stdout.write(`${JSON.stringify(verdictDocument(verdict))}\n`);
  else io.stdout.write(renderVerdict(verdict, { only: folders, all: flags.all === true }));
  if (verdict.pass) return 0;
  return isUnjudged(verdict) ? 2 : 1;
}

function program(io: Io, finish: (code: ExitCode) => void): Command {
  const refit = new Command('refit')
    .description('Refactoring with evidence for TypeScript.')
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .addHelpText(
      'after',
      '\nExamples\n  $ refit gate            judge the coverage report of the last test run\n  $ refit gate --help     how it counts, and the exit codes\n',
    );
  refit
    .command('gate')
    .summary('judge coverage, tests and sizes of files')
    .description('Judges the coverage report of the last test run by coverage-report.config.ts. Fails closed.')
    .argument('[paths...]', 'files or folders to show in the table; the judgement is of the whole project')
    .option('--config <file>', 'the configuration', 'coverage-report.config.ts')
    .option('--report <file>', 'Istanbul JSON; default: what the configuration names')
    .option('--all', 'show every file, not only the 30 worst covered')
    .option('--json', 'one JSON document on stdout instead of the table')
    .addHelpText('after', gateHelp)
    .action(async (paths: string[], flags: GateFlags) => finish(await gate(paths, flags, io)));
  return refit;
}

/** What a failure costs; with --json it is a document too, so that a program always finds one. */
function report(thrown: unknown, json: boolean, io: Io): ExitCode {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
  const known = thrown instanceof RefitError;
  const code = known ? thrown.code : 'REFIT_BUG';
  const message = known
    ? thrown.message
    : `${reasonOf(thrown)} This is a bug of refit; please report it with the command you ran.`;
  if (json) io.stdout.write(`${JSON.stringify({ schema: 'refit-gate/1', pass: false, failures: [{ code, message }] })}\n`);
  io.stderr.write(`refit: ${code}: ${message}\n`);
  return known && thrown.kind === 'input' ? 2 : 3;
}

/** Runs one command line (without node and script) and answers with the exit code; never throws, never exits. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  let code: ExitCode = 0;
  try {
    const finish = (result: ExitCode): void => {
      code = result;
    };
    await program(io, finish).parseAsync([...argv], { from: 'user' });
    return code;
  } catch (thrown) {
    return report(thrown, argv.includes('--json'), io);
  }
}
