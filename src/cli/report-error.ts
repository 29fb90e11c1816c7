// What a failure costs and how it is told: one line for people, one document for programs, never a stack for a mistake.
import { CommanderError } from 'commander';
import { messageOf, TaskerError } from '../domain/errors.ts';
import type { ErrorKind } from '../domain/errors.ts';
import type { ExitCode } from './cli.ts';
import type { Io } from './io.ts';

const exitCodes: Readonly<Record<ErrorKind, ExitCode>> = { input: 2, state: 1, infrastructure: 3, bug: 3 };

export interface ReportOptions {
  readonly io: Io;
  readonly json: boolean;
  /** With the stack of a bug. */
  readonly debug: boolean;
}

/** Tells of the failure and answers with the exit code. */
export function reportError(thrown: unknown, { io, json, debug }: ReportOptions): ExitCode {
  const error = thrown instanceof CommanderError ? usageError(thrown) : asTaskerError(thrown);
  const isBug = error.kind === 'bug';
  const advice = isBug ? ' This is a bug of tasker; please report it with the command you ran.' : '';
  const message = `${error.message}${advice}`;
  if (json) io.stdout.write(`${JSON.stringify({ error: { code: error.code, message, details: error.details } })}\n`);
  // Commander has written its usage errors already.
  if (!(thrown instanceof CommanderError)) io.stderr.write(`tasker: ${error.code}: ${message}\n`);
  if (isBug && debug && thrown instanceof Error) io.stderr.write(`${thrown.stack ?? ''}\n`);
  return exitCodes[error.kind];
}

function usageError(error: CommanderError): TaskerError {
  const message = error.message.replace(/^error: /, '');
  return new TaskerError('USAGE', message === '(outputHelp)' ? 'no command was given; `tasker --help` lists them.' : message, {
    kind: 'input',
    details: { reason: error.code },
  });
}

function asTaskerError(thrown: unknown): TaskerError {
  return thrown instanceof TaskerError ? thrown : new TaskerError('TASKER_BUG', messageOf(thrown), { cause: thrown });
}
