// Reads a coverage report: Istanbul's coverage-final.json and json-summary, and lcov.
import { RefitError } from '../kernel/refit-error.ts';
import type { CoverageReport, FileCoverage } from './coverage-model.ts';
import { istanbulEntry } from './read-istanbul.ts';
import { isLcov, lcovFiles } from './read-lcov.ts';
import { isSummary, summaryFiles } from './read-summary.ts';
import { isFields, parseJson, wrongShape } from './report-fields.ts';

function filesOf(text: string, notes: string[]): readonly FileCoverage[] {
  if (isLcov(text)) return lcovFiles(text, notes);
  const document = parseJson(text);
  if (!isFields(document)) throw wrongShape('its top', 'object of files');
  if (isSummary(document)) return summaryFiles(document);
  return Object.entries(document).map(([key, entry]) => istanbulEntry(key, entry, notes));
}

function requireEachOnce(files: readonly FileCoverage[]): void {
  const seen = new Set<string>();
  for (const { path } of files) {
    if (seen.has(path)) {
      const message = `The coverage report has ${path} twice. Merge the runs with a tool that unites them, then judge the result.`;
      throw new RefitError('GATE_REPORT_TWICE', message);
    }
    seen.add(path);
  }
}

/**
 * The coverage of every file of a report.
 * @throws RefitError GATE_REPORT_NOT_JSON, _SHAPE, _NUMBER, _INCONSISTENT, _TWICE or _EMPTY.
 */
export function parseCoverageReport(text: string): CoverageReport {
  const notes: string[] = [];
  return reportOf(filesOf(text.replace(/^\uFEFF/, ''), notes), notes);
}

/**
 * A report of these files.
 * @throws RefitError GATE_REPORT_EMPTY for none, GATE_REPORT_TWICE when one is there twice.
 */
export function reportOf(files: readonly FileCoverage[], notes: readonly string[]): CoverageReport {
  if (files.length === 0) {
    throw new RefitError(
      'GATE_REPORT_EMPTY',
      'The coverage report names no file. Set the globs of `coverage.include` and run the tests again.',
    );
  }
  requireEachOnce(files);
  return { files, notes };
}
