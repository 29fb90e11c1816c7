// PostgreSQL refuses to run as root, so under root the server gets an account of its own.
import { TaskerError } from '../../../domain/errors.ts';
import type { RunProgram } from './run-program.ts';

export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

const accountName = 'postgres';

/**
 * The account the server runs under: undefined (the caller's own) unless the caller is root, then the system user
 * postgres, created when missing. Error: DATABASE_START_FAILED when it is missing and cannot be created.
 */
export async function resolveServerAccount(callerUid: number | undefined, run: RunProgram): Promise<ServerAccount | undefined> {
  if (callerUid !== 0) return undefined;
  const existing = await lookUp(run);
  if (existing !== undefined) return existing;
  const failures: string[] = [];
  for (const [program, args] of creators) {
    const created = await run(program, args);
    const account = await lookUp(run);
    if (account !== undefined) return account;
    failures.push(`${program}: ${created.stderr.trim() || `exit code ${created.exitCode}`}`);
  }
  throw new TaskerError(
    'DATABASE_START_FAILED',
    `the embedded PostgreSQL cannot run as root, and the user ${accountName} is missing and could not be created (${failures.join('; ')}). ` +
      `Create a system user ${accountName}, run tasker as a plain user, or name a server in DATABASE_URL.`,
    { kind: 'infrastructure' },
  );
}

const creators: readonly (readonly [string, readonly string[]])[] = [
  [
    'useradd',
    ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin', accountName],
  ],
  // BusyBox (Alpine) has no useradd.
  ['adduser', ['-S', '-D', '-H', '-s', '/sbin/nologin', accountName]],
];

async function lookUp(run: RunProgram): Promise<ServerAccount | undefined> {
  const [uid, gid] = await Promise.all([run('id', ['-u', accountName]), run('id', ['-g', accountName])]);
  if (uid.exitCode !== 0 || gid.exitCode !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
