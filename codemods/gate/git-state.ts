// Asks git, read-only, which commit is checked out and what a file was in a commit.
import { execFileSync } from 'node:child_process';
import { RefitError } from '../kernel/refit-error.ts';

/** The most a file of a commit may have; a ratchet of 5,000 files has less than one. */
const MAX_BYTES = 64 * 1024 * 1024;

function git(root: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: MAX_BYTES, stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    // Not a repository, no such commit, no such file, no git at all: callers say what that means.
    return undefined;
  }
}

/** The commit checked out in `root`, null outside of a repository and before the first commit. */
export function headCommit(root: string): string | null {
  return git(root, ['rev-parse', '--verify', 'HEAD'])?.trim() ?? null;
}

/**
 * The text of `file` (relative to `root`) where the branch left `base`, or in HEAD without one; undefined where that commit has none.
 * @throws RefitError GATE_BASE_MISSING when a base is named and git does not know it.
 */
export function fileInBase(root: string, file: string, base: string | undefined): string | undefined {
  if (base === undefined) return git(root, ['show', `HEAD:./${file}`]);
  const commit = git(root, ['merge-base', '--', base, 'HEAD'])?.trim();
  if (commit === undefined) {
    const message = `git finds no commit that ${base} and HEAD have in common. Fetch it with its history (a shallow clone lacks it: \`git fetch --unshallow\`), or name another base.`;
    throw new RefitError('GATE_BASE_MISSING', message);
  }
  return git(root, ['show', `${commit}:./${file}`]);
}
