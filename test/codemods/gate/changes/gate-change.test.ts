// `refit gate` on changes in real repositories: what counts as changed, and everything that keeps it from judging.
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../../../codemods/cli/main.ts';
import { emptyProject } from '../temporary-project.ts';
import type { ChangingProject, Texts } from './changing-project.ts';
import {
  change,
  changedConfig,
  changingProject,
  commit,
  configFile,
  gate,
  git,
  reportText,
  stampText,
  withBase,
} from './changing-project.ts';

const total = `export function total(items: readonly Item[]): number {
  if (items.length === 0) { // +
    return 0; // +
  }
  return items.reduce((sum, item) => sum + item.price, 0); // +
}
`;
const count = `export function count(items: readonly Item[]): number {
  return items.length; // -
}
`;
const before: Texts = { 'src/a.ts': total + count, 'src/same.ts': 'export const same = make(); // +\n' };

const refusal = (code: string, message = ''): unknown =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

async function codesAfter(project: ChangingProject, now: Texts): Promise<readonly string[]> {
  change(project, now);
  return (await gate(project.root)).failures.map(({ code }) => code);
}

describe('a change in git', () => {
  it('is measured from where the branch left, the working tree included', async () => {
    const project = changingProject(before);
    change(project, { ...before, 'src/a.ts': count, 'src/b.ts': total });
    commit(project.root);
    git(project.root, 'checkout', '-q', 'main');
    project.write('src/later.ts', 'export const later = 1;\n');
    const later = commit(project.root);
    git(project.root, 'checkout', '-q', 'branch');
    change(project, { ...before, 'src/a.ts': `${count}more(); // -\n`, 'src/b.ts': total });
    const { change: report, failures } = await gate(project.root);
    expect(report).toMatchObject({
      commit: project.base,
      lines: { covered: 0, coverable: 1 },
      sameCode: { before: { covered: 4, coverable: 5 }, now: { covered: 4, coverable: 5 }, lost: [] },
      sources: { added: 1, edited: 0, moved: 6, removed: 0 },
    });
    expect(report?.commit).not.toBe(later);
    expect(failures.map(({ code, file, line }) => [code, file, line])).toEqual([['GATE_CHANGED_LINES', 'src/a.ts', 4]]);
  });

  it('keeps a renamed file, an edited one judged by its edits alone', async () => {
    const project = changingProject(before);
    const renamed = { 'src/dir/renamed.ts': before['src/a.ts'] ?? '', 'src/same.ts': before['src/same.ts'] ?? '' };
    expect(await codesAfter(project, renamed)).toEqual([]);
    const edited = { ...renamed, 'src/dir/renamed.ts': total + count.replace('items.length; // -', 'items.length + 1; // -') };
    change(project, edited);
    const { change: report, failures } = await gate(project.root);
    expect(report?.files).toMatchObject([{ file: 'src/dir/renamed.ts', from: 'src/a.ts', edited: 1, added: 0, moved: 8 }]);
    expect(failures.map(({ code, line }) => [code, line])).toEqual([['GATE_CHANGED_LINES', 8]]);
  });

  it('counts what a deleted file had as removed, and asks nothing for it', async () => {
    const project = changingProject(before);
    change(project, { 'src/same.ts': before['src/same.ts'] ?? '' });
    const { change: report, pass } = await gate(project.root);
    expect(pass).toBe(true);
    expect(report).toMatchObject({ sources: { removed: 9 }, removedCode: { coverable: 4, neverCovered: 1 } });
  });

  it('is none where only byte order marks and line ends differ', async () => {
    const project = changingProject(before);
    change(project, { ...before, 'src/a.ts': `\uFEFF${(before['src/a.ts'] ?? '').replaceAll('\n', '\r\n')}` });
    const { change: report, pass } = await gate(project.root);
    expect(pass).toBe(true);
    expect(report).toMatchObject({ files: [], sameCode: { before: { covered: 4, coverable: 5 }, lost: [] } });
  });

  it('is read where the base has the mark and the line ends of Windows, and the code moved on', async () => {
    const project = changingProject({ ...before, 'src/a.ts': `\uFEFF${(total + count).replaceAll('\n', '\r\n')}` });
    expect(await codesAfter(project, { ...before, 'src/a.ts': count, 'src/b.ts': total })).toEqual([]);
  });

  it('takes a copy for new code', async () => {
    const project = changingProject(before);
    expect(await codesAfter(project, { ...before, 'src/b.ts': total.replaceAll('// +', '// -') })).toEqual([
      'GATE_CHANGED_LINES',
    ]);
  });

  it('fails where moved code has lost its cover', async () => {
    const project = changingProject(before);
    const now = { ...before, 'src/a.ts': count, 'src/b.ts': total.replace('return 0; // +', 'return 0; // -') };
    change(project, now);
    const { failures } = await gate(project.root);
    expect(failures).toMatchObject([{ code: 'GATE_SAME_CODE', file: 'src/b.ts', line: 3 }]);
  });

  it('is read below the top of a repository, with test files and hashes of 64 digits', async () => {
    const project = changingProject({}, ['--object-format=sha256']);
    const root = join(project.root, 'packages/one');
    mkdirSync(join(project.root, 'packages'));
    mkdirSync(root);
    for (const name of [configFile, 'test']) renameSync(join(project.root, name), join(root, name));
    project.write('packages/one/src/a.ts', total);
    commit(project.root);
    git(project.root, 'branch', '-f', 'main');
    project.write('packages/one/test/b.test.ts', "it('b', () => expect(1).toBe(1));\n");
    project.write('packages/one/src/b.ts', count);
    project.write('packages/one/coverage/coverage-final.json', reportText(root, { 'src/a.ts': total, 'src/b.ts': count }), 9);
    const { change: report } = await gate(root, { base: 'main' });
    expect(report).toMatchObject({ files: [{ file: 'src/b.ts', from: null }], tests: { casesBefore: 1, casesNow: 2, added: 1 } });
  });
});

describe('a base that cannot be judged by', () => {
  const rejected = async (project: ChangingProject, code: string, message?: string) =>
    expect(gate(project.root)).rejects.toEqual(refusal(code, message));

  it('is refused where none is named, or git does not know it', async () => {
    const project = changingProject(before);
    change(project, before);
    await expect(gate(project.root, {})).rejects.toEqual(refusal('GATE_BASE_UNNAMED', '--base'));
    await expect(gate(project.root, { base: 'origin/none' })).rejects.toEqual(refusal('GATE_BASE_MISSING', 'origin/none'));
    project.write(configFile, changedConfig.replace('lines: 80', "lines: 80, base: 'main'"));
    expect((await gate(project.root, {})).change?.commit).toBe(project.base);
    rmSync(join(project.root, '.git'), { recursive: true });
    await expect(gate(project.root)).rejects.toEqual(refusal('GATE_BASE_MISSING'));
  });

  it('is refused where it has no commit in common with the branch', async () => {
    const project = changingProject(before);
    git(project.root, 'checkout', '-q', '--orphan', 'other');
    project.write('notes.md', 'other\n');
    commit(project.root);
    change(project, before);
    await rejected(project, 'GATE_BASE_UNRELATED', 'no commit in common');
  });

  it('is refused in a shallow clone that ends before the branches meet', async () => {
    const project = changingProject(before);
    project.write('src/b.ts', total);
    commit(project.root);
    git(project.root, 'checkout', '-q', 'main');
    project.write('src/c.ts', count);
    commit(project.root);
    const clone = emptyProject();
    git(clone.root, 'clone', '-q', '--depth', '1', '--no-single-branch', '-b', 'branch', `file://${project.root}`, 'clone');
    const root = join(clone.root, 'clone');
    const texts = { ...before, 'src/b.ts': total };
    clone.write('clone/coverage/coverage-final.json', reportText(root, texts), 2_000_000_000);
    await expect(gate(root, { base: 'origin/main' })).rejects.toEqual(refusal('GATE_BASE_SHALLOW', '--unshallow'));
    git(root, 'fetch', '-q', '--unshallow');
    expect((await gate(root, { base: 'origin/main' })).change).toMatchObject({ commit: project.base, lines: { coverable: 3 } });
  });

  it('is refused where git lost a content of it', async () => {
    const project = changingProject(before);
    const hash = git(project.root, 'rev-parse', 'main:src/a.ts');
    rmSync(join(project.root, '.git/objects', hash.slice(0, 2)), { recursive: true });
    change(project, { ...before, 'src/a.ts': total });
    await rejected(project, 'GATE_BASE_UNREADABLE', hash);
  });

  it('is refused where git cannot list its files', async () => {
    const project = changingProject(before);
    const hash = git(project.root, 'rev-parse', 'main^{tree}');
    rmSync(join(project.root, '.git/objects', hash.slice(0, 2)), { recursive: true });
    change(project, before);
    await rejected(project, 'GATE_BASE_UNREADABLE', 'git cannot read the base');
  });
});

describe('a coverage of the base', () => {
  const moved = { ...before, 'src/a.ts': count, 'src/b.ts': total };

  async function refused(write: (project: ChangingProject) => void, code: string, message?: string): Promise<void> {
    const project = changingProject(before);
    change(project, moved);
    write(project);
    await expect(gate(project.root)).rejects.toEqual(refusal(code, message));
  }

  const report = 'base/coverage-final.json';

  it('is refused when it is missing, no file, or no report', async () => {
    await refused(({ root }) => rmSync(join(root, report)), 'GATE_BASE_COVERAGE_MISSING');
    await refused(({ write }) => write(report, '{'), 'GATE_BASE_COVERAGE_UNREADABLE', 'not JSON');
    const folder = ({ root }: ChangingProject): void => {
      rmSync(join(root, report));
      mkdirSync(join(root, report));
    };
    await refused(folder, 'GATE_BASE_COVERAGE_UNREADABLE', 'cannot be read');
  });

  it('is refused when it has sums and no lines', async () => {
    const sum = { total: 1, covered: 1 };
    const sums = { lines: sum, branches: sum, functions: sum, statements: sum };
    await refused(({ write }) => write(report, JSON.stringify({ total: sums, 'src/a.ts': sums })), 'GATE_BASE_COVERAGE_SUMS');
  });

  it('is refused without its stamp, unless it is taken on trust, which the notes say', async () => {
    await refused(({ root }) => rmSync(join(root, 'base/refit-meta.json')), 'GATE_BASE_COVERAGE_UNSTAMPED');
    const project = changingProject(before);
    change(project, moved);
    rmSync(join(project.root, 'base/refit-meta.json'));
    const { notes, pass } = await gate(project.root, { ...withBase, acceptUnstamped: true });
    expect(pass).toBe(true);
    expect(notes).toContain('The coverage of the base is unstamped: its commit is taken on trust.');
  });

  it('is refused when it is of another commit, or of other sources', async () => {
    const stamp = 'base/refit-meta.json';
    const other = ({ root, write }: ChangingProject) => write(stamp, stampText(root, 'f'.repeat(40), before));
    await refused(other, 'GATE_BASE_COVERAGE_COMMIT', 'ffffffffffff');
    const dirty = ({ root, base, write }: ChangingProject) =>
      write(stamp, stampText(root, base, { ...before, 'src/a.ts': `${total}dirty();\n` }));
    await refused(dirty, 'GATE_BASE_COVERAGE_STALE', 'src/a.ts');
    const none = ({ root, write }: ChangingProject) =>
      write(stamp, stampText(root, 'x', before).replace('"commit":"x"', '"commit":null'));
    await refused(none, 'GATE_BASE_COVERAGE_COMMIT', 'no commit');
  });

  it('is refused when it speaks of lines that the base does not have, or of another project', async () => {
    const longer = ({ root, write }: ChangingProject) =>
      write(report, reportText(root, { ...before, 'src/a.ts': `${'\n'.repeat(50)}more(); // +\n` }));
    await refused(longer, 'GATE_BASE_COVERAGE_STALE', 'line 51 of src/a.ts');
    const other = ({ write }: ChangingProject) => write(report, reportText('/elsewhere', { 'lib/x.ts': total }));
    await refused(other, 'GATE_BASE_COVERAGE_FOREIGN', '/elsewhere/lib/x.ts');
  });

  it.each([
    ['another folder, by its stamp', '/builds/one', '/', '/builds/one'],
    ['a folder of Windows, by its stamp', 'C:\\work\\one', '\\', 'C:\\work\\one'],
    ['a folder of Windows that its stamp does not say', 'C:\\work\\one', '\\', '/builds/other'],
    ['no folder: relative paths', '.', '/', '/builds/other'],
  ])('is read where it was written in %s', async (_, folder, separator, stamped) => {
    const project = changingProject(before);
    change(project, moved);
    project.write(report, reportText(folder, before, separator));
    project.write('base/refit-meta.json', stampText(stamped, project.base, before));
    expect((await gate(project.root)).change?.sameCode).toMatchObject({ before: { covered: 4, coverable: 5 }, lost: [] });
  });

  it('is read from the shards of a run, as lcov too, and silent files are noted', async () => {
    const project = changingProject(before);
    change(project, moved);
    const lcov = 'TN:\nSF:src/a.ts\nDA:2,1\nDA:3,0\nDA:5,1\nDA:8,0\nend_of_record\n';
    for (const shard of ['one', 'two'])
      project.write(`base/${shard}/refit-meta.json`, stampText(project.root, project.base, before));
    project.write('base/one/lcov.info', lcov);
    project.write('base/two/lcov.info', lcov.replace('DA:2,1\nDA:3,0', 'DA:2,0\nDA:3,1').replace('DA:8,0', 'DA:8,-1'));
    const baseCoverage = ['base/one/lcov.info', 'base/two/lcov.info'];
    const { change: measured, notes } = await gate(project.root, { base: 'main', baseCoverage });
    expect(measured?.sameCode).toMatchObject({ before: { covered: 3, coverable: 4 }, now: { covered: 3, coverable: 4 } });
    expect(notes).toContainEqual(expect.stringMatching(/^1 source files of the base are not in its coverage; .*src\/same\.ts/));
    expect(notes).toContainEqual(expect.stringMatching(/^The base's coverage: src\/a\.ts DA:8,-1/));
  });

  it('needs a present report that has lines', async () => {
    const project = changingProject(before);
    change(project, moved);
    const sum = { total: 1, covered: 1 };
    const sums = { lines: sum, branches: sum, functions: sum, statements: sum };
    const files = Object.keys(moved).map((file) => [join(project.root, file), sums] as const);
    const three = { total: 3, covered: 3 };
    const all = { lines: three, branches: three, functions: three, statements: three };
    project.write('coverage/coverage-final.json', JSON.stringify({ total: all, ...Object.fromEntries(files) }), 9);
    await expect(gate(project.root)).rejects.toEqual(refusal('GATE_CHANGED_UNKNOWN', 'src/a.ts'));
  });
});

describe('the command', () => {
  async function refit(cwd: string, ...argv: readonly string[]): Promise<{ code: number; text: string }> {
    let text = '';
    const write = (more: string): void => {
      text += more;
    };
    const code = await main(argv, { stdout: { write }, stderr: { write }, env: {}, cwd });
    return { code, text };
  }

  it('takes --base and --base-coverage, passes, fails, and cannot judge', async () => {
    const project = changingProject(before);
    const asked = ['gate', '--no-cache', '--base', 'main', '--base-coverage', 'base/coverage-final.json'];
    change(project, { ...before, 'src/a.ts': count, 'src/b.ts': total });
    const passed = await refit(project.root, ...asked);
    expect(passed).toMatchObject({ code: 0, text: expect.stringContaining('Same code         before 80.0% (4 of 5)') });
    change(project, { ...before, 'src/b.ts': count.replace('count', 'other') });
    expect(await refit(project.root, ...asked)).toMatchObject({ code: 1, text: expect.stringContaining('GATE_CHANGED_LINES') });
    expect(await refit(project.root, ...asked.slice(0, -1), 'none.json')).toMatchObject({ code: 2 });
  });
});
