// Idle latency: one task at a time with pauses, from just before the submission until the awaiting caller has its outcome.
import { openTasker } from '../../src/index.ts';
import { percentile, round } from './measure.ts';
import { spawnEngine } from './processes.ts';
import { templateOf } from './shapes.ts';
import type { Shape } from './shapes.ts';

/** Three processes: this caller, an orchestrator, a worker. The first tasks warm caches and plans and are not counted. */
export async function measureIdle(databaseUrl: string, shape: Shape, samples: number) {
  const tasker = await openTasker({ databaseUrl, applicationName: 'bench caller' });
  const definition = { template: templateOf(shape) };
  await tasker.register(definition.template);
  const engine = spawnEngine(databaseUrl, { concurrency: 10 });
  await engine.ready;
  const latencies: number[] = [];
  const warmUp = 20;
  for (let nr = 0; nr < samples + warmUp; nr += 1) {
    const startedAt = performance.now();
    const task = await tasker.submit(definition);
    await task.outcome({ timeoutMs: 30_000 });
    if (nr >= warmUp) latencies.push(performance.now() - startedAt);
    // A pause like a user's: 20 to 150 ms, spread evenly and the same in every run.
    await new Promise((resolve) => setTimeout(resolve, 20 + ((nr * 37) % 131)));
  }
  await engine.stop();
  await tasker.close();
  return {
    shape,
    samples,
    p50Ms: round(percentile(latencies, 0.5), 1),
    p99Ms: round(percentile(latencies, 0.99), 1),
    maxMs: round(Math.max(...latencies), 1),
    latencies,
  };
}
