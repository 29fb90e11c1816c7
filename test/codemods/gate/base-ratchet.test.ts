// The ratchet of the base: a branch that takes it out of the configuration, or gives it another name, does not shake it off.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runGate } from '../../../codemods/gate/run-gate.ts';
import { runRatchet } from '../../../codemods/gate/run-ratchet.ts';
import { commit, git } from './changes/changing-project.ts';
import type { TemporaryProject } from './temporary-project.ts';
import { plainConfig, soundProject } from './temporary-project.ts';

const config = 'coverage-report.config.ts';
const codesIn = async (root: string, more: { readonly base?: string } = {}) =>
  (await runGate({ config, cwd: root, ...more })).failures.map((failure) => failure.code);

describe('a ratchet that the configuration names no longer', () => {
  const ratcheted = plainConfig.replace('include:', "ratchet: 'marks.json',\n  include:");

  /** A project that has its marks committed, on a branch. */
  async function committed(): Promise<TemporaryProject> {
    const project = soundProject();
    project.write(config, ratcheted);
    await runRatchet({ config, cwd: project.root });
    git(project.root, 'init', '-q', '-b', 'main');
    commit(project.root);
    git(project.root, 'checkout', '-qb', 'work');
    return project;
  }

  it('fails the gate while the base keeps it, its file deleted or not, and may be waived', async () => {
    const project = await committed();
    project.write(config, plainConfig);
    const verdict = await runGate({ config, cwd: project.root });
    expect(verdict.failures).toEqual([
      {
        code: 'GATE_RATCHET_REMOVED',
        file: 'marks.json',
        message: expect.stringMatching(/reached in marks\.json.*Name it again/),
      },
    ]);
    rmSync(join(project.root, 'marks.json'));
    expect(await codesIn(project.root)).toEqual(['GATE_RATCHET_REMOVED']);
    const waiver =
      "waivers: [{ rule: 'GATE_RATCHET_REMOVED', files: 'marks.json', reason: 'moves to another repository', until: '2999-01-01' }],";
    project.write(config, plainConfig.replace('include:', `${waiver}\n  include:`));
    expect(await codesIn(project.root)).toEqual([]);
  });

  it('is seen after the commit, too, where a base is named', async () => {
    const project = await committed();
    project.write(config, plainConfig);
    commit(project.root);
    expect(await codesIn(project.root)).toEqual([]);
    expect(await codesIn(project.root, { base: 'main' })).toEqual(['GATE_RATCHET_REMOVED']);
  });

  it('keeps its marks under another name: those of the new file must not be lower', async () => {
    const project = await committed();
    const marks = readFileSync(join(project.root, 'marks.json'), 'utf8');
    project.write(config, ratcheted.replace('marks.json', 'other.json'));
    project.write('other.json', marks);
    expect(await codesIn(project.root)).toEqual([]);
    project.write('other.json', marks.replaceAll('"covered": 1', '"covered": 0'));
    expect(new Set(await codesIn(project.root))).toEqual(new Set(['GATE_RATCHET_LOWERED']));
  });

  it('was none where the base only speaks of it in a comment, or has no such file', async () => {
    const project = soundProject();
    project.write(config, `// ratchet: 'marks.json'\n${plainConfig}`);
    project.write('marks.json', '{}');
    git(project.root, 'init', '-q', '-b', 'main');
    commit(project.root);
    expect(await codesIn(project.root)).toEqual([]);
    project.write(config, plainConfig.replace('include:', "ratchet: 'none.json',\n  include:"));
    commit(project.root);
    project.write(config, plainConfig);
    expect(await codesIn(project.root)).toEqual([]);
  });
});
