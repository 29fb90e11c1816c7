#!/usr/bin/env node
// The `tasker` executable: hands the process to `main` and takes its exit code.
import process from 'node:process';
import { main } from './main.ts';

// A reader that closes early (`tasker task list | head`) is no failure of ours.
process.stdout.on('error', (error: Error) => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
});

const argv = process.argv.slice(2);
const writeOut = process.stdout.write.bind(process.stdout);
// A handler that prints must not get between the document and its reader.
if (argv.includes('--json')) process.stdout.write = process.stderr.write.bind(process.stderr);

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  // 130: as a shell reports a program that Ctrl-C has ended; the second one does not wait for handlers.
  process.on(name, () => (interrupt.signal.aborted ? process.exit(130) : interrupt.abort()));
}

const { stdout, stderr } = process;
process.exitCode = await main(argv, {
  stdout: { write: (text) => void writeOut(text), isTTY: stdout.isTTY, columns: stdout.columns, rows: stdout.rows },
  stderr: { write: (text) => void stderr.write(text), isTTY: stderr.isTTY },
  env: process.env,
  cwd: process.cwd(),
  signal: interrupt.signal,
});

// All of ours is closed now. What still runs was left by a handler: a connection, an interval. It gets two seconds.
setTimeout(() => process.exit(), 2_000).unref();
