#!/usr/bin/env node
// The `refit` executable: hands the process to `main` and takes its exit code.
import process from 'node:process';
import { main } from './main.ts';

// A reader that closes early (`refit gate | head`) is no failure of ours.
process.stdout.on('error', (error: Error) => {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
});

process.exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
});
