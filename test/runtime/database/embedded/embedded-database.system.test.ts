// The embedded server among processes: one for all, gone with the last, however each of them ends.
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../../src/domain/ports.ts';
import type { DatabaseLease } from '../../../../src/runtime/database/database-lease.ts';
import { openEmbeddedDatabase } from '../../../../src/runtime/database/embedded/embedded-database.ts';
import { firstClosedDirectory } from '../../../../src/runtime/database/embedded/reachable.ts';
import { runProgram } from '../../../../src/runtime/database/embedded/run-program.ts';
import { isAlive, readServerState, type ServerState } from '../../../../src/runtime/database/embedded/server-state.ts';
import { Supervisor } from '../../../../src/runtime/database/embedded/supervisor.ts';
import { holdDatabase } from '../held-client.ts';
import { recordingLogger } from '../recording-logger.ts';
import { until } from '../until.ts';

let base: string;
let home: string;
let prepared: string;

async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tasker-embedded-'));
  await chmod(folder, 0o755);
  return folder;
}

// initdb takes 0.7 s, a copy of what it made 0.1 s.
beforeAll(async () => {
  prepared = await openFolder();
  const lease = await open(prepared);
  const state = await readServerState(join(prepared, 'pg18'));
  await lease.close();
  if (state !== undefined) await untilGone(state);
});

afterAll(() => rm(prepared, { recursive: true, force: true }));

beforeEach(async () => {
  base = await openFolder();
  await runProgram('cp', ['-a', join(prepared, 'pg18'), base]);
  home = join(base, 'pg18');
});

afterEach(async () => {
  // Whatever a failed test left running ends here.
  const state = await readServerState(home);
  if (state !== undefined && isAlive(state.supervisorPid)) process.kill(state.supervisorPid, 'SIGTERM');
  if (state !== undefined) await untilGone(state);
  // The state file goes first: a server may still be writing its last checkpoint when nothing names it any more.
  await until('no server holds the data directory', async () => !(await isHeld()));
  await rm(base, { recursive: true, force: true });
});

/** Whether the server that `postmaster.pid` names still lives; the last thing a server removes is this file. */
async function isHeld(): Promise<boolean> {
  const text = await readFile(join(home, 'data', 'postmaster.pid'), 'utf8').catch(() => '');
  return text !== '' && isAlive(Number.parseInt(text, 10));
}

function open(dataDir = base, logger = silentLogger): Promise<DatabaseLease> {
  return openEmbeddedDatabase({ env: {}, dataDir, purpose: 'user', logger });
}

async function query(url: string, text: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

async function runningState(): Promise<ServerState> {
  const state = await readServerState(home);
  if (state === undefined) throw new Error(`no server.json in ${home}`);
  return state;
}

function untilGone({ postgresPid, supervisorPid }: ServerState): Promise<void> {
  return until('server and supervisor have gone', () => !isAlive(postgresPid) && !isAlive(supervisorPid));
}

describe('one server for all processes', () => {
  it('is started by the first, joined by the second, and stopped by the last', async () => {
    const first = await holdDatabase(base);
    const state = await runningState();
    const second = await holdDatabase(base);
    expect(second.url).toBe(first.url);
    expect(await first.leave()).toBe(0);
    expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect((await runningState()).postgresPid).toBe(state.postgresPid);
    expect(await second.leave()).toBe(0);
    await untilGone(state);
    expect(await readServerState(home)).toBeUndefined();
  });

  it('is one server when two processes start at the same moment on an empty directory', async () => {
    await rm(home, { recursive: true });
    const [first, second] = await Promise.all([holdDatabase(base), holdDatabase(base)]);
    expect(second.url).toBe(first.url);
    expect((await readdir(home)).filter((name) => name.startsWith('initdb-'))).toEqual([]);
    const state = await runningState();
    await Promise.all([first.leave(), second.leave()]);
    await untilGone(state);
  });

  it('keeps the data for the next start, and its settings are those of a durable server in UTC', async () => {
    const first = await open();
    await query(first.url, 'create table kept (id int); insert into kept values (7)');
    const state = await runningState();
    await first.close();
    await first.close();
    await untilGone(state);
    const second = await open();
    expect(await query(second.url, 'select id from kept')).toEqual([{ id: 7 }]);
    expect(
      await query(
        second.url,
        `select current_setting('fsync') as fsync, current_setting('timezone') as zone, current_setting('server_encoding') as encoding,
                current_setting('unix_socket_directories') as sockets, (select datcollate from pg_database where datname = 'tasker') as collate`,
      ),
    ).toEqual([{ fsync: 'on', zone: 'UTC', encoding: 'UTF8', sockets: '', collate: 'C' }]);
    expect((await stat(join(home, 'data/tasker-password'))).mode & 0o777).toBe(0o600);
    await second.close();
  });

  it('asks for its password', async () => {
    const lease = await open();
    const url = new URL(lease.url);
    url.password = 'guessed';
    await expect(query(url.toString(), 'select 1')).rejects.toThrow(/password authentication failed/);
    await lease.close();
  });

  it('is joined by a process that meets it while it stops', async () => {
    // Each round starts when the one before has just closed, at another moment of the grace and of the shutdown.
    for (let round = 0; round < 4; round += 1) {
      const lease = await open();
      expect(await query(lease.url, 'select 1 as one')).toEqual([{ one: 1 }]);
      await lease.close();
      if (round % 2 === 1) await until('the state file is removed', async () => (await readServerState(home)) === undefined);
    }
  });
});

describe('after SIGKILL', () => {
  it('of its only client the server stops', async () => {
    const client = await holdDatabase(base);
    const state = await runningState();
    await client.kill();
    await untilGone(state);
    expect(isAlive(state.postgresPid)).toBe(false);
  });

  it('of one client of two the other keeps its server', async () => {
    const [killed, kept] = [await holdDatabase(base), await holdDatabase(base)];
    const state = await runningState();
    await killed.kill();
    expect(await query(kept.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await kept.leave();
    await untilGone(state);
  });

  it('of the supervisor no server is left, the holder is told, and the next start works on the same data', async () => {
    const logger = recordingLogger();
    const lease = await open(base, logger);
    await query(lease.url, 'create table kept (id int)');
    const state = await runningState();
    process.kill(state.supervisorPid, 'SIGKILL');
    // Joins at once: the stale state is recognized and the dying server waited for.
    const next = await open();
    expect((await runningState()).postgresPid).not.toBe(state.postgresPid);
    expect(isAlive(state.postgresPid)).toBe(false);
    expect(await query(next.url, `select to_regclass('kept') is not null as kept`)).toEqual([{ kept: true }]);
    await until('the loss is logged', () => logger.lines.some((line) => line.startsWith('error the supervisor')));
    await lease.close();
    await next.close();
  });

  it('of the server it comes back on its port with every committed row', async () => {
    const lease = await open();
    await query(lease.url, 'create table kept (id int); insert into kept values (7)');
    const state = await runningState();
    process.kill(state.postgresPid, 'SIGKILL');
    await until('another server runs', async () => (await runningState()).postgresPid !== state.postgresPid);
    expect(await query(lease.url, 'select id from kept')).toEqual([{ id: 7 }]);
    await lease.close();
  });
});

describe('a server for tests', () => {
  it('lives in a directory of its own, trades durability for speed, and removes everything', async () => {
    const lease = await openEmbeddedDatabase({ env: {}, purpose: 'test', logger: silentLogger });
    const dataDir = lease.description.split('data in ')[1] ?? '';
    expect(
      await query(lease.url, `select current_setting('fsync') as fsync, current_setting('max_connections') as connections`),
    ).toEqual([{ fsync: 'off', connections: '300' }]);
    const testHome = join(dataDir, '..');
    expect(await readServerState(testHome)).toBeDefined();
    await lease.close();
    await until('the directory is removed', async () => (await stat(join(testHome, '..')).catch(() => undefined)) === undefined);
  });
});

describe('a start that fails', () => {
  it('carries the lines of the server and leaves no process', async () => {
    const lease = await open();
    const state = await runningState();
    await lease.close();
    await untilGone(state);
    await writeFile(join(home, 'data/postgresql.auto.conf'), "no_such_setting = 'x'\n");
    await expect(open()).rejects.toMatchObject({
      code: 'DATABASE_START_FAILED',
      kind: 'infrastructure',
      message: expect.stringMatching(/unrecognized configuration parameter "no_such_setting"/),
    });
    expect(await readFile(join(home, 'supervisor.log'), 'utf8')).toContain('no_such_setting');
    expect(await readServerState(home)).toBeUndefined();
  });

  it('says that the directory has the wrong mode', async () => {
    const lease = await open();
    const state = await runningState();
    await lease.close();
    await untilGone(state);
    await chmod(join(home, 'data'), 0o777);
    await expect(open()).rejects.toMatchObject({
      code: 'DATABASE_START_FAILED',
      message: expect.stringContaining('wrong owner or mode'),
    });
  });

  it('gives the hold back when the server cannot be used', async () => {
    const lease = await open();
    const state = await runningState();
    await lease.close();
    await untilGone(state);
    await writeFile(join(home, 'data/tasker-password'), 'another\n');
    await expect(open()).rejects.toMatchObject({ code: 'DATABASE_REFUSED' });
    // Its state file goes first, its pid file last.
    await until('the server has stopped', async () => !(await readdir(join(home, 'data'))).includes('postmaster.pid'));
  });
});

// Only root can give a directory or a process to another account.
describe.skipIf(process.getuid?.() !== 0)('under root', () => {
  it('refuses a directory that the account of the server cannot reach', async () => {
    const closed = join(base, 'closed');
    await mkdir(closed, { mode: 0o700 });
    await expect(open(join(closed, 'data'))).rejects.toMatchObject({
      code: 'DATABASE_START_FAILED',
      message: expect.stringContaining(`cannot enter ${closed}`),
    });
  });

  it('runs the server as the user postgres', async () => {
    const lease = await open();
    const { uid } = await stat(`/proc/${(await runningState()).postgresPid}`);
    expect(String(uid)).toBe((await runProgram('id', ['-u', 'postgres'])).stdout.trim());
    await lease.close();
  });

  it('a plain user needs no other account', async (ctx) => {
    const nobody = { uid: 65_534, gid: 65_534 };
    if ((await firstClosedDirectory(process.cwd(), nobody)) !== undefined)
      ctx.skip('not run: the user nobody cannot read this checkout');
    await rm(home, { recursive: true });
    await chmod(base, 0o777);
    const client = await holdDatabase(base, ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']);
    const state = await runningState();
    expect((await stat(`/proc/${state.postgresPid}`)).uid).toBe(nobody.uid);
    await client.kill();
    await untilGone(state);
  });
});

describe('a server whose supervisor runs in this process', () => {
  it('is joined like any other', async () => {
    const supervisors: Supervisor[] = [];
    const launch = (options: ConstructorParameters<typeof Supervisor>[0]) => {
      const supervisor = new Supervisor(options, () => undefined);
      supervisors.push(supervisor);
      return supervisor.start();
    };
    const lease = await openEmbeddedDatabase({ env: { TASKER_DATA_DIR: base }, purpose: 'test', logger: silentLogger, launch });
    expect(await query(lease.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await lease.close();
    expect(await supervisors[0]?.ended).toBe('the last client has gone');
    expect(supervisors).toHaveLength(1);
  });
});
