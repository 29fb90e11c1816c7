// Where the embedded server keeps its data, and how that directory comes into being: whole or not at all.
import { randomUUID } from 'node:crypto';
import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { TaskerError } from '../../../domain/errors.ts';
import { newPassword } from '../kept-secret.ts';
import { makeDirectories } from '../make-directories.ts';
import { firstClosedDirectory } from './reachable.ts';
import type { ProgramResult, RunProgram } from './run-program.ts';
import type { ServerAccount } from './server-account.ts';
import { isAlive } from './server-state.ts';
import { startFailure, startFailureFrom } from './start-failure.ts';

export interface ServerHome {
  /** `…/pg18`: state file, socket and log of the supervisor. */
  readonly home: string;
  /** `…/pg18/data`: PostgreSQL's own. */
  readonly dataDir: string;
}

export function serverHome(base: string, major: number): ServerHome {
  const home = join(resolve(base), `pg${major}`);
  return { home, dataDir: join(home, 'data') };
}

/** The option, else TASKER_DATA_DIR, else /var/lib/tasker for root and ~/.tasker for everyone else. */
export function chooseDataDir(
  option: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  callerUid: number | undefined,
): string {
  if (option !== undefined && option !== '') return option;
  const named = env['TASKER_DATA_DIR'];
  if (named !== undefined && named !== '') return named;
  return callerUid === 0 ? '/var/lib/tasker' : join(env['HOME'] ?? homedir(), '.tasker');
}

export interface DataDirectoryOptions {
  readonly place: ServerHome;
  readonly major: number;
  readonly initdb: string;
  readonly setpriv?: string | undefined;
  readonly account?: ServerAccount | undefined;
  /** False for tests: initdb then leaves its files to the kernel instead of waiting for the disk. */
  readonly durable: boolean;
  readonly run: RunProgram;
}

/** Makes the directory when it is missing and returns the password of its superuser. Error: DATABASE_START_FAILED. */
export async function prepareDataDirectory(options: DataDirectoryOptions): Promise<string> {
  const { dataDir } = options.place;
  // Before anything is made: a directory that is refused is left as it was.
  await assertReachable(options);
  await makeHome(options);
  const found = await majorOf(dataDir);
  if (found === undefined) await initialize(options);
  else if (found !== String(options.major)) {
    throw startFailure({
      dataDir,
      what: 'reading PG_VERSION',
      lines: [`initialized by PostgreSQL version ${found}, this server is version ${options.major}`],
    });
  }
  return readPassword(dataDir);
}

async function makeHome(options: DataDirectoryOptions): Promise<void> {
  const { home, dataDir } = options.place;
  let first: string | undefined;
  try {
    first = await makeDirectories(home, 0o755);
    // Again: a strict umask closes what was made.
    await assertReachable(options);
  } catch (error) {
    if (first !== undefined) await rm(first, { recursive: true, force: true });
    throw startFailureFrom(error, dataDir, `creating ${home}`);
  }
}

async function assertReachable({ place, account }: DataDirectoryOptions): Promise<void> {
  if (account === undefined) return;
  const closed = await firstClosedDirectory(place.home, account);
  if (closed === undefined) return;
  throw startFailure({
    dataDir: place.dataDir,
    what: 'checking the way to it',
    lines: [`Permission denied: the user postgres, under which the server runs when tasker is root, cannot enter ${closed}`],
  });
}

async function majorOf(dataDir: string): Promise<string | undefined> {
  try {
    return (await readFile(join(dataDir, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw startFailureFrom(error, dataDir, 'reading PG_VERSION');
  }
}

const passwordFile = 'tasker-password';

async function readPassword(dataDir: string): Promise<string> {
  try {
    return (await readFile(join(dataDir, passwordFile), 'utf8')).trim();
  } catch (error) {
    throw new TaskerError(
      'DATABASE_START_FAILED',
      `${dataDir} is a PostgreSQL data directory that tasker did not make (it has no readable ${passwordFile}). ` +
        'Choose another directory with TASKER_DATA_DIR, or start its server yourself and name it in DATABASE_URL.',
      { kind: 'infrastructure', cause: error },
    );
  }
}

/** initdb into a sibling, then rename: a killed initdb leaves a stray sibling, never half a data directory. */
async function initialize(options: DataDirectoryOptions): Promise<void> {
  const { home, dataDir } = options.place;
  await removeStrays(home);
  const draft = join(home, `initdb-${process.pid}-${randomUUID()}`);
  const secret = `${draft}.pw`;
  try {
    await writeFile(secret, `${newPassword()}\n`, { mode: 0o600 });
    await mkdir(draft, { mode: 0o700 });
    if (options.account !== undefined) {
      await chown(secret, options.account.uid, options.account.gid);
      await chown(draft, options.account.uid, options.account.gid);
    }
    const result = await runInitdb(options, draft, secret);
    if (result.exitCode !== 0)
      throw startFailure({ dataDir, what: 'initdb', lines: `${result.stdout}\n${result.stderr}`.split('\n') });
    await rename(secret, join(draft, passwordFile));
    await moveInto(draft, dataDir);
  } catch (error) {
    throw startFailureFrom(error, dataDir, 'making the data directory');
  } finally {
    await rm(draft, { recursive: true, force: true });
    await rm(secret, { force: true });
  }
}

function runInitdb(options: DataDirectoryOptions, draft: string, secret: string): Promise<ProgramResult> {
  const args = [
    '-D',
    draft,
    '-U',
    'postgres',
    '--auth=scram-sha-256',
    `--pwfile=${secret}`,
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
  ];
  if (!options.durable) args.push('--no-sync');
  const command =
    options.setpriv === undefined ? [options.initdb, ...args] : [options.setpriv, '--pdeathsig=KILL', options.initdb, ...args];
  return options.run(command[0] ?? options.initdb, command.slice(1), { account: options.account, cwd: dirname(draft) });
}

async function moveInto(draft: string, dataDir: string): Promise<void> {
  try {
    await rename(draft, dataDir);
  } catch (error) {
    // Two processes started at the same moment: the first directory counts.
    if ((await majorOf(dataDir)) === undefined) throw error;
  }
}

/** What initdb runs of processes that were killed have left. */
async function removeStrays(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const pid = /^initdb-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(home, name), { recursive: true, force: true });
  }
}
