// Writes the project that the gate is measured on: sources, tests, report, stamp, configuration, in git.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, realpathSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hashOf } from '../../codemods/gate/text-hash.ts';
import { generateModule, generateTests, randomOf } from './module-text.ts';
import type { Random } from './module-text.ts';

export interface GeneratedProject {
  readonly root: string;
  readonly report: string;
  /** Of the project, relative to its root. */
  readonly sources: readonly string[];
  readonly tests: readonly string[];
  readonly lines: number;
  /** Hash of each source, as the stamp has it. */
  readonly hashes: ReadonlyMap<string, string>;
}

const config = `import { defineCoverageReport } from 'tasker-refit/gate';

export default defineCoverageReport({
  include: ['src/**/*.ts'],
  tests: [{ sources: 'src', tests: 'test' }],
  floors: [
    { under: '.', lines: 80, branches: 70, functions: 80, statements: 80 },
    { under: 'src/area-0', lines: 80, branches: 70, functions: 80 },
    { under: 'src/area-1', lines: 10, branches: 0, each: true },
  ],
  ceilings: [{ under: '.', lines: 900, code: 900, functionLines: 60 }],
  tested: ['src/area-2/**/module-0*.ts'],
  ratchet: 'coverage-ratchet.json',
  slack: 0.5,
  newFiles: { lines: 90, branches: 80 },
  exemptions: [
    { files: 'src/area-3/part-3/*.ts', from: 'coverage', reason: 'measured elsewhere' },
    { files: 'src/area-4/part-4/module-0.ts', from: 'coverage', reason: 'measured elsewhere' },
  ],
  stamp: 'required',
});
`;

/** Lines of a module: half have fewer than 100, a few have 700 (log-normal). */
function linesOf(random: Random): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.round(Math.min(700, Math.max(20, 100 * Math.exp(0.9 * normal))));
}

function write(root: string, file: string, text: string): void {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function git(root: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.org'];
  return execFileSync('git', [...identity, ...args], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** Everything committed, as a project is that the gate judges; answers with the commit. */
export function commitAll(root: string): string {
  git(root, 'init', '-q');
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'generated');
  return git(root, 'rev-parse', 'HEAD').trim();
}

/** The stamp of a run of all tests on `commit`. */
export function stampProject(project: GeneratedProject, commit: string): void {
  const files = Object.fromEntries(project.tests.map((file) => [file, 1]));
  const tests = { passed: project.tests.length, failed: 0, skipped: 0, files };
  const root = realpathSync(project.root);
  const stamp = { schema: 'refit-meta/1', commit, root, sources: Object.fromEntries(project.hashes), tests };
  write(project.root, 'coverage/refit-meta.json', `${JSON.stringify(stamp, undefined, 2)}\n`);
}

/** A project of so many modules, every second one with tests; the same for the same seed. */
export function generateProject(root: string, modules: number, seed: number): GeneratedProject {
  const random = randomOf(seed);
  const sources: string[] = [];
  const tests: string[] = [];
  const hashes = new Map<string, string>();
  let lines = 0;
  write(root, 'package.json', '{ "name": "generated", "private": true, "type": "module" }\n');
  write(root, '.gitignore', 'node_modules/\ncoverage/\n');
  write(root, 'coverage-report.config.ts', config);
  const report = join(root, 'coverage/coverage-final.json');
  mkdirSync(dirname(report), { recursive: true });
  const output = openSync(report, 'w');
  for (let nr = 0; nr < modules; nr += 1) {
    const name = `area-${nr % 10}/part-${Math.floor(nr / 10) % 20}/module-${Math.floor(nr / 200)}`;
    const file = `src/${name}.ts`;
    const path = join(realpathSync(root), file);
    const { text, entry } = generateModule(path, linesOf(random), random);
    write(root, file, text);
    // Istanbul's json reporter writes one file a line.
    writeSync(output, `${nr === 0 ? '{' : ','}${JSON.stringify(path)}: ${JSON.stringify(entry)}\n`);
    sources.push(file);
    hashes.set(file, hashOf(text));
    lines += text.split('\n').length - 1;
    if (nr % 2 === 0) {
      write(root, `test/${name}.test.ts`, generateTests(name, 1 + Math.floor(random() * 12)));
      tests.push(`test/${name}.test.ts`);
    }
  }
  writeSync(output, '}\n');
  closeSync(output);
  const project = { root, report, sources, tests, lines, hashes };
  stampProject(project, commitAll(root));
  return project;
}
