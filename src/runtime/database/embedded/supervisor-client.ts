// A process's way to the shared server: join the running supervisor, or start one and join that.
import { spawn } from 'node:child_process';
import { closeSync, openSync, statSync, truncateSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runningPostmaster } from './postmaster-file.ts';
import { plainEnvironment } from './run-program.ts';
import { isAlive, readServerState, type ServerState } from './server-state.ts';
import { startFailure } from './start-failure.ts';
import type { SupervisorOptions, SupervisorStart } from './supervisor.ts';

/** One process's hold on the server. */
export interface ServerHold {
  readonly state: ServerState;
  /** Resolves when the hold has ended, by `release` or because the supervisor has gone. */
  readonly ended: Promise<void>;
  release(): Promise<void>;
}

export type LaunchSupervisor = (options: SupervisorOptions) => Promise<SupervisorStart>;

export interface HoldOptions {
  readonly supervisor: SupervisorOptions;
  readonly launch?: LaunchSupervisor;
  /** How long to try, starts of other processes and slow disks included. */
  readonly timeoutMs?: number;
}

// How long a supervisor may take to greet: it answers in under a millisecond, but its machine may be swapping.
const greetingMs = 5_000;
const pauseMs = 25;

/** Joins or starts the server. Error: DATABASE_START_FAILED with the server's own lines. */
export async function holdServer(options: HoldOptions): Promise<ServerHold> {
  const { supervisor, launch = launchSupervisor, timeoutMs = 60_000 } = options;
  const deadline = Date.now() + timeoutMs;
  let lines: readonly string[] = ['nobody answered'];
  while (Date.now() < deadline) {
    const hold = await joinServer(supervisor.home);
    if (hold !== undefined) return hold;
    if (await someoneElseIsBusy(supervisor)) {
      lines = [
        `lock file "postmaster.pid" already exists in ${supervisor.dataDir}, and its server has no supervisor that answers`,
      ];
      await pause(pauseMs);
      continue;
    }
    const start = await launch(supervisor);
    if (start.kind === 'failed') throw startFailure({ dataDir: supervisor.dataDir, what: 'the server', lines: start.lines });
    if (start.kind === 'busy') lines = start.lines;
  }
  throw startFailure({ dataDir: supervisor.dataDir, what: `no server within ${timeoutMs / 1000} s`, lines });
}

/** A hold on the server that runs now; undefined when none answers. */
export async function joinServer(home: string): Promise<ServerHold | undefined> {
  const state = await readServerState(home);
  if (state === undefined) return undefined;
  const socket = 'path' in state.socket ? connect(state.socket.path) : connect(state.socket.port, '127.0.0.1');
  if (!(await isGreeted(socket, state.startedAt))) {
    socket.destroy();
    return undefined;
  }
  const ended = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  // The hold must not keep a process alive that has nothing else to do.
  socket.unref();
  const release = (): Promise<void> => {
    socket.destroy();
    return ended;
  };
  return { state, ended, release };
}

function isGreeted(socket: Socket, startedAt: string): Promise<boolean> {
  return new Promise((resolve) => {
    let text = '';
    const timer = setTimeout(() => resolve(false), greetingMs);
    const answer = (greeted: boolean): void => {
      clearTimeout(timer);
      resolve(greeted);
    };
    socket.on('error', () => answer(false));
    socket.once('close', () => answer(false));
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.endsWith('\n')) answer(text.trim() === startedAt);
    });
  });
}

/**
 * True while a server on the directory starts or stops under another supervisor. A server whose supervisor was killed is
 * asked to stop (where setpriv is missing the kernel does not do it), since nobody counts its clients any more.
 */
async function someoneElseIsBusy({ home, dataDir }: SupervisorOptions): Promise<boolean> {
  const postmaster = await runningPostmaster(dataDir);
  if (postmaster === undefined) return false;
  const state = await readServerState(home);
  if (state?.postgresPid === postmaster && !isAlive(state.supervisorPid)) interrupt(postmaster);
  return true;
}

function interrupt(pid: number): void {
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    // It has gone meanwhile, or belongs to another user; either way the loop finds out.
  }
}

/** Starts the supervisor in a process of its own and waits for its report. */
export const launchSupervisor: LaunchSupervisor = (options) => {
  const logFile = join(options.home, 'supervisor.log');
  const log = openLog(logFile);
  const child = spawn(process.execPath, [...supervisorCommand(), JSON.stringify(options)], {
    cwd: options.home,
    detached: true,
    env: plainEnvironment(),
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ kind: 'failed', lines: [error.message] }));
    child.once('exit', (code, signal) =>
      resolve({ kind: 'failed', lines: [`the supervisor ended (${signal ?? code}); see ${logFile}`] }),
    );
    child.once('message', (message) => {
      child.unref();
      // Parse boundary: supervisor-entry.ts sends a SupervisorStart and nothing else.
      resolve(message as SupervisorStart);
    });
  });
};

/** From source the entry needs tsx; built, it is plain JavaScript. */
function supervisorCommand(): readonly string[] {
  const ownPath = fileURLToPath(import.meta.url);
  const entry = (extension: string): string => fileURLToPath(new URL(`./supervisor-entry${extension}`, import.meta.url));
  if (!ownPath.endsWith('.ts')) return [entry('.js')];
  return ['--import', createRequire(import.meta.url).resolve('tsx'), entry('.ts')];
}

function openLog(path: string): number {
  const log = openSync(path, 'a');
  if (statSync(path).size > 1_000_000) truncateSync(path);
  return log;
}
