// What to do about pgmq in a database, decided on what is there: use it, install it, or refuse with a reason.
import { TaskerError } from '../../../domain/errors.ts';
import { rightsMissing } from './pgmq-errors.ts';

/** The functions tasker calls; pgmq has them all since 1.8, and `last_read_at` since 1.10. */
export const neededFunctions = [
  'create(text)',
  'create_unlogged(text)',
  'send_batch(text, jsonb[])',
  'send_batch(text, jsonb[], timestamp with time zone)',
  'read(text, integer, integer, jsonb)',
  'set_vt(text, bigint[], timestamp with time zone)',
  'delete(text, bigint[])',
  'archive(text, bigint[])',
  'metrics(text)',
] as const;

export interface PgmqProbe {
  readonly extensionVersion: string | null;
  readonly availableVersion: string | null;
  readonly schemaExists: boolean;
  readonly schemaComment: string | null;
  readonly schemaInUse: boolean;
  readonly metaExists: boolean;
  readonly readTimeExists: boolean;
  readonly functions: readonly string[];
  readonly mayUse: boolean;
  readonly database: string;
}

export type InstallPlan =
  | { readonly kind: 'present'; readonly version: string }
  | { readonly kind: 'install'; readonly source: 'extension' | 'sql' }
  | { readonly kind: 'refuse'; readonly error: TaskerError };

/** Decides on what was found, touching nothing. */
export function planInstallation(found: PgmqProbe): InstallPlan {
  if (!found.mayUse) {
    const cause = new Error('permission denied for schema pgmq');
    return { kind: 'refuse', error: rightsMissing(cause, 'usage on schema pgmq and on the tables in it') };
  }
  const isComplete = neededFunctions.every((name) => found.functions.includes(name)) && found.metaExists;
  if (found.extensionVersion !== null) {
    if (isComplete && found.readTimeExists) return { kind: 'present', version: found.extensionVersion };
    return { kind: 'refuse', error: tooOld(found.extensionVersion, found.availableVersion) };
  }
  if (isComplete && found.readTimeExists) return { kind: 'present', version: versionIn(found.schemaComment) };
  if (found.metaExists && found.functions.includes('read(text, integer, integer)')) {
    return { kind: 'refuse', error: tooOld(versionIn(found.schemaComment), found.availableVersion) };
  }
  if (found.schemaExists && found.schemaInUse) return { kind: 'refuse', error: foreignSchema(found) };
  return { kind: 'install', source: found.availableVersion === null ? 'sql' : 'extension' };
}

function tooOld(version: string, availableVersion: string | null): TaskerError {
  const advice =
    availableVersion === null ? 'upgrade it' : `run "alter extension pgmq update" (the server has ${availableVersion})`;
  const text = `Found pgmq ${version}, which lacks functions that tasker needs; pgmq 1.10 or newer is expected: ${advice}.`;
  return new TaskerError('PGMQ_TOO_OLD', text, { kind: 'infrastructure', details: { version, availableVersion } });
}

function foreignSchema(found: PgmqProbe): TaskerError {
  const missing = neededFunctions.filter((name) => !found.functions.includes(name));
  const text =
    `Database "${found.database}" has a schema pgmq that is not pgmq (it lacks ${missing.length} of ${neededFunctions.length} functions); ` +
    'tasker does not touch it: rename that schema, or use another database.';
  return new TaskerError('PGMQ_SCHEMA_FOREIGN', text, { kind: 'infrastructure', details: { missing } });
}

function versionIn(schemaComment: string | null): string {
  return /^pgmq (\d+\.\d+\.\d+)/.exec(schemaComment ?? '')?.[1] ?? 'unknown';
}
