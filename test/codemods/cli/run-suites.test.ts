// The project's own tests in a copy of it: what is copied, linked and put back, and what their results say.
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseResults, runSuites } from '../../../codemods/cli/run-suites.ts';
import { TestRuns } from '../../../codemods/cli/test-runs.ts';
import { TestTree } from '../../../codemods/cli/write-test-tree.ts';

function folder(files: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'refit-suites-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function treeOf(root: string): TestTree {
  const tree = new TestTree(root);
  onTestFinished(() => tree.discard());
  return tree;
}

describe('the copy', () => {
  it('leaves out what tools wrote, links packages, and leads links into the project to their copy', () => {
    const root = folder({
      'src/a.ts': '1',
      'coverage/x.json': '{}',
      'src/coverage/b.ts': '4',
      'packages/own/package.json': '{}',
      'packages/own/coverage/x.json': '{}',
      'node_modules/dep/index.js': '2',
      'packages/own/index.ts': '3',
    });
    mkdirSync(join(root, 'node_modules/@scope'));
    symlinkSync(join(root, 'packages/own'), join(root, 'node_modules/@scope/own'));
    const tree = treeOf(root);
    const copied = ['coverage', 'packages/own/coverage', 'src/coverage/b.ts'].map((path) => existsSync(join(tree.folder, path)));
    expect(copied).toEqual([false, false, true]);
    expect(realpathSync(join(tree.folder, 'node_modules/dep'))).toBe(join(root, 'node_modules/dep'));
    expect(realpathSync(join(tree.folder, 'node_modules/@scope/own'))).toBe(join(tree.folder, 'packages/own'));
  });

  it('finds the packages that lie above the project', () => {
    const above = folder({ 'node_modules/dep/index.js': '1', 'inner/a.ts': '2' });
    const tree = treeOf(join(above, 'inner'));
    expect(lstatSync(join(tree.folder, '../node_modules/dep')).isSymbolicLink()).toBe(true);
  });

  it('shows each state, and what a later state no longer changes is as on the disk', () => {
    const root = folder({ 'a.ts': 'old', 'b.ts': 'kept', 'c.ts': 'gone' });
    const tree = treeOf(root);
    const path = (name: string): string => join(root, name);
    const read = (name: string): string | undefined =>
      existsSync(join(tree.folder, name)) ? readFileSync(join(tree.folder, name), 'utf8') : undefined;
    tree.show(
      new Map([
        [path('a.ts'), 'new'],
        [path('deep/d.ts'), 'made'],
        [path('c.ts'), null],
        ['/elsewhere.ts', 'x'],
      ]),
    );
    expect(['a.ts', 'b.ts', 'c.ts', 'deep/d.ts'].map(read)).toEqual(['new', 'kept', undefined, 'made']);
    tree.show(new Map([[path('b.ts'), 'other']]));
    expect(['a.ts', 'b.ts', 'c.ts', 'deep/d.ts'].map(read)).toEqual(['old', 'other', 'gone', undefined]);
    expect([tree.inProject(tree.inTree(path('a.ts'))), existsSync('/elsewhere.ts')]).toEqual([path('a.ts'), false]);
  });

  it('removes copies of runs that are no more, and no others', () => {
    const abandoned = join(realpathSync(tmpdir()), 'refit-tests-999999999-abc');
    const others = join(realpathSync(tmpdir()), 'refit-tests-of-somebody');
    for (const each of [abandoned, others]) mkdirSync(each, { recursive: true });
    onTestFinished(() => rmSync(others, { recursive: true }));
    treeOf(folder({ 'a.ts': '1' }));
    expect([existsSync(abandoned), existsSync(others)]).toEqual([false, true]);
  });
});

describe('results', () => {
  it('count passed, failed and skipped tests, and a file that cannot be run as a failure', () => {
    const results = parseResults(
      JSON.stringify({
        testResults: [
          {
            name: '/a.test.ts',
            status: 'failed',
            assertionResults: [
              { status: 'passed', fullName: 'a' },
              { status: 'failed', fullName: 'b', failureMessages: ['no\n at x'] },
              { status: 'failed', fullName: 'c' },
              { status: 'pending', fullName: 'd' },
            ],
          },
          { name: '/b.test.ts', status: 'failed', message: 'cannot import', assertionResults: [] },
          { name: '/c.test.ts', status: 'failed' },
          'noise',
        ],
      }),
      'results.json',
    );
    expect(results.map(({ counts }) => counts)).toEqual([
      { passed: 1, failed: 2, skipped: 1 },
      { passed: 0, failed: 1, skipped: 0 },
      { passed: 0, failed: 1, skipped: 0 },
    ]);
    expect(results.flatMap(({ failures }) => failures)).toEqual([
      'b: no',
      'c: ',
      '/b.test.ts cannot be run: cannot import',
      '/c.test.ts cannot be run: ',
    ]);
  });

  it.each(['{', '{}', '[]'])('that are %s are refused', (text) => {
    expect(() => parseResults(text, 'results.json')).toThrow(expect.objectContaining({ code: 'REFIT_TESTS_RESULTS' }));
  });

  it('come from vitest where the plan names no command, with coverage', async () => {
    const root = folder({
      'package.json': '{ "type": "module" }',
      'src/twice.ts': 'export function twice(n: number) {\n  if (n > 9) return 0;\n  return n * 2;\n}\n',
      'test/twice.test.ts': `import { expect, it } from 'vitest';\nimport { twice } from '../src/twice.ts';\nit('doubles', () => expect(twice(2)).toBe(4));\n`,
      'vitest.config.ts': "export default { test: { coverage: { include: ['src/**'] } } };\n",
    });
    symlinkSync(join(import.meta.dirname, '../../../node_modules'), join(root, 'node_modules'));
    const run = await runSuites(treeOf(root), [{ root: '.' }]);
    expect([...run.files]).toEqual([[join(root, 'test/twice.test.ts'), { passed: 1, failed: 0, skipped: 0 }]]);
    expect(run.coverage.get(join(root, 'src/twice.ts'))?.lines).toMatchObject({ total: 2, covered: 2 });
  });

  it('say so when the runner ends with an error though no test fails', async () => {
    const write = `require('node:fs').mkdirSync('coverage'); require('node:fs').writeFileSync('coverage/refit-results.json', '{"testResults":[]}');`;
    const suite = { root: '.', coverage: false as const };
    const tree = treeOf(folder({ 'package.json': '{}' }));
    const failing = `${write} console.log('\\u001B[31mUnhandled\\u001B[39m'); process.exitCode = 1;`;
    const { ended } = await runSuites(tree, [{ ...suite, command: [process.execPath, '-e', failing] }]);
    expect(ended).toEqual(['Unhandled']);
  });

  it.each([
    ['a command that is not there', { command: ['no-such-program'] }, 'REFIT_TESTS_RUNNER'],
    ['a command that writes nothing', { command: [process.execPath, '-e', 'console.log(1)'] }, 'REFIT_TESTS_RESULTS'],
    ['no vitest', {}, 'REFIT_TESTS_RUNNER'],
  ])('are missed with a message: %s', async (_what, suite, code) => {
    const tree = treeOf(folder({ 'package.json': '{}' }));
    await expect(runSuites(tree, [{ root: '.', ...suite }])).rejects.toMatchObject({ code });
  });
});

describe('the runs of a plan', () => {
  const script = (list: string): string =>
    `const fs = require('node:fs'); fs.mkdirSync('coverage', { recursive: true }); fs.writeFileSync('coverage/refit-results.json', JSON.stringify({ testResults: [{ name: 'a', assertionResults: ${list} }] }));`;
  const suiteThat = (list: string) => [{ root: '.', coverage: false as const, command: [process.execPath, '-e', script(list)] }];

  it.each([
    ['fail before anything is changed', "[{ status: 'failed', fullName: 'x' }]", 'REFIT_TESTS_RED'],
    ['are none', '[]', 'REFIT_TESTS_NONE'],
  ])('are refused when they %s', async (_what, list, code) => {
    const runs = new TestRuns(folder({ 'a.ts': '1' }), suiteThat(list), new Map());
    await expect(runs.after(new Map(), true)).rejects.toMatchObject({ code });
    await runs.close();
  });

  it('test each state once, prose alone not at all, and go on from where an earlier run was', async () => {
    const root = folder({ 'a.ts': '1' });
    const start = new Map([[join(root, 'a.ts'), '2']]);
    const runs = new TestRuns(root, suiteThat("[{ status: 'passed', fullName: 'x' }]"), start);
    const prose = await runs.after(start, false);
    expect(prose.after).toBe(prose.before);
    const { before } = await runs.ends(start);
    expect([before.files.size, runs.spent.runs]).toEqual([1, 2]);
    await runs.ends(new Map());
    expect(runs.spent.runs).toBe(3);
    await runs.close();
  });
});
