// Refuses to write into files that have changes git does not know: the two could not be told apart, nor the one undone.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { uncommittedFiles } from '../gate/git-state.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Workspace } from '../kernel/workspace.ts';

const NAMED = 3;

/** The folder at or above `root` that has a `.git`. */
function repositoryOf(root: string): string | undefined {
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

function refuse(what: string): never {
  throw new Refusal(
    'REFIT_UNCOMMITTED',
    `${what}, so that what refit writes can be reviewed and undone by itself; or give --allow-dirty. Nothing was written.`,
  );
}

/**
 * Outside of a repository nothing is refused; in one that git does not read everything is. Of files that git does not track
 * only sources of the project count: a codemod changes those. Throws REFIT_UNCOMMITTED.
 */
export function requireCommitted(workspace: Workspace): void {
  const { root } = workspace;
  const found = uncommittedFiles(root);
  if (found === undefined) {
    const repository = repositoryOf(root);
    if (repository === undefined) return;
    refuse(`git does not say what has changed in ${repository}. See what \`git status\` says there and put it right`);
  }
  const ownSources = new Set<string>(workspace.sourceFiles().map((file) => file.getFilePath()));
  const changed = found.filter(({ path, tracked }) => tracked || ownSources.has(join(root, path))).map(({ path }) => path);
  if (changed.length === 0) return;
  const more = changed.length > NAMED ? ` and ${String(changed.length - NAMED)} more` : '';
  refuse(`${changed.slice(0, NAMED).join(', ')}${more}: changed since the last commit of ${root}. Commit or stash first`);
}
