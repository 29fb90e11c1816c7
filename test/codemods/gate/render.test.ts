// The gate's answer as text and as a document.
import { describe, expect, it } from 'vitest';
import type { FileFacts } from '../../../codemods/gate/facts.ts';
import { totalOf } from '../../../codemods/gate/facts.ts';
import type { Verdict } from '../../../codemods/gate/judge.ts';
import { percentText, renderTable, renderVerdict, verdictDocument } from '../../../codemods/gate/render.ts';

function row(file: string, change: Partial<FileFacts> = {}): FileFacts {
  const facts = {
    lines: 1234,
    codeLines: 1000,
    functions: 4,
    coveredFunctions: 4,
    statements: 200,
    coveredStatements: 199,
    unknown: [],
    coverable: 200,
    covered: 199,
    openLines: [7],
    branches: 0,
    coveredBranches: 0,
    tests: 3,
  };
  return { file, ...facts, exempt: undefined, ...change };
}

const whole = { only: [], all: false };

function verdictOf(change: Partial<Verdict> = {}): Verdict {
  const files = [row('src/a.ts')];
  return { pass: true, failures: [], waived: [], floors: [], files, total: totalOf(files), notes: [], ...change };
}

describe('renderTable', () => {
  it('shows the columns of the plan and a total', () => {
    expect(renderTable([row('src/a.ts'), row('src/types-only.ts', { coverable: 0, covered: 0 })], whole)).toBe(
      [
        'File               Lines  Coverable  Coverage  Branches  Tests',
        'src/a.ts           1,234        200     99.5%         —      3',
        'src/types-only.ts  1,234          0         —         —      3',
        'Total              2,468        200     99.5%         —      6',
      ].join('\n'),
    );
  });

  it('shows 30 rows unless all are asked for, and totals over all of them', () => {
    const files = Array.from({ length: 33 }, (_, index) => row(`src/${index}.ts`));
    const lines = renderTable(files, whole).split('\n');
    expect(lines).toHaveLength(33);
    expect(lines.at(-2)).toBe('… 3 better covered files: --all shows them');
    expect(lines.at(-1)).toContain('40,722');
    expect(renderTable(files, { only: [], all: true }).split('\n')).toHaveLength(35);
  });

  it('shows the files and folders that were asked for', () => {
    const lines = renderTable([row('src/a.ts'), row('src/b/c.ts'), row('src/bc.ts')], { only: ['src/b'], all: false }).split(
      '\n',
    );
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(/^src\/b\/c\.ts/);
  });

  it('marks a file that the floors do not count', () => {
    expect(renderTable([row('src/a.ts', { exempt: 'generated' })], whole)).toContain('src/a.ts (exempt)');
  });
});

describe('percentText', () => {
  it.each([
    [0, 0, '100.0%'],
    [1, 3, '33.3%'],
    [99_999, 100_000, '99.9%'],
    [5, 5, '100.0%'],
  ])('writes %i of %i as %s, rounded down', (part, total, text) => {
    expect(percentText(part, total)).toBe(text);
  });
});

describe('renderVerdict', () => {
  it('ends with one line that says whether it passes', () => {
    expect(renderVerdict(verdictOf(), whole)).toMatch(/\n\nThe gate passes\.\n$/);
  });

  it('lists floors, notes and failures with their codes', () => {
    const floor = { floor: { under: 'src', lines: 100, branches: 0 }, measured: totalOf([row('src/a.ts')]), pass: false };
    const failures = [{ code: 'GATE_FLOOR_LINES', message: 'src is short.' }] as const;
    const text = renderVerdict(verdictOf({ pass: false, floors: [floor], failures, notes: ['one', 'two'] }), whole);
    expect(text).toContain('FAIL  src: lines 99.5% of 100%, branches 100.0% of 0% (1 files)');
    expect(text).toContain('note  one\nnote  two');
    expect(text).toContain('GATE_FLOOR_LINES  src is short.');
    expect(text).toMatch(/The gate fails: 1 failure\.\n$/);
  });

  it('shortens a long list of notes', () => {
    expect(renderVerdict(verdictOf({ notes: ['1', '2', '3', '4', '5', '6', '7'] }), whole)).toContain('note  and 2 more');
  });
});

describe('verdictDocument', () => {
  it('carries the figures of every file and no times', () => {
    const document = JSON.parse(JSON.stringify(verdictDocument(verdictOf()))) as unknown;
    expect(document).toMatchObject({
      schema: 'refit-gate/1',
      pass: true,
      files: [{ file: 'src/a.ts', openLines: [7], exempt: null }],
    });
    expect(JSON.stringify(document)).not.toContain('modifiedMs');
  });
});
