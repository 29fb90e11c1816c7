// Engine processes of the benchmark: orchestrator, worker, or both in one, each a process of its own that says when it is ready.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type Role = 'orchestrator' | 'worker' | 'both';

export interface EngineProcess {
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

export function spawnProcess(role: Role, databaseUrl: string, concurrency: number): EngineProcess {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('engine-process.ts', import.meta.url)), role, databaseUrl, String(concurrency)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const exited = once(child, 'exit');
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    void exited.then(() => reject(new Error(`the ${role} process ended before it was ready`)));
  });
  ready.catch(() => undefined);
  return {
    ready,
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}

/** Orchestrator and worker as two processes, as an installation would run them. */
export function spawnEngine(databaseUrl: string, { concurrency }: { readonly concurrency: number }): EngineProcess {
  const processes = [spawnProcess('orchestrator', databaseUrl, concurrency), spawnProcess('worker', databaseUrl, concurrency)];
  return {
    ready: Promise.all(processes.map((engine) => engine.ready)).then(() => undefined),
    async stop() {
      await Promise.all(processes.map((engine) => engine.stop()));
    },
  };
}
