// Replacing files with a journal: a process may be killed or interrupted at any moment, the tree is the old or the new one.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
import { finishInterrupted, isInterrupted, replaceFiles } from '../../../codemods/kernel/apply-journal.ts';
import { finishInterruptedRuns, requireWholeTree } from '../../../codemods/kernel/apply-to-disk.ts';

const made: string[] = [];
afterAll(() => {
  for (const root of made) rmSync(root, { recursive: true, force: true });
});

const oldTree = { 'a.ts': 'old a\n', 'b.ts': 'old b\n', 'other.ts': 'other\n' };
const newTree = { 'a.ts': 'new a\n', 'deep/folder/c.ts': 'new c\n', 'other.ts': 'other\n' };

function folder(): string {
  const root = mkdtempSync(join(tmpdir(), 'refit-journal-'));
  made.push(root);
  for (const [path, text] of Object.entries(oldTree)) writeFileSync(join(root, path), text);
  return root;
}

/** The files but those of the journal. */
function treeOf(root: string): Readonly<Record<string, string>> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)).toSorted();
  return Object.fromEntries(
    paths.filter((path) => !path.startsWith('.refit')).map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  );
}

/** Replaces the files in another process, which sends itself the signal at the moment. */
function interrupted(
  root: string,
  moment: string,
  times: number,
  signal: string,
): { readonly signal: string | null; readonly out: string } {
  const script = join(import.meta.dirname, 'interrupted-write.ts');
  const ran = spawnSync(process.execPath, ['--import', 'tsx', script, root, moment, String(times), signal], { encoding: 'utf8' });
  expect(ran.stderr).toBe('');
  return { signal: ran.signal, out: ran.stdout };
}

describe('a process killed', () => {
  it.each([
    ['staging', 1],
    ['staged', 1],
  ] as const)('while it is %s leaves the old tree, and the next start clears up', (moment, times) => {
    const root = folder();
    expect(interrupted(root, moment, times, 'SIGKILL').signal).toBe('SIGKILL');
    expect(treeOf(root)).toEqual(oldTree);
    expect(() => requireWholeTree([root])).not.toThrow();
    expect(finishInterrupted(root)).toBe('cleared');
    expect(treeOf(root)).toEqual(oldTree);
    expect(existsSync(join(root, '.refit'))).toBe(false);
  });

  it.each([
    ['decided', 1, oldTree],
    ['replaced one', 1, { ...oldTree, 'a.ts': 'new a\n' }],
    ['replaced one', 2, { 'a.ts': 'new a\n', 'other.ts': 'other\n' }],
    ['replaced all', 1, newTree],
  ] as const)('when it has %s (%i) is finished by the next start', (moment, times, between) => {
    const root = folder();
    expect(interrupted(root, moment, times, 'SIGKILL').signal).toBe('SIGKILL');
    expect(treeOf(root)).toEqual(between);
    expect(() => requireWholeTree([join(root, 'deep')])).toThrow(expect.objectContaining({ code: 'REFIT_INTERRUPTED' }));
    finishInterruptedRuns([join(root, 'deep')]);
    expect(treeOf(root)).toEqual(newTree);
    expect(existsSync(join(root, '.refit'))).toBe(false);
    expect(finishInterrupted(root)).toBe('nothing');
  });

  it('leaves a file alone that somebody edited before the next start, and says what to do', () => {
    const root = folder();
    interrupted(root, 'replaced one', 1, 'SIGKILL');
    writeFileSync(join(root, 'b.ts'), 'mine\n');
    const refused = {
      code: 'REFIT_JOURNAL_CONFLICT',
      message: expect.stringMatching(/replace b\.ts, but it changed since.*delete .*\.refit/),
    };
    expect(() => finishInterrupted(root)).toThrow(expect.objectContaining(refused));
    expect(treeOf(root)).toEqual({ ...oldTree, 'a.ts': 'new a\n', 'b.ts': 'mine\n' });
    writeFileSync(join(root, 'b.ts'), oldTree['b.ts']);
    expect(finishInterrupted(root)).toBe('finished');
    expect(treeOf(root)).toEqual(newTree);
  });

  it('is finished before another run replaces files', () => {
    const root = folder();
    interrupted(root, 'decided', 1, 'SIGKILL');
    replaceFiles(root, [{ path: join(root, 'new.ts'), bytes: Buffer.from('x'), oldHash: undefined }]);
    expect(treeOf(root)).toEqual({ ...newTree, 'new.ts': 'x' });
  });
});

describe('Ctrl-C', () => {
  it.each(['SIGINT', 'SIGTERM'])('before the decision leaves the old tree: %s', (signal) => {
    const root = folder();
    expect(interrupted(root, 'staged', 1, signal).signal).toBe(signal);
    expect(treeOf(root)).toEqual(oldTree);
    expect(isInterrupted(root)).toBe(false);
  });

  it.each([
    ['SIGINT', 'decided'],
    ['SIGINT', 'replaced one'],
    ['SIGTERM', 'replaced one'],
    ['SIGHUP', 'replaced all'],
  ])('after it waits for the new tree: %s when it has %s', (signal, moment) => {
    const root = folder();
    expect(interrupted(root, moment, 1, signal)).toEqual({ signal: null, out: expect.stringContaining('done after') });
    expect(treeOf(root)).toEqual(newTree);
    expect(existsSync(join(root, '.refit'))).toBe(false);
  });
});

describe('two processes', () => {
  it('do not write one tree at the same time', async () => {
    const root = folder();
    const other = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
    mkdirSync(join(root, '.refit'));
    writeFileSync(join(root, '.refit/owner'), String(other.pid));
    const refused = { code: 'REFIT_WRITE_BUSY', message: expect.stringContaining(String(other.pid)) };
    expect(() => replaceFiles(root, [])).toThrow(expect.objectContaining(refused));
    const ended = new Promise((resolve) => other.once('exit', resolve));
    other.kill('SIGKILL');
    await ended;
    replaceFiles(root, []);
    expect(treeOf(root)).toEqual(oldTree);
  });

  it('and a journal of a version that is not known is left alone', () => {
    const root = folder();
    mkdirSync(join(root, '.refit'));
    writeFileSync(join(root, '.refit/journal.json'), '{ "schema": "refit-journal/9", "entries": [] }');
    expect(() => finishInterrupted(root)).toThrow(expect.objectContaining({ code: 'REFIT_JOURNAL' }));
    expect(isInterrupted(root)).toBe(true);
  });
});
