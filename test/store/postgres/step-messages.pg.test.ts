// The message of a step belongs to whoever has the step: late workers and early looks must not take it away.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { successResult } from '../../../src/domain/step-result.ts';
import type { Runtime } from '../../../src/runtime/open-runtime.ts';
import { openRuntime } from '../../../src/runtime/open-runtime.ts';
import { newUuid } from '../../../src/runtime/clock.ts';
import type { ClaimedStep, StepReport } from '../../../src/store/store.ts';
import { useTestDatabase } from '../../helpers/database.ts';
import { planTask } from '../../helpers/engine.ts';
import { beforeNext } from './before-next.ts';

describe('the message of a step', () => {
  const database = useTestDatabase();
  const [late, next] = [newUuid(), newUuid()];
  const queueName = 'worker_tests_queue';
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await openRuntime({ databaseUrl: database.url, migrate: false, maxConnections: 4 });
  });
  afterAll(() => runtime.close());

  const claim = (workerUuid: string, leaseMs = 60_000) => runtime.store.claimSteps({ queueName, max: 10, leaseMs, workerUuid });

  /** A task of one step, which the late worker has claimed. */
  async function claimedStep(name: string, leaseMs: number, retry: object = {}): Promise<ClaimedStep> {
    const template = planTask(name, { only: { retry: { ...retry } } });
    await runtime.core.registerTemplate(template);
    const [submitted] = await runtime.core.submitTasks([
      { namespace: template.namespace_name, name: template.name, version: template.version, context: {} },
    ]);
    expect(submitted?.ok).toBe(true);
    const { claimed } = await claim(late, leaseMs);
    const [step] = claimed;
    if (step === undefined) throw new Error('the step was not claimed');
    return step;
  }

  async function message({
    messageId,
  }: ClaimedStep): Promise<{ readonly exists: boolean; readonly showsWhenLeaseEnds: boolean | null }> {
    const { rows } = await runtime.pool.query<{ exists: boolean; showsWhenLeaseEnds: boolean | null }>(
      `select m.msg_id is not null as exists, m.vt = s.lease_expires_at as "showsWhenLeaseEnds"
       from (values ($1::bigint)) wanted (id)
       left join pgmq.q_${queueName} m on m.msg_id = wanted.id
       left join tasker.workflow_steps s on s.workflow_step_uuid = (m.message ->> 'step_uuid')::uuid`,
      [messageId],
    );
    return rows[0] ?? { exists: false, showsWhenLeaseEnds: null };
  }

  const show = ({ messageId }: ClaimedStep) =>
    runtime.pool.query(`update pgmq.q_${queueName} set vt = clock_timestamp() where msg_id = $1`, [messageId]);

  function report(step: ClaimedStep): StepReport {
    const { stepUuid, taskUuid, attempt, messageId } = step;
    const facts = { stepUuid, executionTimeMs: 1, completedAt: new Date().toISOString() };
    return {
      stepUuid,
      taskUuid,
      attempt,
      messageId,
      queueName,
      success: true,
      executionTimeMs: 1,
      result: successResult(facts, null),
    };
  }

  it('stays when a worker reports after another has taken the step over', async () => {
    const lost = await claimedStep('late_report', 0);
    await show(lost);
    const { claimed } = await claim(next);
    expect(claimed.map(({ attempt }) => attempt)).toEqual([2]);
    const { refused } = await runtime.store.submitResults(late, [report(lost)]);
    expect(refused).toEqual([lost.stepUuid]);
    expect(await message(lost)).toMatchObject({ exists: true });
    const taken = await runtime.store.submitResults(next, claimed.map(report));
    expect(taken.refused).toEqual([]);
    expect(await message(lost)).toMatchObject({ exists: false });
  });

  it('stays when the lease is renewed while another worker looks at it', async () => {
    const step = await claimedStep('renewed_meanwhile', 0);
    await show(step);
    const client = await runtime.pool.connect();
    await client.query('begin');
    await client.query(
      `update tasker.workflow_steps set lease_expires_at = tasker.now() + interval '1 minute' where workflow_step_uuid = $1`,
      [step.stepUuid],
    );
    const looking = claim(next);
    await untilSomeoneWaits();
    await client.query('commit');
    client.release();
    expect(await looking).toMatchObject({ claimed: [], unclaimed: [{ reason: 'leased_by_another' }] });
    expect(await message(step)).toEqual({ exists: true, showsWhenLeaseEnds: true });
  });

  it('shows again when the lease ends, not a whole lease after an early look', async () => {
    const step = await claimedStep('early_look', 5_000);
    await show(step);
    expect(await claim(next)).toMatchObject({ claimed: [], unclaimed: [{ reason: 'leased_by_another' }] });
    expect(await message(step)).toEqual({ exists: true, showsWhenLeaseEnds: true });
  });

  it('stays when the lease is renewed after another worker has found its attempts used up', async () => {
    const step = await claimedStep('renewed_last_attempt', 0, { max_attempts: 1 });
    await show(step);
    beforeNext(runtime.pool, 'failing-lost-steps', () => runtime.store.renewLeases(late, [step], 60_000));
    expect(await claim(next)).toMatchObject({ claimed: [], unclaimed: [{ reason: 'attempts_exhausted' }], sent: {} });
    expect(await message(step)).toEqual({ exists: true, showsWhenLeaseEnds: true });
    expect((await runtime.store.submitResults(late, [report(step)])).refused).toEqual([]);
    expect(await message(step)).toMatchObject({ exists: false });
  });

  it('stays when the step is given back after another worker has found it in progress', async () => {
    const step = await claimedStep('given_back_meanwhile', 0);
    await show(step);
    beforeNext(runtime.pool, 'taking-over-steps', () => runtime.store.releaseSteps(late, [step]));
    expect(await claim(next)).toMatchObject({ claimed: [], unclaimed: [{ reason: 'enqueued_again' }] });
    expect(await claim(next)).toMatchObject({ claimed: [{ stepUuid: step.stepUuid, attempt: 1 }] });
  });

  it('is hidden for a moment only when a worker is lost between looking at it and taking its step over', async () => {
    const step = await claimedStep('lost_on_the_way', 0);
    await show(step);
    beforeNext(runtime.pool, 'taking-over-steps', () =>
      Promise.reject(Object.assign(new Error('killed'), { code: 'ECONNRESET' })),
    );
    await expect(claim(next)).rejects.toThrow('killed');
    expect(await hiddenForMs(step)).toBeLessThanOrEqual(1_000);
    await show(step);
    expect(await claim(next)).toMatchObject({ claimed: [{ stepUuid: step.stepUuid, attempt: 2 }] });
    expect(await hiddenForMs(step)).toBeGreaterThan(50_000);
  });

  async function hiddenForMs({ messageId }: ClaimedStep): Promise<number> {
    const { rows } = await runtime.pool.query<{ ms: number }>(
      `select extract(epoch from vt - clock_timestamp())::float8 * 1000 as ms from pgmq.q_${queueName} where msg_id = $1`,
      [messageId],
    );
    return rows[0]?.ms ?? Number.NaN;
  }

  /** Until a backend of this database waits for a lock. */
  async function untilSomeoneWaits(): Promise<void> {
    for (;;) {
      const { rowCount } = await runtime.pool.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      if (rowCount !== null && rowCount > 0) return;
    }
  }
});
