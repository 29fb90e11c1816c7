// Orchestrators in every mode and number on one database, apart from their workers, with late results and rows they cannot read.
import { describe, expect, it } from 'vitest';
import { orchestrationQueues } from '../../src/messaging/queue-names.ts';
import { taskRequestMessage } from '../../src/orchestration/commands/hydrate.ts';
import { decideTask } from '../../src/orchestration/lifecycle/decide-task.ts';
import { deploymentModes } from '../../src/orchestration/event-systems/deployment-mode.ts';
import type { StepMessage } from '../../src/orchestration/commands/commands.ts';
import type { HandlerInput } from '../../src/worker/handler.ts';
import { openTasker } from '../../src/runtime/tasker.ts';
import { createHandlerRegistry } from '../../src/worker/handler-registry.ts';
import { testDatabase, useTestDatabase } from '../helpers/database.ts';
import { echo, outcomeWithin, planTask, signal, useEngines } from '../helpers/engine.ts';
import { openQueries, useQueries } from '../helpers/queries.ts';

const diamond = { start: [], left: ['start'], right: ['start'], end: ['left', 'right'] };

describe('a deployment', () => {
  const database = useTestDatabase();
  const queries = useQueries(database);
  const openEngine = useEngines(database);

  it.each(deploymentModes.filter((mode) => mode !== 'Disabled'))('in mode %s completes its tasks', async (mode) => {
    const template = planTask(`mode_${mode}`, diamond);
    const engine = await openEngine({ templates: [template], orchestrator: { mode, pollIntervalMs: 50 } });
    expect(await (await engine.submit(template)).outcome(outcomeWithin)).toBe('complete');
  });

  it('in mode EventDrivenOnly loses no task request whose notification was lost', async () => {
    const template = planTask('unannounced', { only: [] }, { identity_strategy: 'always_unique' });
    const calm = { mode: 'EventDrivenOnly', sweepIntervalMs: 100 } as const;
    const engine = await openEngine({ templates: [template], orchestrator: calm });
    const { provider } = engine.tasker.runtime;
    const request = { namespace: 'tests', name: 'unannounced', version: '1.0.0', context: {} };
    const messages = Array.from({ length: 3 }, (_, index) => taskRequestMessage(`unannounced-${index}`, request));
    await provider.send(orchestrationQueues.taskRequests, messages);
    const complete = () =>
      queries.row(
        `select count(*)::int as tasks from tasker.tasks join tasker.named_tasks n using (named_task_uuid) where n.name = 'unannounced' and state = 'complete'`,
      );
    await expect.poll(complete, { interval: 20, timeout: 10_000 }).toEqual({ tasks: 3 });
  });

  it('in mode Disabled does nothing and says so', async () => {
    const template = planTask('mode_disabled', diamond);
    const engine = await openEngine({ templates: [template], orchestrator: false, worker: false });
    const { events, sweep } = await engine.tasker.startOrchestrator({ mode: 'Disabled' });
    const task = await engine.submit(template);
    await engine.tasker.startWorker({
      namespaces: ['tests'],
      handlers: Object.fromEntries(Object.keys(diamond).map((name) => [name, echo])),
    });
    const reported = async () => (await queries.row(`select count(*)::int from pgmq.q_orchestration_step_results`))['count'];
    await expect.poll(reported, { interval: 10, timeout: 5_000 }).toBe(1);
    await sweep.sweepNow();
    expect(events.statistics()).toMatchObject({ configuredMode: 'Disabled', effectiveMode: 'Disabled' });
    expect(engine.log.lines.map(({ message }) => message).join('\n')).toMatch(/disabled/i);
    const { steps } = await task.details();
    expect(steps.map(({ state }) => state)).toEqual(['enqueued_for_orchestration', 'pending', 'pending', 'pending']);
    // Another process's orchestrator takes the result over.
    await openEngine({ worker: false });
    expect(await task.outcome(outcomeWithin)).toBe('complete');
  });

  it('runs orchestrator and worker in two runtimes that share nothing but the database', async () => {
    const template = planTask('two_processes', diamond);
    const orchestrator = await openEngine({ templates: [template], worker: false });
    const worker = await openEngine({ templates: [template], orchestrator: false });
    const client = await openEngine({ orchestrator: false, worker: false });
    const task = await client.submit(template);
    expect(await task.outcome(outcomeWithin)).toBe('complete');
    const transitions = await client.tasker.runtime.store.taskTransitions(task.taskUuid);
    const actors = (to: string) =>
      new Set(transitions.filter((transition) => transition.to === to).map(({ actorUuid }) => actorUuid));
    expect(actors('complete')).toEqual(new Set([orchestrator.tasker.runtime.processUuid]));
    expect([...actors('in_progress')]).toHaveLength(1);
    expect(actors('in_progress')).not.toContain(orchestrator.tasker.runtime.processUuid);
    expect(worker.tasker.runtime.processUuid).not.toBe(orchestrator.tasker.runtime.processUuid);
  });

  it('with two orchestrators and two workers completes many tasks, each step once', async () => {
    const template = planTask('crowd', diamond, { identity_strategy: 'always_unique' });
    const runs = new Map<string, number>();
    const handler = ({ step }: HandlerInput) => {
      runs.set(step.stepUuid, (runs.get(step.stepUuid) ?? 0) + 1);
      return step.name;
    };
    const handlers = Object.fromEntries(template.steps.map(({ name }) => [name, handler]));
    const engines = [
      await openEngine({ templates: [template], handlers, worker: { concurrency: 20 } }),
      await openEngine({
        templates: [template],
        handlers,
        worker: { concurrency: 20 },
        orchestrator: { pollIntervalMs: 20, sweepIntervalMs: 50 },
      }),
    ];
    const tasks = await Promise.all(
      Array.from({ length: 60 }, (_, n) => (engines[n % 2] ?? expect.unreachable()).submit(template)),
    );
    expect(new Set(await Promise.all(tasks.map((task) => task.outcome(outcomeWithin))))).toEqual(new Set(['complete']));
    expect([...runs.values()]).toEqual(Array.from({ length: 240 }, () => 1));
    const doubled = await queries.rows(
      `select l.workflow_step_uuid from tasker.workflow_step_transition_log l where l.to_state = 'complete' group by 1 having count(*) > 1`,
    );
    expect(doubled).toEqual([]);
    expect((await engines[0]?.tasker.runtime.store.doctor(100))?.filter(({ kind }) => kind === 'violation')).toEqual([]);
  });

  it('processes the same result message once, whichever orchestrator gets it', async () => {
    const template = planTask('same_message', { only: [] });
    const one = await openEngine({ templates: [template], orchestrator: false });
    const two = await openEngine({ orchestrator: false, worker: false });
    const task = await one.submit(template);
    const message = async () =>
      (await queries.rows<{ message: StepMessage }>('select message from pgmq.q_orchestration_step_results'))[0]?.message;
    await expect.poll(message, { interval: 10, timeout: 5_000 }).toBeDefined();
    const body = (await message()) ?? expect.unreachable();
    const outcomes = await Promise.all(
      [one, two, one, two].map(({ tasker }) => tasker.runtime.core.processStepResults([body, body])),
    );
    const kinds = outcomes.flat().map((outcome) => (outcome.ok ? outcome.value.kind : outcome.error.code));
    // Both copies in the batch that won tell of the same success.
    expect(kinds.toSorted()).toEqual(['Skipped', 'Skipped', 'Skipped', 'Skipped', 'Skipped', 'Skipped', 'Success', 'Success']);
    const transitions = await one.tasker.runtime.store.taskTransitions(task.taskUuid);
    expect(
      transitions
        .filter(({ to }) => to === 'complete')
        .map(({ subject }) => subject)
        .toSorted(),
    ).toEqual(['only', 'task']);
    await queries.rows('delete from pgmq.q_orchestration_step_results');
  });

  it('skips results of tasks and steps that do not exist', async () => {
    const { tasker } = await openEngine({ orchestrator: false, worker: false });
    const nobody = '00000000-0000-7000-8000-00000000000f';
    const [outcome] = await tasker.runtime.core.processStepResults([
      { task_uuid: nobody, step_uuid: nobody, correlation_id: nobody },
    ]);
    expect(outcome).toMatchObject({ ok: true, value: { kind: 'Skipped' } });
  });

  it('calls the method and asks the resolver that the template names', async () => {
    const template = planTask('dispatch', {
      plain: [],
      method: { after: ['plain'], handler: { callable: 'orders', method: 'refund' } },
      hinted: { after: ['method'], handler: { callable: 'orders', resolver: 'by_hint' } },
    });
    class Orders {
      readonly #name = 'orders';
      call() {
        return `${this.#name}.call`;
      }
      refund({ step }: HandlerInput) {
        return `${this.#name}.refund for ${step.name}`;
      }
    }
    const registry = createHandlerRegistry({
      plain: () => 'plain',
      orders: { call: () => new Orders().call(), refund: (input: HandlerInput) => new Orders().refund(input) },
    });
    registry.addResolver({ name: 'by_hint', priority: 50, resolve: (callable) => () => `hinted ${callable}` });
    const engine = await openEngine({ templates: [template], worker: false });
    await engine.tasker.startWorker({ namespaces: ['tests'], handlers: registry });
    const { status, outputs } = await (await engine.submit(template)).result(outcomeWithin);
    expect(status).toBe('complete');
    expect(outputs).toEqual({ plain: 'plain', method: 'orders.refund for method', hinted: 'hinted orders' });
  });

  it('lets workers of different handlers share a namespace: each step goes to one that knows its handler', async () => {
    const unique = { identity_strategy: 'always_unique' };
    const goods = planTask('goods', { pick: [], pack: ['pick'] }, unique);
    const money = planTask('money', { bill: [], book: ['bill'] }, unique);
    const one = await openEngine({ templates: [goods], worker: { concurrency: 1 } });
    const two = await openEngine({ templates: [money], worker: { concurrency: 1 }, orchestrator: false });
    const tasks = await Promise.all(Array.from({ length: 40 }, (_, n) => (n % 2 === 0 ? one.submit(goods) : two.submit(money))));
    const results = await Promise.all(tasks.map((task) => task.result(outcomeWithin)));
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['complete']));
    expect(new Set(results.flatMap(({ details }) => details.steps.map(({ attempts }) => attempts)))).toEqual(new Set([1]));
    // Each worker gives each step it does not know back once; from then on it leaves them where they are.
    const { released } = await queries.row<{ released: number }>(
      `select count(*)::int as released from tasker.workflow_step_transitions t
        join tasker.workflow_steps s using (workflow_step_uuid) join tasker.named_steps n using (named_step_uuid)
        where t.metadata ->> 'event' = 'Released' and n.name in ('pick', 'pack', 'bill', 'book')`,
    );
    expect(released).toBeLessThanOrEqual(4);
  });

  it('leaves a step whose handler no worker knows in its queue, says so, and runs it when one comes', async () => {
    const template = planTask('unknown', { work: { handler: { callable: 'missing' } } });
    const engine = await openEngine({ templates: [template], handlers: { known: () => 1 } });
    const task = await engine.submit(template);
    const line = await engine.log.line('no handler here is named missing');
    expect(line).toMatchObject({ level: 'warn', fields: { callable: 'missing', stepName: 'work' } });
    const step = async () => (await task.details()).steps[0];
    await expect.poll(step, { interval: 10, timeout: 5_000 }).toMatchObject({ state: 'enqueued', attempts: 0 });
    const { store } = engine.tasker.runtime;
    expect((await store.doctor(100)).filter(({ taskUuid }) => taskUuid === task.taskUuid)).toMatchObject([
      {
        kind: 'stuck',
        check: 'no_handler',
        message: expect.stringMatching(/^no live worker knows handler missing, which step work needs/),
        movesAt: undefined,
      },
    ]);
    await openEngine({ templates: [template], handlers: { missing: () => 'found' }, orchestrator: false });
    const { status, outputs, details } = await task.result(outcomeWithin);
    expect({ status, outputs, attempts: details.steps[0]?.attempts }).toEqual({
      status: 'complete',
      outputs: { work: 'found' },
      attempts: 1,
    });
  });

  it.each([
    ['HANDLER_METHOD_MISSING', { callable: 'known', method: 'refund' }, /has no method refund/],
    ['HANDLER_NOT_FOUND', { callable: 'known', resolver: 'nobody' }, /no resolver is named nobody/],
  ])('fails a step for good with %s for the handler %j', async (code, handler, message) => {
    const template = planTask(`handler_${Object.values(handler).join('_')}`, { work: { handler } });
    const engine = await openEngine({ templates: [template], handlers: { known: () => 1 } });
    const { status, details } = await (await engine.submit(template)).result(outcomeWithin);
    expect(status).toBe('blocked_by_failures');
    expect(details.steps).toMatchObject([{ attempts: 1, errorMessage: expect.stringMatching(message) }]);
    expect(
      await queries.row(`select results -> 'error' ->> 'error_type' as type from tasker.workflow_steps where task_uuid = $1`, [
        details.taskUuid,
      ]),
    ).toEqual({ type: code });
  });

  it('takes over a result that arrives while another of the same task is being decided on', async () => {
    const template = planTask('late_result', { early: [], late: [], end: ['early', 'late'] });
    const release = signal<string>();
    const engine = await openEngine({
      templates: [template],
      handlers: { early: echo, late: () => release.promise, end: echo },
      orchestrator: false,
    });
    const task = await engine.submit(template);
    const states = async () => Object.fromEntries((await task.details()).steps.map(({ name, state }) => [name, state]));
    await expect
      .poll(states, { interval: 10, timeout: 5_000 })
      .toMatchObject({ early: 'enqueued_for_orchestration', late: 'in_progress' });
    const seen: unknown[] = [];
    await engine.tasker.runtime.store.decideTasks([task.taskUuid], async (views) => {
      seen.push(Object.fromEntries((views[0]?.steps ?? []).map(({ name, state }) => [name, state])));
      release.resolve('now');
      await expect.poll(states, { interval: 10, timeout: 5_000 }).toMatchObject({ late: 'enqueued_for_orchestration' });
      return views.map((view) => decideTask(view, { now: Date.now(), random: () => 0.5, retryPolicyOf: () => undefined }));
    });
    expect(seen).toEqual([{ early: 'enqueued_for_orchestration', late: 'in_progress', end: 'pending' }]);
    expect(await states()).toEqual({ early: 'complete', late: 'enqueued_for_orchestration', end: 'pending' });
    await engine.tasker.startOrchestrator();
    expect(await task.outcome(outcomeWithin)).toBe('complete');
  });
});

describe('an announcement that has no room for all its ids', () => {
  const database = useTestDatabase();
  const queries = useQueries(database);
  const openEngine = useEngines(database);

  it('loses no message in mode EventDrivenOnly', async () => {
    const template = planTask('crowded', { only: [] }, { identity_strategy: 'always_unique' });
    // The sweep of this orchestrator helps nobody: the next one is due in ten minutes.
    const calm = { mode: 'EventDrivenOnly', sweepIntervalMs: 600_000 } as const;
    await openEngine({ templates: [template], orchestrator: calm, worker: false });
    const { provider } = (await openEngine({ orchestrator: false, worker: false })).tasker.runtime;
    const queue = orchestrationQueues.taskRequests;
    const request = { namespace: 'tests', name: 'crowded', version: '1.0.0', context: {} };
    // 7,800 bytes hold 1,950 ids of three digits at most.
    const messages = Array.from({ length: 2_200 }, (_, index) => taskRequestMessage(`crowded-${index}`, request));
    provider.announce(queue, await provider.send(queue, messages));
    const left = () => queries.row(`select count(*)::int as messages from pgmq.q_orchestration_task_requests`);
    await expect.poll(left, { interval: 20, timeout: 20_000 }).toEqual({ messages: 0 });
  });
});

describe('a row with a state of another version', () => {
  it('is named, and the other tasks go on', async () => {
    const database = await testDatabase();
    const queries = openQueries(database.url);
    await queries.rows(`alter type tasker.step_state add value 'teleported'`);
    const template = planTask('unknown_state', { first: [], second: ['first'] }, { identity_strategy: 'always_unique' });
    const tasker = await openTasker({ databaseUrl: database.url, migrate: false });
    try {
      await tasker.register(template);
      const strange = await tasker.submit({ template });
      await queries.rows(`update tasker.workflow_steps set state = 'teleported' where task_uuid = $1 and sort_key = 1`, [
        strange.taskUuid,
      ]);
      await tasker.startOrchestrator({ sweepIntervalMs: 60_000 });
      await tasker.startWorker({ namespaces: ['tests'], handlers: { first: echo, second: echo } });
      const others = await Promise.all([1, 2, 3].map(() => tasker.submit({ template })));
      expect(await Promise.all(others.map((task) => task.outcome(outcomeWithin)))).toEqual(['complete', 'complete', 'complete']);
      await expect(strange.details()).rejects.toMatchObject({ code: 'UNKNOWN_STATE', kind: 'infrastructure' });
      const body = { task_uuid: strange.taskUuid, step_uuid: strange.taskUuid, correlation_id: strange.taskUuid };
      await expect(tasker.runtime.core.processStepResults([body])).rejects.toMatchObject({
        code: 'UNKNOWN_STATE',
        message: expect.stringContaining('"teleported"'),
      });
    } finally {
      await tasker.close();
      await queries.close();
      await database.drop();
    }
  });

  it('does not keep the sweep from the tasks that it can read', async () => {
    const database = await testDatabase();
    const queries = openQueries(database.url);
    await queries.rows(`alter type tasker.step_state add value 'teleported'`);
    const template = planTask('unknown_in_sweep', { first: [], second: [] }, { identity_strategy: 'always_unique' });
    const tasker = await openTasker({ databaseUrl: database.url, migrate: false });
    try {
      await tasker.register(template);
      const tasks = await Promise.all([1, 2, 3].map(() => tasker.submit({ template })));
      // All three wait for a retry that is due; one of them cannot be read.
      await queries.rows(
        `update tasker.workflow_steps set state = 'waiting_for_retry', attempts = 1, next_retry_at = tasker.now() - interval '1 minute'`,
      );
      await queries.rows(`update tasker.tasks set state = 'waiting_for_retry'`);
      await queries.rows('delete from pgmq.q_worker_tests_queue');
      await queries.rows(
        `update tasker.workflow_steps set state = 'teleported' where workflow_step_uuid = (select min(workflow_step_uuid::text)::uuid from tasker.workflow_steps where task_uuid = $1)`,
        [tasks[1]?.taskUuid],
      );
      const { sweep } = await tasker.startOrchestrator();
      await tasker.startWorker({ namespaces: ['tests'], handlers: { first: echo, second: echo } });
      await sweep.sweepNow();
      expect(await tasks[0]?.outcome(outcomeWithin)).toBe('complete');
      expect(await tasks[2]?.outcome(outcomeWithin)).toBe('complete');
    } finally {
      await tasker.close();
      await queries.close();
      await database.drop();
    }
  });
});
