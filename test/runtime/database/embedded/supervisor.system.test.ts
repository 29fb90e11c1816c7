// The supervisor in this process: who it starts for, when it stops, what it does when its server dies.
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { prepareDataDirectory, serverHome } from '../../../../src/runtime/database/embedded/data-directory.ts';
import { freePort } from '../../../../src/runtime/database/embedded/postgres-process.ts';
import { runningPostmaster } from '../../../../src/runtime/database/embedded/postmaster-file.ts';
import { runProgram } from '../../../../src/runtime/database/embedded/run-program.ts';
import { resolveServerAccount } from '../../../../src/runtime/database/embedded/server-account.ts';
import { findBinaries, prepareBinaries } from '../../../../src/runtime/database/embedded/server-binaries.ts';
import {
  isAlive,
  readServerState,
  writeServerState,
  type ServerState,
} from '../../../../src/runtime/database/embedded/server-state.ts';
import { holdServer, joinServer, launchSupervisor } from '../../../../src/runtime/database/embedded/supervisor-client.ts';
import { Supervisor, type SupervisorOptions } from '../../../../src/runtime/database/embedded/supervisor.ts';
import { until } from '../until.ts';

const setpriv = existsSync('/usr/bin/setpriv') ? '/usr/bin/setpriv' : undefined;
let prepared: string;
let base: string;
let defaults: SupervisorOptions;
const started: Supervisor[] = [];

beforeAll(async () => {
  prepared = await mkdtemp(join(tmpdir(), 'tasker-supervisor-'));
  await chmod(prepared, 0o755);
  const account = await resolveServerAccount(process.getuid?.(), runProgram);
  const binaries = await prepareBinaries(await findBinaries(), { account });
  const bin = (name: string): string => join(binaries.directory, 'bin', name);
  const place = serverHome(prepared, binaries.major);
  await prepareDataDirectory({ place, major: binaries.major, initdb: bin('initdb'), account, durable: false, run: runProgram });
  defaults = { ...place, binary: bin('postgres'), settings: ['fsync=off'], account, setpriv, graceMs: 50 };
});

afterAll(() => rm(prepared, { recursive: true, force: true }));

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'tasker-supervisor-'));
  await chmod(base, 0o755);
  await runProgram('cp', ['-a', defaults.home, base]);
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((supervisor) => supervisor.stop('the test is over')));
  await rm(base, { recursive: true, force: true });
});

function options(changes: Partial<SupervisorOptions> = {}): SupervisorOptions {
  return { ...defaults, ...serverHome(base, 18), ...changes };
}

function supervise(changes: Partial<SupervisorOptions> = {}) {
  const lines: string[] = [];
  const supervisor = new Supervisor(options(changes), (line) => lines.push(line));
  started.push(supervisor);
  return { supervisor, lines };
}

async function ready(supervisor: Supervisor): Promise<ServerState> {
  const start = await supervisor.start();
  if (start.kind !== 'ready') throw new Error(`${start.kind}: ${start.lines.join('\n')}`);
  return start.state;
}

describe('stopping', () => {
  it('happens when no client comes', async () => {
    const { supervisor } = supervise({ graceMs: 5 });
    const state = await ready(supervisor);
    expect(await supervisor.ended).toBe('the last client has gone');
    expect(isAlive(state.postgresPid)).toBe(false);
    expect(await readServerState(options().home)).toBeUndefined();
  });

  it('does not happen while a successor comes within the grace', async () => {
    const { supervisor } = supervise({ graceMs: 60_000 });
    await ready(supervisor);
    const { home } = options();
    const first = await joinServer(home);
    await first?.release();
    const second = await joinServer(home);
    expect(second?.state).toEqual(first?.state);
    await supervisor.stop('asked');
    await supervisor.stop('asked again');
    expect(await supervisor.ended).toBe('asked');
    // The holder sees the end of its hold.
    await second?.ended;
    expect(await joinServer(home)).toBeUndefined();
  });

  it('removes the directory of a server for tests', async () => {
    const { supervisor } = supervise({ removeAtEnd: base });
    await ready(supervisor);
    await supervisor.stop('asked');
    expect(await stat(base).catch(() => undefined)).toBeUndefined();
  });
});

describe('a server that dies', () => {
  it('is restarted on its port five times a minute, then given up', async () => {
    const { supervisor, lines } = supervise({ graceMs: 60_000 });
    const { port, postgresPid } = await ready(supervisor);
    const { home } = options();
    let pid = postgresPid;
    for (let restart = 1; restart <= 5; restart += 1) {
      process.kill(pid, 'SIGKILL');
      await until('it runs again', async () => ((await readServerState(home))?.postgresPid ?? pid) !== pid);
      const state = await readServerState(home);
      expect(state?.port).toBe(port);
      pid = state?.postgresPid ?? 0;
    }
    process.kill(pid, 'SIGKILL');
    expect(await supervisor.ended).toBe('the server ended 6 times within a minute');
    expect(lines.filter((line) => line.startsWith('the server ended unasked'))).toHaveLength(6);
  });

  it('is given up when it cannot be restarted', async () => {
    const { supervisor } = supervise({ graceMs: 60_000 });
    const { postgresPid } = await ready(supervisor);
    await writeFile(join(options().dataDir, 'postgresql.auto.conf'), "no_such_setting = 'x'\n");
    process.kill(postgresPid, 'SIGKILL');
    expect(await supervisor.ended).toMatch(/^the server could not be restarted: /);
  });
});

describe('a start that cannot succeed', () => {
  it('is busy when another supervisor owns the directory, which stays as it is', async () => {
    const owner = supervise({ graceMs: 60_000 });
    const state = await ready(owner.supervisor);
    const other = await supervise().supervisor.start();
    expect(other).toMatchObject({ kind: 'busy' });
    expect(await readServerState(options().home)).toEqual(state);
  });

  it('fails with the lines of the server when its fixed port is taken', async () => {
    const taken = await listenSomewhere();
    const start = await supervise({ port: taken.port }).supervisor.start();
    expect(start.kind === 'failed' ? start.lines.join('\n') : start).toMatch(
      /could not bind IPv4 address "127.0.0.1": Address already in use/,
    );
    taken.server.close();
  });

  it('fails with the reason when the program cannot be run', async () => {
    const start = await supervise({ binary: join(base, 'no-such-postgres'), setpriv: undefined }).supervisor.start();
    expect(start.kind === 'failed' ? start.lines.join('\n') : start).toContain('ENOENT');
  });

  it('stops the server again when the door cannot be opened', async () => {
    // A directory in the place of the socket cannot be replaced by one.
    await runProgram('mkdir', ['-p', join(options().home, 'supervisor.sock/x')]);
    const { supervisor } = supervise();
    expect(await supervisor.start()).toMatchObject({ kind: 'failed' });
    expect(await runningPostmaster(options().dataDir)).toBeUndefined();
  });
});

describe('a stale trace of an earlier server', () => {
  it('in server.json whose port belongs to another program is not joined', async () => {
    const other = await listenSomewhere((socket) => socket.end('220 mail.example\r\n'));
    const stale = {
      supervisorPid: 2 ** 22 + 1,
      postgresPid: 2 ** 22 + 1,
      port: 1,
      socket: { port: other.port },
      startedAt: 'long ago',
    };
    await writeServerState(options().home, stale);
    expect(await joinServer(options().home)).toBeUndefined();
    const hold = await holdServer({ supervisor: options(), launch: (given) => supervise(given).supervisor.start() });
    expect(hold.state.supervisorPid).toBe(process.pid);
    await hold.release();
    other.server.close();
  });

  it('in postmaster.pid whose pid belongs to another program does not keep the server from starting', async () => {
    const { dataDir, account } = options();
    // This process is no postgres; PostgreSQL alone would believe it were one.
    const file = join(dataDir, 'postmaster.pid');
    await writeFile(file, `${process.ppid}\n${dataDir}\n`);
    if (account !== undefined) await runProgram('chown', [`${account.uid}:${account.gid}`, file]);
    expect(await runningPostmaster(dataDir)).toBeUndefined();
    await ready(supervise().supervisor);
  });

  it('is asked to stop when it is a server whose supervisor has died, where no kernel does that', async () => {
    const owner = supervise({ graceMs: 60_000, setpriv: undefined });
    const state = await ready(owner.supervisor);
    // As after SIGKILL of its supervisor: nobody answers, and the state names a dead one.
    await writeServerState(options().home, { ...state, supervisorPid: 2 ** 22 + 1, socket: { path: join(base, 'nobody.sock') } });
    const hold = await holdServer({ supervisor: options(), launch: (given) => supervise(given).supervisor.start() });
    expect(hold.state.postgresPid).not.toBe(state.postgresPid);
    await hold.release();
  });
});

describe('a socket path that is too long', () => {
  it('is replaced by a port of 127.0.0.1', async () => {
    const home = join(base, 'x'.repeat(120));
    await runProgram('mv', [options().home, home]);
    const { supervisor } = supervise({ home, dataDir: join(home, 'data') });
    const state = await ready(supervisor);
    expect(state.socket).toEqual({ port: expect.any(Number) });
    const hold = await joinServer(home);
    expect(hold?.state).toEqual(state);
    await hold?.release();
    expect(await supervisor.ended).toBe('the last client has gone');
  });
});

describe('holding', () => {
  it('gives up with the reason when the directory stays busy', async () => {
    const owner = supervise({ graceMs: 60_000 });
    await ready(owner.supervisor);
    await rm(join(options().home, 'server.json'));
    await expect(holdServer({ supervisor: options(), timeoutMs: 100 })).rejects.toMatchObject({
      code: 'DATABASE_START_FAILED',
      message: expect.stringContaining('another server already runs on the data directory'),
    });
  });

  it('tries again when another supervisor was faster', async () => {
    let launches = 0;
    const launch = (given: SupervisorOptions): ReturnType<Supervisor['start']> => {
      launches += 1;
      return launches === 1
        ? Promise.resolve({ kind: 'busy', lines: ['lock file "postmaster.pid" already exists'] })
        : supervise(given).supervisor.start();
    };
    const hold = await holdServer({ supervisor: options(), launch });
    expect(launches).toBe(2);
    await hold.release();
  });

  it('reports what kept the process of the supervisor from starting the server', async () => {
    const lost = { ...options(), dataDir: join(base, 'nothing-here') };
    expect(await launchSupervisor(lost)).toMatchObject({ kind: 'failed' });
  });

  it('is not offered to a client that comes while the server stops', async () => {
    const { supervisor } = supervise({ graceMs: 60_000 });
    const state = await ready(supervisor);
    if (!('path' in state.socket)) throw new Error('expected a unix socket');
    const late = connect(state.socket.path);
    const stopped = supervisor.stop('asked');
    late.on('error', () => undefined);
    const data: unknown[] = [];
    late.on('data', (chunk) => data.push(chunk));
    await once(late, 'close');
    expect(data).toEqual([]);
    await stopped;
  });
});

function listenSomewhere(answer: (socket: Socket) => void = () => undefined): Promise<{ server: Server; port: number }> {
  return new Promise((resolve) => {
    const server = createServer(answer);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : 0 });
    });
  });
}

it('finds a port that can be bound', async () => {
  const port = await freePort();
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  server.close();
  expect(port).toBeGreaterThan(0);
});
