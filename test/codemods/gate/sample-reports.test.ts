// Reports that other tools really wrote: what the gate counts in them, beside what the tool itself sums up.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Totals } from '../../../codemods/gate/facts.ts';
import type { Verdict } from '../../../codemods/gate/judge.ts';
import { runGate } from '../../../codemods/gate/run-gate.ts';
import { sampleFolder, sampleProject, unmeasuredProject } from './sample-projects.ts';

const config = 'coverage-report.config.ts';
const everyLine = expect.stringContaining('counts blank lines and comments');

async function judged(root: string, report: string): Promise<Verdict> {
  return runGate({ config, cwd: root, report: `report/${report}`, cache: false });
}

interface Counts {
  readonly lines: readonly [covered: number, total: number];
  readonly branches: readonly [covered: number, total: number];
  readonly functions: readonly [covered: number, total: number];
  readonly statements: readonly [covered: number, total: number];
}

function countsOf(total: Totals): Counts {
  return {
    lines: [total.covered, total.coverable],
    branches: [total.coveredBranches, total.branches],
    functions: [total.coveredFunctions, total.functions],
    statements: [total.coveredStatements, total.statements],
  };
}

interface Sum {
  readonly covered: number;
  readonly total: number;
}

/** The total of the tool's own summary. */
function summaryOf(name: string): Counts {
  const text = readFileSync(join(sampleFolder(name), 'report/coverage-summary.json'), 'utf8');
  const { total } = JSON.parse(text) as { readonly total: Record<keyof Counts, Sum> };
  const pair = ({ covered, total: whole }: Sum): readonly [number, number] => [covered, whole];
  return {
    lines: pair(total.lines),
    branches: pair(total.branches),
    functions: pair(total.functions),
    statements: pair(total.statements),
  };
}

/** Sums of the records in which lcov itself sums up: `LH` of `LF` and their like. */
function lcovSums(text: string): Omit<Counts, 'statements'> {
  const sum = (record: string): number =>
    [...text.matchAll(new RegExp(`^${record}:(\\d+)`, 'gm'))].reduce((all, [, count]) => all + Number(count), 0);
  const pair = (covered: string, total: string): readonly [number, number] => [sum(covered), sum(total)];
  return { lines: pair('LH', 'LF'), branches: pair('BRH', 'BRF'), functions: pair('FNH', 'FNF') };
}

describe.each(['vitest-v8', 'vitest-istanbul', 'nyc'])('the reports of %s', (name) => {
  it('are counted as the tool counts them: statements, and the lines on which they start', async () => {
    const { total, failures } = await judged(sampleProject(name), 'coverage-final.json');
    expect(failures).toEqual([]);
    expect(countsOf(total)).toEqual(summaryOf(name));
  });

  it('say the same as json-summary', async () => {
    const { total, failures } = await judged(sampleProject(name), 'coverage-summary.json');
    expect(failures).toEqual([]);
    expect(countsOf(total)).toEqual(summaryOf(name));
  });

  it('say the same as lcov, which knows no statements', async () => {
    const { total, files } = await judged(sampleProject(name), 'lcov.info');
    const { statements: _, ...counts } = countsOf(total);
    expect(counts).toEqual(lcovSums(readFileSync(join(sampleFolder(name), 'report/lcov.info'), 'utf8')));
    expect(files.map(({ unknown }) => unknown)).toEqual([['statements'], ['statements'], ['statements']]);
  });
});

describe('the reports of c8', () => {
  it('have a statement on every line; the gate counts those that hold code', async () => {
    const { total, failures, notes } = await judged(sampleProject('c8'), 'coverage-final.json');
    expect(failures).toEqual([]);
    expect(notes).toContainEqual(everyLine);
    const own = summaryOf('c8');
    expect(own.lines).toEqual([41, 52]);
    expect(total.lines).toBe(own.lines[1]);
    expect(countsOf(total)).toEqual({ ...own, lines: [33, total.codeLines], statements: [33, total.codeLines] });
  });

  it('say the same as lcov', async () => {
    const root = sampleProject('c8');
    const { statements: _, ...final } = countsOf((await judged(root, 'coverage-final.json')).total);
    const { statements: __, ...lcov } = countsOf((await judged(root, 'lcov.info')).total);
    expect(lcov).toEqual(final);
  });

  it('cannot be judged by json-summary, whose sums hold lines without code', async () => {
    const { failures } = await judged(sampleProject('c8'), 'coverage-summary.json');
    expect(new Set(failures.map(({ code }) => code))).toEqual(new Set(['GATE_REPORT_IMPOSSIBLE']));
    expect(failures[0]?.message).toContain('coverage-final.json or lcov');
  });
});

/** `file | line % | branch % | funcs %` of node's summary. */
function nodeSummary(text: string): ReadonlyMap<string, readonly number[]> {
  const rows = [...text.matchAll(/^# (\S+)\s+\|\s+([\d.]+) \|\s+([\d.]+) \|\s+([\d.]+) \|/gm)];
  return new Map(rows.map(([, file = '', ...shares]) => [file, shares.slice(0, 3).map(Number)]));
}

const percent = (covered: number, total: number): number => Math.round((covered * 10_000) / total) / 100;

describe("the report of node's own runner", () => {
  it('has the branches and functions of its summary, and lines that hold no code, which count nowhere', async () => {
    const { files, notes } = await judged(sampleProject('node-lcov'), 'lcov.info');
    expect(notes).toContainEqual(everyLine);
    const own = nodeSummary(readFileSync(join(sampleFolder('node-lcov'), 'report/summary.tap'), 'utf8'));
    for (const file of files.filter((each) => own.has(each.file))) {
      const [, branches, functions] = own.get(file.file) ?? [];
      expect(percent(file.coveredBranches, file.branches)).toBe(branches);
      expect(percent(file.coveredFunctions, file.functions)).toBe(functions);
      expect(file.coverable).toBe(file.codeLines);
    }
    expect([...own.keys()].filter((file) => file.startsWith('src/'))).toHaveLength(2);
  });

  it('leaves out the file that no test imports, which fails', async () => {
    const { failures } = await judged(sampleProject('node-lcov'), 'lcov.info');
    expect(failures).toMatchObject([{ code: 'GATE_FILE_UNREPORTED', file: 'src/idle.js' }]);
  });
});

/** The environment without what this runner and its coverage set for their own processes. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const own = /^(VITEST|NODE_V8_COVERAGE|NODE_TEST_CONTEXT|NODE_ENV|NODE_OPTIONS|TEST$|DEV$|PROD$|MODE$|SSR$|BASE_URL$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

function runNode(root: string, argv: readonly string[]): void {
  execFileSync(process.execPath, argv, { cwd: root, env: plainEnvironment(), stdio: ['ignore', 'ignore', 'inherit'] });
}

// Processes of their own: seconds on an idle machine, more on a busy one.
describe('tools that are installed, run now', { timeout: 120_000 }, () => {
  it('vitest with v8 writes what is committed', async () => {
    const root = unmeasuredProject('vitest-v8');
    runNode(root, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--silent']);
    const { total, failures } = await judged(root, 'coverage-final.json');
    expect(failures).toEqual([]);
    expect(countsOf(total)).toEqual(summaryOf('vitest-v8'));
  });

  it("node's own runner writes what the gate reads", async () => {
    const root = unmeasuredProject('node-lcov');
    mkdirSync(join(root, 'report'));
    const lcov = ['--test-reporter=lcov', '--test-reporter-destination=report/lcov.info'];
    runNode(root, ['--test', '--experimental-test-coverage', ...lcov, 'test/basket.test.js', 'test/line-end.test.js']);
    const { files, failures } = await judged(root, 'lcov.info');
    const basket = files.find(({ file }) => file === 'src/basket.js');
    expect(basket).toMatchObject({ coverable: basket?.codeLines, functions: 8, coveredFunctions: 7 });
    // Newer versions of node report files that no test imports, when they are told which.
    expect(failures.filter(({ code }) => code !== 'GATE_FILE_UNREPORTED')).toEqual([]);
  });
});
