// A claim that leaves the steps of other workers alone: their messages stay as they were, everything else is claimed or put away.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRuntime } from '../../../src/runtime/open-runtime.ts';
import type { Runtime } from '../../../src/runtime/open-runtime.ts';
import { newUuid } from '../../../src/runtime/clock.ts';
import { useTestDatabase } from '../../helpers/database.ts';
import { planTask } from '../../helpers/plan-task.ts';
import { useQueries } from '../../helpers/queries.ts';

const queueName = 'worker_tests_queue';

describe('a claim with exceptions', () => {
  const database = useTestDatabase();
  const queries = useQueries(database);
  let runtime: Runtime;
  beforeEach(async () => {
    runtime = await openRuntime({ databaseUrl: database.url, migrate: false, maxConnections: 2 });
  });
  afterEach(() => runtime.close());

  const messages = () =>
    queries.rows(
      `select n.name as step, read_ct, vt <= clock_timestamp() as visible from pgmq.q_${queueName} q
        left join tasker.workflow_steps s on s.workflow_step_uuid::text = q.message ->> 'step_uuid'
        left join tasker.named_steps n using (named_step_uuid) order by n.name`,
    );

  it('passes over the steps of that name of that template, and over nothing else', async () => {
    const uuids: string[] = [];
    for (const name of ['one', 'two']) {
      const template = planTask(name, { own: [], theirs: [] });
      uuids.push((await runtime.core.registerTemplate(template)).namedTaskUuid);
      await runtime.core.submitTasks([{ namespace: 'tests', name, version: '1.0.0', context: {} }]);
    }
    const nobody = newUuid();
    await runtime.provider.send(queueName, [{ step_uuid: 'no uuid' }, { step_uuid: nobody }]);
    const claim = (except: { namedTaskUuid: string; stepName: string }[]) =>
      runtime.store.claimSteps({ queueName, max: 10, leaseMs: 60_000, workerUuid: newUuid(), except });
    const [first = ''] = uuids;
    const { claimed, unclaimed } = await claim([
      { namedTaskUuid: first, stepName: 'theirs' },
      { namedTaskUuid: first, stepName: 'no such step' },
    ]);
    expect(
      claimed.map(({ namedTaskUuid, stepName }) => `${String(uuids.indexOf(namedTaskUuid))} ${stepName}`).toSorted(),
    ).toEqual(['0 own', '1 own', '1 theirs']);
    expect(unclaimed.map(({ reason }) => reason).toSorted()).toEqual(['not_a_step_message', 'unknown_step']);
    expect((await messages()).filter(({ visible }) => visible === true)).toEqual([{ step: 'theirs', read_ct: 0, visible: true }]);
    // Who knows its handler finds it where it was.
    expect((await claim([])).claimed).toMatchObject([{ namedTaskUuid: first, stepName: 'theirs', attempt: 1 }]);
  });

  it('does not take a lost worker’s step over either', async () => {
    const template = planTask('lost', { theirs: [] });
    const { namedTaskUuid } = await runtime.core.registerTemplate(template);
    await runtime.core.submitTasks([{ namespace: 'tests', name: 'lost', version: '1.0.0', context: {} }]);
    const claim = (leaseMs: number, stepName: string) =>
      runtime.store.claimSteps({ queueName, max: 10, leaseMs, workerUuid: newUuid(), except: [{ namedTaskUuid, stepName }] });
    expect((await claim(0, 'other')).claimed).toHaveLength(1);
    expect(await claim(60_000, 'theirs')).toMatchObject({ claimed: [], unclaimed: [] });
    expect((await claim(60_000, 'other')).claimed).toMatchObject([{ stepName: 'theirs', attempt: 2 }]);
  });
});
