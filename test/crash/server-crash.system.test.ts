// The database server stops with `immediate` in the middle: its unlogged queues are empty afterwards, and everything goes on.
import { randomInt } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/domain/ports.ts';
import type { DatabaseLease } from '../../src/runtime/database/database-lease.ts';
import { openEmbeddedDatabase } from '../../src/runtime/database/embedded/embedded-database.ts';
import { isAlive, readServerState } from '../../src/runtime/database/embedded/server-state.ts';
import type { ServerState } from '../../src/runtime/database/embedded/server-state.ts';
import { openTasker } from '../../src/runtime/tasker.ts';
import type { Tasker } from '../../src/runtime/tasker.ts';
import { until } from '../runtime/database/until.ts';
import type { ChildBundle } from './child-bundle.ts';
import { bundleChild } from './child-bundle.ts';
import { createLedger, databaseTimeMs, describeJudgement, judge, readProgress } from './crash-oracle.ts';
import { EngineFleet } from './engine-fleet.ts';
import { seededRandom } from './random-dag.ts';
import { randomRequests, SteadyLoad } from './steady-load.ts';

const seed = Number(process.env['TASKER_CRASH_SEED'] ?? randomInt(1_000_000));
const tasks = 120;
const completeAtCrash = 40;

describe(`a crash of the server (replay with TASKER_CRASH_SEED=${seed})`, () => {
  let base: string;
  let lease: DatabaseLease;
  let bundle: ChildBundle;
  let tasker: Tasker;
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'tasker-crash-server-'));
    // The server's account has to get through it.
    await chmod(base, 0o755);
    [bundle, lease] = await Promise.all([
      bundleChild(),
      // As users have it: fsync and synchronous_commit are on.
      openEmbeddedDatabase({ env: {}, dataDir: base, purpose: 'user', logger: silentLogger }),
    ]);
    tasker = await openTasker({ databaseUrl: lease.url, maxConnections: 2 });
    await createLedger(tasker.runtime.pool);
  });
  afterAll(async () => {
    const state = await serverState();
    await tasker.close();
    await lease.close();
    await until('the server has gone', () => !isAlive(state.postgresPid) && !isAlive(state.supervisorPid));
    await bundle.remove();
    await rm(base, { recursive: true, force: true });
  });

  async function serverState(): Promise<ServerState> {
    const state = await readServerState(join(base, 'pg18'));
    if (state === undefined) throw new Error('the embedded server has no server.json');
    return state;
  }

  /** SIGQUIT is what `pg_ctl stop -m immediate` sends; answers when the server that the supervisor starts again does. */
  async function crash(): Promise<{ readonly crashedAtMs: number; readonly answersAtMs: number }> {
    const crashedAtMs = await databaseTimeMs(tasker.runtime.pool);
    const { postgresPid } = await serverState();
    process.kill(postgresPid, 'SIGQUIT');
    await until('the old server has gone', () => !isAlive(postgresPid));
    const answers = () =>
      readProgress(tasker.runtime.pool).then(
        () => true,
        () => false,
      );
    await until('the server answers again', answers);
    return { crashedAtMs, answersAtMs: await databaseTimeMs(tasker.runtime.pool) };
  }

  it(`loses nothing of ${tasks} random tasks, and every process comes back by itself`, async () => {
    const { pool, store } = tasker.runtime;
    const load = new SteadyLoad(tasker, await randomRequests(tasker, tasks, seededRandom(seed)));
    const fleet = new EngineFleet({ bundle: bundle.path, databaseUrl: lease.url, pool });
    let times;
    let isDone = false;
    try {
      await fleet.start(['orchestrator', 'orchestrator', 'worker', 'worker', 'worker']);
      await until('the middle', async () => (await load.keepUp()).completeTasks >= completeAtCrash, 20_000);
      times = await crash();
      await until('every task is complete', async () => (await load.keepUp()).completeTasks === tasks, 12_000);
      await fleet.leave();
      isDone = true;
    } finally {
      if (!isDone) process.stderr.write(`${JSON.stringify(await store.doctor(20), undefined, 1)}\n${fleet.logs()}`);
      await fleet.killAll();
    }
    const { crashedAtMs, answersAtMs } = times;
    const kills = [{ role: 'server', actorUuid: '', atMs: answersAtMs }] as const;
    const judgement = await judge({ pool, doctor: (limit) => store.doctor(limit), tasks, kills });
    process.stdout.write(
      `server crash, seed ${seed}: answers again after ${Math.round(answersAtMs - crashedAtMs)} ms; ${describeJudgement(judgement)}\n`,
    );
    if (judgement.problems.length > 0) process.stderr.write(fleet.logs());
    expect(judgement.problems).toEqual([]);
  });
});
