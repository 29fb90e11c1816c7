// Plain SQL for tests: a small pool that is closed with the file, and a clock of the database that stands still.
import pg from 'pg';
import { afterAll } from 'vitest';

export interface Queries {
  /** The rows of one statement. */
  rows<Row extends pg.QueryResultRow = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<readonly Row[]>;
  /** The only row. */
  row<Row extends pg.QueryResultRow = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row>;
  close(): Promise<void>;
}

/** `pinnedNow`: what `tasker.now()` answers on these connections. */
export function openQueries(url: string, pinnedNow?: string): Queries {
  const options = pinnedNow === undefined ? {} : { options: `-c tasker.fake_now=${pinnedNow}` };
  const pool = new pg.Pool({ connectionString: url, application_name: 'test queries', max: 4, ...options });
  pool.on('error', () => undefined);
  const rows = async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<readonly Row[]> =>
    (await pool.query<Row>(text, [...values])).rows;
  return {
    rows,
    async row<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) {
      const [first, ...more] = await rows<Row>(text, values);
      if (first === undefined || more.length > 0)
        throw new Error(`expected one row, found ${first === undefined ? 0 : more.length + 1}: ${text}`);
      return first;
    },
    close: () => pool.end(),
  };
}

/** For a test file: opened at its first use, closed after its tests. Call it after `useTestDatabase`, so that it closes before the drop. */
export function useQueries(database: { readonly url: string }): Queries {
  let open: Queries | undefined;
  const get = () => (open ??= openQueries(database.url));
  afterAll(async () => {
    await open?.close();
    open = undefined;
  });
  return {
    rows: (text, values) => get().rows(text, values),
    row: (text, values) => get().row(text, values),
    close: async () => {},
  };
}
