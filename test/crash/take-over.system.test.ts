// A second crash: a worker is killed just as it is about to take over what another killed worker has left.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateTemplate } from '../../src/domain/template/parse-template.ts';
import { openTasker } from '../../src/runtime/tasker.ts';
import type { Tasker } from '../../src/runtime/tasker.ts';
import { useTestDatabase } from '../helpers/database.ts';
import { until } from '../runtime/database/until.ts';
import type { ChildBundle } from './child-bundle.ts';
import { bundleChild } from './child-bundle.ts';
import { createLedger, databaseTimeMs, judge, readProgress } from './crash-oracle.ts';
import type { Kill } from './crash-oracle.ts';
import { startEngineProcess } from './engine-process.ts';
import type { EngineProcess } from './engine-process.ts';
import { pollIntervalMs, sweepIntervalMs } from './timing.ts';

// Long beside the slack of the oracle, so that a step that waited for two leases would be found out.
const leaseMs = 4_000;
/** How long a message is hidden from the others once a worker looks at it, and the poll that finds it again. */
const lookMs = 1_000 + pollIntervalMs;
const tasks = 4;

const template = validateTemplate(
  {
    name: 'twice',
    namespace_name: 'crash',
    version: '1.0.0',
    identity_strategy: 'always_unique',
    steps: [
      { name: 'first', handler: { callable: 'effect', initialization: { workMs: 5 } }, retry: { max_attempts: 5 } },
      { name: 'second', dependencies: ['first'], handler: { callable: 'effect' }, retry: { max_attempts: 5 } },
    ],
  },
  'twice',
);

describe('a second crash during a take-over', () => {
  const database = useTestDatabase();
  const processes: EngineProcess[] = [];
  let bundle: ChildBundle;
  let tasker: Tasker;
  beforeAll(async () => {
    [bundle, tasker] = await Promise.all([
      bundleChild(),
      openTasker({ databaseUrl: database.url, migrate: false, maxConnections: 2 }),
    ]);
  });
  afterAll(async () => {
    await Promise.all(processes.filter((process) => process.isRunning()).map((process) => process.kill()));
    await tasker.close();
    await bundle.remove();
  });

  function start(role: EngineProcess['role'], failpoint?: string): EngineProcess {
    const armed = failpoint === undefined ? {} : { failpoint };
    const process = startEngineProcess({ bundle: bundle.path, role, databaseUrl: database.url, leaseMs, ...armed });
    processes.push(process);
    return process;
  }

  it('costs a moment, not another lease', async () => {
    const { pool, store, core } = tasker.runtime;
    await createLedger(pool);
    await core.registerTemplate(template);
    const orchestrator = start('orchestrator');
    const [first, second, third] = [
      start('worker', 'worker.claimed'),
      start('worker', 'worker.before_take_over'),
      start('worker'),
    ];
    await Promise.all([orchestrator.go(), ...[first, second, third].map((process) => process.connected())]);
    const { namespace_name: namespace, name, version } = template;
    await core.submitTasks(Array.from({ length: tasks }, () => ({ namespace, name, version, context: {} })));
    const kills: Kill[] = [];
    for (const worker of [first, second]) {
      // One that dies while it starts never says that it has started.
      worker.go().catch(() => undefined);
      expect(await worker.ended).toBe('SIGKILL');
      // The log names the first one, for the second one has claimed nothing.
      const { rows } = await pool.query<{ uuid: string }>(
        `select distinct actor_uuid as uuid from tasker.workflow_step_transitions where to_state = 'in_progress'`,
      );
      expect(rows).toHaveLength(1);
      kills.push({
        role: 'worker',
        actorUuid: kills.length === 0 ? (rows[0]?.uuid ?? '') : '',
        atMs: await databaseTimeMs(pool),
      });
    }
    await third.go();
    await until('every task is complete', async () => (await readProgress(pool)).completeTasks === tasks, 20_000);
    await Promise.all([third, orchestrator].map((process) => process.leave()));
    const judgement = await judge({
      pool,
      doctor: (limit) => store.doctor(limit),
      tasks,
      kills,
      recoverWithinMs: leaseMs + lookMs + sweepIntervalMs,
    });
    const { longestMs, takeovers, problems } = judgement;
    process.stdout.write(
      `a second crash during a take-over, lease ${leaseMs} ms: in progress for ${longestMs['in_progress']} ms\n`,
    );
    expect(problems).toEqual([]);
    expect(takeovers).toBe(tasks);
    // Judged at all: from the death of the first worker to the take-over by the third.
    expect(longestMs['in_progress']).toBeGreaterThan(leaseMs / 2);
  });
});
