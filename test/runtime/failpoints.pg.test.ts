// Failpoints on the real store: where each one stands between what is committed and what is not.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { messageOf } from '../../src/domain/errors.ts';
import { silentLogger } from '../../src/domain/ports.ts';
import { successResult } from '../../src/domain/step-result.ts';
import { orchestrationQueues } from '../../src/messaging/queue-names.ts';
import { createOrchestrationCore } from '../../src/orchestration/lifecycle/orchestration-core.ts';
import { identityHash, newUuid, systemClock } from '../../src/runtime/clock.ts';
import { armFailpoint, failpointNames, parseFailpoint } from '../../src/runtime/failpoints.ts';
import type { Failpoint } from '../../src/runtime/failpoints.ts';
import { openRuntime } from '../../src/runtime/open-runtime.ts';
import type { Runtime } from '../../src/runtime/open-runtime.ts';
import type { TestDatabase } from '../helpers/database.ts';
import { testDatabase } from '../helpers/database.ts';
import { planTask } from '../helpers/engine.ts';

describe('TASKER_FAILPOINT', () => {
  it.each(failpointNames)('names %s, and which passing of it', (name) => {
    expect(parseFailpoint(name)).toEqual({ name, nth: 1 });
    expect(parseFailpoint(`${name}:12`)).toEqual({ name, nth: 12 });
  });

  it.each([undefined, ''])('%j means none', (text) => {
    expect(parseFailpoint(text)).toBeUndefined();
  });

  it.each(['worker.unknown', 'worker.claimed:0', 'worker.claimed:x', 'worker.claimed:1:2', 'worker.claimed:'])(
    'refuses %s and lists the names',
    (text) => {
      expect(() => parseFailpoint(text)).toThrow(/worker\.claimed, worker\.handled/);
    },
  );
});

describe('a failpoint', () => {
  let database: TestDatabase;
  let runtime: Runtime;
  beforeEach(async () => {
    database = await testDatabase();
    runtime = await openRuntime({ databaseUrl: database.url, migrate: false, maxConnections: 2 });
  });
  afterEach(async () => {
    await runtime.close();
    await database.drop();
  });

  const template = planTask('one_step', { only: [] });
  const queueName = 'worker_tests_queue';
  const results = orchestrationQueues.stepResults;

  /** The whole life of a task of one step, act by act, until the failpoint throws. */
  async function live(failpoint: Failpoint): Promise<string> {
    const { pool } = runtime;
    const die = () => {
      throw new Error('died here');
    };
    const { store, provider } = armFailpoint(failpoint, { pool, store: runtime.store, provider: runtime.provider }, die);
    const core = createOrchestrationCore({
      store,
      provider,
      clock: systemClock,
      logger: silentLogger,
      random: () => 0.5,
      newId: newUuid,
      hash: identityHash,
      onRetryPlanned: () => undefined,
    });
    const acts = async (): Promise<string> => {
      await core.registerTemplate(template);
      const [submitted] = await core.submitTasks([
        { namespace: 'tests', name: template.name, version: template.version, context: {} },
      ]);
      if (submitted?.ok === false) throw submitted.error;
      const workerUuid = newUuid();
      const { claimed } = await store.claimSteps({ queueName, max: 1, leaseMs: 60_000, workerUuid });
      const reports = claimed.map((step) => {
        const facts = { stepUuid: step.stepUuid, executionTimeMs: 1, completedAt: new Date().toISOString() };
        return { ...step, success: true, executionTimeMs: 1, result: successResult(facts, null) };
      });
      await store.submitResults(workerUuid, reports);
      const messages = await provider.receive({ queueName: results, max: 1, visibilityMs: 60_000 });
      const steps = claimed.map((step) => ({
        task_uuid: step.taskUuid,
        step_uuid: step.stepUuid,
        correlation_id: step.correlationId,
      }));
      await core.processStepResults(steps);
      await provider.ack(messages.map(({ handle }) => handle));
      return 'lived';
    };
    return acts().catch((error: unknown) => messageOf(error));
  }

  /** States of the task and its step, and how many messages wait for worker and orchestrator. */
  async function committed(): Promise<string> {
    const { rows } = await runtime.pool.query<{ state: string }>(
      `select concat_ws(' ', (select state from tasker.tasks), (select state from tasker.workflow_steps)) as state`,
    );
    const stats = await runtime.provider.queueStats([queueName, results]);
    return [rows[0]?.state, ...stats.map(({ messageCount }) => messageCount)].join(' ');
  }

  it.each([
    ['orchestrator.before_create', ' 0 0'],
    ['orchestrator.created', 'steps_in_process enqueued 1 0'],
    ['worker.before_claim', 'steps_in_process enqueued 1 0'],
    ['worker.claimed', 'steps_in_process in_progress 1 0'],
    ['worker.handled', 'steps_in_process in_progress 1 0'],
    ['worker.saved', 'steps_in_process enqueued_for_orchestration 0 1'],
    ['orchestrator.decided', 'steps_in_process enqueued_for_orchestration 0 1'],
    ['orchestrator.finalizing', 'steps_in_process enqueued_for_orchestration 0 1'],
    ['orchestrator.saved', 'steps_in_process enqueued_for_orchestration 0 1'],
    ['orchestrator.committed', 'complete complete 0 1'],
    ['orchestrator.before_ack', 'complete complete 0 1'],
  ] as const)('at %s leaves behind: %s', async (name, left) => {
    expect(await live({ name, nth: 1 })).toContain('died here');
    expect(await committed()).toBe(left);
  });

  it('at worker.before_take_over leaves the step with the worker that was lost, and its message hidden for a moment only', async () => {
    const { pool } = runtime;
    const die = () => {
      throw Object.assign(new Error('died here'), { code: 'ECONNRESET' });
    };
    const { store } = armFailpoint(
      { name: 'worker.before_take_over', nth: 1 },
      { pool, store: runtime.store, provider: runtime.provider },
      die,
    );
    await runtime.core.registerTemplate(template);
    await runtime.core.submitTasks([{ namespace: 'tests', name: template.name, version: template.version, context: {} }]);
    const [lost, next] = [newUuid(), newUuid()];
    expect((await store.claimSteps({ queueName, max: 1, leaseMs: 0, workerUuid: lost })).claimed).toHaveLength(1);
    await expect(store.claimSteps({ queueName, max: 1, leaseMs: 60_000, workerUuid: next })).rejects.toThrow('died here');
    expect(await committed()).toBe('steps_in_process in_progress 1 0');
    const { rows } = await pool.query(
      `select s.worker_uuid, s.attempts, m.vt < clock_timestamp() + interval '1 second' as shows_soon
       from tasker.workflow_steps s join pgmq.q_${queueName} m on (m.message ->> 'step_uuid')::uuid = s.workflow_step_uuid`,
    );
    expect(rows).toEqual([{ worker_uuid: lost, attempts: 1, shows_soon: true }]);
  });

  it('lets the second passing alone when the third is meant', async () => {
    expect(await live({ name: 'orchestrator.saved', nth: 3 })).toBe('lived');
    expect(await committed()).toBe('complete complete 0 0');
  });

  it('keeps every announcement to itself when they are to be lost', async () => {
    const heard: string[] = [];
    await runtime.provider.subscribe([queueName, results], (notification) => heard.push(notification.kind));
    expect(await live({ name: 'announcements.lost', nth: 1 })).toBe('lived');
    expect(heard).toEqual([]);
  });
});
