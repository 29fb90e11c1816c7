// `refit run` and `refit lint` in process: a plan carried out on a small project, its report, its evidence, and what bad input gets.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planProject } from './plan-project.ts';
import { refit } from './refit-in-process.ts';

describe('refit run', () => {
  it('carries the plan out, writes the result and the evidence, and reports lines, verdict and promises', async () => {
    const root = planProject();
    const ran = await refit(root, 'run', 'plan.ts', '--proof', 'same.ts', '--random', '5', '--evidence', 'evidence', '--write');
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout).toContain('A     Move Line … done, 2 files');
    expect(ran.stdout).toMatch(/long\.ts +8 +6/);
    expect(ran.stdout).toContain('Effect traces: 3 cases, 5 random scenarios, 0 differences');
    expect(ran.stdout).toContain('kept: long.ts has at most 100 lines (6 lines)');
    expect(readFileSync(join(root, 'line.ts'), 'utf8')).toContain('export interface Line');
    const evidence: unknown = JSON.parse(readFileSync(join(root, 'evidence/evidence.json'), 'utf8'));
    expect(evidence).toMatchObject({
      schema: 'refit-evidence/1',
      plan: 'small',
      steps: [{ id: 'A', verdict: 'proved', structure: [{ claim: 'Line moved unchanged', holds: true }], newDiagnostics: 0 }],
      traces: { cases: 3, random: 5, differences: 0 },
    });
    expect(readFileSync(join(root, 'evidence/evidence.md'), 'utf8')).toContain('## A Move Line: proved');
  });

  it('writes nothing on a dry run, and prints the difference', async () => {
    const root = planProject();
    const ran = await refit(root, 'codemod', 'run', 'plan.ts', '--dry-run');
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('-export interface Line {');
    expect(existsSync(join(root, 'line.ts'))).toBe(false);
  });

  it('gives one document with --json', async () => {
    const ran = await refit(planProject(), 'run', 'plan.ts', '--json');
    expect(JSON.parse(ran.stdout)).toMatchObject({
      steps: [{ id: 'A', status: 'done' }],
      files: [
        { path: 'long.ts', before: { lines: 8 }, after: { lines: 6 } },
        { path: 'line.ts', after: { lines: 3 } },
      ],
    });
  });

  it('undoes a step whose effects differ, says which, writes nothing, and ends with 1', async () => {
    const root = planProject();
    const ran = await refit(root, 'run', 'plan.ts', '--proof', 'moved.ts', '--write');
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(
      /failed.*\n +REFIT_BEHAVIOUR_CHANGED: The effect traces of print differ.*\n +one line: - log\.info/,
    );
    expect(existsSync(join(root, 'line.ts'))).toBe(false);
  });

  it('ends with 1 where a step is refused or breaks its promise', async () => {
    const refused = await refit(planProject({ symbols: "['Lime']" }), 'run', 'plan.ts');
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('operation 1 (move-declarations)');
    const broken = await refit(planProject({ promised: 2 }), 'run', 'plan.ts');
    expect([broken.code, broken.stdout]).toEqual([1, expect.stringContaining('REFIT_PROMISE_BROKEN')]);
  });

  it.each([
    [
      'a claim that does not hold',
      { lines: 9 },
      ['run', 'plan.ts'],
      /REFIT_PLAN_WRONG.*long\.ts has 9 lines; the code says: 8 lines/,
    ],
    ['a dependency that does not exist', { after: "['B']" }, ['run', 'plan.ts'], /REFIT_PLAN_STEP_UNKNOWN/],
    ['a step that does not exist', {}, ['run', 'plan.ts', '--only', 'AA'], /Did you mean A\?/],
    ['a plan that does not exist', {}, ['run', 'plam.ts'], /REFIT_MODULE_MISSING/],
    ['a module without a plan', {}, ['run', 'long.ts'], /REFIT_PLAN_MODULE: .*exports 0 plans/],
    ['a module without a trace', {}, ['run', 'plan.ts', '--proof', 'long.ts'], /REFIT_PROOF_MODULE/],
    ['two targets', {}, ['run', 'plan.ts', '--write', '--dry-run'], /exclude each other/],
    ['a number that is none', {}, ['run', 'plan.ts', '--random', 'many'], /--random many: expected a whole number/],
  ] as const)('ends with 2 on %s', async (_what, text, argv, message) => {
    const ran = await refit(planProject(text), ...argv);
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});

describe('refit lint', () => {
  it('ends with 0 where every claim holds', async () => {
    const ran = await refit(planProject(), 'lint', 'plan.ts');
    expect([ran.code, ran.stdout]).toEqual([0, '1 claims checked, 0 do not hold\n']);
  });

  it('lists what does not hold and ends with 1', async () => {
    const ran = await refit(planProject({ lines: 9 }), 'lint', 'plan.ts');
    expect([ran.code, ran.stdout]).toEqual([
      1,
      expect.stringContaining('A: the plan says: long.ts has 9 lines\n    the code says: 8 lines (long.ts)\n'),
    ]);
    const json = await refit(planProject({ lines: 9 }), 'lint', 'plan.ts', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      schema: 'refit-lint/1',
      claims: 1,
      findings: [{ step: 'A', found: '8 lines' }],
    });
  });
});
