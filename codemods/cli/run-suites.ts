// Runs the test suites a plan names, in a copy of the project, and reads their results and their coverage.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { stripVTControlCharacters } from 'node:util';
import type { FileCoverage } from '../gate/coverage-model.ts';
import { parseCoverageReport } from '../gate/coverage-report.ts';
import { mergeCoverage } from '../gate/merge-coverage.ts';
import { reasonOf, RefitError } from '../kernel/refit-error.ts';
import type { TestSuite } from '../plan/plan.ts';
import type { TestTree } from './write-test-tree.ts';

/** Tests of one file. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What all suites of the plan said about one state of the project. Paths are those of the project, absolute. */
export interface SuiteRun {
  readonly files: ReadonlyMap<string, TestCounts>;
  /** Names of failed tests with their first line of message. */
  readonly failures: readonly string[];
  readonly coverage: ReadonlyMap<string, FileCoverage>;
  readonly seconds: number;
  /** For each suite what its runner said last, where it ended with an error though no test failed (an unhandled rejection). */
  readonly ended?: readonly (string | undefined)[];
}

const RESULTS = 'coverage/refit-results.json';
const REPORT = 'coverage/coverage-final.json';
const LINES_OF_OUTPUT = 12;

/** Vitest as the project has it installed. */
function vitestOf(folder: string, suite: TestSuite): readonly string[] {
  let manifest: string;
  try {
    manifest = createRequire(join(folder, 'package.json')).resolve('vitest/package.json');
  } catch (cause) {
    throw new RefitError(
      'REFIT_TESTS_RUNNER',
      `The tests in ${suite.root} are to run with vitest, which is not installed there. Install it, or name a \`command\` in the plan's \`tests\`.`,
      { cause },
    );
  }
  const coverage =
    suite.coverage === false
      ? []
      : ['--coverage', '--coverage.reporter=json', `--coverage.reportsDirectory=${dirname(suite.report ?? REPORT)}`];
  // The second one says on the console what is no result of a test, such as an unhandled rejection.
  const results = ['--reporter=json', '--reporter=dot', `--outputFile.json=${suite.results ?? RESULTS}`];
  return [process.execPath, join(dirname(manifest), 'vitest.mjs'), 'run', ...coverage, ...results, ...(suite.args ?? [])];
}

/** Variables by which a runner would take itself for a part of another run. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:VITEST|TEST$|NODE_V8_COVERAGE$)/.test(name)));
}

interface Ended {
  /** The last lines of what it said. */
  readonly said: string;
  /** Its exit code; null after a signal. */
  readonly code: number | null;
}

async function outputOf(command: readonly string[], folder: string): Promise<Ended> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd: folder, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const parts: string[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part.toString()));
  child.stderr.on('data', (part: Buffer) => parts.push(part.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new RefitError('REFIT_TESTS_RUNNER', `${command.join(' ')} cannot be started: ${reasonOf(cause)}.`, { cause }));
    });
    child.once('close', resolve);
  });
  const lines = stripVTControlCharacters(parts.join('')).trim().split('\n');
  const trouble = lines.findIndex((line) => line.includes('Unhandled'));
  const shown = trouble < 0 ? lines.slice(-LINES_OF_OUTPUT) : lines.slice(trouble, trouble + LINES_OF_OUTPUT);
  return { said: shown.join('\n  '), code };
}

interface Assertion {
  readonly status: string;
  readonly fullName: string;
  readonly failureMessages?: readonly string[];
}

function assertionsOf(value: unknown): readonly Assertion[] {
  return Array.isArray(value)
    ? value.filter((each): each is Assertion => typeof each === 'object' && each !== null && 'status' in each)
    : [];
}

interface FileResult {
  readonly path: string;
  readonly counts: TestCounts;
  readonly failures: readonly string[];
}

/** The results of a suite, in the shape that vitest and jest write. Throws REFIT_TESTS_RESULTS. */
export function parseResults(text: string, place: string): readonly FileResult[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new RefitError('REFIT_TESTS_RESULTS', `${place} is not JSON: ${reasonOf(cause)}.`, { cause });
  }
  const list: unknown =
    typeof document === 'object' && document !== null && 'testResults' in document ? document.testResults : undefined;
  if (!Array.isArray(list)) {
    throw new RefitError(
      'REFIT_TESTS_RESULTS',
      `${place} has no list \`testResults\`; expected the JSON that vitest and jest write.`,
    );
  }
  return list.flatMap((each: unknown): readonly FileResult[] => {
    if (typeof each !== 'object' || each === null || !('name' in each)) return [];
    const assertions = assertionsOf('assertionResults' in each ? each.assertionResults : undefined);
    const count = (status: string): number => assertions.filter((one) => one.status === status).length;
    const unloadable = 'status' in each && each.status === 'failed' && count('failed') === 0;
    const failures = assertions
      .filter((one) => one.status === 'failed')
      .map((one) => `${one.fullName}: ${(one.failureMessages?.[0] ?? '').split('\n')[0] ?? ''}`);
    const message = 'message' in each ? String(each.message).split('\n')[0] : '';
    return [
      {
        path: String(each.name),
        counts: {
          passed: count('passed'),
          failed: count('failed') + (unloadable ? 1 : 0),
          skipped: assertions.length - count('passed') - count('failed'),
        },
        failures: unloadable ? [`${String(each.name)} cannot be run: ${message ?? ''}`] : failures,
      },
    ];
  });
}

function readOutput(folder: string, file: string, said: string): string {
  const path = join(folder, file);
  if (existsSync(path)) return readFileSync(path, 'utf8');
  throw new RefitError('REFIT_TESTS_RESULTS', `The tests wrote no ${file}. The runner said:\n  ${said}`);
}

/** The copy as a test run finds it; outputs of the run before are not taken for its own. */
async function runSuite(tree: TestTree, suite: TestSuite): Promise<SuiteRun> {
  const started = performance.now();
  const folder = join(tree.folder, suite.root);
  tree.clear(folder, [suite.results ?? RESULTS, suite.report ?? REPORT]);
  const { said, code } = await outputOf(suite.command ?? vitestOf(folder, suite), folder);
  const results = parseResults(readOutput(folder, suite.results ?? RESULTS, said), suite.results ?? RESULTS);
  const failures = results.flatMap((each) => each.failures).map((line) => line.replaceAll(`${tree.folder}/`, ''));
  // A run with failed tests writes no coverage.
  const report =
    suite.coverage === false || failures.length > 0
      ? []
      : parseCoverageReport(readOutput(folder, suite.report ?? REPORT, said)).files;
  const inProject = (path: string): string => tree.inProject(join(folder, relative(folder, path)));
  return {
    files: new Map(results.map((each) => [inProject(each.path), each.counts])),
    failures,
    coverage: new Map(report.map((each) => [inProject(each.path), { ...each, path: inProject(each.path) }])),
    seconds: (performance.now() - started) / 1000,
    ended: [code === 0 || failures.length > 0 ? undefined : said.replaceAll(`${tree.folder}/`, '')],
  };
}

/** Runs the suites one after the other. Throws REFIT_TESTS_… where a suite cannot be run or read. */
export async function runSuites(tree: TestTree, suites: readonly TestSuite[]): Promise<SuiteRun> {
  const runs: SuiteRun[] = [];
  for (const suite of suites) runs.push(await runSuite(tree, suite));
  return {
    files: new Map(runs.flatMap((run) => [...run.files])),
    failures: runs.flatMap((run) => run.failures),
    coverage: mergeCoverage(runs.map((run) => run.coverage)),
    seconds: runs.reduce((sum, run) => sum + run.seconds, 0),
    ended: runs.flatMap((run) => run.ended ?? []),
  };
}
