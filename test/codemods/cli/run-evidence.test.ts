// `refit run` with the project's own tests, names and exports as judges; resuming a stopped run; refusing what changed since the lint.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { refit } from './refit-in-process.ts';

const codemods = join(import.meta.dirname, '../../../codemods');

/** One step: a text of a file replaced, and what the step says besides. */
interface StepText {
  readonly id: string;
  readonly file?: string;
  readonly from: string;
  readonly to: string;
  readonly more?: string;
}

/**
 * The project's tests: one passes for each line with `return`, one fails for each `broken`. A line with `open` is not covered;
 * every run notes itself.
 */
const runner = `import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const text = readFileSync('sum.ts', 'utf8');
const lines = text.split('\\n');
const of = (word, status) => lines.filter((line) => line.includes(word)).map((line) => ({ status, fullName: line.trim() }));
mkdirSync('coverage', { recursive: true });
const assertionResults = [...of('return', 'passed'), ...of('broken', 'failed')];
writeFileSync('coverage/refit-results.json', JSON.stringify({ testResults: [{ name: join(process.cwd(), 'sum.test.ts'), assertionResults }] }));
const map = {}, hits = {};
lines.forEach((line, at) => {
  if (!line.includes('return')) return;
  map[at] = { start: { line: at + 1, column: 0 }, end: { line: at + 1, column: 1 } };
  hits[at] = line.includes('open') ? 0 : 1;
});
const path = join(process.cwd(), 'sum.ts');
writeFileSync('coverage/coverage-final.json', JSON.stringify({ [path]: { path, statementMap: map, s: hits, branchMap: {}, b: {}, fnMap: {}, f: {} } }));
`;

const sum = `export const base = 1;
export function sum(n: number): number {
  return n + base;
}
`;

function step({ id, file = 'sum.ts', from, to, more = '' }: StepText): string {
  return `{ id: '${id}', phase: '1', title: 'Step ${id}', after: [], claims: [], ensures: [], subjects: [],
    operations: [use(replaceText, ${JSON.stringify({ file, from, to })})], ${more} }`;
}

function planText(steps: readonly StepText[]): string {
  return `import { use } from '${codemods}/kernel/codemod.ts';
const replaceText = { name: 'replace-text', options: {}, propose(workspace, { file, from, to }, out) {
  const text = workspace.textOf(file);
  const at = text.indexOf(from);
  if (at < 0) out.refuse('TEST_GONE', { path: file, line: 1 }, from);
  out.edit(workspace.absolute(file), [at, at + from.length], to);
  if (to.includes('speaks')) { out.mention({ path: file, line: 1 }, 'Old', 'speaks of Old'); out.mention({ path: file, line: 1 }, 'base', 'speaks of base'); }
} };
export const plan = {
  name: 'small', title: 'A small plan', root: '.', projects: ['tsconfig.json'], phases: [{ id: '1', title: 'All' }], reported: ['sum.ts'],
  tests: [{ root: '.', command: [process.execPath, 'runner.mjs'], mirrors: [{ sources: '.', tests: '.' }] }],
  steps: [${steps.map(step).join(', ')}],
};
`;
}

function project(...steps: readonly StepText[]): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'refit-evidence-')));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const options = '{ "strict": true, "types": [], "lib": ["es2023"], "module": "nodenext" }';
  writeFileSync(join(root, 'tsconfig.json'), `{ "compilerOptions": ${options}, "include": ["sum.ts", "sum.test.ts"] }`);
  writeFileSync(join(root, 'package.json'), '{ "name": "small", "type": "module", "exports": "./sum.ts" }');
  writeFileSync(join(root, 'sum.ts'), sum);
  writeFileSync(join(root, 'sum.test.ts'), 'declare const it: (name: string) => void;\nit("adds");\nexport {};\n');
  writeFileSync(join(root, 'runner.mjs'), runner);
  writeFileSync(join(root, 'plan.ts'), planText(steps));
  return root;
}

const A: StepText = { id: 'A', from: 'n + base;', to: 'base + n;' };
const B: StepText = { id: 'B', from: 'base + n;', to: 'base + n + 0;' };

describe("the project's own tests", () => {
  it('make a step `tested`, with tests, coverage of what it touched, and the table of files before and after', async () => {
    const root = project(A);
    const ran = await refit(root, 'run', 'plan.ts', '--evidence', 'evidence');
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    const evidence: unknown = JSON.parse(readFileSync(join(root, 'evidence/evidence.json'), 'utf8'));
    const side = { lines: 4, coverable: 1, covered: 1, tests: 1 };
    expect(evidence).toMatchObject({
      files: [{ path: 'sum.ts', before: side, after: side }],
      steps: [
        {
          verdict: 'tested',
          tests: {
            before: { passed: 1 },
            after: { passed: 1 },
            symbols: [{ symbol: 'sum', after: { covered: 1, coverable: 1 } }],
          },
          checks: { bindings: { moved: [] }, declarations: [], api: { changes: [] } },
        },
      ],
      testRuns: { runs: 2 },
    });
    expect(ran.stdout).toContain('tests 1 -> 1 passed, 1 touched declarations measured, 0 lowered');
    expect(ran.stdout).toMatch(/sum\.ts +4 +4 +1 +1 +100\.0% +100\.0% +1 +1\n/);
    expect(readFileSync(join(root, 'evidence/evidence.md'), 'utf8')).toContain('- tests: 1 passed before, 1 after');
  });

  it('are left out with --no-tests, and the page says so', async () => {
    const root = project(A);
    const ran = await refit(root, 'run', 'plan.ts', '--no-tests', '--evidence', 'evidence');
    expect([ran.code, ran.stdout]).toEqual([0, expect.stringContaining('typechecked')]);
    expect(readFileSync(join(root, 'evidence/evidence.md'), 'utf8')).toContain('- tests: not run');
  });

  it('undo a step with a failing test and all that came after it', async () => {
    const root = project(
      A,
      { id: 'B', from: 'base + n;', to: 'base + n; // broken' },
      { id: 'C', from: '// broken', to: '// mended' },
    );
    const ran = await refit(root, 'run', 'plan.ts', '--write', '--json');
    const evidence: unknown = JSON.parse(ran.stdout);
    expect([ran.code, readFileSync(join(root, 'sum.ts'), 'utf8')]).toEqual([1, sum]);
    expect(evidence).toMatchObject({
      steps: [
        { id: 'A', status: 'done' },
        { id: 'B', status: 'failed', verdict: 'refused', failure: { code: 'REFIT_TESTS_FAILED' } },
        { id: 'C', status: 'not-run' },
      ],
    });
  });

  it('undo a step that lowers the coverage of what it touches', async () => {
    const open: StepText = { id: 'B', from: 'return n + base;', to: 'if (n > 9) return 0; // open\n  return n + base;' };
    const ran = await refit(project(open), 'run', 'plan.ts');
    expect([ran.code, ran.stdout]).toEqual([1, expect.stringContaining('REFIT_COVERAGE_LOWERED')]);
    expect(ran.stdout).toContain('sum in sum.ts: 1 of 1 lines before, 1 of 2 lines after');
  });

  it('stop the run with 2 when they fail before anything is changed', async () => {
    const root = project(A);
    writeFileSync(join(root, 'sum.ts'), `${sum}// broken\n`);
    const ran = await refit(root, 'run', 'plan.ts');
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('REFIT_TESTS_RED')]);
  });
});

it('a step that finds nothing left to do is proved: the texts are what they were', async () => {
  const ran = await refit(project({ id: 'A', from: 'n + base;', to: 'n + base;' }), 'run', 'plan.ts', '--no-tests', '--json');
  expect(JSON.parse(ran.stdout)).toMatchObject({ steps: [{ id: 'A', status: 'already-done', verdict: 'proved', files: [] }] });
});

describe('names and exports', () => {
  it('stop a step that captures a name', async () => {
    const capture: StepText = { id: 'A', from: 'number {\n', to: 'number {\n  const base = 2;\n' };
    const ran = await refit(project(capture), 'run', 'plan.ts', '--no-tests');
    expect(ran.code).toBe(1);
    expect(ran.stdout).toContain('REFIT_BINDING_CHANGED');
    expect(ran.stdout).toContain('sum.ts:4: base meant sum.ts:1, now sum.ts:3');
  });

  it('are looked at in vain when the evidence cannot be written: nothing is run', async () => {
    const root = project(A);
    const below = await refit(root, 'run', 'plan.ts', '--no-tests', '--write', '--evidence', 'sum.ts/evidence');
    expect([below.code, below.stderr]).toEqual([2, expect.stringContaining('REFIT_EVIDENCE_FOLDER')]);
    const file = await refit(root, 'run', 'plan.ts', '--no-tests', '--write', '--evidence', 'sum.ts');
    expect([file.code, file.stderr]).toEqual([2, expect.stringContaining('sum.ts is no folder')]);
    expect(readFileSync(join(root, 'sum.ts'), 'utf8')).toBe(sum);
  });

  const renamed: StepText = { id: 'A', from: 'export const base = 1', to: 'const base = 1' };

  it('report an export that changes without the step saying so, and keep quiet about one it declares', async () => {
    const silent = await refit(project(renamed), 'run', 'plan.ts', '--no-tests');
    expect([silent.code, silent.stdout]).toEqual([
      0,
      expect.stringContaining('base is gone (sum.ts): step A does not declare it'),
    ]);
    const said = await refit(project({ ...renamed, more: "api: ['base']" }), 'run', 'plan.ts', '--no-tests');
    expect([said.code, said.stdout]).toEqual([0, expect.stringContaining('Public API changes: none')]);
  });

  it.each([
    ['changes more than it declares', 'api: []', 'REFIT_API_UNDECLARED'],
    ['declares what it does not change', "api: ['base', 'sum']", 'REFIT_API_UNCHANGED'],
  ])('stop a step that %s', async (_what, more, code) => {
    const ran = await refit(project({ ...renamed, more }), 'run', 'plan.ts', '--no-tests');
    expect([ran.code, ran.stdout]).toEqual([1, expect.stringContaining(code)]);
  });

  it('say once, at the end, which names that are gone the result still speaks of', async () => {
    const speaks = (id: string): StepText => ({ id, from: 'export function', to: '// speaks of Old, again\nexport function' });
    const { stdout } = await refit(project(speaks('A'), speaks('B')), 'run', 'plan.ts', '--no-tests');
    expect(stdout).toContain('Leaks and notes: 2\n  Old is gone and still spoken of in sum.ts:2, 3\n');
  });
});

describe('a run that was stopped', () => {
  const wrong: StepText = { id: 'B', from: 'not there', to: '' };

  it.each([
    ['into a copy', ['--out', 'copy'], 'copy/sum.ts'],
    ['into the project', ['--write'], 'sum.ts'],
  ])('goes on with --resume once the failed step is put right, and writes %s', async (_what, target, written) => {
    const root = project(A, wrong);
    expect((await refit(root, 'run', 'plan.ts', ...target)).code).toBe(1);
    writeFileSync(join(root, 'plan-b.ts'), planText([A, B]));
    const ran = await refit(root, 'run', 'plan-b.ts', ...target, '--resume', '--evidence', 'evidence');
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout).toContain('resumed: A done before');
    expect(ran.stdout).not.toContain('Step A … done');
    expect(readFileSync(join(root, written), 'utf8')).toContain('return base + n + 0;');
    const evidence: unknown = JSON.parse(readFileSync(join(root, 'evidence/evidence.json'), 'utf8'));
    expect(evidence).toMatchObject({
      steps: [
        { id: 'A', verdict: 'tested' },
        { id: 'B', verdict: 'tested' },
      ],
    });
    expect([existsSync(join(root, '.copy.refit-run')), existsSync(join(root, '.refit-run'))]).toEqual([false, false]);
  });

  it('leaves its record out of a copy that lies in the project', async () => {
    const root = project(A);
    expect((await refit(root, 'run', 'plan.ts', '--out', 'copy', '--no-tests')).code).toBe(0);
    expect(readdirSync(join(root, 'copy'))).toContain('sum.ts');
    expect(readdirSync(join(root, 'copy')).filter((name) => name.includes('refit-run'))).toEqual([]);
  });

  it.each([
    '[]',
    '{ "schema": "refit-run/1", "steps": 3, "changes": {} }',
    '{ "schema": "refit-run/1", "plan": "small", "root": "/", "inputs": null, "steps": [], "changes": [] }',
  ])('is not resumed from a record that is none: %s', async (text) => {
    const root = project(A);
    mkdirSync(join(root, '.refit-run'));
    writeFileSync(join(root, '.refit-run/run.json'), text);
    const ran = await refit(root, 'run', 'plan.ts', '--write', '--resume', '--no-tests');
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('REFIT_RUN_RECORD')]);
  });

  it.each([
    ['a file changed', (root: string) => writeFileSync(join(root, 'sum.ts'), `${sum}// more\n`), 'sum.ts changed'],
    ['a file was deleted', (root: string) => rmSync(join(root, 'package.json')), 'package.json was deleted'],
    [
      'a done step changed',
      (root: string) => writeFileSync(join(root, 'next.ts'), planText([{ ...A, to: 'base + n + 1;' }, B])),
      'Step A',
    ],
    ['a done step is gone', (root: string) => writeFileSync(join(root, 'next.ts'), planText([B])), 'Step A'],
  ])('is not resumed when %s meanwhile', async (_what, change, found) => {
    const root = project(A, wrong);
    writeFileSync(join(root, 'next.ts'), planText([A, B]));
    await refit(root, 'run', 'plan.ts', '--out', 'copy', '--no-tests');
    change(root);
    const ran = await refit(root, 'run', 'next.ts', '--out', 'copy', '--resume', '--no-tests');
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(new RegExp(`REFIT_RUN_STALE: ${found}`))]);
  });

  it.each([
    ['nothing was recorded', ['--out', 'copy'], 'REFIT_RUN_RECORD'],
    ['it is to write nothing', [], 'REFIT_USAGE'],
  ])('is not resumed when %s', async (_what, target, code) => {
    const ran = await refit(project(A), 'run', 'plan.ts', ...target, '--resume');
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining(code)]);
  });
});

describe('the steps of --only', () => {
  it('may stand apart, and must be some', async () => {
    const root = project(A, B);
    const ran = await refit(root, 'run', 'plan.ts', '--no-tests', '--only', ' a, B,');
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    const none = await refit(root, 'run', 'plan.ts', '--no-tests', '--only', ' ,');
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('REFIT_USAGE: --only " ,": expected ids of steps')]);
  });
});

describe('a plan that was linted', () => {
  async function linted(...steps: readonly StepText[]): Promise<string> {
    const root = project(...steps);
    writeFileSync(join(root, 'lint.json'), (await refit(root, 'lint', 'plan.ts', '--json')).stdout);
    return root;
  }
  const runLinted = async (root: string, plan = 'plan.ts') =>
    await refit(root, 'run', plan, '--no-tests', '--linted', 'lint.json');

  it('runs when neither it nor the code changed', async () => {
    expect(await runLinted(await linted(A))).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([
    ['the code changed', 'sum.ts', `${sum}// more\n`, 'REFIT_PLAN_STALE: sum.ts'],
    ['a step changed', 'next.ts', planText([{ ...A, to: 'base + n + 1;' }]), 'REFIT_PLAN_STALE: Step A'],
    ['it is another plan', 'next.ts', planText([A]).replace("name: 'small'", "name: 'other'"), 'REFIT_LINT_RECORD'],
    ['the record is none', 'lint.json', '{', 'REFIT_LINT_RECORD'],
    [
      'the record is of something else',
      'lint.json',
      '{ "schema": "refit-lint/1", "sources": 1, "steps": { "A": 1 } }',
      'REFIT_LINT_RECORD',
    ],
  ])('is refused when %s', async (_what, file, text, message) => {
    const root = await linted(A);
    writeFileSync(join(root, file), text);
    expect(await runLinted(root, file === 'next.ts' ? file : 'plan.ts')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message),
    });
  });
});
