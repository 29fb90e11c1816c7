// What every measurement shares: a database of its own, the server's own counters, percentiles, and one JSON line a result.
import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** Write transactions and WAL bytes of the whole server so far; the benchmark is its only user. */
export interface ServerCounters {
  readonly transactions: number;
  readonly walBytes: number;
}

export async function readCounters(client: pg.Client): Promise<ServerCounters> {
  const result = await client.query<{ xid: string; bytes: string }>(
    `select pg_current_xact_id()::text as xid, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::text as bytes`,
  );
  return { transactions: Number(result.rows[0]?.xid), walBytes: Number(result.rows[0]?.bytes) };
}

/** Per task, between two readings; the readings themselves are one transaction each. */
export function costPerTask(before: ServerCounters, after: ServerCounters, tasks: number) {
  return {
    writeTransactionsPerTask: round((after.transactions - before.transactions - 1) / tasks, 2),
    walBytesPerTask: Math.round((after.walBytes - before.walBytes) / tasks),
  };
}

/** Creates a database, hands it over, drops it. */
export async function withDatabase<T>(serverUrl: string, work: (url: string) => Promise<T>): Promise<T> {
  const name = `bench_${randomBytes(4).toString('hex')}`;
  const admin = await connect(serverUrl);
  try {
    await admin.query(`create database ${name}`);
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    return await work(url.toString());
  } finally {
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.end();
  }
}

export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'bench' });
  await client.connect();
  return client;
}

export function percentile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? at(sorted, Math.floor(middle)) : (at(sorted, middle - 1) + at(sorted, middle)) / 2;
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? Number.NaN;
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

export function printLine(result: object): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
