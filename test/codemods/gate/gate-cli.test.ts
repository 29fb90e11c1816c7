// `refit gate` by its command line: subcommands, formats, files, several reports.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { refit } from '../cli/refit-in-process.ts';
import { plainConfig, reportOf, soundProject } from './temporary-project.ts';

describe('refit gate on the command line', () => {
  it('writes a configuration and a ratchet with init and ratchet', async () => {
    const { root } = soundProject();
    expect(await refit(root, 'gate', 'init')).toMatchObject({ code: 2, stderr: expect.stringContaining('GATE_CONFIG_EXISTS') });
    const ran = await refit(root, 'gate', 'init', '--config', 'new.config.ts', '--report', 'coverage/coverage-final.json');
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('Wrote new.config.ts') });
    expect(readFileSync(join(root, 'new.config.ts'), 'utf8')).toContain("report: 'coverage/coverage-final.json'");
  });

  it('takes the options of a subcommand before its name, too; its own come first', async () => {
    const { root } = soundProject();
    const ran = await refit(root, 'gate', '--config', 'early.config.ts', 'init');
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('Wrote early.config.ts') });
    const both = await refit(root, 'gate', '--config', 'early.config.ts', 'init', '--config', 'late.config.ts');
    expect(both).toMatchObject({ code: 0, stdout: expect.stringContaining('Wrote late.config.ts') });
    expect((await refit(root, 'gate', '--config', 'none.config.ts', 'ratchet')).stderr).toContain('none.config.ts');
  });

  it('says with init which sources the report lacks, and what to do', async () => {
    const project = soundProject();
    const init = (config: string) => refit(project.root, 'gate', 'init', '--config', config);
    expect((await init('all.config.ts')).stdout).not.toContain('not in the report');
    project.write('src/unseen.ts', 'export const a = 1;\n', -1);
    expect((await init('one.config.ts')).stdout).toContain(
      '1 source file is not in the report (src/unseen.ts): the gate fails until',
    );
    project.write('src/unseen2.ts', 'export const a = 1;\n', -1);
    expect((await init('two.config.ts')).stdout).toContain('2 source files are not in the report (src/unseen.ts)');
  });

  it('raises the ratchet once, and says so', async () => {
    const project = soundProject();
    project.write('coverage-report.config.ts', plainConfig.replace('include:', "ratchet: 'marks.json',\n  include:"));
    expect(await refit(project.root, 'gate')).toMatchObject({ code: 2 });
    expect((await refit(project.root, 'gate', 'ratchet')).stdout).toBe('Raised marks.json; commit it.\n');
    expect((await refit(project.root, 'gate', 'ratchet')).stdout).toBe('marks.json holds all of it already.\n');
    expect(await refit(project.root, 'gate', '--base', 'none')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('GATE_BASE'),
    });
  });

  it('writes a format to a file and nothing to stdout', async () => {
    const { root } = soundProject();
    expect(await refit(root, 'gate', '--format', 'sarif', '--out', 'out/gate.sarif')).toMatchObject({ code: 0, stdout: '' });
    expect(JSON.parse(readFileSync(join(root, 'out/gate.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
    expect(await refit(root, 'gate', '--format', 'xml')).toMatchObject({ code: 2 });
    expect(existsSync(join(root, 'xml'))).toBe(false);
  });

  it('unites the reports that are named, and still takes folders after them', async () => {
    const project = soundProject();
    project.write('zero.json', reportOf(project.root, ['src/a.ts'], 0), 1);
    expect((await refit(project.root, 'gate', '--report', 'zero.json', 'src')).code).toBe(1);
    const both = ['--coverage', 'coverage/coverage-final.json', '--report', 'zero.json', 'src'];
    expect((await refit(project.root, 'gate', ...both)).code).toBe(0);
  });

  it('keeps facts where it is told to, and nowhere with --no-cache', async () => {
    const { root } = soundProject();
    expect((await refit(root, 'gate', '--no-cache', '--cache-dir', 'kept')).code).toBe(0);
    expect(existsSync(join(root, 'kept'))).toBe(false);
    expect((await refit(root, 'gate', '--cache-dir', 'kept')).code).toBe(0);
    expect(existsSync(join(root, 'kept/gate.json'))).toBe(true);
  });

  it('judges an unstamped report only when told to, where a stamp is required, and says so', async () => {
    const project = soundProject();
    project.write('coverage-report.config.ts', plainConfig.replace('include:', "stamp: 'required',\n  include:"));
    expect(await refit(project.root, 'gate')).toMatchObject({ code: 2, stdout: expect.stringContaining('GATE_UNSTAMPED') });
    const accepted = await refit(project.root, 'gate', '--accept-unstamped');
    expect(accepted).toMatchObject({ code: 0, stdout: expect.stringContaining('The report is unstamped') });
  });
});
