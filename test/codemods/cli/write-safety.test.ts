// `refit … --write` meets a tree it must not spoil: uncommitted changes, a run that was killed while it replaced files, Ctrl-C.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hashOf } from '../../../codemods/kernel/disk-texts.ts';
import { commit, git } from '../gate/changes/changing-project.ts';
import { planProject } from './plan-project.ts';
import { refit } from './refit-in-process.ts';

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const bin = join(import.meta.dirname, '../../../codemods/cli/bin.ts');
const runPlan = ['run', 'plan.ts'];
const rename = ['codemod', 'rename-symbol', '--file', 'long.ts', '--symbol', 'print', '--to', 'show'];

function repository(): string {
  const root = planProject();
  git(root, 'init', '-q');
  commit(root);
  return root;
}

function filesOf(root: string): Readonly<Record<string, string>> {
  const names = readdirSync(root).filter((name) => /\.(?:ts|json)$/.test(name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(root, name), 'utf8')]));
}

describe.each([
  ['refit run', runPlan],
  ['refit codemod', rename],
])('%s --write in a git repository', (_command, argv) => {
  it('refuses while a tracked file has changes, names it, and writes nothing', async () => {
    const root = repository();
    writeFileSync(join(root, 'package.json'), '{ "name": "small", "type": "module", "private": true }');
    const before = filesOf(root);
    const ran = await refit(root, ...argv, '--write');
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(
      /REFIT_UNCOMMITTED: package\.json: changed since the last commit of .*Commit or stash first.*--allow-dirty.*Nothing was written/,
    );
    expect(filesOf(root)).toEqual(before);
  });

  it('counts a staged change and a source that git does not track, not other files that it does not track', async () => {
    const root = repository();
    writeFileSync(join(root, 'line.ts'), 'export {};\n');
    expect((await refit(root, ...argv, '--write')).stderr).toContain('REFIT_UNCOMMITTED: line.ts: changed');
    git(root, 'add', 'line.ts');
    expect((await refit(root, ...argv, '--write')).stderr).toContain('REFIT_UNCOMMITTED: line.ts: changed');
    git(root, 'rm', '-qf', 'line.ts');
    writeFileSync(join(root, 'notes.txt'), 'to do');
    expect(await refit(root, ...argv, '--write')).toMatchObject({ code: 0 });
  });

  it('goes on with --allow-dirty, and never asks git for a dry run', async () => {
    const root = repository();
    writeFileSync(join(root, 'package.json'), '{ "name": "small", "type": "module", "private": true }');
    expect(await refit(root, ...argv)).toMatchObject({ code: 0 });
    expect(await refit(root, ...argv, '--write', '--allow-dirty')).toMatchObject({ code: 0 });
    expect(git(root, 'status', '--short', 'long.ts')).toBe('M long.ts');
  });
});

it('names three of many uncommitted files', async () => {
  const root = repository();
  for (const name of ['long.ts', 'package.json', 'plan.ts', 'same.ts', 'moved.ts']) {
    writeFileSync(join(root, name), `${readFileSync(join(root, name), 'utf8')}\n`);
  }
  expect((await refit(root, ...rename, '--write')).stderr).toContain('long.ts, moved.ts, package.json and 2 more: changed');
});

it('refuses a repository that git does not read, and says where to look', async () => {
  const root = planProject();
  writeFileSync(join(root, '.git'), 'no repository');
  const ran = await refit(root, ...rename, '--write');
  expect(ran.stderr).toMatch(/REFIT_UNCOMMITTED: git does not say what has changed in .*`git status`.*--allow-dirty/);
  expect(readFileSync(join(root, 'long.ts'), 'utf8')).toContain('function print');
  expect(await refit(root, ...rename, '--write', '--allow-dirty')).toMatchObject({ code: 0 });
});

describe('a folder below the top of the repository', () => {
  it('is judged by its own files', async () => {
    const root = planProject();
    const other = join(root, 'other');
    mkdirSync(other);
    for (const [name, text] of Object.entries(filesOf(root))) writeFileSync(join(other, name), text);
    git(root, 'init', '-q');
    commit(root);
    writeFileSync(join(root, 'long.ts'), '// mine\n');
    expect(await refit(other, ...rename, '--write')).toMatchObject({ code: 0 });
    expect((await refit(other, ...rename, '--write')).stderr).toContain('REFIT_UNCOMMITTED: long.ts: changed');
  });
});

/** The tree as a run leaves it that was killed after its decision: one file is replaced, the journal holds the other. */
function halfWritten(root: string): void {
  const stage = join(root, '.refit');
  mkdirSync(join(stage, 'new'), { recursive: true });
  mkdirSync(join(stage, 'old'));
  const texts = { 'package.json': '{ "name": "written", "type": "module" }', 'extra.txt': 'written too\n' };
  const entries = Object.keys(texts).map((path) => ({
    path,
    deletes: false,
    oldHash: existsSync(join(root, path)) ? hashOf(readFileSync(join(root, path))) : null,
  }));
  writeFileSync(join(root, 'package.json'), texts['package.json']);
  writeFileSync(join(stage, 'new/1'), texts['extra.txt']);
  writeFileSync(join(stage, 'journal.json'), JSON.stringify({ schema: 'refit-journal/1', entries }));
}

describe('refit run on a tree that a killed run left half written', () => {
  it('reads nothing from it unless it may write', async () => {
    const root = planProject();
    halfWritten(root);
    for (const argv of [runPlan, ['lint', 'plan.ts'], [...runPlan, '--out', 'copy']]) {
      expect((await refit(root, ...argv)).stderr).toContain('REFIT_INTERRUPTED: An earlier run was stopped');
    }
    expect(existsSync(join(root, 'extra.txt'))).toBe(false);
  });

  it('finishes that run first with --write', async () => {
    const root = planProject();
    halfWritten(root);
    expect(await refit(root, ...runPlan, '--write')).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(join(root, 'extra.txt'), 'utf8')).toBe('written too\n');
    expect(readFileSync(join(root, 'line.ts'), 'utf8')).toContain('export interface Line');
    expect(existsSync(join(root, '.refit'))).toBe(false);
  });
});

/** Starts `refit run`, sends the signal when the last trace has begun, and answers how the process ended. */
async function interruptedRun(root: string, signal: NodeJS.Signals, ...argv: readonly string[]): Promise<string | null> {
  writeFileSync(
    join(root, 'endless.ts'),
    `export const trace = async (_changed, { random }) => {
  if (random > 0) { process.stdout.write('at the last trace'); await new Promise((resolve) => setTimeout(resolve, 600_000)); }
  return [{ subject: 'print', cases: 3, random, differences: [], allowed: [], branchesReached: 1, branches: 1 }];
};
`,
  );
  const args = ['--import', loader, bin, ...runPlan, '--proof', 'endless.ts', '--random', '1', ...argv];
  const child = spawn(process.execPath, args, { cwd: root });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part: Buffer) => {
      said += part.toString();
      if (said.includes('at the last trace')) child.kill(signal);
    });
  }
  const [code, by] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once('close', (...end) => resolve(end)),
  );
  expect({ code, said }).toEqual({ code: null, said: expect.stringContaining('at the last trace') });
  return by;
}

describe('refit run that is interrupted', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('leaves the old tree and goes on with --resume: %s', async (signal) => {
    const root = planProject();
    const before = filesOf(root);
    expect(await interruptedRun(root, signal, '--write')).toBe(signal);
    const { 'endless.ts': _added, ...after } = filesOf(root);
    expect(after).toEqual(before);
    const ran = await refit(root, ...runPlan, '--write', '--resume', '--proof', 'same.ts');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('resumed: A done before');
    expect(readFileSync(join(root, 'line.ts'), 'utf8')).toContain('export interface Line');
  });

  it('leaves no copy', async () => {
    const root = planProject();
    expect(await interruptedRun(root, 'SIGINT', '--out', 'copy')).toBe('SIGINT');
    expect(existsSync(join(root, 'copy'))).toBe(false);
  });
});
