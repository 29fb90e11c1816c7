// Refuses to write into files that have changes git does not know: the two could not be told apart, nor the one undone.
import { join } from 'node:path';
import { uncommittedFiles } from '../gate/git-state.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Workspace } from '../kernel/workspace.ts';

const NAMED = 3;

/**
 * Outside of a repository nothing is refused. Of files that git does not track only sources of the project count: a codemod
 * changes those. Throws REFIT_UNCOMMITTED.
 */
export function requireCommitted(workspace: Workspace): void {
  const { root } = workspace;
  const ownSources = new Set<string>(workspace.sourceFiles().map((file) => file.getFilePath()));
  const changed = uncommittedFiles(root)
    .filter(({ path, tracked }) => tracked || ownSources.has(join(root, path)))
    .map(({ path }) => path);
  if (changed.length === 0) return;
  const more = changed.length > NAMED ? ` and ${String(changed.length - NAMED)} more` : '';
  throw new Refusal(
    'REFIT_UNCOMMITTED',
    `${changed.slice(0, NAMED).join(', ')}${more}: changed since the last commit of ${root}. Commit or stash first, so that what refit writes can be reviewed and undone by itself; or give --allow-dirty. Nothing was written.`,
  );
}
