// Starts the postgres binary, tells when it is ready, and stops it.
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { messageOf } from '../../../domain/errors.ts';
import { accountOf, plainEnvironment } from './run-program.ts';
import type { ServerAccount } from './server-account.ts';

export interface PostgresCommand {
  readonly binary: string;
  readonly dataDir: string;
  readonly port: number;
  /** `name=value` pairs for -c. */
  readonly settings: readonly string[];
  readonly account?: ServerAccount | undefined;
  /** Path of setpriv: the kernel then interrupts the server when its parent dies. Linux only. */
  readonly setpriv?: string | undefined;
}

export interface PostgresProcess {
  readonly pid: number;
  /** Resolves once the process has gone, with how. */
  readonly exited: Promise<string>;
  /** Fast shutdown: sessions are ended, committed data is kept. After `patienceMs` immediate shutdown. */
  stop(patienceMs?: number): Promise<void>;
}

export type PostgresStart =
  | { readonly kind: 'ready'; readonly process: PostgresProcess }
  | { readonly kind: 'port-in-use'; readonly lines: readonly string[] }
  | { readonly kind: 'directory-in-use'; readonly lines: readonly string[] }
  | { readonly kind: 'failed'; readonly lines: readonly string[] };

/** Program and arguments. An empty -k means no unix socket; only 127.0.0.1 is listened on. */
export function postgresCommandLine(command: PostgresCommand): { readonly program: string; readonly args: readonly string[] } {
  const settings = ['listen_addresses=127.0.0.1', ...command.settings].flatMap((setting) => ['-c', setting]);
  const args = ['-D', command.dataDir, '-p', String(command.port), '-k', '', ...settings];
  if (command.setpriv === undefined) return { program: command.binary, args };
  return { program: command.setpriv, args: ['--pdeathsig=INT', command.binary, ...args] };
}

/** Spawns the server and waits until it accepts connections or has ended. `log` gets each line it writes. */
export async function startPostgres(command: PostgresCommand, log: (line: string) => void): Promise<PostgresStart> {
  const { program, args } = postgresCommandLine(command);
  const child = spawn(program, args, {
    ...accountOf(command),
    cwd: command.dataDir,
    env: plainEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    // A Ctrl-C in the terminal is for the clients; they decide when the server goes.
    detached: true,
  });
  const lines: string[] = [];
  const exited = whenGone(child);
  const ready = new Promise<'ready'>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      log(line);
      lines.push(line);
      if (lines.length > 50) lines.shift();
      if (line.includes('database system is ready to accept connections')) resolve('ready');
    });
  });
  const outcome = await Promise.race([ready, exited]);
  if (outcome === 'ready' && child.pid !== undefined)
    return { kind: 'ready', process: { pid: child.pid, exited, stop: (patienceMs) => stop(child, exited, patienceMs) } };
  return { kind: failureKind(lines), lines: [...lines, outcome] };
}

function failureKind(lines: readonly string[]): 'port-in-use' | 'directory-in-use' | 'failed' {
  const text = lines.join('\n');
  if (text.includes('lock file "postmaster.pid" already exists')) return 'directory-in-use';
  if (/could not bind .*Address already in use/.test(text)) return 'port-in-use';
  return 'failed';
}

function whenGone(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(messageOf(error)));
    // `close` comes after the last line of stderr was read; `exit` would lose lines.
    child.once('close', (code, signal) =>
      resolve(signal === null ? `the server exited with code ${code}` : `the server was ended by ${signal}`),
    );
  });
}

async function stop(child: ChildProcess, exited: Promise<string>, patienceMs = 10_000): Promise<void> {
  child.kill('SIGINT');
  const impatience = setTimeout(() => child.kill('SIGQUIT'), patienceMs);
  await exited;
  clearTimeout(impatience);
}

/** A port of 127.0.0.1 that was free a moment ago; whoever binds it next may still lose the race. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('the probe for a free port has no address'));
      });
    });
  });
}
