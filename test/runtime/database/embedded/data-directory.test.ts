// The data directory: where it is, and that it comes into being whole or not at all.
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  chooseDataDir,
  prepareDataDirectory,
  serverHome,
  type DataDirectoryOptions,
} from '../../../../src/runtime/database/embedded/data-directory.ts';
import type { ProgramResult, RunProgram } from '../../../../src/runtime/database/embedded/run-program.ts';

describe('chooseDataDir', () => {
  it.each([
    ['/given', { TASKER_DATA_DIR: '/named', HOME: '/home/a' }, 0, '/given'],
    [undefined, { TASKER_DATA_DIR: '/named', HOME: '/home/a' }, 0, '/named'],
    ['', { TASKER_DATA_DIR: '', HOME: '/home/a' }, 1000, '/home/a/.tasker'],
    [undefined, { HOME: '/root' }, 0, '/var/lib/tasker'],
    [undefined, { HOME: '/home/a' }, undefined, '/home/a/.tasker'],
  ])('option %j, environment %j, uid %s: %s', (option, env, uid, expected) => {
    expect(chooseDataDir(option, env, uid)).toBe(expected);
  });

  it('puts the major version into the path', () => {
    expect(serverHome('/base', 18)).toEqual({ home: '/base/pg18', dataDir: '/base/pg18/data' });
  });
});

describe('prepareDataDirectory', () => {
  let base: string;
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'data-'));
    await chmod(base, 0o755);
  });
  afterEach(() => rm(base, { recursive: true }));

  /** Does what initdb does as far as this module sees it. */
  const initdb: RunProgram = async (_program, args) => {
    const target = args[args.indexOf('-D') + 1] ?? '';
    await writeFile(join(target, 'PG_VERSION'), '18\n');
    return { exitCode: 0, stdout: '', stderr: '' };
  };
  const failing =
    (result: Partial<ProgramResult>): RunProgram =>
    () =>
      Promise.resolve({ exitCode: 1, stdout: '', stderr: '', ...result });
  const options = (changes: Partial<DataDirectoryOptions> = {}): DataDirectoryOptions => ({
    place: serverHome(base, 18),
    major: 18,
    initdb: '/pg/bin/initdb',
    durable: false,
    run: initdb,
    ...changes,
  });

  it('is made once, with a password that is kept', async () => {
    const password = await prepareDataDirectory(options());
    expect(password).toMatch(/^[\w-]{32}$/);
    expect(await prepareDataDirectory(options({ run: failing({ stderr: 'not to be called' }) }))).toBe(password);
    expect(await readdir(join(base, 'pg18'))).toEqual(['data']);
  });

  it('is made once when two processes start at the same moment', async () => {
    const [first, second] = await Promise.all([prepareDataDirectory(options()), prepareDataDirectory(options())]);
    expect(second).toBe(first);
    expect(await readdir(join(base, 'pg18'))).toEqual(['data']);
  });

  it.each([
    [true, undefined, '/pg/bin/initdb', false],
    [false, '/usr/bin/setpriv', '/usr/bin/setpriv', true],
  ])('durable %s, setpriv %s: runs %s, no-sync %s', async (durable, setpriv, program, noSync) => {
    let ran: readonly string[] = [];
    const run: RunProgram = (name, args) => {
      ran = [name, ...args];
      return initdb(name, args);
    };
    await prepareDataDirectory(options({ durable, setpriv, run }));
    expect(ran[0]).toBe(program);
    expect(ran.includes('--no-sync')).toBe(noSync);
    expect(ran).toEqual(expect.arrayContaining(['--locale=C', '--encoding=UTF8', '--auth=scram-sha-256']));
  });

  it('leaves nothing behind when initdb fails, and shows what it wrote', async () => {
    const run = failing({
      stdout: 'creating subdirectories ... ',
      stderr: 'initdb: error: could not write: No space left on device',
    });
    await expect(prepareDataDirectory(options({ run }))).rejects.toMatchObject({
      code: 'DATABASE_START_FAILED',
      message: expect.stringMatching(/\(initdb\): the disk is full[^]*could not write: No space left on device/),
    });
    expect(await readdir(join(base, 'pg18'))).toEqual([]);
  });

  it('sweeps away what killed processes left, and only that', async () => {
    await mkdir(join(base, 'pg18'));
    const alive = `initdb-${process.pid}-x`;
    for (const name of ['initdb-4194305-x', 'initdb-4194305-x.pw', alive, 'supervisor.log'])
      await writeFile(join(base, 'pg18', name), '');
    await prepareDataDirectory(options());
    expect((await readdir(join(base, 'pg18'))).toSorted()).toEqual(['data', alive, 'supervisor.log'].toSorted());
  });

  it('refuses the directory of another major version', async () => {
    await mkdir(join(base, 'pg18/data'), { recursive: true });
    await writeFile(join(base, 'pg18/data/PG_VERSION'), '16\n');
    await expect(prepareDataDirectory(options())).rejects.toMatchObject({
      code: 'DATABASE_START_FAILED',
      message: expect.stringMatching(/another major version of PostgreSQL[^]*version 16, this server is version 18/),
    });
    expect(await readFile(join(base, 'pg18/data/PG_VERSION'), 'utf8')).toBe('16\n');
  });

  it('refuses a data directory that it did not make', async () => {
    await mkdir(join(base, 'pg18/data'), { recursive: true });
    await writeFile(join(base, 'pg18/data/PG_VERSION'), '18\n');
    await expect(prepareDataDirectory(options())).rejects.toMatchObject({
      code: 'DATABASE_START_FAILED',
      message: expect.stringContaining('that tasker did not make'),
    });
  });

  it('says that a path leads through a file', async () => {
    await writeFile(join(base, 'file'), '');
    await expect(prepareDataDirectory(options({ place: serverHome(join(base, 'file'), 18) }))).rejects.toMatchObject({
      code: 'DATABASE_START_FAILED',
      message: expect.stringContaining('leads through a file'),
    });
    await mkdir(join(base, 'pg18'));
    await writeFile(join(base, 'pg18/data'), '');
    await expect(prepareDataDirectory(options())).rejects.toMatchObject({ code: 'DATABASE_START_FAILED' });
  });

  it('says which directory keeps the account of the server out, and makes nothing there', async () => {
    await chmod(base, 0o700);
    const place = serverHome(join(base, 'deep/er'), 18);
    await expect(prepareDataDirectory(options({ place, account: { uid: 64_123, gid: 64_123 } }))).rejects.toMatchObject({
      code: 'DATABASE_START_FAILED',
      message: expect.stringMatching(`permission was denied[^]*cannot enter ${base}`),
    });
    expect(await readdir(base)).toEqual([]);
  });

  it('takes away what a strict umask has closed', async () => {
    const before = process.umask(0o077);
    try {
      const place = serverHome(join(base, 'deep/er'), 18);
      await expect(prepareDataDirectory(options({ place, account: { uid: 64_123, gid: 64_123 } }))).rejects.toMatchObject({
        code: 'DATABASE_START_FAILED',
        message: expect.stringContaining(`cannot enter ${join(base, 'deep')}`),
      });
      expect(await readdir(base)).toEqual([]);
    } finally {
      process.umask(before);
    }
  });

  // Only Linux has /proc, a file system in which even root makes no directory.
  it.runIf(process.platform === 'linux')('ends at once where the file system lets nobody make a directory', async () => {
    await expect(prepareDataDirectory(options({ place: serverHome('/proc/tasker', 18) }))).rejects.toMatchObject({
      code: 'DATABASE_START_FAILED',
      message: expect.stringMatching(/its file system lets nobody make a directory there[^]*ENOENT/),
    });
  });
});
