// `refit dead`: which members of a project are alive, and which are not, each with its proof.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { livenessClasses, type LivenessClass } from '../analysis/liveness-model.ts';
import { nearestOf } from '../kernel/nearest.ts';
import { RefitError } from '../kernel/refit-error.ts';
import type { Io } from './io.ts';

interface Flags {
  readonly project?: readonly string[];
  readonly root?: string;
  readonly entry?: readonly string[];
  readonly approve?: readonly string[];
  readonly keep?: readonly string[];
  readonly failOn?: string;
  readonly all?: true;
  readonly json?: true;
}

const help = `
Reads the program as a graph of declarations: classes, their members, functions, types, variants of unions. What package
entries, scripts, configuration files and decorators lead to is live; tests are a second, separate beginning.

Classes, from what must stay to what can go
  live             reached from production
  partially-dead   live, but every live caller passes a constant that some branches never see
  interface-only   an interface asks for it, and nobody calls the interface
  exported-unused  only its export keeps it (the JSON names its class without the export)
  test-only        only tests reach it
  write-only       a field that is stored and never read
  never-written    a field that keeps its first, blank value
  unproduced       a variant of a union that no production code makes
  unreachable      no way from any root, tests included

Exit codes: 0 done, 1 a class of --fail-on was found, 2 bad usage or project, 3 disk.

Examples
  $ refit dead
  $ refit dead --project packages/core/tsconfig.json --project packages/app/tsconfig.json --fail-on unreachable
  $ refit dead --approve LegacyClient --json
`;

function classesFrom(text: string | undefined): readonly LivenessClass[] {
  const words = (text ?? '').split(',').filter((word) => word !== '');
  return words.map((word) => {
    const found = livenessClasses.find((each) => each === word);
    if (found !== undefined) return found;
    const near = nearestOf(word, livenessClasses);
    throw new RefitError(
      'REFIT_USAGE',
      `--fail-on ${word}: there is no such class.${near === undefined ? '' : ` Did you mean ${near}?`} Classes: ${livenessClasses.join(', ')}.`,
    );
  });
}

async function dead(flags: Flags, io: Io): Promise<0 | 1> {
  const failing = classesFrom(flags.failOn);
  const [{ Workspace }, { analyseLiveness }, { findingsOf }, { countsOf, deadTable }] = await Promise.all([
    import('../kernel/workspace.ts'),
    import('../analysis/liveness.ts'),
    import('../analysis/liveness-report.ts'),
    import('./dead-table.ts'),
  ]);
  const projects = (flags.project ?? ['tsconfig.json']).map((path) => resolve(io.cwd, path));
  const workspace = flags.root === undefined ? Workspace.load(projects) : Workspace.load(projects, resolve(io.cwd, flags.root));
  const approve = flags.approve ?? [];
  const entries = (flags.entry ?? []).map((path) => resolve(io.cwd, path));
  const liveness = analyseLiveness(workspace, { approve, entries, roots: flags.keep ?? [] });
  const findings = findingsOf(liveness, workspace);
  if (flags.json === true) {
    const document = {
      schema: 'refit-dead/1',
      root: workspace.root,
      projects,
      approved: approve,
      counts: countsOf(findings),
      members: findings,
    };
    io.stdout.write(`${JSON.stringify(document)}\n`);
  } else io.stdout.write(deadTable(findings, flags.all === true));
  return findings.some((finding) => failing.includes(finding.class)) ? 1 : 0;
}

/** `--flag a b` and `--flag a --flag b` and `--flag a,b` are the same. */
function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), ...value.split(',').filter((each) => each !== '')];
}

/** Adds `refit dead` to the program. */
export function addDeadCommand(refit: Command, io: Io, finish: (code: 0 | 1) => void): void {
  refit
    .command('dead')
    .summary('which members are alive and which are not, with proof')
    .description('Says of every member whether production, only tests, only an interface or nobody reaches it.')
    .option('--project <tsconfig...>', 'tsconfig files of projects that use each other (default: tsconfig.json)', collect)
    .option('--root <folder>', 'folder that paths are relative to, and package.json and configuration files are looked for in')
    .option('--entry <file...>', 'modules outsiders import, besides those the packages declare', collect)
    .option('--approve <names>', 'exported names whose removal from the API is decided: they keep nothing alive', collect)
    .option('--keep <members>', 'members (name, Class.member) that outsiders are known to use', collect)
    .option('--fail-on <classes>', 'classes, comma separated, that make the command exit 1')
    .option('--all', 'show live members too')
    .option('--json', 'one JSON document (schema refit-dead/1) on stdout instead of the table')
    .addHelpText('after', help)
    .action(async (flags: Flags) => finish(await dead(flags, io)));
}
