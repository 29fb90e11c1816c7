// The legacy fixture as a workspace, loaded once per test file.
import { join } from 'node:path';
import { Workspace } from '../../codemods/kernel/workspace.ts';

const root = join(import.meta.dirname, '../../fixtures/tas-63/before');

/** Both packages of `fixtures/tas-63/before`. */
export function loadTas63(): Workspace {
  return Workspace.load(
    ['packages/orchestration/tsconfig.json', 'packages/consumer/tsconfig.json'].map((path) => join(root, path)),
    root,
  );
}
