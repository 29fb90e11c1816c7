// Writes a small project with sources, tests, configuration and coverage report into a folder of its own.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { istanbulFile } from './istanbul-file.ts';

export interface TemporaryProject {
  readonly root: string;
  /** Writes a file whose modification time lies so many seconds after a fixed point; negative is before. */
  write(file: string, text: string, atSeconds?: number): void;
}

const fixedPointSeconds = 1_700_000_000;

export const plainConfig = `export default {
  include: ['src/**/*.ts'],
  tests: [{ sources: 'src', tests: 'test' }],
  floors: [{ under: 'src', lines: 90, branches: 80 }],
};
`;

/** An empty folder that is removed after the test. */
export function emptyProject(): TemporaryProject {
  const root = mkdtempSync(join(tmpdir(), 'refit-gate-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return {
    root,
    write(file, text, atSeconds = 0) {
      const path = join(root, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      utimesSync(path, fixedPointSeconds + atSeconds, fixedPointSeconds + atSeconds);
    },
  };
}

export function reportOf(root: string, files: readonly string[], count = 1): string {
  const entries = files.map((file) => {
    const path = join(root, file);
    return [path, istanbulFile(path, { lines: [1], counts: [count], arms: [[count, 1]] })];
  });
  return JSON.stringify(Object.fromEntries(entries));
}

/** A project that passes the gate: one source, one test, a report written a second later. */
export function soundProject(): TemporaryProject {
  const project = emptyProject();
  project.write('coverage-report.config.ts', plainConfig);
  project.write('src/a.ts', 'export const a = 1;\n');
  project.write('test/a.test.ts', "it('is one', () => expect(1).toBe(1));\n");
  project.write('coverage/coverage-final.json', reportOf(project.root, ['src/a.ts']), 1);
  return project;
}
