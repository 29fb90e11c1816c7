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

// Every statement of the hot path is prepared, does the same whatever its parameters and reads single rows by key.
// - A generic plan is right for it; planning it anew takes several ms for the claim, compiling it (jit) more than running it.
// - On tables without statistics the planner would read the whole of workflow_steps and hash it: right for the empty table
//   it sees at first, 5 ms a claim at 8,000 steps, and the plan is kept. So: by index, in nested loops.
// The few functions that read whole tables (doctor, lost messages) switch this back for themselves.
const sessionSettings = [
  'plan_cache_mode=force_generic_plan',
  'jit=off',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

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
  // A connection that the server closes is replaced at the next query; without a listener it would end the process. The
  // pool listens to the idle ones only, and a transaction learns of the loss from its statements.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => void client.on('error', () => undefined));
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
