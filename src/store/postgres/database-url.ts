// Whether a text is the url of a PostgreSQL database, asked before anybody tries to connect.
import pg from 'pg';
import { TaskerError } from '../../domain/errors.ts';

/** The text itself when node-postgres can read it. Throws DATABASE_URL_INVALID (kind `input`); the text may hold a password. */
export function requireDatabaseUrl(text: string): string {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) throw invalid('a text that is no url');
  if (scheme !== 'postgres' && scheme !== 'postgresql') throw invalid(`a url of ${scheme}://`);
  try {
    // It reads the url and connects to nothing.
    void new pg.Client({ connectionString: text });
  } catch {
    // Without the cause, which holds the text.
    throw invalid('a url that cannot be read');
  }
  return text;
}

function invalid(found: string): TaskerError {
  return new TaskerError(
    'DATABASE_URL_INVALID',
    `the database url is ${found} (not shown: it may hold a password); expected postgres://user:password@host:port/database. Correct --database-url (or DATABASE_URL); special characters of a password are written as %XX.`,
    { kind: 'input' },
  );
}
