// In-memory workspaces that are used again: a new one reads the declarations of the language, which takes half a second.
import type { ts } from 'ts-morph';
import { type Snapshot, Workspace } from '../../codemods/kernel/workspace.ts';

interface Pooled {
  readonly workspace: Workspace;
  readonly empty: Snapshot;
}

const pool = new Map<string, Pooled>();

/** Files whose names say how modules are read come first. */
function isSetting(path: string): boolean {
  return path.endsWith('.json');
}

/** A workspace of these texts, as `Workspace.inMemory` gives one; it belongs to the caller until anybody borrows the next. */
export function borrowedWorkspace(files: Readonly<Record<string, string>>, options: ts.CompilerOptions = {}): Workspace {
  // Only files that are given when the workspace is made keep their mark.
  if (Object.values(files).some((text) => text.startsWith('\uFEFF'))) return Workspace.inMemory(files, options);
  const key = JSON.stringify(options);
  const known = pool.get(key);
  const workspace = known?.workspace ?? Workspace.inMemory({}, options);
  if (known === undefined) pool.set(key, { workspace, empty: workspace.changes() });
  else workspace.restore(known.empty);
  const texts = Object.entries(files).toSorted(([a], [b]) => Number(isSetting(b)) - Number(isSetting(a)));
  for (const [path, text] of texts) workspace.setText(path, text);
  return workspace;
}
