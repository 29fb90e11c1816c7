// What a workspace's changes mean for the files on the disk, checked against the disk as it is now. Reads only.
import { accessSync, closeSync, constants, existsSync, openSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { hashOf } from './disk-texts.ts';
import { Refusal } from './refusal.ts';
import { RefitError, systemCodeOf } from './refit-error.ts';
import type { Workspace } from './workspace.ts';

/** One file to write or to delete. */
export interface DiskChange {
  /** Absolute, symbolic links resolved. */
  readonly path: string;
  /** Undefined: the file is deleted. */
  readonly bytes: Buffer | undefined;
  /** SHA-256 of what is there now; undefined when nothing is. */
  readonly oldHash: string | undefined;
}

function currentHash(path: string): string | undefined {
  try {
    return hashOf(readFileSync(path));
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'ENOENT') return undefined;
    throw new RefitError('REFIT_READ', `${path} cannot be read: ${String(systemCodeOf(thrown))}.`, {
      kind: 'infrastructure',
      cause: thrown,
    });
  }
}

/** Every file that was read is as it was: what was decided was decided on all of them. */
function requireUnchanged(workspace: Workspace): void {
  for (const [path, { hash }] of workspace.loaded) {
    const now = currentHash(path);
    if (now === hash) continue;
    const what = now === undefined ? 'was deleted' : 'changed';
    throw new Refusal(
      'REFIT_FILE_CHANGED',
      `${workspace.relative(path)} ${what} on disk since it was read. Nothing was written; run the command again on the files as they are now.`,
      { path: workspace.relative(path), line: 1 },
    );
  }
}

/** Whether most files of the kind that were read open with a byte order mark, so that a new one does too. */
function marksAreUsual(workspace: Workspace, path: string): boolean {
  const alike = [...workspace.loaded].filter(([other]) => extname(other) === extname(path));
  return alike.filter(([, file]) => file.byteOrderMark).length * 2 > alike.length;
}

function bytesOf(workspace: Workspace, path: string, text: string): Buffer {
  const loaded = workspace.loaded.get(path);
  if (loaded?.isUtf8 === false) {
    throw new Refusal(
      'REFIT_FILE_ENCODING',
      `${workspace.relative(path)} is not UTF-8, so writing it would change more than the edits. Convert it first. Nothing was written.`,
      { path: workspace.relative(path), line: 1 },
    );
  }
  return Buffer.from((loaded?.byteOrderMark ?? marksAreUsual(workspace, path)) ? `\uFEFF${text}` : text, 'utf8');
}

function changeOf(workspace: Workspace, path: string, text: string | null): DiskChange | undefined {
  const isThere = existsSync(path);
  if (!isThere && text === null) return undefined;
  if (isThere && !workspace.loaded.has(path)) {
    throw new Refusal('REFIT_FILE_CHANGED', `${workspace.relative(path)} was created on disk meanwhile. Nothing was written.`, {
      path: workspace.relative(path),
      line: 1,
    });
  }
  const real = isThere ? realpathSync(path) : path;
  const bytes = text === null ? undefined : bytesOf(workspace, path, text);
  const oldHash = currentHash(real);
  return bytes !== undefined && hashOf(bytes) === oldHash ? undefined : { path: real, bytes, oldHash };
}

/** The changes of a workspace that was loaded from the disk; refused when the disk is not as it was read. */
export function diskChanges(workspace: Workspace): readonly DiskChange[] {
  if (workspace.tsconfigs.length === 0) {
    throw new RefitError('REFIT_IN_MEMORY', 'A workspace in memory is on no disk. Load it from a tsconfig to write it.');
  }
  requireUnchanged(workspace);
  const changes = [...workspace.changes()].map(([path, text]) => changeOf(workspace, path, text));
  return changes.filter((change) => change !== undefined).toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function nearestFolder(path: string): string {
  let folder = dirname(path);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** A file, or the folder it is in, may not be written. */
export function cannotWrite(shown: string, cause: unknown): Refusal {
  const code = systemCodeOf(cause) ?? 'unknown';
  return new Refusal(
    'REFIT_NO_WRITE_PERMISSION',
    `${shown} cannot be written (${code}). Nothing was written; make it and its folder writable, or use --out.`,
    { path: shown, line: 1 },
    cause,
  );
}

/** Every file and its folder can be written, and lies on the disk of `root`, so that a rename replaces it at once. */
export function requireWritable(root: string, changes: readonly DiskChange[]): void {
  const disk = statSync(root).dev;
  for (const path of [join(root, '.refit'), ...changes.map((change) => change.path)]) {
    const shown = relative(root, path) || path;
    const folder = nearestFolder(path);
    try {
      accessSync(folder, constants.W_OK | constants.X_OK);
      if (existsSync(path) && statSync(path).isFile()) closeSync(openSync(path, 'r+')); // asks with the rights the write will have
    } catch (thrown) {
      throw cannotWrite(shown, thrown);
    }
    if (!statSync(folder).isDirectory()) throw cannotWrite(shown, Object.assign(new Error('not a folder'), { code: 'ENOTDIR' }));
    if (statSync(folder).dev !== disk) {
      throw new Refusal(
        'REFIT_OTHER_DISK',
        `${shown} is on another disk than ${root}, so it cannot be replaced at once. Use --out. Nothing was written.`,
      );
    }
  }
}
