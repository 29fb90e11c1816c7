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

/** Where `root` is in its repository, with a slash at its end; empty at the top and outside of a repository. */
export function folderInRepository(root: string): string {
  return git(root, ['rev-parse', '--show-prefix'])?.trimEnd() ?? '';
}

/** A file below a folder that differs from the last commit; `path` is relative to that folder. */
export interface UncommittedFile {
  readonly path: string;
  readonly tracked: boolean;
}

/** What differs from the last commit at or below `root`, staged or not; undefined where git does not say: outside of a repository, among others. */
export function uncommittedFiles(root: string): readonly UncommittedFile[] | undefined {
  const shown = git(root, ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--', '.']);
  if (shown === undefined) return undefined;
  const above = folderInRepository(root).length;
  return shown
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => ({ path: entry.slice('XY '.length + above), tracked: !entry.startsWith('??') }));
}

/** Why git knows of no commit that the two have in common. */
function unrelated(root: string, base: string): RefitError {
  if (git(root, ['rev-parse', '--is-shallow-repository'])?.trim() === 'true') {
    const message = `The history of this clone is cut off before ${base} and HEAD meet. Fetch the rest: \`git fetch --unshallow\`, or \`fetch-depth: 0\` in CI.`;
    return new RefitError('GATE_BASE_SHALLOW', message);
  }
  const message = `${base} and HEAD have no commit in common. Name the branch this one left.`;
  return new RefitError('GATE_BASE_UNRELATED', message);
}

/**
 * The commit where the branch that is checked out left `base`.
 * @throws RefitError GATE_BASE_MISSING, GATE_BASE_SHALLOW or GATE_BASE_UNRELATED.
 */
export function mergeBase(root: string, base: string): string {
  const tip = git(root, ['rev-parse', '--verify', '--quiet', `${base}^{commit}`])?.trim();
  if (tip === undefined) {
    const message = `git knows no commit ${base} in ${root}. Fetch it with its history (\`git fetch origin <branch>\`; a shallow clone lacks it), or name another base.`;
    throw new RefitError('GATE_BASE_MISSING', message);
  }
  const commit = git(root, ['merge-base', tip, 'HEAD'])?.trim();
  if (commit === undefined) throw unrelated(root, base);
  return commit;
}

/**
 * The text of `file` (relative to `root`) where the branch left `base`, or in HEAD without one; undefined where that commit has none.
 * @throws RefitError GATE_BASE_* as `mergeBase`, when a base is named.
 */
export function fileInBase(root: string, file: string, base: string | undefined): string | undefined {
  const commit = base === undefined ? 'HEAD' : mergeBase(root, base);
  return git(root, ['show', `${commit}:./${file}`]);
}
