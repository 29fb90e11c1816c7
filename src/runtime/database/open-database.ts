// The one way to a database for CLI, examples and tests: a given url, else a container, else the embedded server.
import { join } from 'node:path';
import { messageOf, TaskerError } from '../../domain/errors.ts';
import type { Logger } from '../../domain/ports.ts';
import { withoutPassword } from '../../store/postgres/connection-error.ts';
import { requireDatabaseUrl } from '../../store/postgres/database-url.ts';
import { readServerFacts, type ServerFacts } from '../../store/postgres/server-administration.ts';
import { loadContainerModule, openContainerDatabase } from './container-database.ts';
import type { DatabaseKind, DatabaseLease, DatabasePurpose } from './database-lease.ts';
import { findDockerEngine } from './docker-engine.ts';
import { chooseDataDir } from './embedded/data-directory.ts';
import { openEmbeddedDatabase } from './embedded/embedded-database.ts';

export type { DatabaseKind, DatabaseLease, DatabasePurpose } from './database-lease.ts';

export interface OpenDatabaseOptions {
  /** Such as --database-url; before DATABASE_URL of `env`. */
  readonly databaseUrl?: string | undefined;
  /** Read: DATABASE_URL, DOCKER_HOST, TASKER_DATA_DIR, TASKER_POSTGRES_IMAGE, HOME. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the embedded server; before TASKER_DATA_DIR. */
  readonly dataDir?: string | undefined;
  /** `test` trades durability for speed and leaves nothing behind. */
  readonly purpose: DatabasePurpose;
  readonly logger: Logger;
  /** Only this kind, an error when it is not available. */
  readonly prefer?: DatabaseKind;
}

/** The three ways, replaceable in tests. */
export interface DatabaseWays {
  readonly readFacts: (url: string) => Promise<ServerFacts>;
  readonly findEngine: (env: OpenDatabaseOptions['env']) => Promise<string | undefined>;
  readonly loadContainers: typeof loadContainerModule;
  readonly openContainer: typeof openContainerDatabase;
  readonly openEmbedded: typeof openEmbeddedDatabase;
}

const realWays: DatabaseWays = {
  readFacts: readServerFacts,
  findEngine: findDockerEngine,
  loadContainers: loadContainerModule,
  openContainer: openContainerDatabase,
  openEmbedded: openEmbeddedDatabase,
};

// 15 is the oldest server with everything the schema uses.
const oldestVersion = 150_000;

/**
 * Opens a database in the order url, testcontainers, embedded. Errors: DATABASE_URL_INVALID (kind input); of kind infrastructure: DATABASE_UNREACHABLE,
 * DATABASE_REFUSED, DATABASE_MISSING, DATABASE_TOO_OLD, DATABASE_RIGHTS_MISSING, DATABASE_START_FAILED;
 * DATABASE_KIND_UNAVAILABLE when `prefer` names what is not there.
 */
export async function openDatabase(options: OpenDatabaseOptions, ways: DatabaseWays = realWays): Promise<DatabaseLease> {
  const lease = await openInOrder(options, ways);
  options.logger.info({ kind: lease.kind, serverVersion: lease.serverVersion }, lease.description);
  return lease;
}

async function openInOrder(options: OpenDatabaseOptions, ways: DatabaseWays): Promise<DatabaseLease> {
  const { prefer } = options;
  const url = givenUrl(options);
  if (prefer === 'url' || (prefer === undefined && url !== undefined)) return openUrl(url, ways);
  if (prefer !== 'embedded') {
    const container = await openContainerIfAny(options, ways);
    if (container !== undefined) return container;
  }
  const { env, dataDir, purpose, logger } = options;
  return ways.openEmbedded({ env, dataDir, purpose, logger });
}

function givenUrl({ databaseUrl, env }: OpenDatabaseOptions): string | undefined {
  return [databaseUrl, env['DATABASE_URL']].find((candidate) => candidate !== undefined && candidate !== '');
}

async function openUrl(url: string | undefined, ways: DatabaseWays): Promise<DatabaseLease> {
  if (url === undefined) throw unavailable('url', 'neither --database-url nor DATABASE_URL is set');
  const facts = await ways.readFacts(requireDatabaseUrl(url));
  const where = withoutPassword(url);
  if (facts.version < oldestVersion) {
    throw new TaskerError(
      'DATABASE_TOO_OLD',
      `${where} is PostgreSQL ${facts.versionText}; tasker needs 15 or newer. Upgrade the server, or leave DATABASE_URL empty to use the embedded one.`,
      { kind: 'infrastructure', details: { serverVersion: facts.version } },
    );
  }
  if (!facts.hasSchema && !facts.mayCreateSchema) {
    throw new TaskerError(
      'DATABASE_RIGHTS_MISSING',
      `the role of ${where} may not create the schema tasker, which is not there yet. Grant it (grant create on database … to …), or migrate once with a role that may.`,
      { kind: 'infrastructure' },
    );
  }
  return {
    url,
    kind: 'url',
    description: `PostgreSQL ${facts.versionText} at ${where}`,
    serverVersion: facts.version,
    close: () => Promise.resolve(),
  };
}

async function openContainerIfAny(options: OpenDatabaseOptions, ways: DatabaseWays): Promise<DatabaseLease | undefined> {
  const engine = await ways.findEngine(options.env);
  if (engine === undefined) return notThere(options, 'no Docker engine answers');
  const containers = await ways.loadContainers();
  if (containers === undefined) return notThere(options, '@testcontainers/postgresql is not installed');
  try {
    const passwordFile = join(chooseDataDir(options.dataDir, options.env, process.getuid?.()), 'container-password');
    return await ways.openContainer(containers, { env: options.env, purpose: options.purpose, passwordFile, engine });
  } catch (error) {
    // An engine without the image and without a network must not keep a fresh machine from its first run.
    if (options.prefer === 'testcontainers') throw error;
    options.logger.warn(
      { reason: messageOf(error) },
      'no container for the database although a Docker engine answers; using the embedded PostgreSQL',
    );
    return undefined;
  }
}

/** A missing engine or package is no error unless the caller insists on containers. */
function notThere({ prefer, logger }: OpenDatabaseOptions, why: string): undefined {
  if (prefer === 'testcontainers') throw unavailable('testcontainers', why);
  logger.debug({ reason: why }, 'no container for the database; using the embedded PostgreSQL');
  return undefined;
}

function unavailable(kind: DatabaseKind, why: string): TaskerError {
  return new TaskerError(
    'DATABASE_KIND_UNAVAILABLE',
    `a database of kind ${kind} was asked for, but ${why}. Provide it, or ask for another kind.`,
    { kind: 'infrastructure' },
  );
}
