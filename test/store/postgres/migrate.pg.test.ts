// Migrating a real database: once however many ask, all or nothing, and with an error that says what to do.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TaskerError } from '../../../src/domain/errors.ts';
import { installQueues } from '../../../src/messaging/providers/pgmq/install-queues.ts';
import { migrate, readMigrations } from '../../../src/store/postgres/migrate.ts';
import { emptyDatabase, type TestDatabase } from '../../helpers/database.ts';
import { pretendToBe } from '../../helpers/old-server.ts';
import { openQueries, type Queries } from '../../helpers/queries.ts';

describe('migrate', () => {
  let database: TestDatabase;
  let queries: Queries;
  let names: readonly string[];
  let role: string | undefined;

  beforeEach(async () => {
    database = await emptyDatabase();
    queries = openQueries(database.url);
    names = (await readMigrations()).map(({ name }) => name);
  });
  afterEach(async () => {
    if (role !== undefined) await queries.rows(`drop role ${role}`);
    role = undefined;
    await queries.close();
    await database.drop();
  });

  const applied = async () =>
    (await queries.rows<{ name: string }>('select name from tasker.schema_migrations order by version')).map(({ name }) => name);
  const failure = (attempt: Promise<unknown>) =>
    attempt.then(
      () => expect.unreachable('migrating should have failed'),
      (error: unknown) => (error instanceof TaskerError ? error : expect.unreachable(String(error))),
    );
  const schemas = async () =>
    (
      await queries.row<{ found: string[] }>(
        `select coalesce(array_agg(nspname::text order by nspname), '{}') as found from pg_namespace where nspname in ('tasker', 'pgmq')`,
      )
    ).found;

  /** The url of a new role that may log in and nothing else. */
  async function newcomer(): Promise<string> {
    role = `tasker_test_${new URL(database.url).pathname.slice(-12)}`;
    await queries.rows(`create role ${role} login password 'secret'`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'secret';
    return url.toString();
  }

  it('numbers its files from 1 without holes', async () => {
    const migrations = await readMigrations();
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
    for (const { name } of migrations) expect(name).toMatch(/^\d{6}-[a-z-]+\.sql$/);
  });

  it('refuses a server that is too old', async () => {
    await pretendToBe(queries, '140010', '14.10');
    expect(await failure(migrate(database.url, { installQueues }))).toMatchObject({
      code: 'DATABASE_TOO_OLD',
      kind: 'infrastructure',
      message: expect.stringMatching(/^the server is PostgreSQL 14\.10; tasker needs 15 or newer\. Upgrade the server/),
    });
    expect(await schemas()).toEqual([]);
  });

  it('changes nothing in a dry run and says what it would apply', async () => {
    expect(await migrate(database.url, { installQueues, dryRun: true })).toEqual({
      applied: names,
      alreadyThere: 0,
      queues: undefined,
    });
    expect(await schemas()).toEqual([]);
  });

  it('applies everything once when four clients migrate at the same moment', async () => {
    const reports = await Promise.all([1, 2, 3, 4].map(() => migrate(database.url, { installQueues })));
    expect(reports.filter((report) => report.applied.length > 0)).toEqual([
      { applied: names, alreadyThere: 0, queues: expect.stringMatching(/^pgmq \d/) },
    ]);
    expect(reports.filter((report) => report.alreadyThere === names.length)).toHaveLength(3);
    expect(await applied()).toEqual(names);
  });

  it('does nothing the second time', async () => {
    await migrate(database.url, { installQueues });
    const before = await queries.rows('select * from tasker.schema_migrations order by version');
    expect(await migrate(database.url, { installQueues })).toEqual({
      applied: [],
      alreadyThere: names.length,
      queues: undefined,
    });
    expect(await queries.rows('select * from tasker.schema_migrations order by version')).toEqual(before);
  });

  it('refuses a database whose migration had another text', async () => {
    await migrate(database.url, { installQueues });
    await queries.rows(`update tasker.schema_migrations set checksum = repeat('0', 64) where version = 2`);
    const error = await failure(migrate(database.url, { installQueues }));
    expect(error).toMatchObject({ code: 'MIGRATION_CHANGED', kind: 'infrastructure' });
    expect(error.message).toContain(names[1]);
    expect(error.message).toContain('000000000000…');
  });

  it('refuses a schema that is newer than itself', async () => {
    await migrate(database.url, { installQueues });
    await queries.rows(`insert into tasker.schema_migrations (version, name, checksum) values (999, '000999-future.sql', 'x')`);
    const error = await failure(migrate(database.url, { installQueues }));
    expect(error).toMatchObject({ code: 'SCHEMA_TOO_NEW', kind: 'infrastructure' });
    expect(error.message).toContain('999');
  });

  it('names the missing right of a role that may not create schemas, and leaves nothing behind', async () => {
    const error = await failure(migrate(await newcomer(), { installQueues }));
    expect(error).toMatchObject({ code: 'PGMQ_RIGHTS_MISSING', kind: 'infrastructure' });
    expect(error.message).toMatch(/grant create on database/);
    expect(await schemas()).toEqual([]);
  });

  it('names it also where only its own schema is missing', async () => {
    const ready = () => Promise.resolve({ source: 'present', version: '1.5.0' });
    const error = await failure(migrate(await newcomer(), { installQueues: ready }));
    expect(error).toMatchObject({ code: 'DATABASE_RIGHTS_MISSING', kind: 'infrastructure' });
    expect(error.message).toMatch(/permission denied for database .*grant create on database/);
    expect(await schemas()).toEqual([]);
  });

  it('names the missing right of a role that may not read an existing schema', async () => {
    await migrate(database.url, { installQueues });
    const error = await failure(migrate(await newcomer(), { installQueues }));
    expect(error).toMatchObject({ code: 'DATABASE_RIGHTS_MISSING', kind: 'infrastructure' });
  });

  it('says that no server answers', async () => {
    const error = await failure(migrate('postgres://nobody@127.0.0.1:1/none', { installQueues }));
    expect(error).toMatchObject({ code: 'DATABASE_UNREACHABLE', kind: 'infrastructure' });
    expect(error.message).toContain('postgres://nobody@127.0.0.1:1/none');
  });

  it('says the same of a text that is no url', async () => {
    expect(await failure(migrate('postgres://%', { installQueues }))).toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      kind: 'infrastructure',
    });
  });

  it('keeps nothing of a migration that fails, and goes on from there when the obstacle is gone', async () => {
    await queries.rows('create schema tasker');
    await queries.rows('create view tasker.workflow_step_transition_log as select 1 as obstacle');
    const error = await failure(migrate(database.url, { installQueues }));
    expect(error).toMatchObject({ code: 'MIGRATION_FAILED', kind: 'infrastructure' });
    expect(error.message).toContain(names[1]);
    expect(await applied()).toEqual(names.slice(0, 1));
    // The view that stands before the obstacle in the same file.
    expect(await queries.row(`select to_regclass('tasker.task_transition_log') as found`)).toEqual({ found: null });
    await queries.rows('drop view tasker.workflow_step_transition_log');
    expect(await migrate(database.url, { installQueues })).toMatchObject({ applied: names.slice(1), alreadyThere: 1 });
  });
});
