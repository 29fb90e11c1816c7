// What a compiled program prints and how it ends: in a thread, and where it does not end well there, in a process of its own.
import { execFile } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';

/** A program that runs longer has lost its way. */
const LONGEST_RUN_MS = 20_000;

/**
 * What the program prints, and how it ended unless that was well. A thread has a heap, a module graph and an end of its
 * own and starts in a fraction of the time of a process; only what ends well in it is believed, a process says the rest.
 */
export async function outputOfProgram(path: string): Promise<string> {
  return (await outputOfThread(path)) ?? outputOfProcess(path);
}

/** What the program prints in a thread; undefined where it does not end by itself and with exit code 0. */
export async function outputOfThread(path: string): Promise<string | undefined> {
  // Without the options of this process: no loader that it was started with.
  const worker = new Worker(path, { stdout: true, stderr: true, execArgv: [] });
  const ended = new Promise<boolean>((resolve) => {
    let failed = false;
    worker.once('error', () => (failed = true));
    worker.once('exit', (code) => resolve(!failed && code === 0));
  });
  const timer = setTimeout(() => void worker.terminate(), LONGEST_RUN_MS);
  try {
    const [printed, , isWell] = await Promise.all([text(worker.stdout), text(worker.stderr), ended]);
    return isWell ? printed : undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** What the program prints in a process; its errors and its end stand below where it did not end well. */
export function outputOfProcess(path: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [path], { timeout: LONGEST_RUN_MS }, (error, stdout, stderr) => {
      resolve(error === null ? stdout : `${stdout}\n${stderr}\nended with ${String(error.code ?? error.signal)}`);
    });
  });
}
