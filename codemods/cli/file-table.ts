// The table of files before and after a run: lines, coverable lines, coverage and tests, counted by the gate's own code.
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isToolFile } from '../analysis/package-entries.ts';
import { gatherFacts, testStemOf, type FileFacts, type TestFacts } from '../gate/facts.ts';
import { countTests } from '../gate/count-tests.ts';
import { parseConfig } from '../gate/parse-config.ts';
import { isTestFile } from '../gate/rules-evidence.ts';
import { textFacts } from '../gate/source-facts.ts';
import type { ChangedFile } from '../kernel/apply.ts';
import { withoutMark } from '../kernel/disk-texts.ts';
import { isUnder } from '../kernel/glob.ts';
import { listFiles } from '../kernel/list-files.ts';
import { physicalLines } from '../kernel/parse-source.ts';
import type { Workspace } from '../kernel/workspace.ts';
import type { Plan, TestSuite } from '../plan/plan.ts';
import type { SuiteRun } from './run-suites.ts';

/** One side of a row. Coverage and tests are there where a suite with mirrors measures the file. */
export interface FileSide {
  readonly lines: number;
  readonly coverable?: number;
  readonly covered?: number;
  readonly tests?: number;
}

/** One file; undefined: it was not there, or is gone. */
export interface FileRow {
  readonly path: string;
  readonly before: FileSide | undefined;
  readonly after: FileSide | undefined;
}

/** The suites on the project as it was and as it is. */
export interface SuitePair {
  readonly before: SuiteRun;
  readonly after: SuiteRun;
}

/** The text of a file as it is on the disk, where the run began. */
function diskText(path: string): string | undefined {
  return existsSync(path) ? withoutMark(readFileSync(path, 'utf8')) : undefined;
}

/** Every file that differs from the disk. */
export function changedOnDisk(workspace: Workspace): readonly ChangedFile[] {
  return [...workspace.changes()]
    .map(([path, text]): ChangedFile => ({ path, before: diskText(path), after: text ?? undefined }))
    .filter((file) => file.before !== file.after);
}

const testGlob = '**/*.{test,spec}.{ts,tsx,mts,js,jsx,mjs}';

/** How one side of the run reads the project. */
interface Reading {
  readonly root: string;
  readonly textOf: (path: string) => string | undefined;
  readonly testFiles: (folders: readonly string[]) => readonly string[];
  readonly run: SuiteRun;
}

type Mirrors = NonNullable<TestSuite['mirrors']>;

/** Cases in the test files of a source file, in every folder that mirrors its innermost one. */
function casesOf(file: string, mirrors: Mirrors, tests: readonly TestFacts[]): number {
  const innermost = Math.max(...mirrors.filter(({ sources }) => isUnder(file, sources)).map(({ sources }) => sources.length));
  const stems = mirrors
    .filter(({ sources }) => isUnder(file, sources) && sources.length === innermost)
    .flatMap((mirror) => testStemOf(file, [mirror]) ?? []);
  return tests.filter((test) => stems.some((stem) => test.file.startsWith(stem))).reduce((sum, test) => sum + test.cases, 0);
}

/** Source code: not a test, not a declaration, not the configuration of a tool. */
function isMeasured(path: string): boolean {
  return /\.[cm]?tsx?$/.test(path) && !/\.d\.[cm]?ts$/.test(path) && !isTestFile(path) && !isToolFile(path);
}

/** The gate's rows for source files of one suite, by absolute path. */
function factsOf(reading: Reading, folder: string, mirrors: Mirrors, paths: readonly string[]): ReadonlyMap<string, FileFacts> {
  const inSuite = (path: string): string => relative(folder, path).replaceAll('\\', '/');
  const sources = paths
    .filter((path) => path.startsWith(`${folder}/`) && isMeasured(path))
    .flatMap((path) => {
      const text = reading.textOf(path);
      return text === undefined ? [] : [{ file: inSuite(path), modifiedMs: 0, ...textFacts(path, text) }];
    });
  const folders = mirrors.map(({ tests }) => join(folder, tests));
  const tests = reading
    .testFiles(folders)
    .map((path) => ({ file: inSuite(path), cases: countTests(path, reading.textOf(path) ?? '') }));
  const config = parseConfig({ include: ['**'], tests: mirrors, floors: [{ under: '.', lines: 0, branches: 0 }] });
  const coverage = new Map([...reading.run.coverage].map(([path, each]) => [inSuite(path), each]));
  const facts = gatherFacts({ config, sources, tests, coverage });
  return new Map(facts.map((each) => [join(folder, each.file), { ...each, tests: casesOf(each.file, mirrors, tests) }]));
}

/** What the runner covers: a file that is not in the report is not measured, unless it would be with a test. */
function sideOf(text: string | undefined, facts: FileFacts | undefined): FileSide | undefined {
  if (text === undefined) return undefined;
  if (facts === undefined) return { lines: physicalLines(text) };
  return { lines: facts.lines, coverable: facts.coverable, covered: facts.covered, tests: facts.tests };
}

/** A row for each file the plan reports on or the run changed. */
export function fileTable(plan: Plan, workspace: Workspace, suites: SuitePair | undefined): readonly FileRow[] {
  const reported = plan.reported.map((path) => workspace.absolute(path));
  const changed = changedOnDisk(workspace).filter(({ path }) => path.endsWith('.ts'));
  const paths = [...new Set([...reported, ...changed.map(({ path }) => path)])];
  const { root } = workspace;
  const inside = (folders: readonly string[]): readonly string[] =>
    folders.map((folder) => join(relative(root, folder), testGlob));
  const measured = (reading: Omit<Reading, 'root'>): ReadonlyMap<string, FileFacts> =>
    new Map(
      (plan.tests ?? []).flatMap((suite) =>
        suite.mirrors === undefined ? [] : [...factsOf({ root, ...reading }, join(root, suite.root), suite.mirrors, paths)],
      ),
    );
  const onDisk = (folders: readonly string[]): readonly string[] =>
    listFiles(root, inside(folders)).map((path) => join(root, path));
  const none = new Map<string, FileFacts>();
  const before = suites === undefined ? none : measured({ textOf: diskText, testFiles: onDisk, run: suites.before });
  const after =
    suites === undefined
      ? none
      : measured({
          textOf: (path) => workspace.textOf(path),
          testFiles: (folders) => workspace.files(inside(folders)),
          run: suites.after,
        });
  return paths.map((path) => ({
    path: workspace.relative(path),
    before: sideOf(diskText(path), before.get(path)),
    after: sideOf(workspace.textOf(path), after.get(path)),
  }));
}

/** Sums of the measured files of one side. */
export function totalsOf(rows: readonly FileRow[], side: 'before' | 'after'): Required<FileSide> {
  const measured = rows.map((row) => row[side]).filter((each) => each?.coverable !== undefined);
  const sum = (pick: (each: FileSide) => number | undefined): number =>
    measured.reduce((total, each) => total + ((each === undefined ? 0 : pick(each)) ?? 0), 0);
  return {
    lines: sum((each) => each.lines),
    coverable: sum((each) => each.coverable),
    covered: sum((each) => each.covered),
    tests: sum((each) => each.tests),
  };
}
