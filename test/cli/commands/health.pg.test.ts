// `tasker health` on real PostgreSQL: what each row says, and when the exit code calls for help.
import { describe, expect, it, onTestFinished } from 'vitest';
import { isWell, judged } from '../../../src/cli/commands/health.ts';
import { openTasker } from '../../../src/runtime/tasker.ts';
import type { Tasker } from '../../../src/runtime/tasker.ts';
import type { ProcessHealth } from '../../../src/store/store.ts';
import type { TestDatabase } from '../../helpers/database.ts';
import { testDatabase } from '../../helpers/database.ts';
import { documentOf, tasker as cli } from '../tasker-in-process.ts';

async function freshDatabase(): Promise<TestDatabase> {
  const database = await testDatabase();
  onTestFinished(() => database.drop());
  return database;
}

async function openAt({ url }: TestDatabase): Promise<Tasker> {
  const opened = await openTasker({ databaseUrl: url, migrate: false, maxConnections: 3 });
  onTestFinished(() => opened.close());
  return opened;
}

/** A process that was killed so long ago: its last row says that it is well. */
async function killedAgo({ runtime }: Tasker, interval: string, processUuid: string): Promise<void> {
  await runtime.pool.query(
    `insert into tasker.process_health (process_uuid, kind, hostname, pid, started_at, reported_at, status, snapshot)
     values ($1, 'orchestrator', 'gone', 1, now() - interval '1 day', now() - $2::interval, 'healthy', '{}')`,
    [processUuid, interval],
  );
}

const health = ({ url }: TestDatabase, ...more: readonly string[]) => cli(['health', '--database-url', url, ...more]);

describe('tasker health', () => {
  it('ends with 1 when nobody has reported', async () => {
    const database = await freshDatabase();
    expect(await health(database)).toMatchObject({ code: 1, stdout: expect.stringContaining('No process has reported') });
  });

  it('ends with 0 while an orchestrator runs, and with 1 when it has stopped', async () => {
    const database = await freshDatabase();
    const process = await openAt(database);
    await process.startOrchestrator();
    const ran = await health(database, '--json');
    expect(ran.code).toBe(0);
    expect(documentOf(ran)).toMatchObject({ processes: [{ kind: 'orchestrator', status: 'healthy' }] });
    await process.close();
    expect(await health(database)).toMatchObject({ code: 1, stdout: expect.stringMatching(/orchestrator .* stopped/) });
  });

  it('ends with 1 when workers run and no orchestrator', async () => {
    const database = await freshDatabase();
    const process = await openAt(database);
    await process.startWorker({ namespaces: [], handlers: {} });
    expect(await health(database)).toMatchObject({ code: 1, stdout: expect.stringMatching(/worker .* healthy/) });
  });

  it('calls a killed process stale, and forgets it some minutes after another took its place', async () => {
    const database = await freshDatabase();
    const process = await openAt(database);
    const [lately, longAgo] = ['00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b'];
    await killedAgo(process, '4 minutes', lately);
    await killedAgo(process, '6 minutes', longAgo);
    await process.startOrchestrator();
    const ran = await health(database, '--json');
    expect(ran.code).toBe(1);
    expect(documentOf(ran)).toMatchObject({
      processes: [{ status: 'healthy' }, { processUuid: lately, status: 'stale' }],
    });
    await process.runtime.pool.query('delete from tasker.process_health where process_uuid = $1', [lately]);
    expect((await health(database)).code).toBe(0);
  });
});

describe('the verdict', () => {
  const reporting = (kind: ProcessHealth['kind'], status: ProcessHealth['status']): ProcessHealth => ({
    processUuid: 'p',
    kind,
    hostname: 'h',
    pid: 1,
    startedAt: 0,
    reportedAt: 0,
    status,
    snapshot: {},
  });

  it.each([
    ['an orchestrator and a worker that are well', [reporting('orchestrator', 'healthy'), reporting('worker', 'healthy')], true],
    ['both in one process', [reporting('combined', 'healthy')], true],
    ['beside it one that stopped', [reporting('combined', 'healthy'), reporting('orchestrator', 'stopped')], true],
    ['a worker that is degraded', [reporting('orchestrator', 'healthy'), reporting('worker', 'degraded')], false],
    ['only one that stopped', [reporting('combined', 'stopped')], false],
    ['a worker alone', [reporting('worker', 'healthy')], false],
    ['nobody', [], false],
  ])('of %s', (_name, processes, expected) => {
    expect(isWell(processes.map((process) => judged(process, 30_000)))).toBe(expected);
  });

  it('of an orchestrator that is silent for more than 30 s is not well, and one that said goodbye is not stale', () => {
    expect(isWell([judged(reporting('orchestrator', 'healthy'), 30_001)])).toBe(false);
    expect(judged(reporting('orchestrator', 'stopped'), 30_001).status).toBe('stopped');
  });
});
