// What a report leaves out, a base that only the configuration names, a place that cannot be written: none of it passes in silence.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CoverageReportConfig } from '../../../codemods/gate/config.ts';
import { exactPercent } from '../../../codemods/gate/facts.ts';
import { filesByRole } from '../../../codemods/gate/project-files.ts';
import { byRelativePath } from '../../../codemods/gate/read-project.ts';
import { runGate } from '../../../codemods/gate/run-gate.ts';
import { runRatchet } from '../../../codemods/gate/run-ratchet.ts';
import { writeText } from '../../../codemods/gate/write-text.ts';
import { codesOf, config, covered, messagesOf, sound, source } from './sound-evidence.ts';
import { emptyProject, plainConfig, reportOf, soundProject } from './temporary-project.ts';

const name = 'coverage-report.config.ts';

function git(root: string, ...args: readonly string[]): void {
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: root, stdio: 'ignore' });
}

function commit(root: string): void {
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'one');
}

describe('a report that has nothing to cover in a file', () => {
  const nothing = { total: 0, covered: 0, hits: [] };
  const silent = { ...covered('/p/src/a.ts'), lines: nothing, branches: nothing, functions: nothing, statements: nothing };
  const withFunctions = (count: number, of: CoverageReportConfig = config) => ({
    ...sound,
    config: of,
    sources: [
      source('src/a.ts', { functions: Array.from({ length: count }, () => ({ name: 'f', line: 1, lines: 3 })) }),
      source('src/store/b.ts'),
    ],
    coverage: new Map([...sound.coverage, ['src/a.ts', silent]]),
  });

  it('cannot be judged where the file has functions', () => {
    expect(codesOf(withFunctions(1))).toEqual(['GATE_REPORT_IMPOSSIBLE']);
    expect(messagesOf(withFunctions(1))).toContain('nothing to cover in src/a.ts, which has a function: a comment');
    expect(messagesOf(withFunctions(2))).toContain('has 2 functions');
  });

  it('is right where the file has none, and may be so where an exemption says why', () => {
    expect(codesOf(withFunctions(0))).toEqual([]);
    const exemptions = [{ files: 'src/a.ts', from: 'coverage', reason: 'runs in the browser' }] as const;
    expect(codesOf(withFunctions(1, { ...config, exemptions }))).toEqual([]);
  });

  it('may count its functions alone', () => {
    const evidence = withFunctions(1);
    const counted = { ...silent, functions: { total: 1, covered: 1, hits: [{ line: 1, count: 1 }] } };
    expect(codesOf({ ...evidence, coverage: new Map([...sound.coverage, ['src/a.ts', counted]]) })).toEqual([]);
  });
});

describe('a report that has one file under two names', () => {
  it('is refused: which of the two counts, nobody can say', () => {
    const files = [covered('/p/src/a.ts'), covered('src/../src/a.ts')];
    const refused = expect.objectContaining({
      code: 'GATE_REPORT_TWICE',
      message: expect.stringContaining('has src/a.ts twice'),
    });
    expect(() => byRelativePath('/p', files)).toThrow(refused);
    expect([...byRelativePath('/p', files.slice(0, 1)).keys()]).toEqual(['src/a.ts']);
  });
});

describe('a ratchet that was lowered in a commit of the branch', () => {
  const changing = (lines: number): string =>
    plainConfig
      .replace('include:', "ratchet: 'marks.json',\n  changed: { lines: 0, base: 'main' },\n  include:")
      .replace('lines: 90, branches: 80', `lines: ${lines}, branches: 0`);

  it('is found by the base that the configuration names, and raising it needs no base', async () => {
    const project = soundProject();
    project.write('.gitignore', 'coverage\n');
    project.write(name, changing(90));
    await runRatchet({ config: name, cwd: project.root });
    git(project.root, 'init', '-q', '-b', 'main');
    commit(project.root);
    git(project.root, 'checkout', '-qb', 'work');
    project.write(name, changing(0));
    project.write('coverage/coverage-final.json', reportOf(project.root, ['src/a.ts'], 0), 1);
    const marks = readFileSync(join(project.root, 'marks.json'), 'utf8');
    project.write('marks.json', marks.replaceAll('"covered": 1', '"covered": 0'));
    commit(project.root);
    const { failures } = await runGate({ config: name, cwd: project.root });
    expect(failures).toContainEqual(expect.objectContaining({ code: 'GATE_RATCHET_LOWERED', file: 'src/a.ts' }));
    git(project.root, 'branch', '-D', 'main');
    expect(await runRatchet({ config: name, cwd: project.root })).toMatchObject({ changed: false });
  });
});

describe('a percentage in a message', () => {
  it('never reads as what is required when it falls short', () => {
    expect(exactPercent(19_999, 25_000)).toBe('79.99');
    expect(exactPercent(4, 5)).toBe('80.00');
    expect(exactPercent(29, 100)).toBe('29.00');
    expect(exactPercent(0, 0)).toBe('100.00');
  });
});

describe('a package further in', () => {
  it('names its folder, so that services find the files of its findings', async () => {
    const project = emptyProject();
    project.write(`packages/api/${name}`, plainConfig);
    project.write('packages/api/src/a.ts', 'export const a = 1;\n');
    project.write('packages/api/test/a.test.ts', "it('is one', () => expect(1).toBe(1));\n");
    const root = join(project.root, 'packages/api');
    project.write('packages/api/coverage/coverage-final.json', reportOf(root, ['src/a.ts']), 1);
    expect(await runGate({ config: name, cwd: root })).toMatchObject({ pass: true, folder: '' });
    git(project.root, 'init', '-q');
    expect(await runGate({ config: name, cwd: root })).toMatchObject({ pass: true, folder: 'packages/api/' });
  });
});

describe('test files', () => {
  it('are found with every extension that a runner takes', () => {
    const project = emptyProject();
    const files = ['ts', 'tsx', 'mts', 'cts', 'js', 'jsx', 'mjs', 'cjs'].map((end) => `test/a.test.${end}`);
    for (const file of files) project.write(file, '');
    expect(filesByRole(project.root, config).tests).toEqual(files.toSorted());
  });
});

describe('writeText', () => {
  it('replaces a file through a link, and leaves no draft', () => {
    const project = emptyProject();
    project.write('real.json', 'old');
    symlinkSync(join(project.root, 'real.json'), join(project.root, 'link.json'));
    writeText(join(project.root, 'link.json'), 'new');
    writeText(join(project.root, 'in/a/folder.json'), 'made');
    expect(readFileSync(join(project.root, 'real.json'), 'utf8')).toBe('new');
    expect(readFileSync(join(project.root, 'in/a/folder.json'), 'utf8')).toBe('made');
    expect(readdirSync(project.root).toSorted()).toEqual(['in', 'link.json', 'real.json']);
  });

  it('says what cannot be written, and that it is the disk', () => {
    const project = emptyProject();
    mkdirSync(join(project.root, 'folder'));
    project.write('file', '');
    const refused = expect.objectContaining({ code: 'GATE_WRITE_FAILED', kind: 'infrastructure' });
    expect(() => writeText(join(project.root, 'folder'), 'text')).toThrow(refused);
    expect(() => writeText(join(project.root, 'file/below'), 'text')).toThrow(refused);
    expect(readdirSync(project.root).toSorted()).toEqual(['file', 'folder']);
  });
});
