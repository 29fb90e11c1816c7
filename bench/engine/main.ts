// npm run bench:engine: throughput, latency and cost of the engine beside the physical limit, interleaved on one server.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { silentLogger } from '../../src/domain/ports.ts';
import { openDatabase } from '../../src/runtime/database/open-database.ts';
import { measureDrain } from './drain.ts';
import { measureIdle } from './idle.ts';
import { measureLimit } from './limit.ts';
import { connect, median, percentile, printLine, round, withDatabase } from './measure.ts';
import { shapes } from './shapes.ts';

const usage = `Usage: npm run bench:engine -- [--runs 5] [--seconds 3] [--samples 100] [--database-url URL]
Prints one JSON line a result; the last lines are the medians over the runs and the ratios within them. Idle latencies
are percentiles over the samples of all runs. Write transactions and WAL are of submission and drain together;
drainOnly is without the submission.`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    samples: { type: 'string', default: '100' },
    'database-url': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

// Enough tasks that a drain takes about two seconds or more, so that start-up effects do not show.
const drains = [
  { concurrency: 1, tasks: 150 },
  { concurrency: 10, tasks: 1_000 },
  { concurrency: 50, tasks: 2_500 },
] as const;

interface Measured {
  readonly name: string;
  /** Of each idle task, in milliseconds; not printed. */
  readonly latencies?: readonly number[];
  readonly [key: string]: unknown;
}

async function oneRun(serverUrl: string, run: number): Promise<readonly Measured[]> {
  const results: Measured[] = [];
  const note = (result: Measured) => {
    results.push(result);
    const { latencies: _, ...printed } = result;
    printLine({ run, ...printed });
  };
  for (const transactions of [9, 5] as const) {
    const result = await withDatabase(serverUrl, (url) => measureLimit(url, transactions, Number(values.seconds)));
    note({ name: `limit ${transactions} transactions`, ...result });
  }
  for (const shape of shapes) {
    for (const { concurrency, tasks } of drains) {
      const result = await withDatabase(serverUrl, (url) => measureDrain(url, { shape, concurrency, tasks }));
      note({ name: `drain ${shape} c=${concurrency}`, ...result });
    }
    note({ name: `idle ${shape}`, ...(await withDatabase(serverUrl, (url) => measureIdle(url, shape, Number(values.samples)))) });
  }
  return results;
}

function numberOf(result: Measured | undefined, key: string): number {
  const value = result?.[key];
  return typeof value === 'number' ? value : Number.NaN;
}

function asMeasured(value: unknown): Measured | undefined {
  return typeof value === 'object' && value !== null ? { name: '', ...value } : undefined;
}

function summarize(runs: readonly (readonly Measured[])[]): void {
  const named = (run: readonly Measured[], name: string) => run.find((result) => result.name === name);
  for (const { name } of runs[0] ?? []) {
    const results = runs.map((run) => named(run, name));
    const medians: Record<string, number> = {};
    for (const key of ['perSecond', 'writeTransactionsPerTask', 'walBytesPerTask']) {
      const found = results.map((result) => numberOf(result, key)).filter((value) => !Number.isNaN(value));
      if (found.length > 0) medians[key] = round(median(found), 2);
    }
    const drainOnly = results.map((result) => numberOf(asMeasured(result?.['drainOnly']), 'walBytesPerTask'));
    if (!drainOnly.some(Number.isNaN)) medians['walBytesPerTaskDrainOnly'] = Math.round(median(drainOnly));
    const latencies = results.flatMap((result) => result?.latencies ?? []);
    if (latencies.length > 0) {
      medians['samples'] = latencies.length;
      medians['p50Ms'] = round(percentile(latencies, 0.5), 1);
      medians['p99Ms'] = round(percentile(latencies, 0.99), 1);
    }
    const ratios = runs.map(
      (run) => numberOf(named(run, name), 'perSecond') / numberOf(named(run, 'limit 9 transactions'), 'perSecond'),
    );
    const ratio = name.startsWith('drain') ? { ofNineTransactionLimit: round(median(ratios), 2) } : {};
    printLine({ median: name, runs: runs.length, ...medians, ...ratio });
  }
}

async function main(): Promise<void> {
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'tasker-bench-'));
  // Run as root, the server is the user postgres, who has to get in.
  await chmod(dataDir, 0o755);
  const env = { ...process.env, DATABASE_URL: values['database-url'] ?? '' };
  const lease = await openDatabase({
    env,
    dataDir,
    purpose: 'user',
    logger: silentLogger,
    prefer: values['database-url'] === undefined ? 'embedded' : 'url',
  });
  try {
    const admin = await connect(lease.url);
    const settings = await admin.query<{ name: string; setting: string }>(
      `select name, setting from pg_settings where name in ('server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_wal_size')`,
    );
    await admin.end();
    printLine({
      settings: Object.fromEntries(settings.rows.map((row) => [row.name, row.setting])),
      node: process.version,
      cores: cpus().length,
      cpu: cpus()[0]?.model,
    });
    const runs: (readonly Measured[])[] = [];
    for (let run = 1; run <= Number(values.runs); run += 1) runs.push(await oneRun(lease.url, run));
    summarize(runs);
  } finally {
    await lease.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

await main();
