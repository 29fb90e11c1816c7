// Phase 3 of TAS-63: tests for what was extracted, written by hand and kept beside the fixture.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addTests } from '../add-tests.ts';
import { use } from '../kernel/codemod.ts';
import type { Operation } from '../kernel/codemod.ts';
import type { Step } from '../plan/plan.ts';
import { tas63Claims } from './tas-63-claims.ts';

const folder = join(import.meta.dirname, '../../fixtures/tas-63/tests');

function tests(...names: readonly string[]): Operation {
  const texts = names.map((name): [string, string] => [
    `packages/orchestration/test/${name}.test.ts`,
    readFileSync(join(folder, `${name}.test.ts`), 'utf8'),
  ]);
  return use(addTests, { tests: Object.fromEntries<string>(texts) });
}

/** Step 3C and the tests of phase 3. */
export const testSteps: readonly Step[] = [
  {
    id: '3C',
    phase: '1',
    title: 'Tests for TaskReadinessSummary',
    after: [],
    claims: tas63Claims['3C'],
    operations: [tests('task-readiness-summary')],
    ensures: [],
    subjects: ['readiness-summary'],
  },
  {
    id: 'tests',
    phase: '3',
    title: 'Tests for what was extracted',
    after: ['1A', '1B', '1C', '2A', '2B', '2C', '2D', '3A', '3B'],
    claims: [],
    operations: [
      tests(
        'orchestration-statistics',
        'command-outcome',
        'command-dispatch',
        'health-check-evaluator',
        'processing-counters',
        'step-request-builder',
        'dependency-filter',
        'pgmq-message-resolver',
        'message-with-ack',
        'component-health',
        'notification-dispatch',
        'step-enqueuer-types',
      ),
    ],
    ensures: [],
    subjects: [],
  },
];
