// The legacy system as a project of its own: it compiles, its weak tests pass, and it completes a task on PostgreSQL.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { physicalLines } from '../../../codemods/kernel/parse-source.ts';
import { emptyDatabase } from '../../helpers/database.ts';
import { beforeRoot, textOf } from './system.ts';

const repository = join(import.meta.dirname, '../../..');
const bin = (name: string): string => join(repository, 'node_modules/.bin', name);

interface Ran {
  readonly code: number;
  readonly output: string;
}

/** As a user's shell: what vitest puts into the environment of its tests is not passed on. */
function run(file: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const own = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_V8_COVERAGE|NODE_OPTIONS|TEST$)/.test(name));
  return new Promise((resolve) => {
    execFile(file, args, { cwd, env: { ...Object.fromEntries(own), ...env } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), output: `${stdout}${stderr}` });
    });
  });
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

describe('the system before the plan', () => {
  it.each(['orchestration', 'consumer'])('compiles under its own strict options: %s', async (name) => {
    const ran = await run(bin('tsc'), ['-p', '.', '--noEmit'], join(beforeRoot, '..', name));
    expect(ran).toEqual({ code: 0, output: '' });
  });

  it.each([
    ['src/orchestration/event-systems/orchestration-event-system.ts', 1150, 1280],
    ['src/orchestration/actors/command-processor-actor.ts', 900, 1050],
    ['src/orchestration/viable-step-discovery.ts', 520, 600],
    ['src/orchestration/state-manager.ts', 800, 950],
  ])('has the size of the original: %s', (path, least, most) => {
    const lines = physicalLines(textOf(path));
    expect(lines).toBeGreaterThanOrEqual(least);
    expect(lines).toBeLessThanOrEqual(most);
  });

  it('passes its own tests, and completes a task of two steps in Hybrid mode on PostgreSQL', async () => {
    const database = await emptyDatabase();
    try {
      const report = await reportOf(beforeRoot, { TAS63_DATABASE_URL: database.url });
      expect(report).toMatchObject({ numFailedTests: 0, numPendingTests: 0 });
      expect(report.numPassedTests).toBeGreaterThanOrEqual(60);
    } finally {
      await database.drop();
    }
  });

  it('is used by a package that passes its tests too', async () => {
    const report = await reportOf(join(beforeRoot, '../consumer'));
    expect(report).toMatchObject({ numFailedTests: 0, numPendingTests: 0, numPassedTests: 2 });
  });

  it('has nothing installed: its one dependency besides pg is vendored', () => {
    const manifest = JSON.parse(readFileSync(join(beforeRoot, 'package.json'), 'utf8')) as { dependencies: object };
    expect(manifest.dependencies).toEqual({ 'expiring-map': 'file:vendor/expiring-map', pg: expect.any(String) });
  });
});

async function reportOf(cwd: string, env: Readonly<Record<string, string>> = {}): Promise<VitestReport> {
  const { output } = await run(bin('vitest'), ['run', '--reporter=json'], cwd, env);
  const start = output.indexOf('{"numTotalTestSuites"');
  if (start === -1) throw new Error(`vitest gave no report: ${output}`);
  return JSON.parse(output.slice(start, output.lastIndexOf('}') + 1)) as VitestReport;
}
