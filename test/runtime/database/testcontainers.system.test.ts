// The container path against a real Docker engine; not run where none answers.
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, it, type TestContext } from 'vitest';
import { silentLogger } from '../../../src/domain/ports.ts';
import { loadContainerModule, openContainerDatabase } from '../../../src/runtime/database/container-database.ts';
import { findDockerEngine, pingTarget } from '../../../src/runtime/database/docker-engine.ts';
import { openDatabase } from '../../../src/runtime/database/open-database.ts';
import { readServerFacts } from '../../../src/store/postgres/server-administration.ts';

async function engineOrSkip(ctx: TestContext): Promise<string> {
  const engine = await findDockerEngine(process.env);
  return engine ?? ctx.skip('not run: no Docker engine answers');
}

async function query(url: string, text: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

it('starts a container for tests, tuned for speed, and removes it', async (ctx) => {
  await engineOrSkip(ctx);
  const env = { ...process.env, DATABASE_URL: '' };
  const lease = await openDatabase({ env, purpose: 'test', prefer: 'testcontainers', logger: silentLogger });
  expect(lease).toMatchObject({ kind: 'testcontainers', description: expect.stringContaining('removed at the end') });
  expect(lease.serverVersion).toBeGreaterThanOrEqual(150_000);
  expect(
    await query(lease.url, `select current_setting('fsync') as fsync, current_setting('max_connections') as connections`),
  ).toEqual([{ fsync: 'off', connections: '300' }]);
  await lease.close();
  await expect(readServerFacts(lease.url)).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
});

it('gives users one container that keeps its data, also to two processes of the same moment', async (ctx) => {
  const engine = await engineOrSkip(ctx);
  const containers = (await loadContainerModule()) ?? ctx.skip('not run: @testcontainers/postgresql is not installed');
  const folder = await mkdtemp(join(tmpdir(), 'container-'));
  const sharedName = `tasker-postgres-test-${randomBytes(4).toString('hex')}`;
  const options = { env: process.env, purpose: 'user', passwordFile: join(folder, 'password'), sharedName, engine } as const;
  try {
    const [first, second] = await Promise.all([
      openContainerDatabase(containers, options),
      openContainerDatabase(containers, options),
    ]);
    expect(second.url).toBe(first.url);
    await query(first.url, 'create table kept (id int); insert into kept values (7)');
    await first.close();
    await second.close();
    const later = await openContainerDatabase(containers, options);
    expect(await query(later.url, 'select id from kept')).toEqual([{ id: 7 }]);
    expect(await query(later.url, `select current_setting('fsync') as fsync`)).toEqual([{ fsync: 'on' }]);
  } finally {
    await removeContainer(engine, sharedName);
    await rm(folder, { recursive: true });
  }
});

it('says which image could not be had', async (ctx) => {
  const engine = await engineOrSkip(ctx);
  const containers = (await loadContainerModule()) ?? ctx.skip('not run: @testcontainers/postgresql is not installed');
  const env = { ...process.env, TASKER_POSTGRES_IMAGE: 'localhost:1/no-such-image:1' };
  await expect(openContainerDatabase(containers, { env, purpose: 'test', passwordFile: '', engine })).rejects.toMatchObject({
    code: 'DATABASE_START_FAILED',
    message: expect.stringMatching(/a container of localhost:1\/no-such-image:1 did not start/),
  });
});

function removeContainer(engine: string, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request({ ...pingTarget(engine), method: 'DELETE', path: `/containers/${name}?force=1&v=1` }, (response) => {
      response.resume().once('end', () => resolve());
    });
    call.once('error', reject);
    call.end();
  });
}
