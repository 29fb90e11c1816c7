// Reads the base out of git, read-only: which files it had, and their texts.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { reasonOf, RefitError } from '../../kernel/refit-error.ts';

/** Hash of the content of each file of a commit, by its path relative to the folder that was asked of. */
export type BaseTree = ReadonlyMap<string, string>;

function git(root: string, args: readonly string[], input: string): Buffer {
  try {
    return execFileSync('git', args, { cwd: root, input, maxBuffer: Number.POSITIVE_INFINITY, stdio: 'pipe' });
  } catch (cause) {
    const message = `git cannot read the base: ${reasonOf(cause).trim()}. Fetch it with its history, or name another base.`;
    throw new RefitError('GATE_BASE_UNREADABLE', message, { cause });
  }
}

/**
 * The files of `commit` at and under `root`; links and submodules are left out.
 * @throws RefitError GATE_BASE_UNREADABLE.
 */
export function baseTree(root: string, commit: string): BaseTree {
  const entries = git(root, ['ls-tree', '-r', '-z', commit], '').toString('utf8').split('\0');
  const found = entries.flatMap((entry) => {
    const [, hash, path] = /^100\d+ blob ([0-9a-f]+)\t(.+)$/s.exec(entry) ?? [];
    return hash === undefined || path === undefined ? [] : [[path, hash] as const];
  });
  return new Map(found);
}

/** The hash that git knows a content by, in a repository whose hashes are as long as `like`. */
export function contentHash(content: Buffer, like: string): string {
  return createHash(like.length === 64 ? 'sha256' : 'sha1')
    .update(`blob ${content.length}\0`)
    .update(content)
    .digest('hex');
}

/**
 * The texts of contents, by their hashes.
 * @throws RefitError GATE_BASE_UNREADABLE, also when a partial clone lacks one of them.
 */
export function baseTexts(root: string, hashes: readonly string[]): ReadonlyMap<string, string> {
  if (hashes.length === 0) return new Map();
  const answer = git(root, ['cat-file', '--batch'], `${hashes.join('\n')}\n`);
  const texts = new Map<string, string>();
  let at = 0;
  for (const hash of hashes) {
    const end = answer.indexOf(10, at);
    const [, size] = /^\S+ blob (\d+)$/.exec(answer.subarray(at, end).toString('utf8')) ?? [];
    if (size === undefined) {
      throw new RefitError('GATE_BASE_UNREADABLE', `git has no content ${hash}. Fetch the base with its files, or name another.`);
    }
    texts.set(hash, answer.subarray(end + 1, end + 1 + Number(size)).toString('utf8'));
    at = end + 1 + Number(size) + 1;
  }
  return texts;
}
