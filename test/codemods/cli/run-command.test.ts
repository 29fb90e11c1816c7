// `refit run` and `refit lint` in process: a plan carried out on a small project, its report, its evidence, and what bad input gets.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Io } from '../../../codemods/cli/main.ts';
import { main } from '../../../codemods/cli/main.ts';

const codemods = join(import.meta.dirname, '../../../codemods');
const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

const long = `export interface Line {
  readonly text: string;
}

/** Prints lines. */
export function print(line: Line): string {
  return line.text;
}
`;

interface PlanText {
  readonly lines?: number;
  readonly symbols?: string;
  readonly promised?: number;
  readonly after?: string;
}

/** A project with one long file, and a plan that moves what is in it. */
function project({ lines = 8, symbols = "['Line']", promised = 100, after = '[]' }: PlanText = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'refit-run-'));
  made.push(root);
  writeFileSync(
    join(root, 'tsconfig.json'),
    '{ "compilerOptions": { "strict": true, "types": [], "lib": ["es2023"], "module": "nodenext" }, "include": ["long.ts", "line.ts"] }',
  );
  writeFileSync(join(root, 'package.json'), '{ "name": "small", "type": "module" }');
  writeFileSync(join(root, 'long.ts'), long);
  writeFileSync(
    join(root, 'plan.ts'),
    `import { use } from '${codemods}/kernel/codemod.ts';
import { moveDeclarations } from '${codemods}/move-declarations.ts';
import { fileLines, fileLinesAtMost } from '${codemods}/plan/claims/index.ts';
export const plan = {
  name: 'small', title: 'A small plan', root: '.', projects: ['tsconfig.json'],
  phases: [{ id: '1', title: 'All' }], reported: ['long.ts'],
  steps: [{
    id: 'A', phase: '1', title: 'Move Line', after: ${after},
    claims: [fileLines({ file: 'long.ts', lines: ${String(lines)} })],
    operations: [use(moveDeclarations, { from: 'long.ts', symbols: ${symbols}, to: 'line.ts' })],
    ensures: [fileLinesAtMost({ file: 'long.ts', lines: ${String(promised)} })],
    subjects: ['print'],
  }],
};
`,
  );
  writeFileSync(
    join(root, 'same.ts'),
    `export const trace = async (_changed, { random }) =>
  [{ subject: 'print', cases: 3, random, differences: [], allowed: [], branchesReached: 1, branches: 1 }];
`,
  );
  writeFileSync(
    join(root, 'moved.ts'),
    `export const trace = async (_changed, { random }) =>
  [{ subject: 'print', cases: 3, random, differences: ['one line: - log.info'], allowed: [], branchesReached: 1, branches: 1 }];
`,
  );
  return root;
}

async function refit(cwd: string, ...argv: readonly string[]) {
  const written = { stdout: '', stderr: '' };
  const io: Io = {
    stdout: { write: (text) => void (written.stdout += text) },
    stderr: { write: (text) => void (written.stderr += text) },
    env: {},
    cwd,
  };
  const code = await main(argv, io);
  return { code, ...written };
}

describe('refit run', () => {
  it('carries the plan out, writes the result and the evidence, and reports lines, verdict and promises', async () => {
    const root = project();
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
    const root = project();
    const ran = await refit(root, 'codemod', 'run', 'plan.ts', '--dry-run');
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('-export interface Line {');
    expect(existsSync(join(root, 'line.ts'))).toBe(false);
  });

  it('gives one document with --json', async () => {
    const ran = await refit(project(), 'run', 'plan.ts', '--json');
    expect(JSON.parse(ran.stdout)).toMatchObject({
      steps: [{ id: 'A', status: 'done' }],
      files: [
        { path: 'long.ts', before: { lines: 8 }, after: { lines: 6 } },
        { path: 'line.ts', after: { lines: 3 } },
      ],
    });
  });

  it('undoes a step whose effects differ, says which, writes nothing, and ends with 1', async () => {
    const root = project();
    const ran = await refit(root, 'run', 'plan.ts', '--proof', 'moved.ts', '--write');
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(
      /failed.*\n +REFIT_BEHAVIOUR_CHANGED: The effect traces of print differ.*\n +one line: - log\.info/,
    );
    expect(existsSync(join(root, 'line.ts'))).toBe(false);
  });

  it('ends with 1 where a step is refused or breaks its promise', async () => {
    const refused = await refit(project({ symbols: "['Lime']" }), 'run', 'plan.ts');
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('operation 1 (move-declarations)');
    const broken = await refit(project({ promised: 2 }), 'run', 'plan.ts');
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
    const ran = await refit(project(text), ...argv);
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});

describe('refit lint', () => {
  it('ends with 0 where every claim holds', async () => {
    const ran = await refit(project(), 'lint', 'plan.ts');
    expect([ran.code, ran.stdout]).toEqual([0, '1 claims checked, 0 do not hold\n']);
  });

  it('lists what does not hold and ends with 1', async () => {
    const ran = await refit(project({ lines: 9 }), 'lint', 'plan.ts');
    expect([ran.code, ran.stdout]).toEqual([
      1,
      expect.stringContaining('A: the plan says: long.ts has 9 lines\n    the code says: 8 lines (long.ts)\n'),
    ]);
    const json = await refit(project({ lines: 9 }), 'lint', 'plan.ts', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      schema: 'refit-lint/1',
      claims: 1,
      findings: [{ step: 'A', found: '8 lines' }],
    });
  });
});
