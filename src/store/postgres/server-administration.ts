// What is asked of a whole server rather than of the schema: its version, databases made and dropped, who is connected.
import pg from 'pg';
import { TaskerError } from '../../domain/errors.ts';
import { connectionError } from './connection-error.ts';

export interface ServerFacts {
  /** `server_version_num`: 150004 is 15.4, 180004 is 18.4. */
  readonly version: number;
  /** What the server calls itself, such as "18.4". */
  readonly versionText: string;
  /** True when the role may create schemas in this database, which migrating needs. */
  readonly mayCreateSchema: boolean;
  /** True when the tasker schema is there already. */
  readonly hasSchema: boolean;
}

/** Connects once and reads the facts. Errors: DATABASE_UNREACHABLE, DATABASE_REFUSED, DATABASE_MISSING. */
export async function readServerFacts(databaseUrl: string): Promise<ServerFacts> {
  return withConnection(databaseUrl, async (client) => {
    const shown = await client.query<{ version: string; text: string; may_create: boolean; has_schema: boolean }>(
      `select current_setting('server_version_num') as version, current_setting('server_version') as text,
              has_database_privilege(current_database(), 'create') as may_create,
              to_regnamespace('tasker') is not null as has_schema`,
    );
    const row = shown.rows[0];
    if (row === undefined)
      throw new TaskerError('DATABASE_UNREACHABLE', 'the server answered a query for its version with no row.');
    return {
      version: Number(row.version),
      versionText: row.text,
      mayCreateSchema: row.may_create,
      hasSchema: row.has_schema,
    };
  });
}

/** Creates the database, from `template` when given. `false` when it was there already. */
export async function createDatabase(serverUrl: string, name: string, template?: string): Promise<boolean> {
  return withConnection(serverUrl, async (client) => {
    const from = template === undefined ? '' : ` template ${pg.escapeIdentifier(template)}`;
    try {
      await client.query(`create database ${pg.escapeIdentifier(name)}${from}`);
      return true;
    } catch (error) {
      // 42P04: it exists; 23505: another process creates it at this moment.
      if (error instanceof pg.DatabaseError && ['42P04', '23505'].includes(error.code ?? '')) return false;
      throw rightsError(error, `create database ${name}`);
    }
  });
}

/** Drops the database with whoever is connected to it; fine when it is not there. */
export async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  await withConnection(serverUrl, (client) => client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`));
}

/** Names of the databases that start with `prefix`. */
export async function listDatabases(serverUrl: string, prefix: string): Promise<readonly string[]> {
  return withConnection(serverUrl, async (client) => {
    const rows = await client.query<{ datname: string }>('select datname from pg_database where starts_with(datname, $1)', [
      prefix,
    ]);
    return rows.rows.map((row) => row.datname);
  });
}

export interface OpenConnection {
  readonly pid: number;
  readonly applicationName: string;
  /** The last statement it ran, cut at 200 characters. */
  readonly lastQuery: string;
}

/** Client connections to the database `name`, seen from a connection to another one. */
export async function listConnections(serverUrl: string, name: string): Promise<readonly OpenConnection[]> {
  return withConnection(serverUrl, async (client) => {
    const rows = await client.query<{ pid: number; application_name: string; query: string }>(
      `select pid, application_name, left(query, 200) as query from pg_stat_activity
        where datname = $1 and pid <> pg_backend_pid() and backend_type = 'client backend' order by pid`,
      [name],
    );
    return rows.rows.map((row) => ({ pid: row.pid, applicationName: row.application_name, lastQuery: row.query }));
  });
}

function rightsError(error: unknown, what: string): unknown {
  if (!(error instanceof pg.DatabaseError) || error.code !== '42501') return error;
  return new TaskerError(
    'DATABASE_RIGHTS_MISSING',
    `${what} was refused: ${error.message}. Give the role the right (alter role … createdb), or name a role that has it.`,
    { kind: 'infrastructure', cause: error },
  );
}

async function withConnection<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connect(databaseUrl);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function connect(databaseUrl: string): Promise<pg.Client> {
  try {
    // The constructor throws on a text that is not a url.
    const client = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'tasker administration',
      connectionTimeoutMillis: 10_000,
    });
    // Without a listener a connection the server ends while idle would be an uncaught error.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  } catch (error) {
    throw connectionError(error, databaseUrl);
  }
}
