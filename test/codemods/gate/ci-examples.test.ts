// The CI examples of docs/gate.md: they are YAML, each of their `refit gate` runs has options that exist, and the gate's own code decides.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { refit } from '../cli/refit-in-process.ts';
import { soundProject } from './temporary-project.ts';

interface GithubStep {
  readonly run?: string;
  readonly if?: string;
  readonly name?: string;
}

const manual = readFileSync(join(import.meta.dirname, '../../../docs/gate.md'), 'utf8');
const blocks = [...manual.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']): unknown => parse(text));
const github = blocks[0] as { jobs: { test: { steps: readonly GithubStep[] } } }; // the first example, of GitHub Actions
const gitlab = blocks[1] as {
  gate: { script: readonly string[]; artifacts: { paths: string[]; reports: Record<string, string> } };
}; // the second, of GitLab CI

const githubLines = github.jobs.test.steps.flatMap(({ run }) => run?.trim().split('\n') ?? []);
const gateRuns = [...githubLines, ...gitlab.gate.script].filter((line) => line.includes('refit gate'));

/** The arguments of a line, its redirections and fallbacks left out, measured by HEAD: a small project has no origin. */
function argumentsOf(line: string): readonly string[] {
  const [command = ''] = line.replace(/^.*npx refit /, '').split(/ (?:\|\||>>) /);
  return command.split(' ').filter((word, at, words) => word !== '--base' && words[at - 1] !== '--base');
}

describe('the CI examples', () => {
  it.each(gateRuns)('can be run: %s', async (line) => {
    const { root } = soundProject();
    const ran = await refit(root, ...argumentsOf(line));
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    const out = / --out (\S+)/.exec(line)?.[1];
    expect(out === undefined ? ran.stdout.length > 0 : existsSync(join(root, out))).toBe(true);
  });

  it('name every file they keep as one that a run writes', () => {
    const { paths, reports } = gitlab.gate.artifacts;
    for (const file of [...paths, ...Object.values(reports)]) expect(gitlab.gate.script.join('\n')).toContain(`--out ${file}`);
    expect(gateRuns).toHaveLength(7);
  });

  it('judge after failed tests too, and let one run of the gate decide', () => {
    const steps = github.jobs.test.steps;
    const deciding = steps.filter(({ run }) => run?.includes('refit gate') === true && !run.includes('|| true'));
    expect(deciding.map(({ name, if: condition }) => [name, condition])).toEqual([['gate', '${{ !cancelled() }}']]);
    expect(gitlab.gate.script.filter((line) => line.includes('|| gate=$?'))).toHaveLength(1);
    expect(gitlab.gate.script.at(-1)).toBe('exit "${gate:-${tests:-0}}"');
  });
});
