// The host that the compiler reads through: the disk with changed texts over it, and no way to write.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiskTexts } from '../../../codemods/kernel/disk-texts.ts';
import { OverlayFileSystem } from '../../../codemods/kernel/overlay-file-system.ts';

let root: string;
let host: OverlayFileSystem;

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'refit-overlay-')));
  mkdirSync(join(root, 'folder'));
  for (const name of ['kept.ts', 'gone.ts', 'edited.ts']) writeFileSync(join(root, name), `on disk: ${name}\n`);
  symlinkSync(join(root, 'kept.ts'), join(root, 'link.ts'));
  const texts = new Map<string, string | null>([
    [join(root, 'edited.ts'), 'edited\n'],
    [join(root, 'gone.ts'), null],
    [join(root, 'new/file.ts'), 'new\n'],
    [join(root, 'added.ts'), 'added\n'],
  ]);
  host = new OverlayFileSystem(texts, new DiskTexts());
});

afterAll(() => {
  rmSync(root, { recursive: true });
});

describe('the overlay file system', () => {
  it.each([
    ['kept.ts', 'on disk: kept.ts\n'],
    ['edited.ts', 'edited\n'],
    ['new/file.ts', 'new\n'],
  ])('reads %s', async (name, text) => {
    const path = join(root, name);
    expect([host.readFileSync(path), await host.readFile(path)]).toEqual([text, text]);
    expect([host.fileExistsSync(path), await host.fileExists(path)]).toEqual([true, true]);
  });

  it('does not find what the run deletes', async () => {
    const path = join(root, 'gone.ts');
    expect([host.fileExistsSync(path), await host.fileExists(path)]).toEqual([false, false]);
    expect(() => host.readFileSync(path)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });

  it('knows folders of the disk and those that only new files are in', async () => {
    expect(['folder', 'new', 'other'].map((name) => host.directoryExistsSync(join(root, name)))).toEqual([true, true, false]);
    expect(await host.directoryExists(`${join(root, 'new')}/`)).toBe(true);
  });

  it('lists a folder with what is new and without what is gone', () => {
    const found = host.readDirSync(root).map(({ name, isFile }) => `${name.slice(root.length + 1)} ${String(isFile)}`);
    expect(found.toSorted()).toEqual(['added.ts true', 'edited.ts true', 'folder false', 'kept.ts true', 'link.ts false']);
    expect(host.readDirSync(join(root, 'new')).map(({ name }) => name)).toEqual([join(root, 'new/file.ts')]);
    expect(host.readDirSync(join(root, 'nowhere'))).toEqual([]);
  });

  it('follows links of the disk, and takes what is in the overlay or nowhere as it is', () => {
    expect(host.realpathSync(join(root, 'link.ts'))).toBe(join(root, 'kept.ts'));
    for (const name of ['added.ts', 'nowhere.ts']) expect(host.realpathSync(join(root, name))).toBe(join(root, name));
    expect(host.getCurrentDirectory()).toBe(process.cwd());
    expect(host.isCaseSensitive()).toBe(true);
  });

  it('has no globs: the files of a project come from its tsconfig', async () => {
    expect(() => host.globSync()).toThrow(expect.objectContaining({ code: 'REFIT_NO_GLOB' }));
    await expect(host.glob()).rejects.toMatchObject({ code: 'REFIT_NO_GLOB' });
  });

  it.each(['deleteSync', 'writeFileSync', 'mkdirSync', 'moveSync', 'copySync'] as const)('refuses %s', (name) => {
    expect(() => host[name]('/a.ts')).toThrow(
      expect.objectContaining({ code: 'REFIT_DRY_FILE_SYSTEM', message: expect.stringContaining('/a.ts') }),
    );
  });

  it.each(['delete', 'writeFile', 'mkdir', 'move', 'copy'] as const)('refuses %s', async (name) => {
    await expect(host[name]('/a.ts')).rejects.toMatchObject({ code: 'REFIT_DRY_FILE_SYSTEM' });
  });
});
