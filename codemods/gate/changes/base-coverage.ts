// Reads the coverage of the base: of that commit and no other, line by line, whichever folder it was written in.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reasonOf, RefitError, systemCodeOf } from '../../kernel/refit-error.ts';
import type { CoverageReport, FileCoverage } from '../coverage-model.ts';
import { parseCoverageReport } from '../coverage-report.ts';
import { withoutEmptyLines } from '../line-reports.ts';
import { mergeCoverage } from '../merge-coverage.ts';
import type { TextFacts } from '../source-facts.ts';
import type { Stamp } from '../stamp.ts';
import { parseStamp, stampFile } from '../stamp.ts';

/** What is known of a source file of the base. */
export type BaseFile = Pick<TextFacts, 'hash' | 'lines' | 'emptyLines' | 'inlineTests'>;

export interface BaseCoverageOptions {
  /** Absolute paths of the reports, one a shard. */
  readonly paths: readonly string[];
  /** The merge base, which the reports must be of. */
  readonly commit: string;
  /** Absolute folder of the configuration. */
  readonly root: string;
  /** Source files of the base, by their path relative to the configuration. */
  readonly files: ReadonlyMap<string, BaseFile>;
  readonly acceptUnstamped: boolean;
}

export interface BaseCoverage {
  readonly coverage: ReadonlyMap<string, FileCoverage>;
  readonly notes: readonly string[];
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') {
      const message = `There is no coverage report of the base at ${path}. Keep the one that the base's tests wrote, or leave --base-coverage out.`;
      throw new RefitError('GATE_BASE_COVERAGE_MISSING', message, { cause });
    }
    const message = `The coverage report of the base ${path} cannot be read: ${reasonOf(cause)}.`;
    throw new RefitError('GATE_BASE_COVERAGE_UNREADABLE', message, { kind: 'infrastructure', cause });
  }
}

function readReport(path: string): CoverageReport {
  const text = readText(path);
  let report: CoverageReport;
  try {
    report = parseCoverageReport(text);
  } catch (cause) {
    const message = `${path}, named as the base's coverage, is no report: ${reasonOf(cause)}`;
    throw new RefitError('GATE_BASE_COVERAGE_UNREADABLE', message, { cause });
  }
  if (report.files.every((file) => file.lines.hits !== undefined)) return report;
  const message = `${path} has sums of files and no lines; lines cannot be followed by it. Give the base's coverage-final.json or lcov.`;
  throw new RefitError('GATE_BASE_COVERAGE_SUMS', message);
}

function checkedStamp(report: string, options: BaseCoverageOptions): Stamp | undefined {
  const path = join(dirname(report), stampFile);
  if (!existsSync(path)) {
    if (options.acceptUnstamped) return undefined;
    const message = `${report} has no ${stampFile} beside it: nothing says that it is of ${options.commit.slice(0, 12)}. Keep it with its stamp, or take it with --accept-unstamped.`;
    throw new RefitError('GATE_BASE_COVERAGE_UNSTAMPED', message);
  }
  const stamp = parseStamp(readText(path), path);
  if (stamp.commit !== options.commit) {
    const message = `${report} is of ${stamp.commit?.slice(0, 12) ?? 'no commit'}, the change begins at ${options.commit.slice(0, 12)}. Give the coverage of that commit.`;
    throw new RefitError('GATE_BASE_COVERAGE_COMMIT', message);
  }
  const other = [...options.files].find(([file, { hash }]) => (stamp.sources[file] ?? hash) !== hash);
  if (other === undefined) return stamp;
  const message = `${report} was written while ${other[0]} was not what ${options.commit.slice(0, 12)} has: the tree had changes. Run the base's tests on a clean checkout.`;
  throw new RefitError('GATE_BASE_COVERAGE_STALE', message);
}

const withSlashes = (path: string): string => path.replaceAll('\\', '/').replace(/^\.\//, '');

/** What stands before the path of a source file of the base; the shortest such beginning. */
function beginningOf(path: string, files: BaseCoverageOptions['files']): string | undefined {
  const starts = [0, ...[...path.matchAll(/\//g)].map((slash) => slash.index + 1)];
  const start = starts.find((at) => files.has(path.slice(at)));
  return start === undefined ? undefined : path.slice(0, start);
}

/** The folder that the report was written in, with a slash at its end: where most of its paths begin. */
function writtenIn(paths: readonly string[], options: BaseCoverageOptions): string | undefined {
  const own = `${withSlashes(options.root)}/`;
  if (paths.some((path) => path.startsWith(own) && options.files.has(path.slice(own.length)))) return own;
  const votes = new Map<string, number>();
  for (const path of paths) {
    const found = beginningOf(path, options.files);
    if (found !== undefined) votes.set(found, (votes.get(found) ?? 0) + 1);
  }
  const [best] = [...votes].toSorted(([a, left], [b, right]) => right - left || a.length - b.length || (a < b ? -1 : 1));
  return best?.[0];
}

type ByFile = ReadonlyMap<string, FileCoverage>;

function byFile(path: string, report: CoverageReport, options: BaseCoverageOptions): ByFile {
  const root = checkedStamp(path, options)?.root;
  const named = report.files.map((file) => [withSlashes(file.path), file] as const);
  const all = named.map(([name]) => name);
  const stamped = root === undefined ? undefined : `${withSlashes(root)}/`;
  const folder = all.some((name) => stamped !== undefined && name.startsWith(stamped)) ? stamped : writtenIn(all, options);
  const found = named.flatMap(([name, file]) => {
    const own = folder !== undefined && name.startsWith(folder) ? name.slice(folder.length) : undefined;
    return own !== undefined && options.files.has(own) ? [[own, file] as const] : [];
  });
  if (found.length > 0) return new Map(found);
  const message = `${path} has ${all[0] ?? 'no file'}, and not one source file of the base: it is of another project. Give the coverage of this one.`;
  throw new RefitError('GATE_BASE_COVERAGE_FOREIGN', message);
}

function requireFitting(coverage: ByFile, options: BaseCoverageOptions): void {
  for (const [file, { lastLine }] of coverage) {
    const lines = options.files.get(file)?.lines ?? 0;
    if (lastLine <= lines) continue;
    const message = `The base's coverage speaks of line ${lastLine} of ${file}, which has ${lines} in ${options.commit.slice(0, 12)}. Give the coverage of that commit.`;
    throw new RefitError('GATE_BASE_COVERAGE_STALE', message);
  }
}

/**
 * The coverage of the base's source files by their path relative to the configuration, shards united.
 * @throws RefitError GATE_BASE_COVERAGE_MISSING, _UNREADABLE, _SUMS, _UNSTAMPED, _COMMIT, _STALE or _FOREIGN; GATE_STAMP_UNREADABLE; GATE_MERGE_DIFFERENT.
 */
export function readBaseCoverage(options: BaseCoverageOptions): BaseCoverage {
  const reports = options.paths.map((path) => ({ path, report: readReport(path) }));
  const united = mergeCoverage(reports.map(({ path, report }) => byFile(path, report, options)));
  requireFitting(united, options);
  const counting = [...options.files].map(([file, { emptyLines }]) => ({ file, emptyLines }));
  const { coverage } = withoutEmptyLines(united, counting);
  const silent = [...options.files.keys()].filter((file) => !coverage.has(file));
  const unstamped = options.paths.some((path) => !existsSync(join(dirname(path), stampFile)));
  const notes = [
    ...reports.flatMap(({ report }) => report.notes.map((note) => `The base's coverage: ${note}`)),
    ...(unstamped ? ['The coverage of the base is unstamped: its commit is taken on trust.'] : []),
    ...(silent.length === 0
      ? []
      : [
          `${silent.length} source files of the base are not in its coverage; nothing is said of their lines: ${silent[0] ?? ''}.`,
        ]),
  ];
  return { coverage, notes };
}
