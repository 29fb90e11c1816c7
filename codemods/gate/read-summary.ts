// Reads Istanbul's json-summary: sums of each file, which must add up to the report's own total.
import { RefitError } from '../kernel/refit-error.ts';
import type { FileCoverage, Measure, Metric } from './coverage-model.ts';
import { metrics } from './coverage-model.ts';
import type { Fields } from './report-fields.ts';
import { fieldsAt, isFields, wholeNumber, wrongShape } from './report-fields.ts';

/** A summary's entries carry `lines.total`; those of coverage-final carry a `statementMap`. */
export function isSummary(document: Fields): boolean {
  return isFields(document['total']) && !('statementMap' in document['total']);
}

function sumAt(entry: Fields, metric: Metric, where: string): Measure {
  const fields = fieldsAt(entry, metric, where);
  if (!('total' in fields && 'covered' in fields)) throw wrongShape(`${where}.${metric}`, '`total` and `covered`');
  const total = wholeNumber(fields['total'], `${where}.${metric}.total`);
  const covered = wholeNumber(fields['covered'], `${where}.${metric}.covered`);
  if (covered >= 0 && covered <= total) return { total, covered };
  throw new RefitError(
    'GATE_REPORT_NUMBER',
    `The coverage report has ${covered} of ${total} covered at ${where}.${metric}; expected a part of the whole.`,
  );
}

function summaryEntry(path: string, entry: unknown): FileCoverage {
  if (!isFields(entry)) throw wrongShape(path, 'object');
  return {
    path: path.replaceAll('\\', '/'),
    lines: sumAt(entry, 'lines', path),
    branches: sumAt(entry, 'branches', path),
    functions: sumAt(entry, 'functions', path),
    statements: sumAt(entry, 'statements', path),
    lastLine: 0,
  };
}

/** Files of a summary; a total that its files do not add up to counts code that the report hides. */
export function summaryFiles(document: Fields): readonly FileCoverage[] {
  const whole = summaryEntry('total', document['total']);
  const files = Object.entries(document).flatMap(([path, entry]) => (path === 'total' ? [] : [summaryEntry(path, entry)]));
  for (const metric of metrics) {
    const claimed = whole[metric]?.total ?? 0;
    const found = files.reduce((sum, file) => sum + (file[metric]?.total ?? 0), 0);
    if (claimed === found) continue;
    const message = `The report's total has ${claimed} ${metric}, its files have ${found} together. Write it anew, for the same files.`;
    throw new RefitError('GATE_REPORT_INCONSISTENT', message);
  }
  return files;
}
