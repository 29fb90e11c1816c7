// Replaces files all or none: new texts are staged beside the tree, a journal is the moment of decision, renames follow.
import {
  chmodSync,
  chownSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { cannotWrite, type DiskChange } from './apply-plan.ts';
import { hashOf } from './disk-texts.ts';
import { Refusal } from './refusal.ts';
import { reasonOf } from './refit-error.ts';

/** One change as the journal keeps it; paths relative to the root, so that a tree that was moved can be finished too. */
interface JournalEntry {
  readonly path: string;
  readonly deletes: boolean;
  readonly oldHash: string | null;
}

/** Where a run stands; what a test or a progress display may want to know. */
export type WriteMoment = 'staging' | 'staged' | 'decided' | 'replaced one' | 'replaced all';

export interface WriteWatch {
  readonly at?: (moment: WriteMoment) => void;
}

const SCHEMA = 'refit-journal/1';
const interrupts = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function stageFolder(root: string): string {
  return join(root, '.refit');
}

function journalPath(root: string): string {
  return join(stageFolder(root), 'journal.json');
}

function newPath(root: string, index: number): string {
  return join(stageFolder(root), 'new', String(index));
}

function oldPath(root: string, index: number): string {
  return join(stageFolder(root), 'old', String(index));
}

/** Writes a file so that it is on the disk when this returns. */
function writeThrough(path: string, bytes: Buffer | string): void {
  writeFileSync(path, bytes);
  const file = openSync(path, 'r+');
  fsyncSync(file);
  closeSync(file);
}

/** The new file has the mode and the owner of the one it replaces. */
function likeOld(staged: string, target: string): void {
  const old = statSync(target);
  chmodSync(staged, old.mode);
  const now = statSync(staged);
  if (now.uid !== old.uid || now.gid !== old.gid) chownSync(staged, old.uid, old.gid);
}

function ownerOf(root: string): number | undefined {
  const path = join(stageFolder(root), 'owner');
  const pid = existsSync(path) ? Number(readFileSync(path, 'utf8')) : Number.NaN;
  return Number.isInteger(pid) ? pid : undefined;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Takes the folder for this process: it appears with its owner in it, or not at all. */
function takeStage(root: string): void {
  const owner = ownerOf(root);
  if (owner !== undefined && owner !== process.pid && isRunning(owner)) {
    throw new Refusal(
      'REFIT_WRITE_BUSY',
      `Process ${String(owner)} is writing ${root} now. Wait for it, then run again. Nothing was written.`,
    );
  }
  finishInterrupted(root);
  try {
    makeStage(root);
  } catch (thrown) {
    throw cannotWrite('.refit', thrown);
  }
}

function makeStage(root: string): void {
  const mine = `${stageFolder(root)}-${String(process.pid)}`;
  rmSync(mine, { recursive: true, force: true });
  mkdirSync(join(mine, 'new'), { recursive: true });
  mkdirSync(join(mine, 'old'));
  writeFileSync(join(mine, '.gitignore'), '*\n');
  writeFileSync(join(mine, 'owner'), String(process.pid));
  renameSync(mine, stageFolder(root));
}

function stage(root: string, changes: readonly DiskChange[]): readonly JournalEntry[] {
  return changes.map((change, index) => {
    if (change.oldHash !== undefined) copyFileSync(change.path, oldPath(root, index));
    if (change.bytes !== undefined) {
      writeThrough(newPath(root, index), change.bytes);
      if (change.oldHash !== undefined) likeOld(newPath(root, index), change.path);
    }
    return { path: relative(root, change.path), deletes: change.bytes === undefined, oldHash: change.oldHash ?? null };
  });
}

function writeJournal(root: string, entries: readonly JournalEntry[]): void {
  const draft = `${journalPath(root)}.draft`;
  writeThrough(draft, `${JSON.stringify({ schema: SCHEMA, entries }, undefined, 2)}\n`);
  renameSync(draft, journalPath(root));
}

/** Carries one entry out; once more changes nothing. */
function replaceOne(root: string, entry: JournalEntry, index: number): void {
  const target = join(root, entry.path);
  if (entry.deletes) {
    rmSync(target, { force: true });
    return;
  }
  if (!existsSync(newPath(root, index))) return;
  mkdirSync(dirname(target), { recursive: true });
  renameSync(newPath(root, index), target);
}

/** Brings the old files back, from the last to the first. */
function undo(root: string, entries: readonly JournalEntry[]): void {
  for (const [index, entry] of [...entries.entries()].toReversed()) {
    const target = join(root, entry.path);
    const replaced = entry.deletes ? !existsSync(target) : !existsSync(newPath(root, index));
    if (!replaced) continue;
    if (entry.oldHash === null) rmSync(target, { force: true });
    else renameSync(oldPath(root, index), target);
  }
}

function removeStage(root: string): void {
  rmSync(journalPath(root), { force: true });
  rmSync(stageFolder(root), { recursive: true, force: true });
}

/** Runs `work` to its end although somebody presses Ctrl-C. */
function uninterrupted(work: () => void): void {
  const ignore = (): void => undefined;
  for (const signal of interrupts) process.on(signal, ignore);
  try {
    work();
  } finally {
    for (const signal of interrupts) process.off(signal, ignore);
  }
}

function decide(root: string, entries: readonly JournalEntry[], watch: WriteWatch): void {
  writeJournal(root, entries);
  watch.at?.('decided');
  try {
    for (const [index, entry] of entries.entries()) {
      replaceOne(root, entry, index);
      watch.at?.('replaced one');
    }
  } catch (thrown) {
    undo(root, entries);
    removeStage(root);
    throw new Refusal(
      'REFIT_WRITE_FAILED',
      `A file could not be replaced: ${reasonOf(thrown)}. All files are as they were.`,
      undefined,
      thrown,
    );
  }
  watch.at?.('replaced all');
  removeStage(root);
}

/**
 * Writes all changes or none. A process that dies before the journal is there leaves the old tree; after that the next
 * start finishes (`finishInterrupted`), and Ctrl-C waits until it is done.
 */
export function replaceFiles(root: string, changes: readonly DiskChange[], watch: WriteWatch = {}): void {
  takeStage(root);
  watch.at?.('staging');
  let entries: readonly JournalEntry[];
  try {
    entries = stage(root, changes);
  } catch (thrown) {
    removeStage(root);
    throw new Refusal(
      'REFIT_WRITE_FAILED',
      `The new texts could not be staged: ${reasonOf(thrown)}. Nothing was written.`,
      undefined,
      thrown,
    );
  }
  watch.at?.('staged');
  uninterrupted(() => decide(root, entries, watch));
}

function isEntry(value: unknown): value is JournalEntry {
  return typeof value === 'object' && value !== null && 'path' in value && 'deletes' in value && 'oldHash' in value;
}

function readJournal(root: string): readonly JournalEntry[] {
  const document: unknown = JSON.parse(readFileSync(journalPath(root), 'utf8'));
  const known = typeof document === 'object' && document !== null && 'schema' in document && document.schema === SCHEMA;
  const entries: unknown = known && 'entries' in document ? document.entries : undefined;
  if (Array.isArray(entries) && entries.every(isEntry)) return entries;
  throw new Refusal(
    'REFIT_JOURNAL',
    `${journalPath(root)} is not a journal of this version. Finish with the version that wrote it.`,
  );
}

/** A file that was edited after the interruption is nobody's to overwrite. */
function requireUntouched(root: string, entry: JournalEntry, index: number): void {
  const target = join(root, entry.path);
  if (!entry.deletes && !existsSync(newPath(root, index))) return; // replaced already
  const now = existsSync(target) ? hashOf(readFileSync(target)) : null;
  if (now === entry.oldHash || (entry.deletes && now === null)) return;
  throw new Refusal(
    'REFIT_JOURNAL_CONFLICT',
    `An interrupted run was to replace ${entry.path}, but it changed since. Its new text is ${relative(root, newPath(root, index))}, the old texts are in .refit/old. Put the file right by hand and delete ${stageFolder(root)}, or undo your change and run again.`,
    { path: entry.path, line: 1 },
  );
}

/** Whether an interrupted run has decided and not finished: the tree is half old, half new. */
export function isInterrupted(root: string): boolean {
  return existsSync(journalPath(root));
}

/** Finishes a run that was stopped between renames; clears away one that was stopped before. Answers what it did. */
export function finishInterrupted(root: string): 'finished' | 'cleared' | 'nothing' {
  if (!existsSync(stageFolder(root))) return 'nothing';
  if (!isInterrupted(root)) {
    removeStage(root);
    return 'cleared';
  }
  const entries = readJournal(root);
  for (const [index, entry] of entries.entries()) requireUntouched(root, entry, index);
  uninterrupted(() => {
    for (const [index, entry] of entries.entries()) replaceOne(root, entry, index);
    removeStage(root);
  });
  return 'finished';
}
