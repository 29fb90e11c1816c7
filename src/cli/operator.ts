// Who does something by hand, and why: both go into the history of the task.
import type { Cli } from './cli.ts';

export interface OperatorFlags {
  readonly reason?: string;
  readonly by?: string;
}

export function operatorOf(
  { io: { env } }: Cli,
  { reason, by }: OperatorFlags,
  command: string,
): { readonly reason: string; readonly by: string } {
  const who = [by, env['USER'], env['USERNAME'], env['LOGNAME']].find((name) => name !== undefined && name !== '');
  return { reason: reason ?? `tasker ${command}`, by: who ?? 'operator' };
}
