// Writes a workspace's changes: into the tree it was loaded from, or into a copy of it. All of them or none.
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { finishInterrupted, isInterrupted, replaceFiles, type WriteWatch } from './apply-journal.ts';
import { type DiskChange, diskChanges, requireWritable } from './apply-plan.ts';
import { RefitError } from './refit-error.ts';
import { Refusal } from './refusal.ts';
import type { Workspace } from './workspace.ts';

export type { WriteMoment, WriteWatch } from './apply-journal.ts';

export interface WriteTarget extends WriteWatch {
  /** A folder that is not there yet, or empty: the copy. Undefined: the tree itself. */
  readonly out?: string;
}

/** What was written, relative to the workspace's root. */
export interface WriteRecord {
  readonly written: readonly string[];
  readonly deleted: readonly string[];
}

/** Not part of a copy: what tools bring and write. */
const notCopied: ReadonlySet<string> = new Set(['node_modules', '.git', '.refit']);

function recordOf(root: string, changes: readonly DiskChange[]): WriteRecord {
  const names = (list: readonly DiskChange[]): readonly string[] =>
    list.map((change) => relative(root, change.path).replaceAll('\\', '/'));
  return {
    written: names(changes.filter((change) => change.bytes !== undefined)),
    deleted: names(changes.filter((change) => change.bytes === undefined)),
  };
}

function requireFreshFolder(out: string): void {
  if (!existsSync(out) || readdirSync(out).length === 0) return;
  throw new RefitError(
    'REFIT_OUT_EXISTS',
    `${out} is there already and not empty. Remove it, or give --out another folder. Nothing was written.`,
  );
}

function requireInside(root: string, changes: readonly DiskChange[]): void {
  const outside = changes.find((change) => relative(root, change.path).startsWith('..'));
  if (outside === undefined) return;
  throw new Refusal(
    'REFIT_OUT_ROOT',
    `${outside.path} is changed, but lies outside of ${root}, which is what is copied. Give --root a folder that holds both.`,
  );
}

/** Left out of a copy, the record of the run that writes it too. */
function isCopied(path: string): boolean {
  return !notCopied.has(basename(path)) && !basename(path).endsWith('.refit-run');
}

/** The copy grows beside its place and appears there by one rename. */
function writeCopy(root: string, out: string, changes: readonly DiskChange[]): void {
  requireFreshFolder(out);
  requireInside(root, changes);
  const partial = `${out}.refit-partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(dirname(out), { recursive: true });
  const skipped = new Set([resolve(out), resolve(partial)]);
  for (const name of readdirSync(root)) {
    const keep = (path: string): boolean => isCopied(path) && !skipped.has(resolve(path));
    if (keep(join(root, name)))
      cpSync(join(root, name), join(partial, name), { recursive: true, filter: keep, verbatimSymlinks: true });
  }
  for (const change of changes) {
    const target = join(partial, relative(root, change.path));
    if (change.bytes === undefined) rmSync(target);
    else {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, change.bytes);
    }
  }
  renameSync(partial, out);
}

/** The folders at or above the given ones in which an interrupted run decided and did not finish. */
function interruptedRoots(folders: readonly string[]): readonly string[] {
  const roots = new Set<string>();
  for (const folder of folders) {
    let at = resolve(folder);
    while (!roots.has(at)) {
      if (isInterrupted(at)) roots.add(at);
      if (dirname(at) === at) break;
      at = dirname(at);
    }
  }
  return [...roots];
}

/** Finishes what interrupted runs left half done at or above the given folders; before a project is loaded to be written. */
export function finishInterruptedRuns(folders: readonly string[]): void {
  for (const root of interruptedRoots(folders)) finishInterrupted(root);
}

/** Refuses a tree that an interrupted run left half old, half new; nothing read from it would be true. */
export function requireWholeTree(folders: readonly string[]): void {
  const [root] = interruptedRoots(folders);
  if (root === undefined) return;
  throw new Refusal(
    'REFIT_INTERRUPTED',
    `An earlier run was stopped while it replaced files of ${root}, so some are old and some new. Run a command with --write to finish it first.`,
  );
}

/** Writes the changes; refused, with nothing written, when a file changed on disk since it was read or cannot be written. */
export function applyToDisk(workspace: Workspace, target: WriteTarget = {}): WriteRecord {
  const { root } = workspace;
  if (target.out !== undefined) {
    const changes = diskChanges(workspace);
    writeCopy(root, resolve(target.out), changes);
    return recordOf(root, changes);
  }
  const changes = diskChanges(workspace);
  if (changes.length === 0) return recordOf(root, changes);
  requireWritable(root, changes);
  replaceFiles(root, changes, target);
  return recordOf(root, changes);
}
