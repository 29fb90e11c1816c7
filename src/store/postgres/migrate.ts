// Brings a database to the newest schema: numbered SQL files, each in its own transaction, one migrating process at a time.
import { readdir, readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import pg from 'pg';
import { TaskerError } from '../../domain/errors.ts';
import { connectionError } from './connection-error.ts';

/** Installs the message queue objects the schema's functions refer to; runs inside the first transaction. */
export type InstallQueues = (client: pg.ClientBase) => Promise<{ readonly source: string; readonly version: string }>;

export interface MigrateOptions {
  readonly installQueues: InstallQueues;
  /** Report what would be done, change nothing. */
  readonly dryRun?: boolean;
}

export interface Migration {
  /** The number that opens the file name, 1-based without holes. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text: an applied file must never change. */
  readonly checksum: string;
}

export interface MigrateReport {
  readonly applied: readonly string[];
  readonly alreadyThere: number;
  readonly queues: string | undefined;
}

// Any constant will do; it only has to be the same in every tasker process ("taskr" in ASCII).
const migrationLock = 0x7461736b72;
const oldestServer = 150_000;

export async function readMigrations(): Promise<readonly Migration[]> {
  const folder = new URL('../migrations/', import.meta.url);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), 'utf8');
      return { version: Number.parseInt(name, 10), name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/**
 * Migrates the database. Safe when several processes call it at once: the others wait and find the work done.
 * Errors: DATABASE_TOO_OLD, DATABASE_RIGHTS_MISSING, PGMQ_RIGHTS_MISSING, DATABASE_UNREACHABLE, MIGRATION_CHANGED, SCHEMA_TOO_NEW, MIGRATION_FAILED.
 */
export async function migrate(databaseUrl: string, options: MigrateOptions): Promise<MigrateReport> {
  const client = await connect(databaseUrl);
  try {
    await assertServerVersion(client);
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    return await applyPending(client, await readMigrations(), options);
  } catch (error) {
    throw migrationError(error, 'reading what is there');
  } finally {
    await client.end();
  }
}

async function connect(databaseUrl: string): Promise<pg.Client> {
  try {
    // The constructor throws on a text that is not a url.
    const client = new pg.Client({ connectionString: databaseUrl, application_name: 'tasker migrate' });
    // A connection that breaks while no query runs would otherwise be an uncaught error; the next query reports it.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  } catch (error) {
    throw connectionError(error, databaseUrl);
  }
}

async function assertServerVersion(client: pg.Client): Promise<void> {
  const shown = await client.query<{ number: string; text: string }>(
    `select current_setting('server_version_num') as number, current_setting('server_version') as text`,
  );
  const row = shown.rows[0];
  if (row !== undefined && Number(row.number) >= oldestServer) return;
  throw new TaskerError(
    'DATABASE_TOO_OLD',
    `the server is PostgreSQL ${row?.text ?? 'unknown'}; tasker needs 15 or newer. Upgrade the server or point --database-url at another one.`,
    {
      kind: 'infrastructure',
    },
  );
}

async function applyPending(
  client: pg.Client,
  migrations: readonly Migration[],
  options: MigrateOptions,
): Promise<MigrateReport> {
  const done = await appliedMigrations(client);
  assertSameHistory(migrations, done);
  const pending = migrations.filter((migration) => !done.has(migration.version));
  if (options.dryRun === true || pending.length === 0) {
    return { applied: pending.map(({ name }) => name), alreadyThere: done.size, queues: undefined };
  }
  const queues = await inTransaction(client, 'message queues', () => options.installQueues(client));
  for (const migration of pending) {
    await inTransaction(client, migration.name, () => applyOne(client, migration));
  }
  return {
    applied: pending.map(({ name }) => name),
    alreadyThere: done.size,
    queues: `pgmq ${queues.version} (${queues.source})`,
  };
}

async function appliedMigrations(client: pg.Client): Promise<ReadonlyMap<number, string>> {
  const known = await client.query<{ there: boolean }>(`select to_regclass('tasker.schema_migrations') is not null as there`);
  if (known.rows[0]?.there !== true) return new Map();
  const rows = await client.query<{ version: number; checksum: string }>(
    'select version, checksum from tasker.schema_migrations',
  );
  return new Map(rows.rows.map((row) => [row.version, row.checksum]));
}

function assertSameHistory(migrations: readonly Migration[], done: ReadonlyMap<number, string>): void {
  for (const migration of migrations) {
    const checksum = done.get(migration.version);
    if (checksum === undefined || checksum === migration.checksum) continue;
    throw new TaskerError(
      'MIGRATION_CHANGED',
      `${migration.name} was applied with another text than it has now (checksum ${checksum.slice(0, 12)}…, now ${migration.checksum.slice(0, 12)}…); migrate with the tasker version that the database knows, or start from an empty database.`,
      { kind: 'infrastructure' },
    );
  }
  const newest = migrations.at(-1)?.version ?? 0;
  const ahead = [...done.keys()].filter((version) => version > newest);
  if (ahead.length > 0) {
    throw new TaskerError(
      'SCHEMA_TOO_NEW',
      `the database has schema version ${Math.max(...ahead)}, this tasker knows ${newest}; upgrade tasker.`,
      { kind: 'infrastructure' },
    );
  }
}

async function applyOne(client: pg.Client, migration: Migration): Promise<void> {
  if (migration.version === 1) {
    await client.query(`
      create schema if not exists tasker;
      create table tasker.schema_migrations (
        version integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now()
      )`);
  }
  await client.query(migration.sql);
  await client.query('insert into tasker.schema_migrations (version, name, checksum) values ($1, $2, $3)', [
    migration.version,
    migration.name,
    migration.checksum,
  ]);
}

async function inTransaction<T>(client: pg.Client, what: string, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw migrationError(error, what);
  }
}

function migrationError(error: unknown, what: string): TaskerError {
  if (error instanceof TaskerError) return error;
  const { code, message } = error instanceof pg.DatabaseError ? error : { code: undefined, message: String(error) };
  if (code === '42501') {
    return new TaskerError(
      'DATABASE_RIGHTS_MISSING',
      `migrating (${what}) was refused: ${message}. The role needs CREATE on the database (grant create on database … to …) and, where a tasker schema exists, USAGE on it; or migrate with the role that owns it.`,
      { kind: 'infrastructure', cause: error },
    );
  }
  return new TaskerError(
    'MIGRATION_FAILED',
    `${what} could not be applied: ${message}. Nothing of it was kept; fix the cause and migrate again.`,
    { kind: 'infrastructure', cause: error },
  );
}
