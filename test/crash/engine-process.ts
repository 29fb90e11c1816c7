// Starts, kills and ends one child process of the engine, and says what became of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { ChildOrder, ChildReady } from './child-order.ts';

export interface EngineProcess {
  readonly role: ChildOrder['role'];
  /** Resolves with the signal when the process was killed, with its code when it ended. */
  readonly ended: Promise<string | number>;
  /** Connected; its orchestrator or worker waits for `go`. */
  connected(): Promise<void>;
  /** Starts it; resolves with the uuid that stands in its transitions. */
  go(): Promise<string>;
  isRunning(): boolean;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Lets it stop in order; throws when it does not end with 0. */
  leave(): Promise<void>;
  /** What it logged: warnings and errors. */
  log(): string;
}

export interface EngineProcessOptions extends ChildOrder {
  readonly bundle: string;
  /** TASKER_FAILPOINT. */
  readonly failpoint?: string;
}

export function startEngineProcess({ bundle, failpoint, ...more }: EngineProcessOptions): EngineProcess {
  const { role, databaseUrl, mode, leaseMs } = more;
  // By name: callers pass more than the order. What is undefined is left out of the JSON.
  const order = { role, databaseUrl, mode, leaseMs };
  const child = spawn(process.execPath, ['--enable-source-maps', bundle, JSON.stringify(order)], {
    env: { PATH: process.env['PATH'] ?? '', TASKER_FAILPOINT: failpoint ?? '' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let logged = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (logged += chunk));
  // A process that is killed while it is told something breaks the pipe.
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close').then(([code, signal]: (number | string | null)[]) => signal ?? code ?? -1);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<ChildReady> => {
    const line = await lines.next();
    if (line.done === true) throw new Error(`the ${role} ended (${String(await ended)}) before it was ready:\n${logged}`);
    // Parse boundary: engine-child.ts writes this object.
    return JSON.parse(line.value) as ChildReady;
  };
  const connected = next().then(() => undefined);
  connected.catch(() => undefined);
  return {
    role,
    ended,
    connected: () => connected,
    async go() {
      await connected;
      child.stdin.write('go\n');
      return (await next()).actorUuid ?? '';
    },
    isRunning: () => child.exitCode === null && child.signalCode === null,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async leave() {
      child.stdin.end();
      const how = await ended;
      if (how !== 0) throw new Error(`the ${role} ended with ${String(how)} instead of 0:\n${logged}`);
    },
    log: () => logged,
  };
}
