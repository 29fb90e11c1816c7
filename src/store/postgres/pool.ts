// The connection pool of one process, and how the store's statements run on it.
import pg from 'pg';
import { storeError } from './connection-error.ts';

export interface PoolOptions {
  readonly databaseUrl: string;
  /** Shows in pg_stat_activity, so that an operator can tell the processes apart. */
  readonly applicationName: string;
  /** Connections at most; default 10. */
  readonly max?: number;
}

// Every statement of the hot path is prepared and does the same whatever its parameters, so a generic plan is right and
// planning it anew (several ms for the claim) is not; compiling such a plan (jit) costs more than running it.
const sessionSettings = '-c plan_cache_mode=force_generic_plan -c jit=off';

export function createPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    application_name: options.applicationName,
    options: sessionSettings,
    // Statements that do not wait for each other's answer travel together: begin with load, save with commit.
    pipeline: true,
    max: options.max ?? 10,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
  });
  // An idle connection that the server closes is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool;
}

/** A statement with a name is planned once a connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Runs one statement in its own transaction. Errors become TaskerErrors that say what was being done. */
export async function run<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  statement: Statement,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  try {
    const result = await pool.query<Row>({ name: statement.name, text: statement.text, values: [...values] });
    return result.rows;
  } catch (error) {
    throw storeError(error, statement.name.replaceAll('-', ' '));
  }
}
