// The `refit` command in process: exit codes, streams, and one message for each way the gate fails closed.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TemporaryProject } from '../gate/temporary-project.ts';
import { emptyProject, plainConfig, reportOf, soundProject } from '../gate/temporary-project.ts';
import { refit } from './refit-in-process.ts';

describe('refit', () => {
  it('prints its version', async () => {
    expect(await refit('.', '--version')).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' });
  });

  it.each([['--help'], ['gate', '--help']])('prints help with examples: %s %s', async (...argv) => {
    const ran = await refit('.', ...argv.filter((each) => each !== undefined));
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('Examples');
  });

  it('says in the help of the gate how it counts and what the exit codes mean', async () => {
    const { stdout } = await refit('.', 'gate', '--help');
    expect(stdout).toContain('Tests      cases in the mirrored test files');
    expect(stdout).toContain('Exit codes: 0 passes, 1 a rule failed, 2 cannot judge');
  });

  it.each([[['gaet']], [['gate', '--jsn']], [['gate', '--report']], [[]]])(
    'answers a mistake in %j with usage, 2 and no stack',
    async (argv) => {
      const ran = await refit('.', ...argv);
      expect(ran.code).toBe(2);
      expect(ran.stderr).not.toBe('');
      expect(ran.stderr).not.toContain(' at ');
    },
  );
});

describe('refit gate', () => {
  it('passes a sound project and prints its table', async () => {
    const ran = await refit(soundProject().root, 'gate');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toContain('src/a.ts      1          1    100.0%    100.0%      1');
    expect(ran.stdout).toContain('pass  src: lines 100.0% of 90%, branches 100.0% of 80% (1 files)');
  });

  it('prints one JSON document with --json, and nothing else on stdout', async () => {
    const ran = await refit(soundProject().root, 'gate', '--json');
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ schema: 'refit-gate/1', pass: true, failures: [] });
  });

  it('reads the configuration and the report that are named', async () => {
    const project = soundProject();
    project.write('other/report.json', reportOf(project.root, ['src/a.ts'], 0), 1);
    const ran = await refit(
      join(project.root, 'other'),
      'gate',
      '--config',
      '../coverage-report.config.ts',
      '--report',
      'report.json',
    );
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('GATE_FLOOR_LINES');
  });

  it.each(['commonjs', 'module'])('loads a configuration in TypeScript in a package of type %s', async (type) => {
    const project = soundProject();
    project.write('package.json', JSON.stringify({ type }));
    project.write('coverage-report.config.ts', `const floor: number = 90;\n${plainConfig.replace('lines: 90', 'lines: floor')}`);
    expect((await refit(project.root, 'gate')).code).toBe(0);
  });

  const sound = (change: (project: TemporaryProject) => void) => (): TemporaryProject => {
    const project = soundProject();
    change(project);
    return project;
  };
  const report = 'coverage/coverage-final.json';
  const closed: readonly (readonly [what: string, make: () => TemporaryProject, code: string, exit: number])[] = [
    ['no configuration', emptyProject, 'GATE_CONFIG_MISSING', 2],
    [
      'a configuration that does not parse',
      sound((each) => each.write('coverage-report.config.ts', 'export default {')),
      'GATE_CONFIG_UNLOADABLE',
      2,
    ],
    [
      'a configuration that throws',
      sound((each) => each.write('coverage-report.config.ts', "throw new Error('no');")),
      'GATE_CONFIG_UNLOADABLE',
      2,
    ],
    [
      'a configuration without a default export',
      sound((each) => each.write('coverage-report.config.ts', 'export const a = 1;')),
      'GATE_CONFIG_INVALID',
      2,
    ],
    [
      'a configuration whose default export is nothing',
      sound((each) => each.write('coverage-report.config.ts', 'export default undefined;')),
      'GATE_CONFIG_INVALID',
      2,
    ],
    [
      'an empty configuration',
      sound((each) => each.write('coverage-report.config.ts', 'export default {};')),
      'GATE_CONFIG_INVALID',
      2,
    ],
    ['no report', sound((each) => rmSync(join(each.root, report))), 'GATE_REPORT_MISSING', 2],
    [
      'a report that is a folder',
      sound((each) => (rmSync(join(each.root, report)), each.write(`${report}/a`, ''))),
      'GATE_REPORT_UNREADABLE',
      3,
    ],
    ['a stale report', sound((each) => each.write('src/a.ts', 'export const a = 2;\n', 2)), 'GATE_REPORT_STALE', 2],
    ['a report of a longer file', sound((each) => each.write('src/a.ts', '')), 'GATE_REPORT_STALE', 2],
    ['a report that is not JSON', sound((each) => each.write(report, '{', 1)), 'GATE_REPORT_NOT_JSON', 2],
    [
      'a report of another shape',
      sound((each) => each.write(report, '{"total": {"lines": {"pct": 100}}}', 1)),
      'GATE_REPORT_SHAPE',
      2,
    ],
    ['a report without files', sound((each) => each.write(report, '{}', 1)), 'GATE_REPORT_EMPTY', 2],
    [
      'a count that is no number',
      sound((each) => each.write(report, reportOf(each.root, ['src/a.ts']).replace('"s":{"0":1}', '"s":{"0":null}'), 1)),
      'GATE_REPORT_NUMBER',
      2,
    ],
    ['a source file that is not in the report', sound((each) => each.write('src/b.ts', '')), 'GATE_FILE_UNREPORTED', 1],
    [
      'a reported file that is gone',
      sound((each) => each.write(report, reportOf(each.root, ['src/a.ts', 'src/b.ts']), 1)),
      'GATE_FILE_GONE',
      1,
    ],
    ['no test case', sound((each) => each.write('test/a.test.ts', '')), 'GATE_NO_TESTS', 2],
    ['no source file', sound((each) => rmSync(join(each.root, 'src'), { recursive: true })), 'GATE_NO_FILES', 2],
    ['too little coverage', sound((each) => each.write(report, reportOf(each.root, ['src/a.ts'], 0), 1)), 'GATE_FLOOR_LINES', 1],
  ];

  it.each([['--json'], ['--format', 'json'], ['--format=json']])(
    'answers with a document when it cannot judge: %s',
    async (...asked) => {
      const ran = await refit(emptyProject().root, 'gate', ...asked);
      expect(JSON.parse(ran.stdout)).toMatchObject({
        schema: 'refit-gate/1',
        pass: false,
        failures: [{ code: 'GATE_CONFIG_MISSING' }],
      });
      expect((await refit(emptyProject().root, 'gate', '--format', 'sarif')).stdout).toBe('');
    },
  );

  it.each(closed)('fails closed on %s', async (_what, make, code, exit) => {
    const { root } = make();
    const ran = await refit(root, 'gate');
    expect(ran.code).toBe(exit);
    expect(ran.stdout + ran.stderr).toContain(code);
    const asJson = await refit(root, 'gate', '--json');
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      pass: false,
      failures: expect.arrayContaining([expect.objectContaining({ code })]),
    });
  });
});
