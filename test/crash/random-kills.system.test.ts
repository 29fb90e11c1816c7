// Random kills: orchestrators and workers die by SIGKILL at seeded moments while hundreds of random tasks run.
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tasker } from '../../src/runtime/tasker.ts';
import { openTasker } from '../../src/runtime/tasker.ts';
import { useTestDatabase } from '../helpers/database.ts';
import { until } from '../runtime/database/until.ts';
import type { ChildBundle } from './child-bundle.ts';
import { bundleChild } from './child-bundle.ts';
import { createLedger, describeJudgement, judge } from './crash-oracle.ts';
import { EngineFleet } from './engine-fleet.ts';
import { below, seededRandom } from './random-dag.ts';
import { randomRequests, SteadyLoad } from './steady-load.ts';

const seed = Number(process.env['TASKER_CRASH_SEED'] ?? randomInt(1_000_000));
const tasks = 320;
const kills = 24;

describe(`random kills (replay with TASKER_CRASH_SEED=${seed})`, () => {
  const database = useTestDatabase();
  let bundle: ChildBundle;
  let tasker: Tasker;
  beforeAll(async () => {
    [bundle, tasker] = await Promise.all([
      bundleChild(),
      openTasker({ databaseUrl: database.url, migrate: false, maxConnections: 2 }),
    ]);
    await createLedger(tasker.runtime.pool);
  });
  afterAll(async () => {
    await tasker.close();
    await bundle.remove();
  });

  it(`completes ${tasks} random tasks over ${kills} kills of orchestrators and workers`, async () => {
    const random = seededRandom(seed);
    const { pool, store } = tasker.runtime;
    const requests = await randomRequests(tasker, tasks, random);
    const startedAtMs = Date.now();
    const fleet = new EngineFleet({ bundle: bundle.path, databaseUrl: database.url, pool });
    const load = new SteadyLoad(tasker, requests);
    try {
      await fleet.start(['orchestrator', 'orchestrator', 'worker', 'worker', 'worker']);
      for (const completed of killMoments(random)) {
        await until(`${completed} tasks are complete`, async () => (await load.keepUp()).completeTasks >= completed, 20_000);
        await fleet.killOne((running) => below(random, running));
      }
      await until('every task is complete', async () => (await load.keepUp()).completeTasks === tasks, 30_000);
      await fleet.leave();
    } finally {
      await fleet.killAll();
    }
    const judgement = await judge({ pool, doctor: (limit) => store.doctor(limit), tasks, kills: fleet.kills });
    process.stdout.write(
      `random kills, seed ${seed}: ${fleet.kills.length} kills (${fleet.describeKills()}), ${tasks} tasks in ${Date.now() - startedAtMs} ms; ${describeJudgement(judgement)}\n`,
    );
    expect(fleet.kills).toHaveLength(kills);
    if (judgement.problems.length > 0) process.stderr.write(fleet.logs());
    expect(judgement.problems).toEqual([]);
  });
});

/** After so many complete tasks each: spread over the run, and random within their part of it. */
function killMoments(random: () => number): readonly number[] {
  const part = (tasks * 0.9) / kills;
  return Array.from({ length: kills }, (_, index) => Math.floor((index + random()) * part));
}
