// What an operator does to a blocked or running task, and how the task goes on by itself (spec 6.11).
import { describe, expect, it } from 'vitest';
import type { HandlerInput } from '../../src/worker/handler.ts';
import { useTestDatabase } from '../helpers/database.ts';
import { outcomeWithin, planTask, signal, useEngines } from '../helpers/engine.ts';
import type { Engine } from '../helpers/engine.ts';
import { useQueries } from '../helpers/queries.ts';

const by = { reason: 'checked with the bank', by: 'ann' };

describe('an operator', () => {
  const database = useTestDatabase();
  const queries = useQueries(database);
  const openEngine = useEngines(database);

  /** A task whose second of three steps has failed for good. */
  async function blocked(name: string, options: { readonly repaired?: boolean } = {}) {
    const template = planTask(name, { before: [], pay: { after: ['before'], retry: { max_attempts: 2 } }, ship: ['pay'] });
    const state = { broken: true, shipped: [] as unknown[] };
    const engine = await openEngine({
      templates: [template],
      handlers: {
        before: () => 'ready',
        pay: ({ attempt }: HandlerInput) => {
          if (state.broken) throw new Error('declined');
          return { paid: true, attempt };
        },
        ship: ({ dependencies }: HandlerInput) => void state.shipped.push(dependencies),
      },
    });
    const task = await engine.submit(template);
    expect(await task.outcome(outcomeWithin)).toBe('blocked_by_failures');
    if (options.repaired === true) state.broken = false;
    return { engine, task, state };
  }
  const findingsOn = async ({ tasker }: Engine, taskUuid: string) =>
    (await tasker.runtime.store.doctor(100)).filter((finding) => finding.kind === 'violation' || finding.taskUuid === taskUuid);
  const metadataOf = async (taskUuid: string, step: string) =>
    (
      await queries.rows<{ metadata: unknown }>(
        `select l.metadata from tasker.workflow_step_transition_log l join tasker.workflow_steps s using (workflow_step_uuid)
       join tasker.named_steps n using (named_step_uuid) where l.task_uuid = $1 and n.name = $2 order by l.sort_key`,
        [taskUuid, step],
      )
    ).map(({ metadata }) => metadata);

  it('resets a failed step: it is tried again from its first attempt and the task completes', async () => {
    const { task, state, engine } = await blocked('reset', { repaired: true });
    await task.actOnStep('pay', { kind: 'reset_for_retry', ...by });
    expect(await task.outcome(outcomeWithin)).toBe('complete');
    expect((await task.details()).steps).toMatchObject([
      { name: 'before' },
      { name: 'pay', attempts: 1, result: { paid: true, attempt: 1 } },
      { name: 'ship' },
    ]);
    expect(state.shipped).toEqual([{ before: 'ready', pay: { paid: true, attempt: 1 } }]);
    expect(await metadataOf(task.taskUuid, 'pay')).toContainEqual({ action: 'reset_for_retry', ...by });
    expect(await findingsOn(engine, task.taskUuid)).toEqual([]);
  });

  it('gives a reset step all of its attempts again', async () => {
    const { task } = await blocked('reset_again');
    await task.actOnStep('pay', { kind: 'reset_for_retry', ...by });
    expect(await task.outcome(outcomeWithin)).toBe('blocked_by_failures');
    expect((await task.details()).steps.find(({ name }) => name === 'pay')).toMatchObject({ state: 'error', attempts: 2 });
  });

  it('resolves a failed step without a result: its dependents run and find null', async () => {
    const { task, state } = await blocked('resolve');
    await task.actOnStep('pay', { kind: 'resolve_manually', ...by });
    expect(await task.outcome(outcomeWithin)).toBe('complete');
    expect(state.shipped).toEqual([{ before: 'ready', pay: null }]);
    expect((await task.details()).steps.find(({ name }) => name === 'pay')).toMatchObject({
      state: 'resolved_manually',
      attempts: 2,
    });
    expect(await metadataOf(task.taskUuid, 'pay')).toContainEqual({ action: 'resolve_manually', ...by });
  });

  it('completes a failed step with a result that its dependents get like any other', async () => {
    const { task, state, engine } = await blocked('complete');
    await task.actOnStep('pay', { kind: 'complete_manually', ...by, result: { paid: true, receipt: 'R-1' } });
    expect(await task.outcome(outcomeWithin)).toBe('complete');
    expect(state.shipped).toEqual([{ before: 'ready', pay: { paid: true, receipt: 'R-1' } }]);
    const pay = (await task.details()).steps.find(({ name }) => name === 'pay');
    expect(pay).toMatchObject({ state: 'complete', result: { paid: true, receipt: 'R-1' }, errorMessage: undefined });
    const stored = await queries.row('select results from tasker.workflow_steps where workflow_step_uuid = $1', [pay?.stepUuid]);
    expect(stored['results']).toMatchObject({
      success: true,
      metadata: { custom: { manually_completed: true, completed_by: 'ann', completion_reason: 'checked with the bank' } },
    });
    expect(await findingsOn(engine, task.taskUuid)).toEqual([]);
  });

  it.each([
    ['a text', 'done'],
    ['nothing', null],
    ['a list', [1, 2]],
  ])('may complete a step with %s', async (_, result) => {
    const { task, state } = await blocked(`complete_${String(result)}`.replaceAll(/\W/g, '_'));
    await task.actOnStep('pay', { kind: 'complete_manually', ...by, result });
    expect(await task.outcome(outcomeWithin)).toBe('complete');
    expect(state.shipped).toEqual([{ before: 'ready', pay: result }]);
  });

  it('is told of steps and tasks that do not exist, and of actions a state does not take', async () => {
    const { task, engine } = await blocked('refusals');
    await expect(task.actOnStep('nope', { kind: 'resolve_manually', ...by })).rejects.toMatchObject({
      code: 'STEP_NOT_IN_TASK',
      kind: 'input',
    });
    await expect(task.actOnStep('before', { kind: 'reset_for_retry', ...by })).rejects.toMatchObject({
      code: 'TERMINAL_STATE',
      kind: 'state',
    });
    await expect(task.actOnStep('ship', { kind: 'reset_for_retry', ...by })).rejects.toMatchObject({
      code: 'INVALID_TRANSITION',
      kind: 'state',
    });
    const stranger = '00000000-0000-7000-8000-000000000001';
    await expect(
      engine.tasker.runtime.core.actOnStep(task.taskUuid, stranger, { kind: 'resolve_manually', ...by }),
    ).rejects.toMatchObject({ code: 'STEP_NOT_IN_TASK' });
    await expect(engine.tasker.task(stranger).cancel(by)).rejects.toMatchObject({ code: 'TASK_NOT_FOUND', kind: 'input' });
    await expect(engine.tasker.task(stranger).outcome()).rejects.toMatchObject({ code: 'TASK_NOT_FOUND', kind: 'input' });
    expect((await task.details()).state).toBe('blocked_by_failures');
  });

  it('retries a waiting step now instead of when its backoff ends', async () => {
    const template = planTask('impatient', { work: { retry: { backoff: 'linear', backoff_base_ms: 3_000_000 } } });
    const engine = await openEngine({
      templates: [template],
      handlers: {
        work: ({ attempt, context }: HandlerInput) => {
          if (state.broken) throw new Error('later');
          return { attempt, context };
        },
      },
    });
    const state = { broken: true };
    const planned = signal<number>();
    engine.tasker.runtime.onRetryPlanned = planned.resolve;
    const task = await engine.submit(template);
    await planned.promise;
    state.broken = false;
    await task.actOnStep('work', { kind: 'reset_for_retry', ...by });
    expect(await task.outcome(outcomeWithin)).toBe('complete');
  });

  it('cancels a running task: the handler is aborted, its result refused, nothing goes on', async () => {
    const template = planTask('cancelled', { first: [], second: ['first'] });
    const running = signal<HandlerInput>();
    const finish = signal<string>();
    const aborted = signal<unknown>();
    const engine = await openEngine({
      templates: [template],
      handlers: {
        first: (input: HandlerInput) => {
          input.signal.addEventListener('abort', () => aborted.resolve(input.signal.reason));
          running.resolve(input);
          return finish.promise;
        },
        second: () => expect.unreachable('a cancelled task goes on'),
      },
      // Renewals, and so the news of the cancellation, every 100 ms.
      worker: { leaseMs: 300 },
    });
    const task = await engine.submit(template);
    await running.promise;
    await task.cancel(by);
    expect(await task.outcome(outcomeWithin)).toBe('cancelled');
    expect(await aborted.promise).toMatchObject({ code: 'LEASE_LOST' });
    finish.resolve('too late');
    const { steps, state, executionStatus } = await task.details();
    expect(state).toBe('cancelled');
    expect(executionStatus).toBe('waiting_for_dependencies');
    expect(steps.map((step) => [step.name, step.state, step.result])).toEqual([
      ['first', 'cancelled', undefined],
      ['second', 'cancelled', undefined],
    ]);
    await expect(task.cancel(by)).rejects.toMatchObject({ code: 'TERMINAL_STATE', kind: 'state' });
    expect(await metadataOf(task.taskUuid, 'first')).toContainEqual({ action: 'cancel', ...by });
    expect(await findingsOn(engine, task.taskUuid)).toEqual([]);
  });

  it('has the last word over a result that arrives while the step is being resolved', async () => {
    const template = planTask('resolved_while_running', { first: [], second: ['first'] });
    const running = signal();
    const finish = signal<string>();
    const got = signal<unknown>();
    const engine = await openEngine({
      templates: [template],
      handlers: {
        first: () => {
          running.resolve();
          return finish.promise;
        },
        second: ({ dependencies }: HandlerInput) => got.resolve(dependencies),
      },
    });
    const task = await engine.submit(template);
    await running.promise;
    await task.actOnStep('first', { kind: 'complete_manually', ...by, result: 'by hand' });
    expect(await got.promise).toEqual({ first: 'by hand' });
    finish.resolve('too late');
    expect((await engine.log.line('results were refused')).level).toBe('warn');
    expect(await task.outcome(outcomeWithin)).toBe('complete');
    expect((await task.details()).steps[0]).toMatchObject({ state: 'complete', result: 'by hand' });
  });
});
