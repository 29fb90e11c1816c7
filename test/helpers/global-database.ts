// Vitest global setup: one PostgreSQL server per run, with one migrated template database that test files copy.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { silentLogger } from '../../src/domain/ports.ts';
import { openDatabase, type DatabaseLease } from '../../src/runtime/database/open-database.ts';
import { installQueues } from '../../src/messaging/providers/pgmq/install-queues.ts';
import { migrate } from '../../src/store/postgres/migrate.ts';
import { createDatabase } from '../../src/store/postgres/server-administration.ts';
import type { JanitorOrder } from './database-janitor.ts';

export interface DatabaseServer {
  /** A database of the server from which others are created; nothing is stored in it. */
  readonly url: string;
  readonly kind: DatabaseLease['kind'];
  readonly serverVersion: number;
  /** Every database of this run starts with it. */
  readonly prefix: string;
  /** The migrated database to copy. */
  readonly template: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    databaseServer: DatabaseServer;
  }
}

interface SharedServer {
  readonly server: DatabaseServer;
  readonly lease: DatabaseLease;
  /** Drops the databases of the run from a server that outlives it; undefined where the server goes with them. */
  readonly janitor: (() => Promise<void>) | undefined;
}

// Each project loads this file anew within the same process, so what they share hangs on the process itself.
const shared: typeof globalThis & { taskerTestServer?: { users: number; opening: Promise<SharedServer> } } = globalThis;

export async function setup(project: TestProject): Promise<void> {
  shared.taskerTestServer ??= { users: 0, opening: openServer() };
  shared.taskerTestServer.users += 1;
  const { server } = await shared.taskerTestServer.opening;
  project.provide('databaseServer', server);
}

export async function teardown(): Promise<void> {
  const current = shared.taskerTestServer;
  if (current === undefined) return;
  current.users -= 1;
  if (current.users > 0) return;
  delete shared.taskerTestServer;
  const opened = await current.opening.catch(() => undefined);
  // A failed opening has been reported by setup and has closed what it opened.
  if (opened === undefined) return;
  await opened.janitor?.();
  await opened.lease.close();
}

async function openServer(): Promise<SharedServer> {
  const lease = await openDatabase({ env: withoutUserData(process.env), purpose: 'test', logger: silentLogger });
  try {
    const prefix = `tasker_test_${randomBytes(4).toString('hex')}_`;
    const template = `${prefix}template`;
    const janitor = lease.kind === 'url' ? startJanitor({ url: lease.url, prefix }) : undefined;
    await createDatabase(lease.url, template);
    await migrate(databaseUrl(lease.url, template), { installQueues });
    process.stdout.write(`test database: ${lease.description}\n`);
    return { server: { url: lease.url, kind: lease.kind, serverVersion: lease.serverVersion, prefix, template }, lease, janitor };
  } catch (error) {
    await lease.close();
    throw error;
  }
}

/** Vitest ends at once on Ctrl-C, without teardown, so someone else has to tidy up. Detached: Ctrl-C is not for it. */
function startJanitor(order: JanitorOrder): () => Promise<void> {
  const program = fileURLToPath(new URL('./database-janitor.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', program], { detached: true, stdio: ['pipe', 'ignore', 'inherit'] });
  const exited = once(child, 'exit');
  child.stdin.write(JSON.stringify(order));
  child.unref();
  return async () => {
    child.stdin.end();
    const [code] = await exited;
    if (code !== 0) throw new Error(`the databases ${order.prefix}… could not be dropped (exit code ${code})`);
  };
}

/** Tests never touch the user's data directory, whatever the environment names. */
function withoutUserData(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, TASKER_DATA_DIR: '' };
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.toString();
}
