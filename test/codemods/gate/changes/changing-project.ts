// A small project in a git repository of its own, whose sources say by marks what ran of them.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { runGate } from '../../../../codemods/gate/run-gate.ts';
import type { GateOptions } from '../../../../codemods/gate/run-gate.ts';
import { hashOf } from '../../../../codemods/gate/text-hash.ts';
import type { Verdict } from '../../../../codemods/gate/judge.ts';
import type { TemporaryProject } from '../temporary-project.ts';
import { emptyProject } from '../temporary-project.ts';
import { istanbulFile } from '../istanbul-file.ts';

export const configFile = 'coverage-report.config.ts';

export const changedConfig = `export default {
  include: ['src/**/*.ts'],
  tests: [{ sources: 'src', tests: 'test' }],
  floors: [{ under: '.', lines: 0, branches: 0 }],
  changed: { lines: 80 },
};
`;

export function git(root: string, ...args: readonly string[]): string {
  const name = [
    '-c',
    'user.name=a',
    '-c',
    'user.email=a@example.org',
    '-c',
    'core.autocrlf=false',
    '-c',
    'protocol.file.allow=always',
  ];
  return execFileSync('git', [...name, ...args], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

export function commit(root: string): string {
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'one', '--allow-empty');
  return git(root, 'rev-parse', 'HEAD');
}

/** Each line that ends in `// +` ran, each that ends in `// -` did not. */
export function istanbulOf(path: string, text: string): unknown {
  const marks = text.split(/\r?\n/).flatMap((line, at) => {
    const [, mark] = /\/\/ ([+-])$/.exec(line) ?? [];
    return mark === undefined ? [] : [{ line: at + 1, count: mark === '+' ? 1 : 0 }];
  });
  return istanbulFile(path, { lines: marks.map(({ line }) => line), counts: marks.map(({ count }) => count) });
}

export type Texts = Readonly<Record<string, string>>;

export function reportText(root: string, texts: Texts, separator = '/'): string {
  const entries = Object.entries(texts).map(([file, text]) => {
    const path = [root, ...file.split('/')].join(separator);
    return [path, istanbulOf(path, text)] as const;
  });
  return JSON.stringify(Object.fromEntries(entries));
}

/** The stamp that the reporter of refit writes beside a report. */
export function stampText(root: string, of: string, texts: Texts): string {
  const sources = Object.fromEntries(Object.entries(texts).map(([file, text]) => [file, hashOf(text)]));
  const tests = { passed: 1, failed: 0, skipped: 0, files: { 'test/a.test.ts': 1 } };
  return JSON.stringify({ schema: 'refit-meta/1', commit: of, root, sources, tests });
}

export interface ChangingProject extends TemporaryProject {
  /** The commit that the change begins at. */
  readonly base: string;
  /** Sources of the base, and its coverage in `base/coverage-final.json` with its stamp. */
  readonly texts: Texts;
}

const testFile = { 'test/a.test.ts': "import { expect, it } from 'vitest';\nit('is', () => expect(1).toBe(1));\n" };

/** The base is committed on `main`, and a branch is checked out. */
export function changingProject(texts: Texts, init: readonly string[] = []): ChangingProject {
  const project = emptyProject();
  git(project.root, 'init', '-q', '-b', 'main', ...init);
  const files = { [configFile]: changedConfig, '.gitignore': 'coverage\nbase\nnode_modules\n', ...testFile, ...texts };
  for (const [file, text] of Object.entries(files)) project.write(file, text);
  const base = commit(project.root);
  project.write('base/coverage-final.json', reportText(project.root, texts));
  project.write('base/refit-meta.json', stampText(project.root, base, texts));
  git(project.root, 'checkout', '-qb', 'branch');
  return { ...project, base, texts };
}

/** Makes the sources those of `now` and writes their coverage; what the base has beside them is removed. */
export function change(project: ChangingProject, now: Texts): void {
  for (const file of Object.keys(project.texts)) if (!(file in now)) rmSync(join(project.root, file), { force: true });
  for (const [file, text] of Object.entries(now)) project.write(file, text);
  project.write('coverage/coverage-final.json', reportText(project.root, now), 9);
}

export const withBase = { base: 'main', baseCoverage: ['base/coverage-final.json'] } as const;

export function gate(root: string, options: Partial<GateOptions> = withBase): Promise<Verdict> {
  return runGate({ config: configFile, cwd: root, cache: false, ...options });
}
