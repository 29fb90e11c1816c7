// server.json: where the running supervisor of a data directory can be reached.
import { readFileSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A unix socket path, or a port of 127.0.0.1 where a path cannot serve. */
export type SupervisorAddress = { readonly path: string } | { readonly port: number };

export interface ServerState {
  readonly supervisorPid: number;
  readonly postgresPid: number;
  /** The server's port on 127.0.0.1. */
  readonly port: number;
  readonly socket: SupervisorAddress;
  /** ISO 8601, UTC. Repeated in the supervisor's greeting, so that another program on a reused port is recognized. */
  readonly startedAt: string;
}

const fileName = 'server.json';

/** Undefined when there is none or it is not readable as one. */
export async function readServerState(home: string): Promise<ServerState | undefined> {
  try {
    return parseServerState(await readFile(join(home, fileName), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Atomic: a reader sees the old file or the new one. */
export async function writeServerState(home: string, state: ServerState): Promise<void> {
  const draft = join(home, `${fileName}.${state.supervisorPid}`);
  await writeFile(draft, `${JSON.stringify(state)}\n`, { mode: 0o644 });
  await rename(draft, join(home, fileName));
}

export async function removeServerState(home: string): Promise<void> {
  await rm(join(home, fileName), { force: true });
}

export function parseServerState(text: string): ServerState | undefined {
  const parsed: unknown = parseJson(text);
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  // Parse boundary: each field is checked on the next lines.
  const raw = parsed as Record<string, unknown>;
  const { supervisorPid, postgresPid, port, startedAt } = raw;
  const socket = parseAddress(raw['socket']);
  if (typeof supervisorPid !== 'number' || typeof postgresPid !== 'number' || typeof port !== 'number') return undefined;
  if (typeof startedAt !== 'string' || socket === undefined) return undefined;
  return { supervisorPid, postgresPid, port, socket, startedAt };
}

function parseAddress(value: unknown): SupervisorAddress | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('path' in value && typeof value.path === 'string') return { path: value.path };
  if ('port' in value && typeof value.port === 'number') return { port: value.port };
  return undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** True when a process with this id runs, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return !isZombie(pid);
}

/** Ended but not reaped: in a container whose first process reaps nobody, for ever. Linux tells; elsewhere false. */
function isZombie(pid: number): boolean {
  try {
    // `pid (name) state …`; the name may hold anything, so the last parenthesis counts.
    return /\) Z [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
