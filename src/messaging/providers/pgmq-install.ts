// Brings pgmq into a database: the server's extension where there is one, else the official SQL from the npm package.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ClientBase } from 'pg';
import { list } from 'tar';
import { messageOf, TaskerError } from '../../domain/errors.ts';
import type { PgmqProbe } from './pgmq/installation-plan.ts';
import { planInstallation } from './pgmq/installation-plan.ts';
import { isRightsError, rightsMissing, toPgmqError } from './pgmq/pgmq-errors.ts';

export interface PgmqInstallation {
  /** `present`: it was there before this call, from wherever. Two callers at the same time may both have found it missing. */
  readonly source: 'extension' | 'sql' | 'present';
  /** Like `1.11.1`; `unknown` for official SQL that somebody else ran, which leaves no version behind. */
  readonly version: string;
}

/** What the package @electric-sql/pglite-pgmq 0.0.6 carries. */
const sqlVersion = '1.11.1';
const sqlPackage = '@electric-sql/pglite-pgmq';
const sqlPath = `share/postgresql/extension/pgmq--${sqlVersion}.sql`;

const probeStatement = `
  select
    (select extversion from pg_catalog.pg_extension where extname = 'pgmq') as "extensionVersion",
    (select default_version from pg_catalog.pg_available_extensions where name = 'pgmq') as "availableVersion",
    n.oid is not null as "schemaExists",
    pg_catalog.obj_description(n.oid, 'pg_namespace') as "schemaComment",
    exists (select from pg_catalog.pg_class where relnamespace = n.oid)
      or exists (select from pg_catalog.pg_proc where pronamespace = n.oid) as "schemaInUse",
    exists (select from pg_catalog.pg_class where relnamespace = n.oid and relname = 'meta') as "metaExists",
    exists (select from pg_catalog.pg_class c join pg_catalog.pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = n.oid and c.relname = 'message_record' and a.attname = 'last_read_at') as "readTimeExists",
    coalesce((select array_agg(p.proname || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')')
      from pg_catalog.pg_proc p where p.pronamespace = n.oid), '{}') as functions,
    coalesce(pg_catalog.has_schema_privilege(n.oid, 'usage'), true) as "mayUse",
    pg_catalog.current_database() as database
  from (select pg_catalog.to_regnamespace('pgmq') as oid) as n`;

/**
 * Idempotent and atomic; joins the transaction of `client` when one is open. Several processes may call it at once.
 * Throws PGMQ_SCHEMA_FOREIGN, PGMQ_TOO_OLD, PGMQ_RIGHTS_MISSING, PGMQ_SQL_NOT_FOUND or a MESSAGING_* error, all of kind
 * `infrastructure`.
 */
export async function installPgmq(client: ClientBase): Promise<PgmqInstallation> {
  const before = await probe(client);
  const plan = planInstallation(before);
  if (plan.kind === 'refuse') throw plan.error;
  if (plan.kind === 'present') return { source: 'present', version: plan.version };
  const creation = plan.source === 'extension' ? 'create extension if not exists pgmq' : await sqlCreation();
  await runOnce(client, creation, before.database);
  const after = planInstallation(await probe(client));
  if (after.kind === 'refuse') throw after.error;
  if (after.kind === 'install') throw new TaskerError('PGMQ_INSTALL_FAILED', 'pgmq is still missing after its installation.');
  return { source: plan.source, version: after.version };
}

async function probe(client: ClientBase): Promise<PgmqProbe> {
  try {
    const [row] = (await client.query<PgmqProbe>(probeStatement)).rows;
    if (row === undefined) throw new TaskerError('PGMQ_PROBE_EMPTY', 'The server answered the question for pgmq with no row.');
    return row;
  } catch (thrown) {
    throw toPgmqError(thrown, []);
  }
}

/** Dollar quotes that the SQL of pgmq does not use. */
const blockTag = '$tasker_block$';
const creationTag = '$tasker_pgmq$';

/**
 * One DO block is atomic with or without a transaction around it. The lock and the second look make two installers at the
 * same time into one.
 */
async function runOnce(client: ClientBase, creation: string, database: string): Promise<void> {
  const block = `do ${blockTag} begin
    perform pg_advisory_xact_lock(hashtext('tasker.install_pgmq'));
    if to_regclass('pgmq.meta') is null then execute ${creationTag}${creation}${creationTag}; end if;
  end ${blockTag}`;
  try {
    await client.query(block);
  } catch (thrown) {
    if (!isRightsError(thrown)) throw toPgmqError(thrown, []);
    throw rightsMissing(thrown, `the right to create schemas: grant create on database "${database}" to it`);
  }
}

/** The official SQL, and the version as a comment on the schema, where the next call and an operator find it. */
async function sqlCreation(): Promise<string> {
  const official = await readOfficialSql();
  return `${official}\ncomment on schema pgmq is 'pgmq ${sqlVersion}, installed from SQL by tasker';`;
}

async function readOfficialSql(): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    const packageMain = createRequire(import.meta.url).resolve(sqlPackage);
    await list({
      file: join(dirname(packageMain), 'pgmq.tar.gz'),
      filter: (path) => path === sqlPath,
      onReadEntry: (entry) => void entry.on('data', (chunk) => chunks.push(chunk)),
    });
  } catch (thrown) {
    throw sqlNotFound(messageOf(thrown), thrown);
  }
  if (chunks.length === 0) throw sqlNotFound(`the archive has no ${sqlPath}`);
  return Buffer.concat(chunks).toString('utf8');
}

function sqlNotFound(found: string, cause?: unknown): TaskerError {
  const text = `Could not read the SQL of pgmq from ${sqlPackage} (${found}); install the dependencies, or pgmq as an extension.`;
  return new TaskerError('PGMQ_SQL_NOT_FOUND', text, { kind: 'infrastructure', ...(cause === undefined ? {} : { cause }) });
}
