// A database of its own for each test file: migrated or empty, dropped at the end, with a check for leaked connections.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, inject } from 'vitest';
import {
  createDatabase,
  dropDatabase,
  listConnections,
  type OpenConnection,
} from '../../src/store/postgres/server-administration.ts';

export interface TestDatabase {
  readonly url: string;
  /** Drops it; throws when someone is still connected, naming who. Safe twice. */
  drop(): Promise<void>;
}

/** A migrated database, copied from the template of the run. */
export function testDatabase(): Promise<TestDatabase> {
  return newDatabase(inject('databaseServer').template);
}

/** A database without the tasker schema, for tests of migrating. */
export function emptyDatabase(): Promise<TestDatabase> {
  return newDatabase();
}

/** For a test file: the database is there in its tests (not before them) and dropped, and checked for leaks, after them. */
export function useTestDatabase(): { readonly url: string } {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(async () => {
    await database?.drop();
  });
  return {
    get url() {
      if (database === undefined) throw new Error('the url of the test database is known in tests and hooks only');
      return database.url;
    },
  };
}

async function newDatabase(template?: string): Promise<TestDatabase> {
  const server = inject('databaseServer');
  const name = `${server.prefix}${randomBytes(6).toString('hex')}`;
  await createDatabase(server.url, name, template);
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  let dropped = false;
  return {
    url: url.toString(),
    async drop() {
      if (dropped) return;
      dropped = true;
      const leaked = await connectionsThatStay(server.url, name);
      await dropDatabase(server.url, name);
      if (leaked.length > 0) throw new Error(leakMessage(leaked));
    },
  };
}

// A client that has said goodbye is seen for some milliseconds more, until its backend has gone.
const goodbyeMs = 1_000;

async function connectionsThatStay(serverUrl: string, name: string): Promise<readonly OpenConnection[]> {
  const deadline = Date.now() + goodbyeMs;
  for (;;) {
    const open = await listConnections(serverUrl, name);
    if (open.length === 0 || Date.now() >= deadline) return open;
  }
}

export function leakMessage(leaked: readonly OpenConnection[]): string {
  const each = leaked.map(
    ({ applicationName, lastQuery }) =>
      `  ${applicationName === '' ? '(no application_name)' : applicationName}, last query: ${lastQuery}`,
  );
  return `${leaked.length} connection(s) to the test database were still open at the end of the file; close them in the tests:\n${each.join('\n')}`;
}
