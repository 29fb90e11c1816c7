// Runs a program to its end and hands back what it wrote, as a value.
import { spawn } from 'node:child_process';
import { messageOf } from '../../../domain/errors.ts';

export interface ProgramResult {
  /** 0 is success; 127 when the program could not be started at all. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  /** User and group to run as; only root may set it. */
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
  readonly cwd?: string;
}

export type RunProgram = (program: string, args: readonly string[], options?: ProgramOptions) => Promise<ProgramResult>;

export const runProgram: RunProgram = (program, args, options = {}) =>
  new Promise((resolve) => {
    const child = spawn(program, args, {
      ...accountOf(options),
      env: plainEnvironment(),
      cwd: options.cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: string[] = [];
    const err: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => out.push(chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => err.push(chunk));
    child.once('error', (error) => resolve({ exitCode: 127, stdout: '', stderr: messageOf(error) }));
    child.once('close', (code) => resolve({ exitCode: code ?? 1, stdout: out.join(''), stderr: err.join('') }));
  });

/** Spawn options of an account; node drops the supplementary groups of root together with its user. */
export function accountOf(options: ProgramOptions): { uid?: number; gid?: number } {
  return options.account === undefined ? {} : { uid: options.account.uid, gid: options.account.gid };
}

/** PG* variables and NODE_OPTIONS of the caller must not reach the server or its supervisor. */
export function plainEnvironment(): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of ['PATH', 'HOME', 'TMPDIR', 'SystemRoot', 'TEMP']) {
    const value = process.env[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
