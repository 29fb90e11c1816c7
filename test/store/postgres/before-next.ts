// Gets between two statements of one call of the store, where another process or a failure may get.
import type pg from 'pg';

/** The next statement of the pool whose name begins so waits for `act`, and fails when it fails. */
export function beforeNext(pool: pg.Pool, name: string, act: () => Promise<unknown>): void {
  const query: (...parameters: readonly unknown[]) => Promise<unknown> = pool.query.bind(pool);
  const trapped = async (...parameters: readonly unknown[]): Promise<unknown> => {
    if (!nameOf(parameters[0]).startsWith(name)) return query(...parameters);
    Reflect.deleteProperty(pool, 'query');
    await act();
    return query(...parameters);
  };
  Object.defineProperty(pool, 'query', { value: trapped, configurable: true });
}

function nameOf(statement: unknown): string {
  return typeof statement === 'object' && statement !== null && 'name' in statement ? String(statement.name) : '';
}
