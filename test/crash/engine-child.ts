// A process of the engine for the crash tests: connects, says so, and starts orchestrator or worker when its stdin says so.
import { createInterface } from 'node:readline';
import type { Logger } from '../../src/domain/ports.ts';
import { silentLogger } from '../../src/domain/ports.ts';
import { createPool } from '../../src/store/postgres/pool.ts';
import { openTasker } from '../../src/runtime/tasker.ts';
import type { Tasker } from '../../src/runtime/tasker.ts';
import type { HandlerFunction } from '../../src/worker/handler.ts';
import type { ChildOrder, ChildReady } from './child-order.ts';
import { leaseMs, pollIntervalMs, sweepIntervalMs } from './timing.ts';

const log =
  (level: string) =>
  (fields: object, text: string): void =>
    void process.stderr.write(`${new Date().toISOString()} ${level} ${text} ${JSON.stringify(fields)}\n`);

// Parse boundary: engine-process.ts writes this object.
const order = JSON.parse(process.argv[2] ?? '') as ChildOrder;
const logger: Logger = { ...silentLogger, warn: log('warn'), error: log('error') };
const name = `crash ${order.role}`;
const tasker = await openTasker({
  databaseUrl: order.databaseUrl,
  migrate: false,
  maxConnections: 3,
  applicationName: name,
  logger,
});
const effects = createPool({ databaseUrl: order.databaseUrl, applicationName: `${name} effects`, max: 2 });
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
say({ ready: true, actorUuid: undefined });
if ((await lines.next()).done !== true) say({ ready: true, actorUuid: await start(tasker) });
await lines.next();
await tasker.close();
await effects.end();

function say(message: ChildReady): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

/** Answers with the uuid that stands in the transitions of this process. */
async function start(opened: Tasker): Promise<string> {
  if (order.role === 'orchestrator') {
    const { mode = 'Hybrid' } = order;
    await opened.startOrchestrator({ mode, sweepIntervalMs, pollIntervalMs, visibilityMs: leaseMs });
    return opened.runtime.processUuid;
  }
  const worker = await opened.startWorker({
    handlers: { effect },
    namespaces: ['crash'],
    concurrency: 8,
    leaseMs: order.leaseMs ?? leaseMs,
    pollIntervalMs,
    drainMs: 1_000,
  });
  return worker.workerUuid;
}

/** The side effect of every step: a row in the ledger, then some time in which the process can be killed. */
async function effect({ attempt, step, input, dependencies }: Parameters<HandlerFunction>[0]): Promise<object> {
  await effects.query('insert into crash_ledger (step_uuid, attempt) values ($1, $2)', [step.stepUuid, attempt]);
  await effects.query('select pg_sleep($1 / 1000.0)', [Number(input['workMs'] ?? 0)]);
  return { attempt, parents: Object.keys(dependencies).toSorted() };
}
