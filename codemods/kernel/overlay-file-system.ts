// A file system that reads the disk through an overlay of changed texts and cannot write.
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { FileSystemHost, RuntimeDirEntry } from 'ts-morph';
import type { DiskTexts } from './disk-texts.ts';
import { RefitError } from './refit-error.ts';

/** The changed texts: a string is the file's new text, `null` says the file is gone. */
export type OverlayTexts = ReadonlyMap<string, string | null>;

function cannotWrite(path: string): never {
  throw new RefitError(
    'REFIT_DRY_FILE_SYSTEM',
    `Something tried to write ${path}; only the apply step writes. This is a bug of refit.`,
  );
}

/** The host ts-morph and the compiler read through. */
export class OverlayFileSystem implements FileSystemHost {
  readonly #texts: OverlayTexts;
  readonly #disk: DiskTexts;

  constructor(texts: OverlayTexts, disk: DiskTexts) {
    this.#texts = texts;
    this.#disk = disk;
  }

  isCaseSensitive(): boolean {
    return true;
  }

  readFileSync(path: string): string {
    const changed = this.#texts.get(path);
    if (changed === null) throw Object.assign(new Error(`ENOENT: ${path} is deleted by this run`), { code: 'ENOENT' });
    return changed ?? this.#disk.read(path);
  }

  async readFile(path: string): Promise<string> {
    return this.readFileSync(path);
  }

  fileExistsSync(path: string): boolean {
    const changed = this.#texts.get(path);
    if (changed !== undefined) return changed !== null;
    return this.#disk.isFile(path);
  }

  async fileExists(path: string): Promise<boolean> {
    return this.fileExistsSync(path);
  }

  directoryExistsSync(path: string): boolean {
    if (this.#disk.isFolder(path)) return true;
    const folder = path.endsWith('/') ? path : `${path}/`;
    return [...this.#texts].some(([file, text]) => text !== null && file.startsWith(folder));
  }

  async directoryExists(path: string): Promise<boolean> {
    return this.directoryExistsSync(path);
  }

  readDirSync(path: string): RuntimeDirEntry[] {
    const entries = new Map<string, RuntimeDirEntry>();
    const add = (name: string, isFile: boolean): void => {
      const full = resolve(path, name);
      entries.set(full, { name: full, isFile, isDirectory: !isFile, isSymlink: false });
    };
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
      for (const entry of readdirSync(path, { withFileTypes: true })) add(entry.name, entry.isFile());
    }
    for (const [file, text] of this.#texts) {
      if (dirname(file) !== path) continue;
      if (text === null) entries.delete(file);
      else add(file, true);
    }
    return [...entries.values()];
  }

  globSync(): string[] {
    throw new RefitError('REFIT_NO_GLOB', 'Files of a project come from its tsconfig, not from globs. This is a bug of refit.');
  }

  async glob(): Promise<string[]> {
    return this.globSync();
  }

  realpathSync(path: string): string {
    return this.#texts.has(path) || !existsSync(path) ? path : realpathSync(path);
  }

  getCurrentDirectory(): string {
    return process.cwd();
  }

  async delete(path: string): Promise<void> {
    cannotWrite(path);
  }
  deleteSync(path: string): void {
    cannotWrite(path);
  }
  async writeFile(path: string): Promise<void> {
    cannotWrite(path);
  }
  writeFileSync(path: string): void {
    cannotWrite(path);
  }
  async mkdir(path: string): Promise<void> {
    cannotWrite(path);
  }
  mkdirSync(path: string): void {
    cannotWrite(path);
  }
  async move(path: string): Promise<void> {
    cannotWrite(path);
  }
  moveSync(path: string): void {
    cannotWrite(path);
  }
  async copy(path: string): Promise<void> {
    cannotWrite(path);
  }
  copySync(path: string): void {
    cannotWrite(path);
  }
}
