// PostgreSQL in a container through testcontainers, an optional peer that is loaded only here.
import { messageOf, TaskerError } from '../../domain/errors.ts';
import { readServerFacts } from '../../store/postgres/server-administration.ts';
import type { DatabaseLease, DatabasePurpose } from './database-lease.ts';

const packageName = '@testcontainers/postgresql';
const defaultImage = 'postgres:18';

/** The part of the package that is used. */
export interface ContainerModule {
  readonly PostgreSqlContainer: typeof import('@testcontainers/postgresql').PostgreSqlContainer;
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
  try {
    const configured = new module.PostgreSqlContainer(image)
      .withDatabase('tasker')
      .withUsername('postgres')
      .withPassword('tasker');
    const started = await (
      kept ? configured.withName('tasker-postgres').withReuse() : configured.withCommand(['postgres', ...testSettings])
    ).start();
    const url = started.getConnectionUri();
    const facts = await readServerFacts(url);
    const lifetime = kept ? 'kept; docker rm -f tasker-postgres ends it' : 'removed at the end';
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

const testSettings = ['max_connections=300', 'fsync=off', 'synchronous_commit=off', 'full_page_writes=off'].flatMap((setting) => [
  '-c',
  setting,
]);
