// Logs on stderr: a line of text for people, a line of JSON for programs.
import { pino } from 'pino';
import type { Logger, LogFields } from '../domain/ports.ts';
import type { Output } from './io.ts';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LoggerOptions {
  readonly output: Output;
  readonly level: LogLevel;
  readonly json: boolean;
}

export function createLogger({ output, level, json }: LoggerOptions): Logger {
  if (json) return pino({ level }, { write: (line) => output.write(line) });
  const from = logLevels.indexOf(level);
  const at = (of: LogLevel) => (fields: LogFields, message: string) => {
    if (logLevels.indexOf(of) >= from) output.write(`tasker: ${of}: ${message}${text(fields)}\n`);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function text(fields: LogFields): string {
  const pairs = Object.entries(fields).filter(([, value]) => value !== undefined);
  const shown = pairs.map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return shown.length === 0 ? '' : ` (${shown.join(', ')})`;
}
