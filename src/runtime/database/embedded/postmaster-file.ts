// postmaster.pid: PostgreSQL's own lock of a data directory, read to see who holds it.
import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isAlive } from './server-state.ts';

/** The pid of the server that runs on the directory; undefined when none does. */
export async function runningPostmaster(dataDir: string): Promise<number | undefined> {
  const pid = await recordedPid(dataDir);
  return pid !== undefined && isAlive(pid) && (await isPostgres(pid)) ? pid : undefined;
}

/**
 * Removes the file when its pid now belongs to another program. PostgreSQL would take that program for a server and refuse
 * to start, which after a restart of a container, where pids repeat, happens for real.
 */
export async function removeStalePostmasterFile(dataDir: string): Promise<void> {
  const pid = await recordedPid(dataDir);
  if (pid === undefined || !isAlive(pid) || (await isPostgres(pid))) return;
  await rm(join(dataDir, 'postmaster.pid'), { force: true });
}

async function recordedPid(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text.split('\n')[0] ?? '', 10);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

async function isPostgres(pid: number): Promise<boolean> {
  // Only Linux tells without a further program; elsewhere PostgreSQL's own judgement stands.
  if (process.platform !== 'linux') return true;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  // The program alone: many a client has "postgres" among its arguments.
  return basename(commandLine.split('\0')[0] ?? '') === 'postgres';
}
