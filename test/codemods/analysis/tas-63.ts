// The legacy system as a workspace: both its packages, with the folder above them as root.
import { join } from 'node:path';
import { Workspace } from '../../../codemods/kernel/workspace.ts';

export const legacyRoot = join(import.meta.dirname, '../../../fixtures/tas-63/before');

export function loadLegacySystem(): Workspace {
  const projects = ['orchestration', 'consumer'].map((name) => join(legacyRoot, 'packages', name, 'tsconfig.json'));
  return Workspace.load(projects, legacyRoot);
}

/** What the plan takes out of the API. */
export const stateManagerExports = [
  'StateManager',
  'StateEntityType',
  'StateTransitionRequest',
  'StateTransitionEvent',
  'StateEvaluationResult',
  'StateHealthSummary',
];
