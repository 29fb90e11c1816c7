// `refit gate` with its stamp, formats, `init` and `ratchet`, on small projects in git.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runInit } from '../../../codemods/gate/init.ts';
import { runGate } from '../../../codemods/gate/run-gate.ts';
import { runRatchet } from '../../../codemods/gate/run-ratchet.ts';
import { stampFile } from '../../../codemods/gate/stamp.ts';
import { tas63 } from '../../../codemods/gate/tas63.ts';
import type { RunModule } from '../../../codemods/gate/vitest-reporter.ts';
import { StampReporter } from '../../../codemods/gate/vitest-reporter.ts';
import type { TemporaryProject } from './temporary-project.ts';
import { emptyProject, plainConfig, reportOf, soundProject } from './temporary-project.ts';

const config = 'coverage-report.config.ts';
const codesIn = async (root: string, more: { readonly base?: string; readonly acceptUnstamped?: boolean } = {}) =>
  (await runGate({ config, cwd: root, ...more })).failures.map((failure) => failure.code);
const refusal = (code: string): unknown => expect.objectContaining({ code });

function git(root: string, ...args: readonly string[]): void {
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: root, stdio: 'ignore' });
}

function commit(root: string): void {
  if (!existsSync(join(root, '.git'))) git(root, 'init', '-q', '-b', 'main');
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'one', '--allow-empty');
}

function module(root: string, file: string, states: readonly string[], state = 'passed'): RunModule {
  const tests = states.map((each) => ({ result: () => ({ state: each }) }));
  return { moduleId: join(root, file), state: () => state, children: { allTests: () => tests } };
}

/** Runs the reporter as vitest does, over modules that are already over. */
async function stampRun(project: TemporaryProject, modules: readonly RunModule[], enabled = true): Promise<void> {
  const reporter = new StampReporter();
  reporter.onInit({ config: { root: project.root, coverage: { enabled } } });
  await reporter.onTestRunStart();
  reporter.onTestRunEnd(modules, []);
}

const required = plainConfig.replace('include:', "stamp: 'required',\n  include:");

async function stampedProject(states: readonly string[] = ['passed']): Promise<TemporaryProject> {
  const project = soundProject();
  project.write(config, required);
  await stampRun(project, [module(realpathSync(project.root), 'test/a.test.ts', states)]);
  return project;
}

describe('the stamp', () => {
  it('is asked for where the configuration says so, unless it is waived for this run', async () => {
    const project = soundProject();
    project.write(config, required);
    expect(await codesIn(project.root)).toEqual(['GATE_UNSTAMPED']);
    expect(await codesIn(project.root, { acceptUnstamped: true })).toEqual([]);
  });

  it('lets a run be judged by its hashes, whatever the times of the files', async () => {
    const project = await stampedProject();
    project.write('src/a.ts', 'export const a = 1;\r\n', 9);
    expect(await codesIn(project.root)).toEqual([]);
    project.write('src/a.ts', 'export const a = 2;\n', -9);
    expect(await codesIn(project.root)).toEqual(['GATE_REPORT_STALE']);
  });

  it('tells a report of another commit', async () => {
    const project = soundProject();
    project.write('.gitignore', 'coverage\n');
    commit(project.root);
    await stampRun(project, [module(realpathSync(project.root), 'test/a.test.ts', ['passed'])]);
    expect(await codesIn(project.root)).toEqual([]);
    commit(project.root);
    expect(await codesIn(project.root)).toEqual(['GATE_REPORT_COMMIT']);
  });

  it.each([
    ['failed', ['passed', 'failed'], 'GATE_TESTS_FAILED'],
    ['never ended', ['pending'], 'GATE_TESTS_FAILED'],
    ['were all skipped', ['skipped'], 'GATE_NO_TESTS'],
  ])('fails when tests %s', async (_what, states, code) => {
    expect(await codesIn((await stampedProject(states)).root)).toEqual([code]);
  });

  it('counts a test file that does not load as failed', async () => {
    const project = soundProject();
    await stampRun(project, [module(realpathSync(project.root), 'test/a.test.ts', [], 'failed')]);
    expect(await codesIn(project.root)).toEqual(['GATE_TESTS_FAILED']);
  });

  it('tells a test file that two projects of the runner ran, and one that none ran', async () => {
    const project = soundProject();
    const ran = module(realpathSync(project.root), 'test/a.test.ts', ['passed']);
    await stampRun(project, [ran, ran]);
    expect(await codesIn(project.root)).toEqual(['GATE_TEST_TWICE']);
    await stampRun(project, [module(realpathSync(project.root), 'test/b.test.ts', ['passed'])]);
    expect(await codesIn(project.root)).toEqual(['GATE_TEST_NOT_RUN']);
  });

  it('is not written without coverage', async () => {
    const project = soundProject();
    await stampRun(project, [], false);
    expect(existsSync(join(project.root, 'coverage', stampFile))).toBe(false);
  });

  it.each(['{', '{}', '{"schema":"refit-meta/1","tests":{}}'])('is refused when it is damaged: %s', async (text) => {
    const project = soundProject();
    project.write(`coverage/${stampFile}`, text);
    await expect(codesIn(project.root)).rejects.toEqual(refusal('GATE_STAMP_UNREADABLE'));
  });
});

describe('tests under other names', () => {
  it('fails on tests that no runner finds, and not on suites for others to call', async () => {
    const project = soundProject();
    project.write(
      'test/shared-suite.ts',
      "export const suite = () => describe('s', () => { it('a', () => expect(1).toBe(1)); });\n",
    );
    expect(await codesIn(project.root)).toEqual([]);
    project.write('test/b-tests.ts', "describe('b', () => { it('is two', () => expect(2).toBe(2)); });\n");
    expect(await codesIn(project.root)).toEqual(['GATE_TEST_ORPHANED']);
  });

  it('never counts a test file as source', async () => {
    const project = soundProject();
    project.write('src/b.test.ts', "it('b', () => {});\n");
    expect((await runGate({ config, cwd: project.root })).files.map(({ file }) => file)).toEqual(['src/a.ts']);
  });
});

describe('the inventory of tests', () => {
  const allowing = (rules: string) => plainConfig.replace('include:', `inventory: { ${rules} },\n  include:`);
  const silent = "it('a', () => {});\nit('b', () => { run(); });\nit.skip('c', () => {});\n";

  it('fails on each test that asserts nothing and on each that is skipped without a reason', async () => {
    const project = soundProject();
    project.write('test/b.test.ts', silent);
    const { failures } = await runGate({ config, cwd: project.root });
    expect(failures).toMatchObject([
      { code: 'GATE_TEST_WITHOUT_ASSERTION', file: 'test/b.test.ts', line: 1 },
      { code: 'GATE_TEST_WITHOUT_ASSERTION', file: 'test/b.test.ts', line: 2 },
      { code: 'GATE_TEST_SKIPPED', file: 'test/b.test.ts', line: 3 },
    ]);
  });

  it.each([
    ['withoutAssertion: 2, skipped: 1', []],
    ['withoutAssertion: 1, skipped: 1', ['GATE_TEST_WITHOUT_ASSERTION', 'GATE_TEST_WITHOUT_ASSERTION']],
    ['withoutAssertion: false, skipped: false', []],
    ["assertions: ['run'], skipped: 1", ['GATE_TEST_WITHOUT_ASSERTION']],
  ])('allows what the configuration says: %s', async (rules, codes) => {
    const project = soundProject();
    project.write('test/b.test.ts', silent);
    project.write(config, allowing(rules));
    expect(await codesIn(project.root)).toEqual(codes);
  });

  it('allows orphans and files that are run twice or not at all where it says so', async () => {
    const project = soundProject();
    project.write('test/b.test.ts', "it('b', () => expect(1).toBe(1));\n");
    project.write('test/c-tests.ts', "it('c', () => expect(1).toBe(1));\n");
    const ran = module(realpathSync(project.root), 'test/a.test.ts', ['passed']);
    await stampRun(project, [ran, ran]);
    expect(await codesIn(project.root)).toEqual(['GATE_TEST_NOT_RUN', 'GATE_TEST_TWICE', 'GATE_TEST_ORPHANED']);
    project.write(config, allowing('notRun: 1, twice: 1, orphaned: false'));
    expect(await codesIn(project.root)).toEqual([]);
  });

  it('passes with the configuration that init writes, and then allows no more', async () => {
    const project = soundProject();
    project.write('test/b.test.ts', silent);
    project.write('test/c-tests.ts', "it('c', () => expect(1).toBe(1));\n");
    await runInit({ cwd: project.root, config: 'first.config.ts' });
    const written = readFileSync(join(project.root, 'first.config.ts'), 'utf8');
    expect(written).toContain('inventory: { withoutAssertion: 2, skipped: 1, orphaned: 1 },');
    // The package is not installed beside the project of a test.
    const plain = written
      .replace(/import .*\n/, '')
      .replace('defineCoverageReport({', '({')
      .replace(/ {2}ratchet: .*\n/, '');
    project.write('first.config.ts', plain);
    const codes = async () => (await runGate({ config: 'first.config.ts', cwd: project.root })).failures.map(({ code }) => code);
    expect(await codes()).toEqual([]);
    project.write('test/d.test.ts', "it('d', () => {});\n");
    expect(new Set(await codes())).toEqual(new Set(['GATE_TEST_WITHOUT_ASSERTION']));
  });
});

describe('reports of other tools', () => {
  it('are judged with everything else, and refused when they are missing', async () => {
    const project = soundProject();
    const asking = plainConfig.replace(
      'include:',
      "duplicates: { report: 'jscpd.json', most: 0 },\n  mutation: { report: 'mutation.json' },\n  include:",
    );
    project.write(config, asking);
    await expect(codesIn(project.root)).rejects.toEqual(refusal('GATE_DUPLICATES_MISSING'));
    const end = { name: 'src/a.ts', start: 1 };
    const statistics = { total: { lines: 9, duplicatedLines: 3 } };
    const clone = { lines: 3, firstFile: end, secondFile: end };
    project.write('jscpd.json', JSON.stringify({ statistics, duplicates: [clone] }));
    await expect(codesIn(project.root)).rejects.toEqual(refusal('GATE_MUTATION_MISSING'));
    project.write('src/a.ts', 'export const a = () => 1;\n');
    const place = { start: { line: 1, column: 1 }, end: { line: 1, column: 2 } };
    const mutants = [{ status: 'Survived', location: place }];
    project.write('mutation.json', JSON.stringify({ schemaVersion: '1.0', files: { 'src/a.ts': { mutants } } }));
    expect(await codesIn(project.root)).toEqual(['GATE_DUPLICATES', 'GATE_MUTANTS_SURVIVE']);
  });
});

describe('files of Windows', () => {
  it('are read: byte order marks and line ends of two characters in sources, tests, stamps, ratchets and reports', async () => {
    const project = soundProject();
    const windows = (text: string): string => `\uFEFF${text.replaceAll('\n', '\r\n')}`;
    project.write(config, windows(required.replace('include:', "ratchet: 'coverage-ratchet.json',\n  include:")));
    await stampRun(project, [module(realpathSync(project.root), 'test/a.test.ts', ['passed'])]);
    await runRatchet({ config, cwd: project.root });
    const again = (file: string): void => project.write(file, windows(readFileSync(join(project.root, file), 'utf8')), 9);
    for (const file of ['src/a.ts', 'test/a.test.ts', 'coverage-ratchet.json']) again(file);
    for (const file of [`coverage/${stampFile}`, 'coverage/coverage-final.json']) again(file);
    const { failures, total } = await runGate({ config, cwd: project.root });
    expect(failures).toEqual([]);
    expect(total).toMatchObject({ lines: 1, codeLines: 1, coverable: 1, covered: 1, tests: 1 });
  });

  it('that an absolute path of Windows names are of another folder', async () => {
    const project = soundProject();
    const report = reportOf(project.root, ['src/a.ts'])
      .replaceAll(project.root, String.raw`C:\\p`)
      .replaceAll('/src/', String.raw`\\src\\`);
    project.write('coverage/coverage-final.json', report, 1);
    expect(await codesIn(project.root)).toEqual(['GATE_REPORT_ROOT', 'GATE_FILE_UNREPORTED', 'GATE_FLOOR_LINES']);
  });

  it('that a relative path of Windows names are found', async () => {
    const project = soundProject();
    project.write('coverage/lcov.info', windowsLcov, 1);
    expect((await runGate({ config, cwd: project.root, report: 'coverage/lcov.info' })).failures).toEqual([]);
  });

  const windowsLcov = ['TN:', String.raw`SF:.\src\a.ts`, 'DA:1,1', 'LF:1', 'LH:1', 'BRF:0', 'BRH:0', 'end_of_record', ''].join(
    '\r\n',
  );
});

describe('several reports', () => {
  it('unites them', async () => {
    const project = soundProject();
    project.write('coverage/one.json', reportOf(project.root, ['src/a.ts'], 0), 1);
    expect(await codesIn(project.root)).toEqual([]);
    const report = ['coverage/one.json', 'coverage/coverage-final.json'];
    expect((await runGate({ config, cwd: project.root, report })).pass).toBe(true);
    expect((await runGate({ config, cwd: project.root, report: 'coverage/one.json' })).pass).toBe(false);
  });
});

describe('dead code', () => {
  it('is read from the document of refit dead', async () => {
    const project = soundProject();
    project.write(config, plainConfig.replace('include:', "dead: { report: 'dead.json', most: 0 },\n  include:"));
    await expect(codesIn(project.root)).rejects.toEqual(refusal('GATE_DEAD_MISSING'));
    const member = (name: string): unknown => ({ symbol: 'a', path: 'src/a.ts', line: 1, class: name });
    project.write('dead.json', JSON.stringify({ schema: 'refit-dead/1', members: [member('live')] }));
    expect(await codesIn(project.root)).toEqual([]);
    project.write('dead.json', JSON.stringify({ schema: 'refit-dead/1', members: [member('live'), member('unreachable')] }));
    expect(await codesIn(project.root)).toEqual(['GATE_DEAD_CODE']);
    for (const damaged of ['{', '[]']) {
      project.write('dead.json', damaged);
      await expect(codesIn(project.root)).rejects.toEqual(refusal('GATE_DEAD_UNREADABLE'));
    }
  });
});

describe('refit gate ratchet', () => {
  const ratcheted = plainConfig.replace('include:', "ratchet: 'coverage-ratchet.json',\n  include:");

  it('writes what is measured, and then holds the project to it', async () => {
    const project = soundProject();
    await expect(runRatchet({ config, cwd: project.root })).rejects.toEqual(refusal('GATE_RATCHET_UNNAMED'));
    project.write(config, ratcheted.replace('lines: 90, branches: 80', 'lines: 0, branches: 0'));
    expect(await codesIn(project.root)).toEqual(['GATE_RATCHET_MISSING']);
    expect((await runRatchet({ config, cwd: project.root })).changed).toBe(true);
    expect((await runRatchet({ config, cwd: project.root })).changed).toBe(false);
    expect(await codesIn(project.root)).toEqual([]);
    project.write('coverage/coverage-final.json', reportOf(project.root, ['src/a.ts'], 0), 1);
    expect(new Set(await codesIn(project.root))).toEqual(new Set(['GATE_RATCHET']));
    expect((await runRatchet({ config, cwd: project.root })).changed).toBe(false);
  });

  it('is not raised by a report that cannot be judged', async () => {
    const project = soundProject();
    project.write(config, ratcheted);
    project.write('src/a.ts', 'export const a = 2;\n', 9);
    await expect(runRatchet({ config, cwd: project.root })).rejects.toEqual(refusal('GATE_REPORT_STALE'));
  });

  it('is compared with the commit it branched from', async () => {
    const project = soundProject();
    project.write(config, ratcheted);
    await runRatchet({ config, cwd: project.root });
    commit(project.root);
    git(project.root, 'checkout', '-qb', 'work');
    const path = join(project.root, 'coverage-ratchet.json');
    project.write('coverage-ratchet.json', readFileSync(path, 'utf8').replaceAll('"covered": 1', '"covered": 0'));
    const fallen = new Set(['GATE_RATCHET_LOWERED']);
    expect(new Set(await codesIn(project.root))).toEqual(fallen);
    commit(project.root);
    expect(await codesIn(project.root)).toEqual([]);
    expect(new Set(await codesIn(project.root, { base: 'main' }))).toEqual(fallen);
    await expect(codesIn(project.root, { base: 'origin/none' })).rejects.toEqual(refusal('GATE_BASE_MISSING'));
  });
});

describe('refit gate init', () => {
  it('writes a configuration that today passes once the ratchet is written', async () => {
    const project = soundProject();
    const first = join(project.root, 'first.config.ts');
    expect(await runInit({ cwd: project.root, config: 'first.config.ts' })).toEqual({ path: first, unreported: [] });
    const text = readFileSync(first, 'utf8');
    expect(text).toContain("tests: [{ sources: 'src', tests: 'test' }]");
    expect(text).toContain("floors: [{ under: '.', lines: 100, branches: 100, functions: 0 }]");
    await expect(runInit({ cwd: project.root, config: 'first.config.ts' })).rejects.toEqual(refusal('GATE_CONFIG_EXISTS'));
    project.write('first.config.ts', text.replace(/import .*\n/, '').replace('defineCoverageReport(', '('));
    await runRatchet({ config: 'first.config.ts', cwd: project.root });
    expect((await runGate({ config: 'first.config.ts', cwd: project.root })).pass).toBe(true);
  });

  it('refuses a folder without sources, and a project without a report', async () => {
    const project = emptyProject();
    await expect(runInit({ cwd: project.root, config })).rejects.toEqual(refusal('GATE_NO_FILES'));
    project.write('lib/a.ts', 'export const a = 1;\n');
    const asked = runInit({ cwd: project.root, config, report: 'none.json' });
    await expect(asked).rejects.toEqual(refusal('GATE_REPORT_MISSING'));
  });
});

describe('tas63', () => {
  it('asks what the plan asks: 55 % of lines, 40 % on the way, 800 lines, tests for what was extracted', () => {
    expect(tas63({ sources: 'src', tests: 'test', extracted: ['src/x/**'], units: { pgmq: 'src/pgmq' } })).toMatchObject({
      include: ['src/**/*.ts'],
      floors: [
        { under: 'src', lines: 55 },
        { under: 'src/pgmq', lines: 65 },
      ],
      ceilings: [{ under: '.', lines: 800 }],
      tested: ['src/x/**'],
    });
    expect(tas63({ sources: '.', tests: 'test', stage: 'step' })).toMatchObject({
      include: ['**/*.ts'],
      floors: [{ lines: 40 }],
    });
  });
});
