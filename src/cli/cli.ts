// What every command of the CLI gets: its process, the options all commands share, one place to answer, one way to open tasker.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Logger } from '../domain/ports.ts';
import { openTasker } from '../runtime/tasker.ts';
import type { Tasker } from '../runtime/tasker.ts';
import { createLogger } from './logger.ts';
import type { LogLevel } from './logger.ts';
import type { Io } from './io.ts';

/** 0 complete, 1 the task did not complete, 2 the user's input is wrong, 3 infrastructure. */
export type ExitCode = 0 | 1 | 2 | 3;

export interface GlobalFlags {
  readonly json?: true;
  readonly databaseUrl?: string;
  readonly dataDir?: string;
  readonly logLevel: LogLevel;
}

export interface Cli {
  readonly io: Io;
  readonly flags: GlobalFlags;
  readonly logger: Logger;
  /** The one answer of a command: a JSON document with --json, else the text. */
  answer(document: unknown, text: string): void;
  /** Words on the way there, for people only: silent with --json. */
  say(text: string): void;
}

export function createCli(io: Io, flags: GlobalFlags): Cli {
  const json = flags.json === true;
  return {
    io,
    flags,
    logger: createLogger({ output: io.stderr, level: flags.logLevel, json }),
    answer(document, text) {
      io.stdout.write(json ? `${JSON.stringify(document)}\n` : text);
    },
    say(text) {
      if (!json) io.stdout.write(text);
    },
  };
}

/** Runs the action of a command with what all commands share; what it answers becomes the exit code. */
export type Run = (command: Command, act: (cli: Cli) => Promise<ExitCode>) => Promise<void>;

export interface DatabaseChoice {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string | undefined;
  readonly env: Io['env'];
  readonly logger: Logger;
}

/** Where the database is, by flags and environment. */
export function databaseChoice({ flags, io, logger }: Cli): DatabaseChoice {
  const dataDir = flags.dataDir === undefined ? undefined : resolve(io.cwd, flags.dataDir);
  return { databaseUrl: flags.databaseUrl, dataDir, env: io.env, logger };
}

type Work = (tasker: Tasker) => Promise<ExitCode>;

/** Opens tasker, brings the schema up to date, does the work, and closes whatever happens. */
export function withTasker(cli: Cli, work: Work): Promise<ExitCode> {
  return withOpen(cli, true, work);
}

/** The same for a command that works on what is there: in a database without the schema it fails with SCHEMA_MISSING and makes nothing. */
export function withExistingTasker(cli: Cli, work: Work): Promise<ExitCode> {
  return withOpen(cli, false, work);
}

async function withOpen(cli: Cli, migrate: boolean, work: Work): Promise<ExitCode> {
  const tasker = await openTasker({ ...databaseChoice(cli), migrate, applicationName: 'tasker cli' });
  try {
    return await work(tasker);
  } finally {
    await tasker.close();
  }
}
