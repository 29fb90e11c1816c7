// What the project's own tests say of a step: whether they pass, how many there are, and what they cover of the touched declarations.
import { containersIn, type DeclarationSpan } from '../analysis/named-containers.ts';
import type { FileCoverage } from '../gate/coverage-model.ts';
import { isTestFile } from '../gate/rules-evidence.ts';
import { parseSource } from '../kernel/parse-source.ts';
import type { ChangedFile } from '../kernel/apply.ts';
import type { StepFailure } from '../plan/execute-plan.ts';
import type { SuiteRun, TestCounts } from './run-suites.ts';
import type { RunPair } from './test-runs.ts';

/** Lines that can be covered, and those that are. */
export interface LineCoverage {
  readonly covered: number;
  readonly coverable: number;
}

/** A declaration the step touched; undefined: it was not there, or is gone. */
export interface SymbolCoverage {
  readonly symbol: string;
  readonly path: string;
  readonly before: LineCoverage | undefined;
  readonly after: LineCoverage | undefined;
}

/** What the tests said before and after a step. */
export interface StepTests {
  readonly before: TestCounts;
  readonly after: TestCounts;
  readonly failures: readonly string[];
  /** What a runner said that ends with an error now and did not before, though no test fails. */
  readonly ended?: string;
  /** Test files that the step did not touch and that have fewer passing tests. */
  readonly fewer: readonly string[];
  readonly symbols: readonly SymbolCoverage[];
  /** Declarations of which more lines are open than before, and a smaller share is covered. */
  readonly lowered: readonly string[];
}

/** A declaration on one side of the step. */
interface Side {
  readonly symbol: string;
  readonly path: string;
  readonly text: string;
  readonly lines: LineCoverage;
}

export function totalOf(run: SuiteRun): TestCounts {
  const sum = (pick: keyof TestCounts): number => [...run.files.values()].reduce((total, each) => total + each[pick], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

/** The innermost declaration that holds a line. */
function ownerOf(spans: readonly DeclarationSpan[], line: number): DeclarationSpan | undefined {
  return spans
    .filter((span) => span.from <= line && line <= span.to)
    .reduce<DeclarationSpan | undefined>((best, each) => (best === undefined || each.from >= best.from ? each : best), undefined);
}

function sidesOf(path: string, text: string | undefined, coverage: FileCoverage | undefined): readonly Side[] {
  if (text === undefined || isTestFile(path) || !/\.[cm]?tsx?$/.test(path)) return [];
  const spans = containersIn(parseSource(path, text));
  const lines = new Map<string, { covered: number; coverable: number }>();
  for (const { line, count } of coverage?.lines.hits ?? []) {
    const owner = ownerOf(spans, line)?.name;
    if (owner === undefined) continue;
    const own = lines.get(owner) ?? { covered: 0, coverable: 0 };
    lines.set(owner, { covered: own.covered + (count > 0 ? 1 : 0), coverable: own.coverable + 1 });
  }
  return spans.flatMap((span): readonly Side[] => {
    const own = lines.get(span.name);
    return own === undefined ? [] : [{ symbol: span.name, path, text: span.text, lines: own }];
  });
}

function isLowered({ before, after }: SymbolCoverage): boolean {
  if (before === undefined || after === undefined) return false;
  const open = (lines: LineCoverage): number => lines.coverable - lines.covered;
  return open(after) > open(before) && after.covered * before.coverable < before.covered * after.coverable;
}

/** Declarations of the touched files on both sides: in the same file, else by name in another touched one. */
function symbolsOf(
  files: readonly ChangedFile[],
  pair: RunPair,
): readonly { readonly each: SymbolCoverage; readonly touched: boolean }[] {
  const before = files.flatMap((file) => sidesOf(file.path, file.before, pair.before.coverage.get(file.path)));
  const after = files.flatMap((file) => sidesOf(file.path, file.after, pair.after.coverage.get(file.path)));
  const taken = new Set<Side>();
  const known = before.map((old) => {
    const named = after.filter((now) => now.symbol === old.symbol);
    const now = named.find((each) => each.path === old.path) ?? named.find((each) => !taken.has(each));
    if (now !== undefined) taken.add(now);
    const each = { symbol: old.symbol, path: now?.path ?? old.path, before: old.lines, after: now?.lines };
    return { each, touched: now?.text !== old.text || now.path !== old.path };
  });
  const fresh = after
    .filter((now) => !taken.has(now))
    .map((now) => ({ each: { symbol: now.symbol, path: now.path, before: undefined, after: now.lines }, touched: true }));
  return [...known, ...fresh];
}

/** Compares the two runs. `files`: what the step changed, paths absolute; `shown`: a path as reports have it. */
export function compareRuns(pair: RunPair, files: readonly ChangedFile[], shown: (path: string) => string): StepTests {
  const touchedPaths = new Set(files.map((file) => file.path));
  const fewer = [...pair.before.files]
    .filter(([path, { passed }]) => !touchedPaths.has(path) && (pair.after.files.get(path)?.passed ?? 0) < passed)
    .map(
      ([path, { passed }]) =>
        `${shown(path)}: ${String(passed)} before, ${String(pair.after.files.get(path)?.passed ?? 0)} after`,
    );
  // Without a report (failed tests write none) nothing can be said of lines.
  const isMeasured = pair.before.coverage.size > 0 && pair.after.coverage.size > 0;
  const symbols = isMeasured ? symbolsOf(files, pair) : [];
  const ended = pair.after.ended?.find((said, at) => said !== undefined && pair.before.ended?.[at] === undefined);
  const percent = (lines: LineCoverage | undefined): string =>
    `${String(lines?.covered ?? 0)} of ${String(lines?.coverable ?? 0)} lines`;
  return {
    before: totalOf(pair.before),
    after: totalOf(pair.after),
    failures: pair.after.failures,
    ...(ended === undefined ? {} : { ended }),
    fewer,
    symbols: symbols.filter(({ touched }) => touched).map(({ each }) => ({ ...each, path: shown(each.path) })),
    lowered: symbols
      .filter(({ each }) => isLowered(each))
      .map(({ each }) => `${each.symbol} in ${shown(each.path)}: ${percent(each.before)} before, ${percent(each.after)} after`),
  };
}

/** Why the tests stop a step; undefined when they do not. */
export function testFailure(tests: StepTests): StepFailure | undefined {
  const [failed] = tests.failures;
  if (failed !== undefined) {
    const list = tests.failures.slice(0, 5).join('\n  ');
    return { code: 'REFIT_TESTS_FAILED', message: `${String(tests.after.failed)} of the project's own tests fail:\n  ${list}` };
  }
  if (tests.ended !== undefined) {
    return {
      code: 'REFIT_TESTS_ENDED',
      message: `No test fails, but the runner ends with an error, as it did not before:\n  ${tests.ended}`,
    };
  }
  const [fewer] = tests.fewer;
  if (fewer !== undefined)
    return { code: 'REFIT_TESTS_FEWER', message: `Fewer tests pass in a file that the step did not touch: ${fewer}.` };
  if (tests.lowered.length === 0) return undefined;
  return {
    code: 'REFIT_COVERAGE_LOWERED',
    message: `The tests cover less of what the step touched:\n  ${tests.lowered.slice(0, 5).join('\n  ')}\nAdd tests in the step, or before it.`,
  };
}

/** Whether the tests reach what the step changed: a covered line of a touched declaration, or a touched test file that passes. */
export function testsReach(tests: StepTests, files: readonly ChangedFile[], run: SuiteRun): boolean {
  if (tests.failures.length > 0 || tests.ended !== undefined) return false;
  const reached = tests.symbols.some(({ after }) => after !== undefined && after.covered > 0);
  return reached || files.some((file) => (run.files.get(file.path)?.passed ?? 0) > 0);
}
