// Runs the `tasker` command in this process, in a folder of its own with the files a test needs.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { Io } from '../../src/cli/main.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Io['env'];
  readonly signal?: AbortSignal;
  readonly isTTY?: boolean;
  readonly rows?: number;
  /** Called with all of stdout so far, whenever something is written. */
  readonly onOutput?: (stdout: string) => void;
}

/** The environment has nothing of this process: no DATABASE_URL, no user. */
export async function tasker(argv: readonly string[], surroundings: Surroundings = {}): Promise<Ran> {
  const { cwd = '.', env = {}, signal, isTTY, rows, onOutput } = surroundings;
  const written = { stdout: '', stderr: '' };
  const stdout = {
    write(text: string) {
      written.stdout += text;
      onOutput?.(written.stdout);
    },
    isTTY,
    rows,
  };
  const code = await main(argv, { stdout, stderr: { write: (text) => void (written.stderr += text) }, env, cwd, signal });
  return { code, ...written };
}

/** The one document on stdout; throws when there is none, or more. */
export function documentOf(ran: Ran): unknown {
  return JSON.parse(ran.stdout);
}

/** A folder with these files, removed after the test. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tasker-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

export interface StepText {
  readonly name: string;
  readonly after?: readonly string[];
  readonly callable?: string;
  readonly more?: string;
}

/** A template in YAML, its namespace of its own name: a worker serves a whole namespace. Each step calls `work` unless it says otherwise. */
export function templateText(name: string, steps: readonly StepText[], more = ''): string {
  const lines = steps.map(
    ({ name: step, after = [], callable = 'work', more: rest = '' }) =>
      `  - name: ${step}\n    dependencies: [${after.join(', ')}]\n    handler: { callable: ${callable} }\n${rest}`,
  );
  return `name: ${name}\nnamespace_name: cli_${name}\nversion: 1.0.0\n${more}steps:\n${lines.join('')}`;
}

/** No second attempt. */
export const once = '    retry: { max_attempts: 1 }\n';
