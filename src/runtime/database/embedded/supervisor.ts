// Owns one embedded server on behalf of every process that uses it: started for the first, stopped after the last.
import { rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { messageOf } from '../../../domain/errors.ts';
import { freePort, startPostgres, type PostgresProcess, type PostgresStart } from './postgres-process.ts';
import { removeStalePostmasterFile } from './postmaster-file.ts';
import type { ServerAccount } from './server-account.ts';
import { removeServerState, writeServerState, type ServerState, type SupervisorAddress } from './server-state.ts';

/** Plain data: it travels to the supervisor's process as JSON. */
export interface SupervisorOptions {
  readonly home: string;
  readonly dataDir: string;
  readonly binary: string;
  readonly settings: readonly string[];
  readonly account?: ServerAccount | undefined;
  readonly setpriv?: string | undefined;
  /** How long to wait for a successor after the last client has gone. */
  readonly graceMs: number;
  /** Removed when the server has stopped; for test servers. */
  readonly removeAtEnd?: string | undefined;
  /** A fixed port instead of a free one. */
  readonly port?: number | undefined;
}

export type SupervisorStart =
  | { readonly kind: 'ready'; readonly state: ServerState }
  /** Another supervisor owns the data directory: join it. */
  | { readonly kind: 'busy'; readonly lines: readonly string[] }
  | { readonly kind: 'failed'; readonly lines: readonly string[] };

// A server that dies more often than this is broken; restarting it would only hide that.
const restartsPerMinute = 5;
// Between "this port is free" and postgres binding it, another process may take it.
const portAttempts = 5;
// sockaddr_un holds 108 bytes on Linux, 104 on macOS.
const longestSocketPath = 100;

/**
 * PostgreSQL's own lock of the data directory decides between two supervisors, so the winner may replace the socket and
 * the state file without asking anyone. A client is whoever holds a connection to the socket; the kernel closes
 * that connection when the client dies, however it dies.
 */
export class Supervisor {
  /** Resolves when the server has stopped and everything is tidied away, with why. */
  readonly ended: Promise<string>;
  readonly #options: SupervisorOptions;
  readonly #log: (line: string) => void;
  readonly #clients = new Set<Socket>();
  readonly #restartedAtMs: number[] = [];
  #finish: (why: string) => void = () => undefined;
  #listener: Server | undefined;
  #postgres: PostgresProcess | undefined;
  #state: ServerState | undefined;
  #grace: NodeJS.Timeout | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: SupervisorOptions, log: (line: string) => void) {
    this.#options = options;
    this.#log = log;
    this.ended = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  /** Starts the server and opens the door to clients; without a client within ten graces it stops again. */
  async start(): Promise<SupervisorStart> {
    await removeStalePostmasterFile(this.#options.dataDir);
    const started = await this.#startOnFreePort();
    if (started.kind === 'directory-in-use') return { kind: 'busy', lines: started.lines };
    if (started.kind !== 'ready') return { kind: 'failed', lines: started.lines };
    this.#watch(started.process);
    try {
      const state = await this.#openDoor(started.process, started.port);
      this.#state = state;
      this.#stopWhenUnused(this.#options.graceMs * 10);
      return { kind: 'ready', state };
    } catch (error) {
      await this.stop('the socket for clients could not be opened');
      return { kind: 'failed', lines: [messageOf(error)] };
    }
  }

  /** Fast shutdown, then tidies away. Safe twice. */
  stop(why: string): Promise<void> {
    this.#stopping ??= this.#stopOnce(why);
    return this.#stopping;
  }

  async #startOnFreePort(): Promise<PostgresStart & { readonly port: number }> {
    let port = this.#options.port ?? (await freePort());
    let started = await this.#startPostgres(port);
    for (
      let attempt = 1;
      started.kind === 'port-in-use' && this.#options.port === undefined && attempt < portAttempts;
      attempt += 1
    ) {
      port = await freePort();
      started = await this.#startPostgres(port);
    }
    return { ...started, port };
  }

  #startPostgres(port: number): Promise<PostgresStart> {
    const { binary, dataDir, settings, account, setpriv } = this.#options;
    return startPostgres({ binary, dataDir, port, settings, account, setpriv }, this.#log);
  }

  async #openDoor(postgres: PostgresProcess, port: number): Promise<ServerState> {
    const listener = createServer((client) => this.#welcome(client));
    this.#listener = listener;
    const socket = await listen(listener, join(this.#options.home, 'supervisor.sock'));
    const state = { supervisorPid: process.pid, postgresPid: postgres.pid, port, socket, startedAt: new Date().toISOString() };
    await writeServerState(this.#options.home, state);
    return state;
  }

  #welcome(client: Socket): void {
    client.on('error', () => client.destroy());
    // A client that came too late sees its connection close without a greeting and starts a new supervisor.
    if (this.#stopping !== undefined || this.#state === undefined) {
      client.destroy();
      return;
    }
    clearTimeout(this.#grace);
    this.#clients.add(client);
    client.on('close', () => {
      this.#clients.delete(client);
      if (this.#clients.size === 0) this.#stopWhenUnused(this.#options.graceMs);
    });
    // Reading is what makes node notice the other end's close.
    client.resume();
    client.write(`${this.#state.startedAt}\n`);
  }

  #stopWhenUnused(afterMs: number): void {
    if (this.#stopping !== undefined) return;
    clearTimeout(this.#grace);
    this.#grace = setTimeout(() => {
      void this.stop('the last client has gone');
    }, afterMs);
  }

  #watch(postgres: PostgresProcess): void {
    this.#postgres = postgres;
    void postgres.exited.then((how) => this.#restart(how));
  }

  /** A server that ended unasked comes back on its port, so that long-running clients find it again. */
  async #restart(how: string): Promise<void> {
    if (this.#stopping !== undefined) return;
    this.#log(`the server ended unasked: ${how}`);
    const nowMs = Date.now();
    const recent = this.#restartedAtMs.filter((atMs) => nowMs - atMs < 60_000);
    if (recent.length >= restartsPerMinute) return this.stop(`the server ended ${restartsPerMinute + 1} times within a minute`);
    this.#restartedAtMs.push(nowMs);
    const state = this.#state;
    if (state === undefined) return this.stop('the server ended while it was starting');
    const started = await this.#startPostgres(state.port);
    if (started.kind !== 'ready') return this.stop(`the server could not be restarted: ${started.lines.at(-1) ?? started.kind}`);
    await this.#adopt(started.process, state);
  }

  async #adopt(postgres: PostgresProcess, state: ServerState): Promise<void> {
    // Asked to stop while the restart was under way: nobody else would end the new process.
    if (this.#stopping !== undefined) return postgres.stop();
    this.#watch(postgres);
    this.#state = { ...state, postgresPid: postgres.pid };
    await writeServerState(this.#options.home, this.#state);
  }

  async #stopOnce(why: string): Promise<void> {
    this.#log(`stopping: ${why}`);
    clearTimeout(this.#grace);
    // State and socket go first: from here on a newcomer looks for a new supervisor, which waits for the data directory.
    if (this.#state !== undefined) await removeServerState(this.#options.home);
    this.#listener?.close();
    for (const client of this.#clients) client.destroy();
    await this.#postgres?.stop();
    if (this.#options.removeAtEnd !== undefined) await rm(this.#options.removeAtEnd, { recursive: true, force: true });
    this.#finish(why);
  }
}

/** Listens on the unix socket, or on a port of 127.0.0.1 where the path is too long or the platform has none. */
async function listen(listener: Server, path: string): Promise<SupervisorAddress> {
  if (process.platform === 'linux' && Buffer.byteLength(path) <= longestSocketPath) {
    await rm(path, { force: true });
    await whenListening(listener, () => listener.listen(path));
    return { path };
  }
  await whenListening(listener, () => listener.listen(0, '127.0.0.1'));
  const address = listener.address();
  if (typeof address !== 'object' || address === null) throw new Error('the socket for clients has no address');
  return { port: address.port };
}

function whenListening(listener: Server, startListening: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.once('listening', resolve);
    startListening();
  });
}
