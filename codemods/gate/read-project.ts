// Reads a project from the disk for the gate: sources, tests, reports with their stamps, the ratchet, the report of dead code.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { isUnder } from '../kernel/glob.ts';
import { listFiles } from '../kernel/list-files.ts';
import { reasonOf, RefitError, systemCodeOf } from '../kernel/refit-error.ts';
import type { CoverageReportConfig } from './config.ts';
import { countTests, declaresTestsAtTop } from './count-tests.ts';
import type { FileCoverage } from './coverage-model.ts';
import { parseCoverageReport } from './coverage-report.ts';
import type { SourceFacts, TestFacts } from './facts.ts';
import { mergeCoverage } from './merge-coverage.ts';
import { isFields } from './report-fields.ts';
import { isTestFile } from './rules-evidence.ts';
import type { DeadMember } from './rules-sizes.ts';
import { textFacts } from './source-facts.ts';
import type { Stamp } from './stamp.ts';
import { parseStamp, stampFile } from './stamp.ts';

function readReport(path: string): string {
  try {
    return readFileSync(path, 'utf8');
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

/** The source files under `include`; test files never count, whatever the globs say. */
export function sourceFiles(root: string, include: readonly string[]): readonly string[] {
  return listFiles(root, include).filter((file) => !isTestFile(file));
}

export function readSources(root: string, include: readonly string[]): readonly SourceFacts[] {
  return sourceFiles(root, include).map((file) => {
    const path = join(root, file);
    return { file, modifiedMs: statSync(path).mtimeMs, ...textFacts(file, readFileSync(path, 'utf8')) };
  });
}

function globsUnder(folders: readonly string[], name: string): readonly string[] {
  return folders.map((folder) => `${folder === '.' ? '' : `${folder}/`}**/${name}`);
}

export function readTests(root: string, folders: readonly string[]): readonly TestFacts[] {
  return listFiles(root, globsUnder(folders, '*.{test,spec}.{ts,tsx,mts,js,jsx,mjs}')).map((file) => ({
    file,
    cases: countTests(file, readFileSync(join(root, file), 'utf8')),
  }));
}

/** Files in the folders of tests, beside no source, that declare tests and that no runner finds by name. */
export function readOrphans(root: string, config: CoverageReportConfig): readonly string[] {
  const folders = config.tests.filter(({ sources, tests }) => !isUnder(sources, tests)).map((mirror) => mirror.tests);
  return listFiles(root, globsUnder(folders, '*.{ts,tsx,mts,js,jsx,mjs}')).filter(
    (file) => !isTestFile(file) && declaresTestsAtTop(file, readFileSync(join(root, file), 'utf8')),
  );
}

/** The report's absolute paths, made relative to the configuration's folder. */
export function byRelativePath(root: string, files: readonly FileCoverage[]): ReadonlyMap<string, FileCoverage> {
  const byPath = new Map<string, FileCoverage>();
  for (const file of files) {
    const path = relative(root, resolve(root, file.path)).replaceAll('\\', '/');
    if (byPath.has(path)) {
      const message = `The coverage report has ${path} twice, under two names. Write the report anew.`;
      throw new RefitError('GATE_REPORT_TWICE', message);
    }
    byPath.set(path, file);
  }
  return byPath;
}

function readStamp(report: string): Stamp | undefined {
  const path = join(dirname(report), stampFile);
  return existsSync(path) ? parseStamp(readFileSync(path, 'utf8'), path) : undefined;
}

export interface Reports {
  readonly coverage: ReadonlyMap<string, FileCoverage>;
  readonly notes: readonly string[];
  /** One of each report, or none when one of them lacks it. */
  readonly stamps: readonly Stamp[];
  /** When the oldest was written, milliseconds since the epoch. */
  readonly reportModifiedMs: number;
}

/** Reads and unites the reports at `paths`. */
export function readReports(root: string, paths: readonly string[]): Reports {
  const reports = paths.map((path) => parseCoverageReport(readReport(path)));
  const stamps = paths.map(readStamp);
  const known = stamps.filter((stamp) => stamp !== undefined);
  return {
    coverage: mergeCoverage(reports.map((report) => byRelativePath(root, report.files))),
    notes: reports.flatMap((report) => report.notes),
    stamps: known.length === stamps.length ? known : [],
    reportModifiedMs: Math.min(...paths.map((path) => statSync(path).mtimeMs)),
  };
}

const deadClasses: ReadonlySet<unknown> = new Set(['unreachable', 'test-only']);

function deadMember(value: unknown): readonly DeadMember[] {
  if (!isFields(value) || !deadClasses.has(value['class'])) return [];
  const { symbol, path, line } = value;
  return [{ symbol: String(symbol), file: String(path), line: Number(line), class: String(value['class']) }];
}

/**
 * Dead members out of the document of `refit dead --json`; none when the configuration asks for none.
 * @throws RefitError GATE_DEAD_MISSING or GATE_DEAD_UNREADABLE.
 */
export function readDead(root: string, config: CoverageReportConfig): readonly DeadMember[] {
  if (config.dead === undefined) return [];
  const path = resolve(root, config.dead.report);
  const advice = `Write it with \`refit dead --json > ${config.dead.report}\`.`;
  if (!existsSync(path)) throw new RefitError('GATE_DEAD_MISSING', `There is no report of dead code at ${path}. ${advice}`);
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new RefitError('GATE_DEAD_UNREADABLE', `${path} is not JSON: ${reasonOf(cause)}. ${advice}`, { cause });
  }
  const members = isFields(document) && document['schema'] === 'refit-dead/1' ? document['members'] : undefined;
  if (!Array.isArray(members)) throw new RefitError('GATE_DEAD_UNREADABLE', `${path} has no list of members. ${advice}`);
  return members.flatMap(deadMember);
}
