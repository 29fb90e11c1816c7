// Turns what node-postgres throws into TaskerErrors that say what to do.
import pg from 'pg';
import { messageOf, TaskerError } from '../../domain/errors.ts';

/** The url without its password, for messages. */
export function withoutPassword(databaseUrl: string): string {
  try {
    const url = new URL(databaseUrl);
    if (url.password !== '') url.password = '***';
    return url.toString();
  } catch {
    return 'the given database url (which is not a url)';
  }
}

/** Why no connection came about: DATABASE_UNREACHABLE, DATABASE_REFUSED (login), DATABASE_MISSING. */
export function connectionError(error: unknown, databaseUrl: string): TaskerError {
  const where = withoutPassword(databaseUrl);
  const options = { kind: 'infrastructure', cause: error } as const;
  if (error instanceof pg.DatabaseError && error.code === '3D000') {
    return new TaskerError(
      'DATABASE_MISSING',
      `${where}: ${error.message}. Create the database first, or name an existing one in --database-url.`,
      options,
    );
  }
  if (error instanceof pg.DatabaseError && error.code?.startsWith('28') === true) {
    return new TaskerError(
      'DATABASE_REFUSED',
      `${where}: ${error.message}. Check user and password in --database-url (or DATABASE_URL).`,
      options,
    );
  }
  return new TaskerError(
    'DATABASE_UNREACHABLE',
    `no PostgreSQL server answers at ${where}: ${reason(error)}. Start it, or correct --database-url (or DATABASE_URL).`,
    options,
  );
}

function reason(error: unknown): string {
  // Node reports one refusal per address it tried as an AggregateError with an empty message.
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  return messageOf(error);
}

const lostConnection = new Set([
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08003',
  '08006',
  '08001',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
]);

/** True when the server went away or is starting: the same call may succeed a moment later. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof TaskerError) return error.code === 'STORE_UNREACHABLE' || isConnectionLoss(error.cause);
  if (!(error instanceof Error)) return false;
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && lostConnection.has(code)) return true;
  return /connection terminated|timeout exceeded when trying to connect|connection ended/i.test(error.message);
}

/** True when another transaction won: the whole decision has to be made again (serialization, deadlock, our own TK001). */
export function isConflict(error: unknown): boolean {
  return error instanceof pg.DatabaseError && ['40001', '40P01', 'TK001'].includes(error.code ?? '');
}

// 22: the data is wrong, 23: it breaks a constraint, 54: it is too much. Everything else may pass: a cancelled statement, a
// lock, a full disk, too many connections, a right that is missing.
const dataErrors = new Set(['22', '23', '54']);

/** True when the database refuses the data itself: the same statement with the same values can never succeed. */
function isDataError(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && dataErrors.has(error.code?.slice(0, 2) ?? '');
}

// A table, schema or function that is not there.
const missingObject = new Set(['42P01', '3F000', '42883']);

/** What a failed statement of the store becomes: STORE_UNREACHABLE, STORE_DATA_REFUSED or STORE_FAILED, with the statement's purpose. */
export function storeError(error: unknown, purpose: string): TaskerError {
  if (error instanceof TaskerError) return error;
  const options = { kind: 'infrastructure', cause: error } as const;
  if (isConnectionLoss(error)) {
    return new TaskerError('STORE_UNREACHABLE', `the database went away while ${purpose}: ${reason(error)}.`, options);
  }
  if (error instanceof pg.DatabaseError && missingObject.has(error.code ?? '')) {
    return new TaskerError(
      'SCHEMA_MISSING',
      `${error.message} while ${purpose}: the tasker schema or a queue is missing. Run \`tasker migrate\`.`,
      options,
    );
  }
  if (error instanceof pg.DatabaseError && error.code === '42501') {
    return new TaskerError(
      'DATABASE_RIGHTS_MISSING',
      `${error.message} while ${purpose}: the role lacks a grant on the tasker or pgmq schema.`,
      options,
    );
  }
  if (isDataError(error)) {
    return new TaskerError('STORE_DATA_REFUSED', `the database refuses the values while ${purpose}: ${error.message}.`, {
      ...options,
      details: { sqlState: error.code },
    });
  }
  return new TaskerError('STORE_FAILED', `${reason(error)} while ${purpose}.`, options);
}
