// Starts client-process.ts and hands out its url, its end and its kill.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface HeldClient {
  readonly url: string;
  /** Lets the process close its lease and waits for its exit code. */
  leave(): Promise<number | null>;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
}

/** `command` runs before node, such as setpriv with another user. */
export async function holdDatabase(dataDir: string, command: readonly string[] = []): Promise<HeldClient> {
  const program = fileURLToPath(new URL('./client-process.ts', import.meta.url));
  const line = [...command, process.execPath, '--import', 'tsx', program, dataDir];
  const child = spawn(line[0] ?? process.execPath, line.slice(1), {
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => errors.push(chunk));
  const exited = once(child, 'exit');
  const first = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), exited]);
  if (child.exitCode !== null || typeof first[0] !== 'string') throw new Error(`the client ended early: ${errors.join('')}`);
  // Parse boundary: client-process.ts writes this object.
  const { url } = JSON.parse(first[0]) as { url: string };
  return {
    url,
    async leave() {
      child.stdin.end();
      await exited;
      return child.exitCode;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
