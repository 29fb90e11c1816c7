// A logger that keeps what was logged, for assertions.
import type { Logger } from '../../../src/domain/ports.ts';

export interface RecordingLogger extends Logger {
  /** `level message {fields}`, oldest first. */
  readonly lines: readonly string[];
}

export function recordingLogger(): RecordingLogger {
  const lines: string[] = [];
  const at = (level: string) => (fields: object, message: string) => {
    lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
