// `refit gate`: judges the coverage report of the last test run.
import type { Command } from 'commander';
import type { ExitCode, Io } from './io.ts';

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

/** Adds `refit gate` to the program. */
export function addGateCommand(refit: Command, io: Io, finish: (code: ExitCode) => void): void {
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
}
