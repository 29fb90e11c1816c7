// The embedded PostgreSQL as one call: find it, prepare it, hold it, and make the tasker database.
import { existsSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TaskerError } from '../../../domain/errors.ts';
import type { Logger } from '../../../domain/ports.ts';
import { createDatabase, readServerFacts, type ServerFacts } from '../../../store/postgres/server-administration.ts';
import type { DatabaseLease, DatabasePurpose } from '../database-lease.ts';
import { chooseDataDir, prepareDataDirectory, serverHome } from './data-directory.ts';
import { runProgram } from './run-program.ts';
import { resolveServerAccount } from './server-account.ts';
import { findBinaries, prepareBinaries } from './server-binaries.ts';
import { holdServer, type LaunchSupervisor, type ServerHold } from './supervisor-client.ts';

export interface EmbeddedOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dataDir?: string | undefined;
  readonly purpose: DatabasePurpose;
  readonly logger: Logger;
  readonly launch?: LaunchSupervisor;
}

const databaseName = 'tasker';
// Long enough for the next command of a shell script to join the server instead of starting it again.
const graceMs = 200;

/** Starts or joins the embedded server. Errors: DATABASE_START_FAILED. */
export async function openEmbeddedDatabase(options: EmbeddedOptions): Promise<DatabaseLease> {
  const startedAtMs = performance.now();
  const callerUid = process.getuid?.();
  const account = await resolveServerAccount(callerUid, runProgram);
  const binaries = await prepareBinaries(await findBinaries(), { account });
  const base = await baseDirectory(options, callerUid);
  const place = serverHome(base.path, binaries.major);
  const setpriv = findSetpriv();
  const program = (name: string): string => join(binaries.directory, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  const durable = options.purpose === 'user';
  const password = await prepareDataDirectory({
    place,
    major: binaries.major,
    initdb: program('initdb'),
    setpriv,
    account,
    durable,
    run: runProgram,
  });
  const supervisor = {
    ...place,
    binary: program('postgres'),
    settings: settingsFor(options.purpose),
    account,
    setpriv,
    graceMs,
    removeAtEnd: base.removeAtEnd,
  };
  const hold = await holdServer({ supervisor, ...(options.launch === undefined ? {} : { launch: options.launch }) });
  try {
    const lease = await leaseOf(hold, password, place.dataDir);
    options.logger.debug(
      { dataDir: place.dataDir, port: hold.state.port, ms: Math.round(performance.now() - startedAtMs) },
      'embedded PostgreSQL is ready',
    );
    warnWhenLost(hold, lease, options.logger);
    return lease.lease;
  } catch (error) {
    await hold.release();
    throw error;
  }
}

/** Tests without a directory get a fresh one, removed with their server. */
async function baseDirectory(
  options: EmbeddedOptions,
  callerUid: number | undefined,
): Promise<{ path: string; removeAtEnd?: string }> {
  const named = options.dataDir ?? options.env['TASKER_DATA_DIR'];
  if (options.purpose === 'user' || (named !== undefined && named !== ''))
    return { path: chooseDataDir(options.dataDir, options.env, callerUid) };
  const path = await mkdtemp(join(tmpdir(), 'tasker-test-'));
  // The server's account has to get through it.
  await chmod(path, 0o755);
  return { path, removeAtEnd: path };
}

/** What a server for tests may forgo: nothing of it has to survive a power cut. */
export function settingsFor(purpose: DatabasePurpose): readonly string[] {
  const common = ['timezone=UTC', 'log_timezone=UTC'];
  if (purpose === 'user') return [...common, 'max_connections=200'];
  return [
    ...common,
    'max_connections=300',
    'shared_buffers=256MB',
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
  ];
}

function findSetpriv(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  return ['/usr/bin/setpriv', '/bin/setpriv'].find((path) => existsSync(path));
}

interface HeldLease {
  readonly lease: DatabaseLease;
  readonly isClosed: () => boolean;
}

async function leaseOf(hold: ServerHold, password: string, dataDir: string): Promise<HeldLease> {
  const at = (database: string): string => `postgres://postgres:${password}@127.0.0.1:${hold.state.port}/${database}`;
  const facts = await factsOfTasker(at);
  let closed = false;
  const lease: DatabaseLease = {
    url: at(databaseName),
    kind: 'embedded',
    description: `embedded PostgreSQL ${facts.versionText} on 127.0.0.1:${hold.state.port}, data in ${dataDir}`,
    serverVersion: facts.version,
    async close() {
      closed = true;
      await hold.release();
    },
  };
  return { lease, isClosed: () => closed };
}

/** Asks first: only the first start of a data directory has to create the database. */
async function factsOfTasker(at: (database: string) => string): Promise<ServerFacts> {
  try {
    return await readServerFacts(at(databaseName));
  } catch (error) {
    if (!(error instanceof TaskerError) || error.code !== 'DATABASE_MISSING') throw error;
    await createDatabase(at('postgres'), databaseName);
    return readServerFacts(at(databaseName));
  }
}

function warnWhenLost(hold: ServerHold, held: HeldLease, logger: Logger): void {
  void hold.ended.then(() => {
    if (!held.isClosed())
      logger.error(
        { supervisorPid: hold.state.supervisorPid },
        'the supervisor of the embedded PostgreSQL has ended, and the server with it; start tasker again',
      );
  });
}
