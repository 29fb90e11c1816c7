// openDatabase with a url against a real server: reachable, unreachable, wrong login, missing rights.
import { createServer } from 'node:net';
import pg from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { silentLogger } from '../../../src/domain/ports.ts';
import { freePort } from '../../../src/runtime/database/embedded/postgres-process.ts';
import { openDatabase, type DatabaseLease } from '../../../src/runtime/database/open-database.ts';
import { createDatabase } from '../../../src/store/postgres/server-administration.ts';
import { emptyDatabase } from '../../helpers/database.ts';

function open(databaseUrl: string): Promise<DatabaseLease> {
  return openDatabase({ databaseUrl, env: {}, purpose: 'test', logger: silentLogger });
}

describe('openDatabase with a url', () => {
  const server = inject('databaseServer');

  it('hands the url out with the version of its server', async () => {
    const lease = await open(server.url);
    expect(lease).toMatchObject({ url: server.url, kind: 'url', serverVersion: server.serverVersion });
    await lease.close();
  });

  it('says that nobody answers, where, and what to do', async () => {
    const port = await freePort();
    await expect(open(`postgres://someone:secret@127.0.0.1:${port}/work`)).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      kind: 'infrastructure',
      message: expect.stringMatching(`postgres://someone:\\*\\*\\*@127.0.0.1:${port}/work: .*ECONNREFUSED.*DATABASE_URL`),
    });
  });

  it('says the same when something else than PostgreSQL hangs up', async () => {
    const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => {
        const address = other.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    await expect(open(`postgres://someone@127.0.0.1:${port}/work`)).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
    other.close();
  });

  it('refuses a text that is not a url without printing it', async () => {
    await expect(open('postgres://user:pa ss@[nowhere/x')).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
  });

  it('names a database that does not exist', async () => {
    const url = new URL(server.url);
    url.pathname = '/no_such_database';
    await expect(open(url.toString())).rejects.toMatchObject({
      code: 'DATABASE_MISSING',
      message: expect.stringContaining('no_such_database'),
    });
  });

  it('refuses a role that may neither migrate nor create databases', async () => {
    const database = await emptyDatabase();
    const role = `${new URL(database.url).pathname.slice(1)}_reader`;
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    try {
      await admin.query(`create role ${role} login password 'reader'`);
      const url = new URL(database.url);
      url.username = role;
      url.password = 'reader';
      await expect(open(url.toString())).rejects.toMatchObject({
        code: 'DATABASE_RIGHTS_MISSING',
        message: expect.stringContaining('grant create'),
      });
      await expect(createDatabase(url.toString(), `${role}_db`)).rejects.toMatchObject({
        code: 'DATABASE_RIGHTS_MISSING',
        message: expect.stringContaining('createdb'),
      });
    } finally {
      await admin.query(`drop role ${role}`);
      await admin.end();
      await database.drop();
    }
  });
});
