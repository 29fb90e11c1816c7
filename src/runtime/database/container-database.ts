// PostgreSQL in a container through testcontainers, an optional peer that is loaded only here.
import type { PostgreSqlContainer } from '@testcontainers/postgresql';
import { messageOf, TaskerError } from '../../domain/errors.ts';
import { readServerFacts } from '../../store/postgres/server-administration.ts';
import type { DatabaseLease, DatabasePurpose } from './database-lease.ts';
import { keptPassword, newPassword } from './kept-secret.ts';

const packageName = '@testcontainers/postgresql';
const defaultImage = 'postgres:18';
const defaultSharedName = 'tasker-postgres';

/** The part of the package that is used. */
export interface ContainerModule {
  readonly PostgreSqlContainer: typeof PostgreSqlContainer;
}

/** The package, or undefined when it is not installed. */
export async function loadContainerModule(): Promise<ContainerModule | undefined> {
  try {
    return await import('@testcontainers/postgresql');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw new TaskerError(
      'DATABASE_START_FAILED',
      `${packageName} is installed but cannot be loaded: ${messageOf(error)}. Install a version that runs on this Node, or remove it.`,
      {
        kind: 'infrastructure',
        cause: error,
      },
    );
  }
}

export interface ContainerOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly purpose: DatabasePurpose;
  /** Keeps the password of the container that users share. */
  readonly passwordFile: string;
  /** Of the container that users share; for tests, which must not touch a user's. */
  readonly sharedName?: string;
  /** What answered the ping, for messages. */
  readonly engine: string;
}

/**
 * Starts the container. For tests it is removed by `close`. For users it is one container that every process of this
 * engine shares and that outlives them, because their tasks are in it; `docker rm -f tasker-postgres` ends it.
 * Error: DATABASE_START_FAILED.
 */
export async function openContainerDatabase(module: ContainerModule, options: ContainerOptions): Promise<DatabaseLease> {
  const image = options.env['TASKER_POSTGRES_IMAGE'] ?? defaultImage;
  const kept = options.purpose === 'user';
  const sharedName = options.sharedName ?? defaultSharedName;
  try {
    // The engine may publish the port beyond this machine, so a well-known password will not do.
    const password = kept ? await keptPassword(options.passwordFile) : newPassword();
    const configured = () =>
      new module.PostgreSqlContainer(image).withDatabase('tasker').withUsername('postgres').withPassword(password);
    const started = kept
      ? await startShared(() => configured().withName(sharedName).withReuse().start())
      : await configured()
          .withCommand(['postgres', ...testSettings])
          .start();
    const url = started.getConnectionUri();
    const facts = await readServerFacts(url);
    const lifetime = kept ? `kept; docker rm -f ${sharedName} ends it` : 'removed at the end';
    return {
      url,
      kind: 'testcontainers',
      description: `PostgreSQL ${facts.versionText} in a container (${image}, ${lifetime}) at ${started.getHost()}:${started.getPort()}`,
      serverVersion: facts.version,
      async close() {
        if (!kept) await started.stop();
      },
    };
  } catch (error) {
    throw new TaskerError(
      'DATABASE_START_FAILED',
      `the Docker engine at ${options.engine} answers, but a container of ${image} did not start: ${messageOf(error)}. ` +
        'Make the image available (docker pull, or TASKER_POSTGRES_IMAGE), or name a server in DATABASE_URL.',
      { kind: 'infrastructure', cause: error },
    );
  }
}

/** Two processes may create or start the shared container at the same moment; the loser finds the winner's. */
async function startShared<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (error) {
      // 304: started by another; 409: the name was taken by another.
      const status: unknown = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
      if ((status !== 304 && status !== 409) || attempt === 5) throw error;
    }
  }
}

const testSettings = ['max_connections=300', 'fsync=off', 'synchronous_commit=off', 'full_page_writes=off'].flatMap((setting) => [
  '-c',
  setting,
]);
