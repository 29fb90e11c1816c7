// The rules that exist twice, in SQL and in TypeScript, give the same answers on random graphs and histories (spec 3.1 to 3.8).
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dependencyLevels } from '../../src/domain/dependency-graph.ts';
import { executionContext } from '../../src/domain/execution-context.ts';
import { computedPriority } from '../../src/domain/priority.ts';
import { nextRetryTime, stepReadiness } from '../../src/domain/readiness.ts';
import type { StepFacts } from '../../src/domain/readiness.ts';
import { satisfiesDependents, stepStates } from '../../src/domain/states.ts';
import { useTestDatabase } from '../helpers/database.ts';
import { openQueries } from '../helpers/queries.ts';
import type { Queries } from '../helpers/queries.ts';
import { writeTasks } from '../helpers/row-factory.ts';
import type { StepRow, TaskRow, WrittenTask } from '../helpers/row-factory.ts';

const now = Date.UTC(2026, 5, 1, 12);
const hourMs = 3_600_000;
/** Around now, and now itself: whether the limit belongs to the past is what two versions of a rule differ in. */
const moment = fc.oneof(
  fc.constant(now),
  fc.integer({ min: now - hourMs, max: now + hourMs }),
  fc.constantFrom(now - 1, now + 1),
);

const anyStep = fc.record({
  state: fc.constantFrom(...stepStates),
  attempts: fc.integer({ min: 0, max: 4 }),
  maxAttempts: fc.integer({ min: 0, max: 4 }),
  retryable: fc.boolean(),
  nextRetryAt: fc.option(moment, { nil: undefined }),
  lastAttemptedAt: fc.option(moment, { nil: undefined }),
  failedAt: fc.array(moment, { maxLength: 3 }),
});
// Mostly finished parents, or hardly any step would ever be ready.
const likelyStep = anyStep.map((step) => ({ ...step, state: step.attempts % 2 === 0 ? ('complete' as const) : step.state }));
// Steps that nothing but their parents, or the moment of their retry, keeps from being ready.
const openStep = fc.record({
  state: fc.constantFrom('pending', 'waiting_for_retry'),
  attempts: fc.integer({ min: 0, max: 2 }),
  maxAttempts: fc.integer({ min: 2, max: 4 }),
  retryable: fc.constant(true),
  nextRetryAt: fc.option(moment, { nil: undefined }),
  lastAttemptedAt: fc.constant(undefined),
  failedAt: fc.array(moment, { maxLength: 1 }),
});

/** Parents come before their children; `links` picks among them. */
const anyTask: fc.Arbitrary<TaskRow> = fc
  .array(fc.tuple(fc.oneof(anyStep, likelyStep, openStep), fc.integer({ min: 0, max: 2 ** 12 - 1 }), fc.boolean()), {
    maxLength: 12,
  })
  .map((drawn) => ({
    steps: drawn.map(([step, links, linked], at): StepRow => ({
      ...step,
      parents: linked ? drawn.flatMap((_, parent) => (parent < at && ((links >> parent) & 1) === 1 ? [parent] : [])) : [],
    })),
  }));

function factsOf({ steps }: TaskRow): readonly StepFacts[] {
  return steps.map((step) => {
    const { state = 'pending', attempts = 0, maxAttempts = 3, retryable = true, parents = [], nextRetryAt } = step;
    const parentStates = parents.map((parent) => steps[parent]?.state ?? 'pending');
    const processed = state === 'complete' || state === 'cancelled' || state === 'resolved_manually';
    return { state, attempts, maxAttempts, retryable, processed, inProcess: state === 'in_progress', parentStates, nextRetryAt };
  });
}

const milliseconds = (value: unknown): number | undefined => (value instanceof Date ? value.getTime() : undefined);

describe('in SQL as in TypeScript', () => {
  const database = useTestDatabase();
  let queries: Queries;
  beforeAll(() => {
    queries = openQueries(database.url, new Date(now).toISOString());
  });
  afterAll(() => queries.close());

  async function compareReadiness(tasks: readonly TaskRow[], written: readonly WrittenTask[]): Promise<void> {
    const rows = await queries.rows('select * from tasker.get_step_readiness_status_batch($1)', [
      written.map(({ taskUuid }) => taskUuid),
    ]);
    const found = new Map(rows.map((row) => [row['workflow_step_uuid'], row]));
    for (const [at, task] of tasks.entries()) {
      for (const [nr, facts] of factsOf(task).entries()) {
        const row = found.get(written[at]?.stepUuids[nr]);
        const { dependenciesSatisfied, retryEligible, readyForExecution } = stepReadiness(facts, now);
        const { failedAt = [], state } = task.steps[nr] ?? {};
        const failures = [...failedAt, ...(state === 'error' ? [0] : [])];
        expect(row).toMatchObject({
          current_state: state,
          dependencies_satisfied: dependenciesSatisfied,
          retry_eligible: retryEligible,
          ready_for_execution: readyForExecution,
          total_parents: facts.parentStates.length,
          completed_parents: facts.parentStates.filter(satisfiesDependents).length,
        });
        expect(milliseconds(row?.['next_retry_at'])).toBe(facts.nextRetryAt);
        expect(milliseconds(row?.['last_failure_at'])).toBe(failures.length === 0 ? undefined : Math.max(...failures));
      }
    }
  }

  async function compareContexts(tasks: readonly TaskRow[], written: readonly WrittenTask[]): Promise<void> {
    const rows = await queries.rows('select * from tasker.get_task_execution_contexts_batch($1)', [
      written.map(({ taskUuid }) => taskUuid),
    ]);
    const found = new Map(rows.map((row) => [row['task_uuid'], row]));
    for (const [at, task] of tasks.entries()) {
      const context = executionContext(factsOf(task), now);
      const row = found.get(written[at]?.taskUuid);
      expect(row).toMatchObject({
        total_steps: context.totalSteps,
        pending_steps: context.pendingSteps,
        in_progress_steps: context.inProgressSteps,
        completed_steps: context.completedSteps,
        failed_steps: context.failedSteps,
        ready_steps: context.readySteps,
        enqueued_steps: context.enqueuedSteps,
        execution_status: context.executionStatus,
        recommended_action: context.recommendedAction,
        health_status: context.healthStatus,
      });
      expect(Number(row?.['completion_percentage'])).toBe(context.completionPercentage);
    }
  }

  async function compareLevels(tasks: readonly TaskRow[], written: readonly WrittenTask[]): Promise<void> {
    const rows = await queries.rows<{ step: string; level: number }>(
      `select l.workflow_step_uuid::text as step, l.dependency_level as level
       from unnest($1::uuid[]) task cross join lateral tasker.calculate_dependency_levels(task) l`,
      [written.map(({ taskUuid }) => taskUuid)],
    );
    const expected = tasks.flatMap(({ steps }, at) => {
      const ids = written[at]?.stepUuids ?? [];
      const edges = steps.flatMap(({ parents = [] }, nr) =>
        parents.map((parent) => ({ from: ids[parent] ?? '', to: ids[nr] ?? '' })),
      );
      return [...dependencyLevels(edges, ids)];
    });
    expect(new Map(rows.map(({ step, level }) => [step, level]))).toEqual(new Map(expected));
  }

  it('stand readiness, execution context and dependency levels of random tasks', async () => {
    const drawn = { steps: 0, ready: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(anyTask, { minLength: 1, maxLength: 150, size: 'max' }), async (tasks) => {
        const written = await writeTasks(queries, tasks);
        await compareReadiness(tasks, written);
        await compareContexts(tasks, written);
        await compareLevels(tasks, written);
        const facts = tasks.flatMap(factsOf);
        drawn.steps += facts.length;
        drawn.ready += facts.filter((step) => stepReadiness(step, now).readyForExecution).length;
      }),
      { numRuns: 20 },
    );
    // Enough of both, or the comparison would say little.
    expect(drawn.steps).toBeGreaterThan(2_000);
    expect(drawn.ready).toBeGreaterThan(100);
  });

  it('ready steps are looked up with their parents, whichever steps are asked for', async () => {
    const [task] = await writeTasks(queries, [{ steps: [{ state: 'complete' }, { parents: [0] }, { parents: [0, 1] }] }]);
    const [, ready, waiting] = task?.stepUuids ?? [];
    const rows = await queries.rows('select * from tasker.get_step_readiness_status($1, $2)', [task?.taskUuid, [ready, waiting]]);
    const readiness = new Map(rows.map((row) => [row['workflow_step_uuid'], row['ready_for_execution']]));
    expect(readiness).toEqual(
      new Map([
        [ready, true],
        [waiting, false],
      ]),
    );
  });

  it('ages the priority of a task', async () => {
    const age = fc.oneof(
      fc.integer({ min: 0, max: 100 * hourMs }),
      fc.constantFrom(hourMs, hourMs - 1, 24 * hourMs, 24 * hourMs - 1, 0),
    );
    const facts = fc.record({ priority: fc.integer({ min: -100, max: 100 }), msInState: age, ageMs: age });
    await fc.assert(
      fc.asyncProperty(fc.array(facts, { minLength: 1, maxLength: 500, size: 'max' }), async (cases) => {
        const rows = await queries.rows<{ found: number }>(
          `select tasker.computed_priority(p, s * interval '1 millisecond', a * interval '1 millisecond') as found
           from unnest($1::int[], $2::float8[], $3::float8[]) with ordinality as c (p, s, a, nr) order by nr`,
          [cases.map(({ priority }) => priority), cases.map(({ msInState }) => msInState), cases.map(({ ageMs }) => ageMs)],
        );
        for (const [nr, each] of cases.entries()) expect(rows[nr]?.found).toBeCloseTo(computedPriority(each), 9);
      }),
      { numRuns: 5 },
    );
  });

  it('tells when the next attempt may begin', async () => {
    const orNot = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
    const facts = fc.record({
      backoffRequestMs: orNot(fc.integer({ min: 0, max: hourMs })),
      lastAttemptedAt: orNot(moment),
      failedAt: orNot(moment),
      attempts: orNot(fc.integer({ min: 0, max: 100 })),
      maxBackoffMs: fc.integer({ min: 1, max: 3_600 }).map((seconds) => seconds * 1000),
      multiplier: fc.constantFrom(1, 1.5, 2, 3),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(facts, { minLength: 1, maxLength: 500, size: 'max' }), async (cases) => {
        const at = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());
        const rows = await queries.rows<{ found: number | null }>(
          `select extract(epoch from tasker.calculate_step_next_retry_time(b / 1000, l, f, a, m / 1000, x))::float8 * 1000 as found
           from unnest($1::numeric[], $2::timestamptz[], $3::timestamptz[], $4::int[], $5::numeric[], $6::numeric[])
             with ordinality as c (b, l, f, a, m, x, nr) order by nr`,
          [
            cases.map(({ backoffRequestMs }) => backoffRequestMs ?? null),
            cases.map(({ lastAttemptedAt }) => at(lastAttemptedAt)),
            cases.map(({ failedAt }) => at(failedAt)),
            cases.map(({ attempts }) => attempts ?? null),
            cases.map(({ maxBackoffMs }) => maxBackoffMs),
            cases.map(({ multiplier }) => multiplier),
          ],
        );
        for (const [nr, each] of cases.entries()) {
          const expected = nextRetryTime(each);
          const found = rows[nr]?.found ?? undefined;
          // A timestamp of PostgreSQL has microseconds.
          if (expected === undefined || found === undefined) expect(found).toBe(expected);
          else expect(Math.abs(found - expected)).toBeLessThan(0.01);
        }
      }),
      { numRuns: 5 },
    );
  });
});
