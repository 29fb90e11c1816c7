// `refit codemod`: lists the codemods, shows their manuals, and runs one on a project.
import { resolve } from 'node:path';
import { Command } from 'commander';
import type { Codemod } from '../kernel/codemod.ts';
import { RefitError } from '../kernel/refit-error.ts';
import type { ExitCode, Io } from './io.ts';

interface ListFlags {
  readonly list?: true;
  readonly json?: true;
}

interface RunFlags {
  readonly project: readonly string[];
  readonly root?: string;
  readonly dryRun?: true;
  readonly out?: string;
  readonly write?: true;
  readonly allowDirty?: true;
  readonly json?: true;
}

const help = `
Without --write or --out nothing is written: the change is printed as a unified diff.
A codemod refuses, with a code and a reason, what it cannot do without changing behaviour.

Exit codes: 0 done or nothing to do, 1 refused, 2 wrong usage, 3 disk or process.

Examples
  $ refit codemod --list
  $ refit codemod move-declarations --help
  $ refit codemod remove-unused-parameter --file src/router.ts --function Router.send --parameter context
  $ refit codemod remove-unused-parameter --project packages/a/tsconfig.json … --write
`;

async function list(flags: ListFlags, io: Io): Promise<ExitCode> {
  const { codemodManual, codemodNames } = await import('./codemod-registry.ts');
  const codemods = codemodNames().map((name) => ({ name, summary: codemodManual(name).summary }));
  if (flags.json === true) io.stdout.write(`${JSON.stringify({ schema: 'refit-codemods/1', codemods })}\n`);
  else {
    const width = Math.max(...codemods.map(({ name }) => name.length));
    for (const { name, summary } of codemods) io.stdout.write(`${name.padEnd(width)}  ${summary}\n`);
  }
  return 0;
}

/** The command line of one codemod: its own options as flags, and where to run. */
async function commandFor(codemod: Codemod, io: Io): Promise<Command> {
  const [{ codemodManual }, { addFlags }] = await Promise.all([import('./codemod-registry.ts'), import('./codemod-flags.ts')]);
  const command = new Command(`refit codemod ${codemod.name}`)
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .allowExcessArguments(false)
    .addHelpText('before', `${codemod.name}\n\n${codemodManual(codemod.name).text}\n`);
  addFlags(command, codemod);
  return command
    .option('--project <tsconfig...>', 'tsconfig files of the project', ['tsconfig.json'])
    .option('--root <folder>', 'the folder that paths are relative to; default: what holds all tsconfig files')
    .option('--dry-run', 'print the unified diff and write nothing (this is the default)')
    .option('--out <folder>', 'write the result to a copy of the root')
    .option('--write', 'write the result into the project itself')
    .option('--allow-dirty', 'with --write: although the project has changes that are not committed')
    .option('--json', 'one JSON document on stdout: what was checked, changed, skipped and found');
}

function requireOneTarget(flags: RunFlags): void {
  const given = [
    flags.dryRun === true ? ['--dry-run'] : [],
    flags.out === undefined ? [] : ['--out'],
    flags.write === true ? ['--write'] : [],
  ].flat();
  if (given.length > 1) throw new RefitError('REFIT_USAGE', `${given.join(' and ')} exclude each other. Give one.`);
}

async function run(name: string, argv: readonly string[], io: Io): Promise<ExitCode> {
  const [{ loadCodemod }, { optionsFrom }, { runCodemod }] = await Promise.all([
    import('./codemod-registry.ts'),
    import('./codemod-flags.ts'),
    import('./run-codemod.ts'),
  ]);
  const codemod = await loadCodemod(name);
  const command = await commandFor(codemod, io);
  command.parse([...argv], { from: 'user' });
  const given = command.opts<RunFlags & Record<string, unknown>>();
  requireOneTarget(given);
  const operation = { codemod, options: optionsFrom(codemod, given, io.cwd) };
  return runCodemod(operation, io, {
    tsconfigs: given.project.map((path) => resolve(io.cwd, path)),
    json: given.json === true,
    write: given.write === true,
    allowDirty: given.allowDirty === true,
    ...(given.root === undefined ? {} : { root: resolve(io.cwd, given.root) }),
    ...(given.out === undefined ? {} : { out: resolve(io.cwd, given.out) }),
  });
}

/** Adds `refit codemod` to the program. */
export function addCodemodCommand(refit: Command, io: Io, finish: (code: ExitCode) => void): void {
  const command = refit
    .command('codemod')
    .summary('run one codemod on a project, or list them')
    .description('Runs one codemod on a project; prints what it would change unless it is told to write.')
    .argument('[name]', 'the codemod, see --list')
    .argument('[flags...]', 'its options, see `refit codemod <name> --help`')
    .option('--list', 'print every codemod with one line')
    .option('--json', 'with --list: one JSON document')
    .addHelpText('after', help)
    .allowUnknownOption()
    .passThroughOptions();
  command.action(async (name: string | undefined, argv: readonly string[], flags: ListFlags) => {
    if (flags.list === true) finish(await list(flags, io));
    else if (name === undefined || name.startsWith('-')) command.help({ error: true });
    else finish(await run(name, argv, io));
  });
}
