// The system under proof: where it is, which of its exports scenarios replace, and how a version of it is opened.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LineRange } from '../../../codemods/proof/branch-coverage.ts';
import { memberRange } from '../../../codemods/proof/member-range.ts';
import { openSubject } from '../../../codemods/proof/subject-loader.ts';
import type { Subject, SubjectOptions } from '../../../codemods/proof/subject-loader.ts';

const repository = join(import.meta.dirname, '../../..');

/** The root of a version's `packages/orchestration`. */
export const beforeRoot = join(repository, 'fixtures/tas-63/before/packages/orchestration');

/** Names by which collaborators are replaced, in whichever module they are declared. */
const replaceable = [
  'BoundedQueue',
  'ChannelMonitor',
  'OrchestrationQueueListener',
  'OrchestrationFallbackPoller',
  'StateManager',
  'ViableStepDiscovery',
  'StepResultHydrator',
  'TaskRequestHydrator',
  'FinalizationHydrator',
];

export const entry = 'src/index.ts';

/** Opens the system; `overlay` replaces texts of files by path below the root. */
export function openSystem(options: Partial<SubjectOptions> = {}): Subject {
  const subject = openSubject({
    root: beforeRoot,
    aliases: { 'expiring-map': 'vendor/expiring-map/index.js' },
    replaceable,
    ...options,
  });
  // Everything a scenario may replace is loaded before the first of them runs.
  subject.load(entry);
  return subject;
}

/** The text of a file of the system as it was. */
export function textOf(path: string): string {
  return readFileSync(join(beforeRoot, path), 'utf8');
}

/** Lines of the named members (`Class.member`) of a file of the system as it was. */
export function rangesOf(path: string, names: readonly string[]): readonly LineRange[] {
  return names.map((name) => memberRange(path, textOf(path), name));
}
