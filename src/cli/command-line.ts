// Command lines to copy: tasker as the user called it, with the database the user named.
import type { Cli } from './cli.ts';

/** Such as `tasker step retry <uuid> pay --data-dir x`, each word quoted where a shell needs it. */
export function commandLine(cli: Cli, ...words: readonly string[]): string {
  return [nameOf(cli), ...[...words, ...sameDatabase(cli)].map(quoted)].join(' ');
}

/** Within a clone `tasker` is on no path; npm says how it was called. */
function nameOf({ io }: Cli): string {
  const script = io.env['npm_lifecycle_event'];
  if (script === 'start' || script === 'tasker') return 'npm run tasker --';
  return script === 'npx' ? 'npx tasker' : 'tasker';
}

function sameDatabase({ flags }: Cli): readonly string[] {
  const dataDir = flags.dataDir === undefined ? [] : ['--data-dir', flags.dataDir];
  if (flags.databaseUrl === undefined) return dataDir;
  return [...dataDir, '--database-url', holdsPassword(flags.databaseUrl) ? '$DATABASE_URL' : flags.databaseUrl];
}

/** A password is not printed: what is printed may be logged. */
function holdsPassword(url: string): boolean {
  return URL.canParse(url) ? new URL(url).password !== '' : true;
}

function quoted(word: string): string {
  if (word === '$DATABASE_URL') return `"${word}"`;
  return /^[\w@%+=:,./<>-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
