// The gate's edge to the disk: loads the configuration, reads the report, the sources and the tests, and hands them to the judge.
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { listFiles } from '../kernel/list-files.ts';
import { physicalLines } from '../kernel/parse-source.ts';
import { reasonOf, RefitError, systemCodeOf } from '../kernel/refit-error.ts';
import { countTests } from './count-tests.ts';
import type { FileCoverage } from './coverage-report.ts';
import { parseCoverageReport } from './coverage-report.ts';
import type { SourceFacts, TestFacts } from './facts.ts';
import type { Verdict } from './judge.ts';
import { judge } from './judge.ts';
import { loadConfig } from './load-config.ts';

export interface GateOptions {
  /** Absolute, or relative to the working directory. */
  readonly config: string;
  /** Overrides the configuration's report; relative to the working directory. */
  readonly report?: string;
  readonly cwd: string;
}

interface ReadReport {
  readonly text: string;
  readonly modifiedMs: number;
}

function readReport(path: string): ReadReport {
  try {
    return { text: readFileSync(path, 'utf8'), modifiedMs: statSync(path).mtimeMs };
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') {
      const advice = 'Run the tests with coverage first; a run with failing tests writes no report.';
      throw new RefitError('GATE_REPORT_MISSING', `There is no coverage report at ${path}. ${advice}`, { cause });
    }
    throw new RefitError('GATE_REPORT_UNREADABLE', `The coverage report ${path} cannot be read: ${reasonOf(cause)}.`, {
      kind: 'infrastructure',
      cause,
    });
  }
}

function readSources(root: string, include: readonly string[]): readonly SourceFacts[] {
  return listFiles(root, include).map((file) => {
    const path = join(root, file);
    return { file, lines: physicalLines(readFileSync(path, 'utf8')), modifiedMs: statSync(path).mtimeMs };
  });
}

function readTests(root: string, folders: readonly string[]): readonly TestFacts[] {
  const globs = folders.map((folder) => `${folder === '.' ? '' : `${folder}/`}**/*.test.{ts,tsx,mts}`);
  return listFiles(root, globs).map((file) => ({ file, cases: countTests(file, readFileSync(join(root, file), 'utf8')) }));
}

/** The report's absolute paths, made relative to the configuration's folder. */
export function byRelativePath(root: string, files: readonly FileCoverage[]): ReadonlyMap<string, FileCoverage> {
  return new Map(files.map((file) => [relative(root, resolve(root, file.path)).replaceAll('\\', '/'), file]));
}

/**
 * Judges the project that `options.config` describes.
 * @throws RefitError when there is nothing to judge by: GATE_CONFIG_*, GATE_REPORT_*.
 */
export async function runGate(options: GateOptions): Promise<Verdict> {
  const configPath = resolve(options.cwd, options.config);
  const config = await loadConfig(configPath);
  const root = dirname(configPath);
  const { text, modifiedMs } = readReport(
    options.report === undefined ? resolve(root, config.report) : resolve(options.cwd, options.report),
  );
  const report = parseCoverageReport(text);
  return judge({
    config,
    sources: readSources(root, config.include),
    tests: readTests(
      root,
      config.tests.map((mirror) => mirror.tests),
    ),
    coverage: byRelativePath(root, report.files),
    reportModifiedMs: modifiedMs,
    notes: report.notes,
  });
}
