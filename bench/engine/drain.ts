// Submit, then drain: N tasks are there before the worker starts; the rate is N by the time until the database says all are complete.
import { openRuntime } from '../../src/runtime/open-runtime.ts';
import type { Runtime } from '../../src/runtime/open-runtime.ts';
import { spawnEngine } from './processes.ts';
import { connect, costPerTask, readCounters, round } from './measure.ts';
import { templateOf } from './shapes.ts';
import type { Shape } from './shapes.ts';
import type pg from 'pg';

export interface DrainParams {
  readonly shape: Shape;
  readonly concurrency: number;
  readonly tasks: number;
}

export async function measureDrain(databaseUrl: string, params: DrainParams) {
  const runtime = await openRuntime({ databaseUrl, applicationName: 'bench submitter' });
  const admin = await connect(databaseUrl);
  try {
    await runtime.core.registerTemplate(templateOf(params.shape));
    const empty = await readCounters(admin);
    await submitAll(runtime, params);
    const submitted = await readCounters(admin);
    const startedAt = performance.now();
    const engine = spawnEngine(databaseUrl, { concurrency: params.concurrency });
    await engine.ready;
    const readyAt = performance.now();
    await allComplete(admin);
    const seconds = (performance.now() - readyAt) / 1000;
    const drained = await readCounters(admin);
    await engine.stop();
    const whole = costPerTask(empty, drained, params.tasks);
    return {
      ...params,
      perSecond: round(params.tasks / seconds, 1),
      startupMs: Math.round(readyAt - startedAt),
      ...whole,
      drainOnly: costPerTask(submitted, drained, params.tasks),
    };
  } finally {
    await admin.end();
    await runtime.close();
  }
}

async function submitAll(runtime: Runtime, { shape, tasks }: DrainParams): Promise<void> {
  const template = templateOf(shape);
  const request = { namespace: template.namespace_name, name: template.name, version: template.version, context: {} };
  for (let left = tasks; left > 0; left -= 100) {
    const outcomes = await runtime.core.submitTasks(Array.from({ length: Math.min(100, left) }, () => request));
    for (const outcome of outcomes) if (!outcome.ok) throw outcome.error;
  }
}

/** Asked every 10 ms of an index that holds only open tasks. */
async function allComplete(admin: pg.Client): Promise<void> {
  for (;;) {
    const result = await admin.query<{ open: boolean }>('select exists (select from tasker.tasks where not complete) as open');
    if (result.rows[0]?.open === false) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
