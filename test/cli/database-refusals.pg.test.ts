// What the command line says of a database that it cannot use, and that commands that only read make nothing in it.
import { describe, expect, it, onTestFinished } from 'vitest';
import { emptyDatabase, useTestDatabase } from '../helpers/database.ts';
import { pretendToBe } from '../helpers/old-server.ts';
import { openQueries } from '../helpers/queries.ts';
import { documentOf, tasker } from './tasker-in-process.ts';

const database = useTestDatabase();

async function empty() {
  const made = await emptyDatabase();
  const queries = openQueries(made.url);
  onTestFinished(async () => {
    await queries.close();
    await made.drop();
  });
  return { url: made.url, queries };
}

function urlWith(change: (url: URL) => void): string {
  const url = new URL(database.url);
  change(url);
  return url.toString();
}

describe('a database that cannot be used', () => {
  it('is missing: exit code 3, with its name', async () => {
    const url = urlWith((each) => (each.pathname = '/no_such_database'));
    const ran = await tasker(['task', 'list', '--json', '--database-url', url]);
    expect(ran.code).toBe(3);
    expect(documentOf(ran)).toMatchObject({
      error: {
        code: 'DATABASE_MISSING',
        message: expect.stringMatching(/"no_such_database" does not exist\. Create the database/),
      },
    });
  });

  it('refuses the login: exit code 3, without the password', async () => {
    const url = urlWith((each) => {
      each.username = 'nobody_knows';
      each.password = 'hunter2';
    });
    const ran = await tasker(['task', 'list', '--database-url', url]);
    expect(ran).toMatchObject({ code: 3, stdout: '' });
    expect(ran.stderr).toMatch(/^tasker: DATABASE_REFUSED: .*"nobody_knows".*Check user and password/);
    expect(ran.stderr).not.toContain('hunter2');
  });

  it('is too old: exit code 3, with its version', async () => {
    const { url, queries } = await empty();
    await pretendToBe(queries, '140010', '14.10');
    const ran = await tasker(['migrate', '--database-url', url]);
    expect(ran).toMatchObject({ code: 3, stdout: '' });
    expect(ran.stderr).toMatch(/^tasker: DATABASE_TOO_OLD: .* is PostgreSQL 14\.10; tasker needs 15 or newer/);
  });
});

describe('a database without the schema', () => {
  const anything = '01234567-89ab-7def-8123-456789abcdef';

  it.each([
    [['task', 'list']],
    [['task', 'show', anything]],
    [['task', 'wait', anything]],
    [['task', 'cancel', anything]],
    [['step', 'retry', anything, 'a']],
    [['health']],
    [['doctor']],
  ])('is left as it is by %j, which says to migrate', async (argv) => {
    const { url, queries } = await empty();
    const ran = await tasker([...argv, '--database-url', url]);
    expect(ran).toMatchObject({ code: 3, stdout: '' });
    expect(ran.stderr).toMatch(/^tasker: SCHEMA_MISSING: .*Run `tasker migrate`\.\n$/);
    expect(
      await queries.rows(
        `select nspname from pg_namespace where nspname !~ '^pg_' and nspname not in ('public', 'information_schema')`,
      ),
    ).toEqual([]);
  });
});
