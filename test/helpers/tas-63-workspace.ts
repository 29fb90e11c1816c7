// The legacy fixture as a workspace: a new one, or one that the test files of a worker share.
import { join } from 'node:path';
import { DiagnosticBaseline } from '../../codemods/kernel/diagnostics.ts';
import { type Snapshot, Workspace } from '../../codemods/kernel/workspace.ts';

const root = join(import.meta.dirname, '../../fixtures/tas-63/before');
const orchestration = join(root, 'packages/orchestration');

/** Both packages of `fixtures/tas-63/before`. */
export function loadTas63(): Workspace {
  return Workspace.load(
    ['packages/orchestration/tsconfig.json', 'packages/consumer/tsconfig.json'].map((path) => join(root, path)),
    root,
  );
}

/** A workspace with the texts of the disk, and the compiler's messages about them. */
export interface Untouched {
  readonly workspace: Workspace;
  readonly baseline: DiagnosticBaseline;
}

/** Loads once and goes back to the texts of the disk each time: loading and checking all of it takes four seconds. */
function shared(load: () => Workspace): () => Untouched {
  let held: (Untouched & { readonly snapshot: Snapshot }) | undefined;
  return () => {
    if (held === undefined) {
      const workspace = load();
      held = { workspace, snapshot: workspace.changes(), baseline: new DiagnosticBaseline(workspace) };
    }
    held.workspace.restore(held.snapshot);
    return held;
  };
}

/** Both packages; the workspace belongs to the caller until anybody in the same worker asks again. */
export const untouchedTas63 = shared(loadTas63);

/** `packages/orchestration` alone, paths relative to it; likewise. */
export const untouchedOrchestration = shared(() => Workspace.load([join(orchestration, 'tsconfig.json')]));
