// Runs the `refit` command in this process and catches what it writes.
import { main } from '../../../codemods/cli/main.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function refit(cwd: string, ...argv: readonly string[]): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const code = await main(argv, {
    stdout: { write: (text) => void (written.stdout += text) },
    stderr: { write: (text) => void (written.stderr += text) },
    env: {},
    cwd,
  });
  return { code, ...written };
}
