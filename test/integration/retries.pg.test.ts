// How often a failing step is tried, when, and what becomes of its task (spec 6.8, 6.10, 9.4, 15.2).
import { describe, expect, it } from 'vitest';
import { PermanentError, RetryableError } from '../../src/domain/classify-thrown.ts';
import type { HandlerInput } from '../../src/worker/handler.ts';
import { useTestDatabase } from '../helpers/database.ts';
import { outcomeWithin, planTask, useEngines } from '../helpers/engine.ts';
import { useQueries } from '../helpers/queries.ts';

describe('a failing step', () => {
  const database = useTestDatabase();
  const queries = useQueries(database);
  const openEngine = useEngines(database);

  /** Runs a one-step task whose handler throws until the attempt of this number. */
  async function run(name: string, retry: Readonly<Record<string, unknown>>, succeedsAt: number) {
    const template = planTask(name, { work: { retry } });
    const attempts: number[] = [];
    const work = ({ attempt }: HandlerInput) => {
      attempts.push(attempt);
      if (attempt < succeedsAt) throw new Error(`no luck with attempt ${String(attempt)}`);
      return { attempt };
    };
    const engine = await openEngine({ templates: [template], handlers: { work } });
    const { status, details } = await (await engine.submit(template)).result(outcomeWithin);
    return { attempts, status, step: details.steps[0], details, engine };
  }
  const never = Number.POSITIVE_INFINITY;

  it('that fails twice and then succeeds completes its task with three attempts', async () => {
    const { attempts, status, step } = await run('third_time_lucky', { max_attempts: 5 }, 3);
    expect(status).toBe('complete');
    expect(attempts).toEqual([1, 2, 3]);
    expect(step).toMatchObject({ state: 'complete', attempts: 3, result: { attempt: 3 }, errorMessage: undefined });
  });

  it('that always fails is tried exactly max_attempts times, then blocks its task', async () => {
    const { attempts, status, step, details, engine } = await run('never', { max_attempts: 3 }, never);
    expect(status).toBe('blocked_by_failures');
    expect(attempts).toEqual([1, 2, 3]);
    expect(step).toMatchObject({ state: 'error', attempts: 3, errorMessage: 'no luck with attempt 3' });
    expect(details).toMatchObject({
      executionStatus: 'blocked_by_failures',
      recommendedAction: 'handle_failures',
      healthStatus: 'blocked',
      failedSteps: 1,
    });
    const findings = await engine.tasker.runtime.store.doctor(100);
    expect(findings.map(({ kind, check }) => ({ kind, check }))).toEqual([{ kind: 'stuck', check: 'error' }]);
    expect(findings[0]?.message).toMatch(
      /step work failed for good after 3 attempts: no luck with attempt 3\. Use tasker step retry/,
    );
  });

  it.each([
    { retry: { max_attempts: 0 }, attempts: 1, why: 'max_attempts 0 still allows the first execution' },
    { retry: { max_attempts: 1 }, attempts: 1, why: 'max_attempts 1 allows no retry' },
    { retry: { max_attempts: 1, retryable: false }, attempts: 1, why: 'retryable false with max_attempts 1 runs once' },
    { retry: { max_attempts: 3, retryable: false }, attempts: 1, why: 'retryable false with max_attempts 3 runs once' },
  ])('$why', async ({ retry, attempts }) => {
    const name = `limits_${String(retry.max_attempts)}_${String('retryable' in retry)}`;
    const failed = await run(name, retry, never);
    expect(failed).toMatchObject({ status: 'blocked_by_failures', step: { state: 'error', attempts } });
    expect(failed.attempts).toHaveLength(attempts);
    // Its worker serves the same queue with a handler that always fails.
    await failed.engine.tasker.close();
    const succeeded = await run(`${name}_good`, retry, 1);
    expect(succeeded).toMatchObject({ status: 'complete', step: { state: 'complete', attempts: 1 } });
  });

  it('that throws a permanent error is not tried again', async () => {
    const template = planTask('permanent', { work: { retry: { max_attempts: 5 } } });
    const work = () => {
      throw new PermanentError('the card was declined', { errorType: 'card_declined' });
    };
    const engine = await openEngine({ templates: [template], handlers: { work } });
    const { status, details } = await (await engine.submit(template)).result(outcomeWithin);
    expect(status).toBe('blocked_by_failures');
    expect(details.steps).toMatchObject([{ state: 'error', attempts: 1, errorMessage: 'the card was declined' }]);
  });

  it('with backoff none is enqueued again in the transaction that takes its failure over', async () => {
    const { status, engine, details } = await run('at_once', { max_attempts: 2, backoff: 'none' }, 2);
    expect(status).toBe('complete');
    const transitions = await engine.tasker.runtime.store.taskTransitions(details.taskUuid);
    const path = transitions.filter(({ subject }) => subject === 'work');
    expect(path.map(({ to }) => to)).toEqual([
      'pending',
      'enqueued',
      'in_progress',
      'enqueued_as_error_for_orchestration',
      'waiting_for_retry',
      'pending',
      'enqueued',
      'in_progress',
      'enqueued_for_orchestration',
      'complete',
    ]);
    expect(new Set(path.slice(4, 7).map(({ at }) => at)).size).toBe(1);
  });

  /** When the step is to be tried again, in ms after its failure was taken over. */
  async function plannedDelay(name: string, retry: Readonly<Record<string, unknown>>, error: () => Error): Promise<number> {
    const template = planTask(name, { work: { retry } });
    const engine = await openEngine({
      templates: [template],
      handlers: {
        work: () => {
          throw error();
        },
      },
    });
    const task = await engine.submit(template);
    const planned = new Promise<number>((resolve) => {
      engine.tasker.runtime.onRetryPlanned = (atMs) => resolve(atMs - Date.now());
    });
    const delay = await planned;
    const row = await queries.row<{ state: string; task: string; ms: string; left: number }>(
      `select s.state, t.state as task, s.backoff_request_ms::text as ms, extract(epoch from s.next_retry_at - clock_timestamp())::float8 * 1000 as left
       from tasker.workflow_steps s join tasker.tasks t using (task_uuid) where task_uuid = $1`,
      [task.taskUuid],
    );
    expect(row).toMatchObject({ state: 'waiting_for_retry', task: 'waiting_for_retry' });
    expect(Math.abs(row.left - delay)).toBeLessThan(2_000);
    const [finding, ...more] = (await engine.tasker.runtime.store.doctor(100)).filter(
      ({ taskUuid }) => taskUuid === task.taskUuid,
    );
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ kind: 'waiting', check: 'waiting_for_retry', message: 'step work waits for attempt 2 of 3' });
    expect(Math.abs((finding?.movesAt ?? 0) - Date.now() - delay)).toBeLessThan(2_000);
    return Number(row.ms);
  }

  it('waits as long as a Retry-After asks for', async () => {
    const delay = await plannedDelay('retry_after', {}, () => new RetryableError('slow down', { retryAfterSeconds: 120 }));
    expect(delay).toBe(120_000);
  });

  it('waits as the template says, spread by at most 15 percent', async () => {
    const delay = await plannedDelay('linear_backoff', { backoff: 'linear', backoff_base_ms: 40_000 }, () => new Error('later'));
    expect(delay).toBeGreaterThanOrEqual(34_000);
    expect(delay).toBeLessThanOrEqual(46_000);
  });

  it('never waits longer than the cap of the template', async () => {
    const delay = await plannedDelay(
      'capped',
      { max_backoff_ms: 5_000 },
      () => new RetryableError('slow down', { retryAfterSeconds: 900 }),
    );
    expect(delay).toBe(5_000);
  });

  it('is woken when its backoff ends, not at the next regular sweep', async () => {
    const template = planTask('woken', { work: { retry: { backoff: 'linear', backoff_base_ms: 100 } } });
    const engine = await openEngine({
      templates: [template],
      handlers: {
        work: ({ attempt }: HandlerInput) => {
          if (attempt === 1) throw new Error('once');
          return attempt;
        },
      },
      orchestrator: { sweepIntervalMs: 600_000, pollIntervalMs: 600_000 },
    });
    expect(await (await engine.submit(template)).outcome(outcomeWithin)).toBe('complete');
  });
});

describe('a failed branch', () => {
  const database = useTestDatabase();
  const openEngine = useEngines(database);

  it('blocks the task at once, while the branches under way finish and nothing new begins', async () => {
    const template = planTask('branches', {
      start: [],
      bad: { after: ['start'], retry: { retryable: false } },
      good: ['start'],
      after_bad: ['bad'],
      after_good: ['good'],
    });
    let finish: (value: string) => void = () => undefined;
    const slow = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const ran: string[] = [];
    const note =
      (result: unknown) =>
      ({ step }: HandlerInput) => {
        ran.push(step.name);
        return result;
      };
    const bad = () => {
      throw new Error('broken');
    };
    const engine = await openEngine({
      templates: [template],
      handlers: { start: note(1), bad, good: note(slow), after_bad: note(1), after_good: note(1) },
    });
    const task = await engine.submit(template);
    expect(await task.outcome(outcomeWithin)).toBe('blocked_by_failures');
    const goodIs = async () => (await task.details()).steps.find(({ name }) => name === 'good')?.state;
    expect(await goodIs()).toBe('in_progress');
    finish('late but good');
    await expect.poll(goodIs, { interval: 5, timeout: 5_000 }).toBe('complete');
    const { steps, state } = await task.details();
    expect(state).toBe('blocked_by_failures');
    expect(Object.fromEntries(steps.map((step) => [step.name, step.state]))).toEqual({
      start: 'complete',
      bad: 'error',
      good: 'complete',
      after_bad: 'pending',
      after_good: 'pending',
    });
    expect(ran.toSorted()).toEqual(['good', 'start']);

    await task.actOnStep('bad', { kind: 'resolve_manually', reason: 'done by hand', by: 'ann' });
    expect(await task.outcome(outcomeWithin)).toBe('complete');
    expect(ran.toSorted()).toEqual(['after_bad', 'after_good', 'good', 'start']);
  });
});
