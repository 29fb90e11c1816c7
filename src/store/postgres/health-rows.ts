// Health snapshots: each process keeps one row about itself, `tasker health` reads the rows.
import type pg from 'pg';
import type { JsonObject } from '../../domain/json.ts';
import type { ProcessHealth } from '../store.ts';
import { run } from './pool.ts';

const pingStatement = { name: 'pinging', text: 'select 1' };

// Rows that nobody has written for five minutes are dropped along the way: a process that was killed and replaced would be
// called stale for as long as its row stands, and no list grows without bound.
const reportStatement = {
  name: 'reporting-health',
  text: `
    with expired as (
      delete from tasker.process_health where reported_at < tasker.now() - interval '5 minutes' and process_uuid <> $1
    )
    insert into tasker.process_health (process_uuid, kind, hostname, pid, started_at, reported_at, status, snapshot)
    values ($1, $2, $3, $4, to_timestamp($5 / 1000.0), tasker.now(), $6, $7)
    on conflict (process_uuid) do update
    set kind = excluded.kind, reported_at = excluded.reported_at, status = excluded.status, snapshot = excluded.snapshot`,
};

const readStatement = {
  name: 'reading-health',
  text: `
    select process_uuid::text, kind, hostname, pid, status, snapshot,
      extract(epoch from started_at)::float8 * 1000 as started_at, extract(epoch from reported_at)::float8 * 1000 as reported_at
    from tasker.process_health order by reported_at desc limit 200`,
};

interface HealthRow {
  readonly process_uuid: string;
  readonly kind: ProcessHealth['kind'];
  readonly hostname: string;
  readonly pid: number;
  readonly status: ProcessHealth['status'];
  readonly snapshot: JsonObject;
  readonly started_at: number;
  readonly reported_at: number;
}

export async function ping(pool: pg.Pool): Promise<void> {
  await run(pool, pingStatement, []);
}

export async function reportHealth(pool: pg.Pool, health: Omit<ProcessHealth, 'reportedAt'>): Promise<void> {
  await run(pool, reportStatement, [
    health.processUuid,
    health.kind,
    health.hostname,
    health.pid,
    health.startedAt,
    health.status,
    JSON.stringify(health.snapshot),
  ]);
}

export async function readHealth(pool: pg.Pool): Promise<readonly ProcessHealth[]> {
  const rows = await run<HealthRow>(pool, readStatement, []);
  return rows.map((row) => ({
    processUuid: row.process_uuid,
    kind: row.kind,
    hostname: row.hostname,
    pid: row.pid,
    startedAt: row.started_at,
    reportedAt: row.reported_at,
    status: row.status,
    snapshot: row.snapshot,
  }));
}
