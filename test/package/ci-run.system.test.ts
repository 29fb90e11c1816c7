// What CI runs: its phases in order, their seconds, and a failure that ends it at once.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const script = join(import.meta.dirname, '../../.ci/run');

/** Runs the script with an npm that prints its arguments and fails when they are `failing`. */
function ciRun(failing: string): { readonly code: number | null; readonly lines: readonly string[] } {
  const root = mkdtempSync(join(tmpdir(), 'ci-run-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, '.ci'));
  mkdirSync(join(root, 'bin'));
  copyFileSync(script, join(root, '.ci/run'));
  writeFileSync(
    join(root, 'bin/npm'),
    `#!/bin/sh\necho "ran npm $* in $(pwd) with CI=$CI and stdin $(wc -c)"\n[ "$*" != "${failing}" ] || exit 7\n`,
  );
  chmodSync(join(root, 'bin/npm'), 0o755);
  const env = { PATH: `${join(root, 'bin')}:${process.env['PATH']}` };
  const ran = spawnSync(join(root, '.ci/run'), { cwd: tmpdir(), env, input: 'typed', encoding: 'utf8' });
  return { code: ran.status, lines: ran.stdout.replaceAll(root, 'ROOT').trim().split('\n') };
}

describe('.ci/run', () => {
  it('installs, checks, tests and judges at the root, without input, and prints the seconds of each', () => {
    const { code, lines } = ciRun('nothing');
    expect(code).toBe(0);
    const phases = ['ci', 'run check', 'test', 'run gate'];
    expect(lines.filter((line) => line.startsWith('ran'))).toEqual(
      phases.map((phase) => `ran npm ${phase} in ROOT with CI=true and stdin 0`),
    );
    for (const phase of phases)
      expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^== npm ${phase}: \\d+ s, exit 0$`)));
    expect(lines.at(-1)).toMatch(/^== all: \d+ s$/);
  });

  it.each(['ci', 'run check', 'test', 'run gate'])('ends with the failure of npm %s', (failing) => {
    const { code, lines } = ciRun(failing);
    expect(code).toBe(7);
    expect(lines.at(-1)).toMatch(new RegExp(`^== npm ${failing}: \\d+ s, exit 7$`));
  });
});
