// A SIGKILL at each place of the crash table (spec 6.15): a standby takes over, and no step waits longer than lease and sweep.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IdentityStrategy } from '../../src/domain/identity.ts';
import { validateTemplate } from '../../src/domain/template/parse-template.ts';
import type { TaskTemplate } from '../../src/domain/template/task-template.ts';
import { orchestrationQueues } from '../../src/messaging/queue-names.ts';
import { taskRequestMessage } from '../../src/orchestration/commands/hydrate.ts';
import type { DeploymentMode } from '../../src/orchestration/event-systems/deployment-mode.ts';
import { newUuid } from '../../src/runtime/clock.ts';
import type { FailpointName } from '../../src/runtime/failpoints.ts';
import { openTasker } from '../../src/runtime/tasker.ts';
import type { Tasker } from '../../src/runtime/tasker.ts';
import { testDatabase } from '../helpers/database.ts';
import { until } from '../runtime/database/until.ts';
import type { ChildBundle } from './child-bundle.ts';
import { bundleChild } from './child-bundle.ts';
import { createLedger, databaseTimeMs, describeJudgement, judge, readProgress } from './crash-oracle.ts';
import type { Judgement, Kill } from './crash-oracle.ts';
import { startEngineProcess } from './engine-process.ts';
import type { EngineProcess } from './engine-process.ts';

interface Row {
  /** The row of the table. */
  readonly crash: string;
  readonly failpoint: FailpointName;
  readonly nth: number;
  /** Results are only found by polling: what is signalled is acknowledged in the transaction that decides. */
  readonly polled?: boolean;
  /** Of the orchestrators; default Hybrid. */
  readonly mode?: DeploymentMode;
  /** The template's, so that a request whose message is delivered twice could become two tasks; default strict. */
  readonly identity?: IdentityStrategy;
}

const rows: readonly Row[] = [
  { crash: 'before the init COMMIT', failpoint: 'orchestrator.before_create', nth: 1 },
  { crash: 'after COMMIT, before enqueuing is announced', failpoint: 'orchestrator.created', nth: 1 },
  { crash: 'worker before claim', failpoint: 'worker.before_claim', nth: 1 },
  { crash: 'worker after claim, before the handler', failpoint: 'worker.claimed', nth: 2 },
  { crash: 'worker after the handler, before the result is saved', failpoint: 'worker.handled', nth: 2 },
  { crash: 'worker after the result is saved, before the message is announced', failpoint: 'worker.saved', nth: 2 },
  { crash: 'orchestrator between load and save', failpoint: 'orchestrator.decided', nth: 2 },
  { crash: 'orchestrator after save, before commit', failpoint: 'orchestrator.saved', nth: 2 },
  {
    crash: 'orchestrator between step transition and coordination (committed, nobody told)',
    failpoint: 'orchestrator.committed',
    nth: 2,
  },
  {
    crash: 'orchestrator after coordination, before the acknowledgement',
    failpoint: 'orchestrator.before_ack',
    nth: 2,
    polled: true,
  },
  { crash: 'orchestrator during finalization', failpoint: 'orchestrator.finalizing', nth: 1 },
  {
    crash: 'after COMMIT, before the request is acknowledged, of a task that is unique every time',
    failpoint: 'orchestrator.created',
    nth: 1,
    identity: 'always_unique',
  },
  {
    crash: 'worker after the result is saved, before the message is announced, with notifications only',
    failpoint: 'worker.saved',
    nth: 2,
    mode: 'EventDrivenOnly',
  },
  {
    crash: 'orchestrator after coordination, before the acknowledgement, with notifications only and all of them lost',
    failpoint: 'orchestrator.before_ack',
    nth: 2,
    polled: true,
    mode: 'EventDrivenOnly',
  },
];

const tasks = 6;
const diamondOf = (identity: IdentityStrategy) =>
  validateTemplate(
    {
      name: 'diamond',
      namespace_name: 'crash',
      version: '1.0.0',
      identity_strategy: identity,
      steps: Object.entries({ top: [], left: ['top'], right: ['top'], bottom: ['left', 'right'] }).map(
        ([name, dependencies]) => ({
          name,
          dependencies,
          handler: { callable: 'effect', initialization: { workMs: 5 } },
          retry: { max_attempts: 5 },
        }),
      ),
    },
    'diamond',
  );

describe('the crash table', () => {
  let bundle: ChildBundle;
  beforeAll(async () => {
    bundle = await bundleChild();
  });
  afterAll(() => bundle.remove());

  it.concurrent.each(rows)('survives: $crash', async ({ crash, failpoint, nth, ...more }) => {
    const judgement = await crashRun(bundle.path, { ...more, failpoint: `${failpoint}:${nth}`, dies: true });
    process.stdout.write(`${crash}: ${describeJudgement(judgement)}\n`);
    expect(judgement.problems).toEqual([]);
  });

  it.concurrent.each([
    ['orchestrator', 'Hybrid'],
    ['worker', 'Hybrid'],
    ['worker', 'EventDrivenOnly'],
  ] as const)('survives: notification lost, by the %s, in mode %s', async (role, mode) => {
    const judgement = await crashRun(bundle.path, { failpoint: 'announcements.lost', dies: false, role, mode });
    process.stdout.write(`notification lost, by the ${role}, in mode ${mode}: ${describeJudgement(judgement)}\n`);
    expect(judgement.problems).toEqual([]);
  });
});

interface CrashPlan extends Pick<Row, 'polled' | 'mode' | 'identity'> {
  readonly failpoint: string;
  /** Whether the process ends at its failpoint. */
  readonly dies: boolean;
  /** Whose process it is; default: the first word of the failpoint. */
  readonly role?: 'orchestrator' | 'worker';
}

/** Tasks with a process that is armed and, when that one dies, its standby; on a database of its own. */
async function crashRun(bundle: string, plan: CrashPlan): Promise<Judgement> {
  const database = await testDatabase();
  const tasker = await openTasker({ databaseUrl: database.url, migrate: false, maxConnections: 2 });
  const processes: EngineProcess[] = [];
  try {
    return await watchCrash(tasker, plan, (role, failpoint) => {
      const process = startEngineProcess({
        bundle,
        role,
        databaseUrl: database.url,
        mode: plan.mode ?? 'Hybrid',
        ...(failpoint === undefined ? {} : { failpoint }),
      });
      processes.push(process);
      return process;
    });
  } finally {
    await Promise.all(processes.filter((process) => process.isRunning()).map((process) => process.kill()));
    await tasker.close();
    await database.drop();
  }
}

type Start = (role: EngineProcess['role'], failpoint?: string) => EngineProcess;

async function watchCrash(tasker: Tasker, plan: CrashPlan, start: Start): Promise<Judgement> {
  const { pool, store, core } = tasker.runtime;
  await createLedger(pool);
  const { template } = await core.registerTemplate(diamondOf(plan.identity ?? 'strict'));
  const role = plan.role ?? (plan.failpoint.startsWith('worker') ? 'worker' : 'orchestrator');
  const other = start(role === 'worker' ? 'orchestrator' : 'worker', plan.polled === true ? 'announcements.lost' : undefined);
  const [armed, standby] = [start(role, plan.failpoint), start(role)];
  await Promise.all([armed.connected(), standby.connected(), other.go()]);
  await requestTasks(tasker, template);
  // A process that dies while it starts never tells its uuid.
  const armedUuid = armed.go().catch(() => '');
  const kills: Kill[] = [];
  if (plan.dies) {
    expect(await armed.ended).toBe('SIGKILL');
    kills.push({ role, actorUuid: await armedUuid, atMs: await databaseTimeMs(pool) });
    await standby.go();
  }
  await until('every task is complete', async () => (await readProgress(pool)).completeTasks === tasks, 20_000);
  await Promise.all((plan.dies ? [standby, other] : [armed, standby, other]).map((process) => process.leave()));
  return judge({ pool, doctor: (limit) => store.doctor(limit), tasks, kills });
}

/** As messages, so that an orchestrator creates the tasks; one at a time, so that it does so in several passes. */
async function requestTasks({ runtime }: Tasker, { name, version }: TaskTemplate): Promise<void> {
  const queue = orchestrationQueues.taskRequests;
  for (let index = 0; index < tasks; index += 1) {
    const request = {
      namespace: 'crash',
      name,
      version,
      context: { index },
      requestedAt: new Date().toISOString(),
    };
    runtime.provider.announce(queue, await runtime.provider.send(queue, [taskRequestMessage(newUuid(), request)]));
  }
}
