// server.json: written whole, read with suspicion.
import fc from 'fast-check';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../until.ts';
import {
  isAlive,
  parseServerState,
  readServerState,
  removeServerState,
  writeServerState,
} from '../../../../src/runtime/database/embedded/server-state.ts';

const state = {
  supervisorPid: 10,
  postgresPid: 11,
  port: 5555,
  socket: { path: '/x/supervisor.sock' },
  startedAt: '2026-01-02T03:04:05.678Z',
};

describe('server.json', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'state-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  it('is read as it was written and leaves no draft behind', async () => {
    await writeServerState(home, state);
    expect(await readServerState(home)).toEqual(state);
    expect(await readdir(home)).toEqual(['server.json']);
    await removeServerState(home);
    await removeServerState(home);
    expect(await readServerState(home)).toBeUndefined();
  });

  it('counts as absent when it is torn', async () => {
    await writeFile(join(home, 'server.json'), JSON.stringify(state).slice(0, 40));
    expect(await readServerState(home)).toBeUndefined();
  });

  it('is never trusted half: any text parses to a whole state or to none', () => {
    const parts = fc.record(
      {
        supervisorPid: fc.oneof(fc.integer(), fc.string()),
        postgresPid: fc.oneof(fc.integer(), fc.constant(null)),
        port: fc.oneof(fc.integer(), fc.string()),
        socket: fc.oneof(
          fc.record({ path: fc.string() }),
          fc.record({ port: fc.integer() }),
          fc.record({ path: fc.integer() }),
          fc.string(),
        ),
        startedAt: fc.oneof(fc.string(), fc.integer()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(parts, fc.jsonValue()), (value) => {
        const parsed = parseServerState(JSON.stringify(value));
        if (parsed === undefined) return;
        expect(parsed).toEqual(value);
        expect(Object.keys(parsed).toSorted()).toEqual(['port', 'postgresPid', 'socket', 'startedAt', 'supervisorPid']);
      }),
    );
  });
});

// Elsewhere the state of a process is not read from /proc.
describe.skipIf(process.platform !== 'linux')('isAlive, of a process that has ended but is not reaped', () => {
  it('is false', async () => {
    // The shell becomes `sleep`, which never reaps the child that the shell had.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 61'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const [line] = await once(parent.stdout.setEncoding('utf8'), 'data');
      const zombie = Number(line);
      await until('the shell has become sleep', async () =>
        (await readFile(`/proc/${parent.pid}/cmdline`, 'utf8')).startsWith('sleep'),
      );
      expect(isAlive(zombie)).toBe(true);
      process.kill(zombie, 'SIGKILL');
      await until('it counts as gone', () => !isAlive(zombie));
      // It is still there as an entry: a signal can be addressed to it.
      expect(process.kill(zombie, 0)).toBe(true);
    } finally {
      parent.kill();
    }
  });
});

describe('isAlive', () => {
  it('knows this process and init, and misses one that cannot exist', () => {
    expect(isAlive(process.pid)).toBe(true);
    expect(isAlive(1)).toBe(true);
    // Above the largest pid of Linux (2^22).
    expect(isAlive(2 ** 22 + 1)).toBe(false);
  });
});
