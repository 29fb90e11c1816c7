// Reads from the disk the coverage reports of a project, with their stamps.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { RefitError } from '../kernel/refit-error.ts';
import type { FileCoverage } from './coverage-model.ts';
import type { FactsCache } from './facts-cache.ts';
import { mergeCoverage } from './merge-coverage.ts';
import { readCoverage } from './read-coverage.ts';
import type { Stamp } from './stamp.ts';
import { parseStamp, stampFile } from './stamp.ts';

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

/** Reads and unites the reports at `paths`; what `cache` knows of them is not parsed again. */
export function readReports(root: string, paths: readonly string[], cache?: FactsCache): Reports {
  const reports = paths.map((path) => readCoverage(path, cache));
  const stamps = paths.map(readStamp);
  const known = stamps.filter((stamp) => stamp !== undefined);
  return {
    coverage: mergeCoverage(reports.map((report) => byRelativePath(root, report.files))),
    notes: reports.flatMap((report) => report.notes),
    stamps: known.length === stamps.length ? known : [],
    reportModifiedMs: Math.min(...paths.map((path) => statSync(path).mtimeMs)),
  };
}
