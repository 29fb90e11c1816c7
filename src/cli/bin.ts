#!/usr/bin/env node
// The `tasker` executable: hands the process to `main` and takes its exit code, whatever handlers do to the process.
import { writeSync } from 'node:fs';
import process from 'node:process';
import { guardProcess } from './guard-process.ts';
import { createLogger } from './logger.ts';
import { main } from './main.ts';
import { reportError } from './report-error.ts';

// A reader that closes early (`tasker task list | head`) is no failure of ours.
process.stdout.on('error', (error: Error) => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
});

const argv = process.argv.slice(2);
const json = argv.includes('--json');
const level = argv.join(' ').includes('--log-level silent') ? 'silent' : 'warn';
const writeOut = process.stdout.write.bind(process.stdout);
// A handler that prints must not get between the document and its reader.
if (json) process.stdout.write = process.stderr.write.bind(process.stderr);

const { stdout, stderr } = process;
let answered = false;
const stdoutOfMain = {
  write(text: string) {
    answered = true;
    writeOut(text);
  },
  isTTY: stdout.isTTY,
  columns: stdout.columns,
  rows: stdout.rows,
};
const stderrOfMain = { write: (text: string) => void stderr.write(text), isTTY: stderr.isTTY };

// While the process exits, only what is written at once is written at all.
const lastWords = { env: process.env, cwd: '', stdout: { write: writeTo(1) }, stderr: { write: writeTo(2) } };

const interrupt = new AbortController();
const guard = guardProcess({
  process,
  interrupt,
  logger: createLogger({ output: stderrOfMain, level, json }),
  report: (error) => reportError(error, { io: lastWords, json: json && !answered, debug: false }),
  schedule: (afterMs, act) => void setTimeout(act, afterMs).unref(),
});
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  // 130: as a shell reports a program that Ctrl-C has ended; the second one does not wait for handlers.
  process.on(name, () => (interrupt.signal.aborted ? guard.forceExit(130) : interrupt.abort()));
}

guard.settle(
  await main(argv, {
    stdout: stdoutOfMain,
    stderr: stderrOfMain,
    env: process.env,
    cwd: process.cwd(),
    signal: interrupt.signal,
  }),
);

// All of ours is closed now. What still runs was left by a handler: a connection, an interval. It gets two seconds.
setTimeout(() => process.exit(), 2_000).unref();

function writeTo(descriptor: 1 | 2): (text: string) => void {
  return (text) => {
    try {
      writeSync(descriptor, text);
    } catch {
      // The reader has gone, or its pipe is full: nobody is left to tell.
    }
  };
}
