// What every tasker process opens first, in named steps: pool, store, provider, the orchestrator's acts (spec 8.5, 1 and 2).
import { randomInt } from 'node:crypto';
import type pg from 'pg';
import type { Clock, Logger } from '../domain/ports.ts';
import { silentLogger } from '../domain/ports.ts';
import type { MessagingProvider } from '../messaging/provider.ts';
import { createPgmqProvider } from '../messaging/providers/pgmq.ts';
import { installQueues } from '../messaging/providers/pgmq/install-queues.ts';
import { createOrchestrationCore } from '../orchestration/lifecycle/orchestration-core.ts';
import type { OrchestrationCore } from '../orchestration/lifecycle/orchestration-core.ts';
import { migrate } from '../store/postgres/migrate.ts';
import { openPostgresStore } from '../store/postgres/open-store.ts';
import { createPool } from '../store/postgres/pool.ts';
import type { Store } from '../store/store.ts';
import { identityHash, newUuid, systemClock } from './clock.ts';
import { armFailpoint, parseFailpoint } from './failpoints.ts';

export interface RuntimeOptions {
  readonly databaseUrl: string;
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** Migrate first; default true. */
  readonly migrate?: boolean;
  /** Connections at most; default 10. */
  readonly maxConnections?: number;
  /** Shown in pg_stat_activity; default `tasker`. */
  readonly applicationName?: string;
}

export interface Runtime {
  readonly processUuid: string;
  readonly startedAt: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pool: pg.Pool;
  readonly store: Store;
  readonly provider: MessagingProvider;
  readonly core: OrchestrationCore;
  /** Called with the time of each planned retry; the orchestrator's sweep sets it. */
  onRetryPlanned: (atMs: number) => void;
  /** Safe twice. */
  close(): Promise<void>;
}

export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const failpoint = parseFailpoint(process.env['TASKER_FAILPOINT']);
  if (options.migrate !== false) await migrate(options.databaseUrl, { installQueues });
  const clock = options.clock ?? systemClock;
  const logger = options.logger ?? silentLogger;
  const applicationName = options.applicationName ?? 'tasker';
  const processUuid = newUuid();
  const pool = createPool({ databaseUrl: options.databaseUrl, applicationName, max: options.maxConnections ?? 10 });
  const ports = {
    store: openPostgresStore({ pool, processUuid, logger }),
    provider: createPgmqProvider({
      pool,
      clock,
      logger,
      applicationName: `${applicationName} notifications`,
      unloggedQueues: true,
    }),
  };
  const { store, provider } = failpoint === undefined ? ports : armFailpoint(failpoint, { pool, ...ports });
  const core = createOrchestrationCore({
    store,
    provider,
    clock,
    logger,
    // 2^32 steps are fine enough for a jitter of 15 %.
    random: () => randomInt(2 ** 32) / 2 ** 32,
    newId: newUuid,
    hash: identityHash,
    onRetryPlanned: (atMs) => runtime.onRetryPlanned(atMs),
  });
  let closed = false;
  const runtime: Runtime = {
    processUuid,
    startedAt: clock.now(),
    clock,
    logger,
    pool,
    store,
    provider,
    core,
    onRetryPlanned: () => undefined,
    async close() {
      if (closed) return;
      closed = true;
      try {
        await provider.close();
      } finally {
        await pool.end();
      }
    },
  };
  return runtime;
}
