// Errors as node-postgres throws them, for tests that need one without making a server fail.
import pg from 'pg';

export function databaseError(sqlState: string, message: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError(message, message.length, 'error'), { code: sqlState });
}
