// `refit gate`: judges the coverage report of the last test run; `init` writes a configuration, `ratchet` raises the ratchet.
import { relative, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { gateHelp } from './gate-help.ts';
import type { ExitCode, Io } from './io.ts';

interface EvidenceFlags {
  readonly config: string;
  readonly report?: readonly string[];
  readonly coverage?: readonly string[];
  readonly acceptUnstamped?: true;
  readonly cache: boolean;
  readonly cacheDir?: string;
}

interface GateFlags extends EvidenceFlags {
  readonly base?: string;
  readonly baseCoverage?: readonly string[];
  readonly format?: string;
  readonly out?: string;
  readonly json?: true;
  readonly all?: true;
}

function optionsOf(flags: EvidenceFlags & { readonly base?: string; readonly baseCoverage?: readonly string[] }, io: Io) {
  const report = [...(flags.report ?? []), ...(flags.coverage ?? [])];
  return {
    config: flags.config,
    cwd: io.cwd,
    ...(report.length > 0 && { report }),
    ...(flags.base !== undefined && { base: flags.base }),
    ...(flags.baseCoverage !== undefined && { baseCoverage: flags.baseCoverage }),
    acceptUnstamped: flags.acceptUnstamped === true,
    ...(!flags.cache && { cache: false as const }),
    ...(flags.cache && flags.cacheDir !== undefined && { cache: flags.cacheDir }),
  };
}

async function gate(only: readonly string[], flags: GateFlags, io: Io): Promise<ExitCode> {
  const [{ runGate }, { isUnjudged }, { rendererOf }, { writeText }] = await Promise.all([
    import('../gate/run-gate.ts'),
    import('../gate/judge.ts'),
    import('../gate/formats.ts'),
    import('../gate/write-text.ts'),
  ]);
  const render = rendererOf(flags.json === true ? 'json' : (flags.format ?? 'table'));
  const verdict = await runGate(optionsOf(flags, io));
  const folders = only.map((path) => path.replace(/^\.\//, '').replace(/\/+$/, ''));
  const text = render(verdict, { only: folders, all: flags.all === true });
  if (flags.out === undefined) io.stdout.write(text);
  else writeText(resolve(io.cwd, flags.out), text);
  if (verdict.pass) return 0;
  return isUnjudged(verdict) ? 2 : 1;
}

async function init(flags: EvidenceFlags, io: Io): Promise<ExitCode> {
  const { runInit } = await import('../gate/init.ts');
  const [report] = [...(flags.report ?? []), ...(flags.coverage ?? [])];
  const { path, unreported } = await runInit({ cwd: io.cwd, config: flags.config, ...(report !== undefined && { report }) });
  io.stdout.write(`Wrote ${relative(io.cwd, path)}. Next: \`refit gate ratchet\`, then \`refit gate\`.\n`);
  const [first] = unreported;
  if (first !== undefined) {
    const files = unreported.length === 1 ? '1 source file is' : `${String(unreported.length)} source files are`;
    io.stdout.write(
      `${files} not in the report (${first}): the gate fails until the runner reports what no test imports (vitest: \`coverage.include\`; c8 and nyc: \`--all\`), or an exemption says why not.\n`,
    );
  }
  return 0;
}

async function ratchet(flags: EvidenceFlags, io: Io): Promise<ExitCode> {
  const { runRatchet } = await import('../gate/run-ratchet.ts');
  const { path, changed } = await runRatchet(optionsOf(flags, io));
  const name = relative(io.cwd, path);
  io.stdout.write(changed ? `Raised ${name}; commit it.\n` : `${name} holds all of it already.\n`);
  return 0;
}

/** The options of a subcommand; those that were given before its name (`refit gate --config a init`) count unless it has its own. */
function flagsOf(command: Command): EvidenceFlags {
  const before = command.parent?.opts<EvidenceFlags>() ?? {};
  const isGiven = (name: string): boolean =>
    command.getOptionValueSource(name) !== 'cli' && command.parent?.getOptionValueSource(name) === 'cli';
  const inherited = Object.entries(before).filter(([name]) => isGiven(name));
  return { ...command.opts<EvidenceFlags>(), ...Object.fromEntries(inherited) };
}

/** An option that is given several times is a list. */
function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

function withEvidence(command: Command): Command {
  return command
    .option('--config <file>', 'the configuration', 'coverage-report.config.ts')
    .option(
      '--report <file>',
      'Istanbul JSON, json-summary or lcov, once a shard; default: what the configuration names',
      collect,
    )
    .addOption(new Option('--coverage <file>', 'the same as --report').argParser(collect).hideHelp())
    .option('--accept-unstamped', 'judge a report without refit-meta.json where the configuration requires one')
    .option('--cache-dir <folder>', 'where facts of unchanged files are kept; default: node_modules/.cache/refit')
    .option('--no-cache', 'count every file anew');
}

/** Adds `refit gate` to the program. */
export function addGateCommand(refit: Command, io: Io, finish: (code: ExitCode) => void): void {
  const command = withEvidence(refit.command('gate'))
    .enablePositionalOptions()
    .summary('judge coverage, tests and sizes of files')
    .description('Judges the coverage report of the last test run by coverage-report.config.ts. Fails closed.')
    .argument('[paths...]', 'files or folders to show in the table; the judgement is of the whole project')
    .option(
      '--base <ref>',
      'commit or branch that this one left, for the ratchet and for changed lines; default: `changed.base`, else HEAD',
    )
    .option('--base-coverage <file>', 'coverage of the commit where it left, once a shard: moved lines keep its status', collect)
    .option('--format <name>', 'table, json, markdown, sarif, github, gitlab, junit or html', 'table')
    .option('--out <file>', 'write it to a file, not to stdout')
    .option('--all', 'show every file, not only the 30 worst covered')
    .option('--json', 'the same as --format json')
    .addHelpText('after', gateHelp)
    .action(async (paths: string[], flags: GateFlags) => finish(await gate(paths, flags, io)));
  withEvidence(command.command('init'))
    .description('Writes a configuration whose floors are what the report says today.')
    .action(async (_flags: EvidenceFlags, own: Command) => finish(await init(flagsOf(own), io)));
  withEvidence(command.command('ratchet'))
    .description('Raises the ratchet file to what is measured; lowers nothing.')
    .action(async (_flags: EvidenceFlags, own: Command) => finish(await ratchet(flagsOf(own), io)));
}
