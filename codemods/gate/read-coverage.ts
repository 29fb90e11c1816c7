// Reads the file of a coverage report. Istanbul's reporter writes a file a line, and so it is read: a report can be larger than the memory.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { reasonOf, RefitError, systemCodeOf } from '../kernel/refit-error.ts';
import type { CoverageReport, FileCoverage } from './coverage-model.ts';
import { parseCoverageReport, reportOf } from './coverage-report.ts';
import { istanbulEntry } from './read-istanbul.ts';
import { isSummary } from './read-summary.ts';
import { isFields } from './report-fields.ts';

const CHUNK_BYTES = 1024 * 1024;
/** One file's entry is never as long; a document on a single line is. */
const MOST_LINE_BYTES = 32 * CHUNK_BYTES;

/** The lines of a file, without their ends; the last one is empty when the file ends with a line end. */
function* linesIn(path: string): Generator<string> {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let open: Buffer[] = [];
    for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
      let from = 0;
      for (let end = chunk.indexOf(10, from); end !== -1 && end < size; end = chunk.indexOf(10, from)) {
        yield Buffer.concat([...open, chunk.subarray(from, end)]).toString('utf8');
        open = [];
        from = end + 1;
      }
      open.push(Buffer.from(chunk.subarray(from, size)));
      if (open.length * CHUNK_BYTES > MOST_LINE_BYTES) return;
    }
    yield Buffer.concat(open).toString('utf8');
  } finally {
    closeSync(file);
  }
}

/** The entry on one line, `{"path": {…}` or `,"path": {…}`; undefined for anything else. */
function entryOn(line: string, opening: string): readonly [string, unknown] | undefined {
  if (!line.startsWith(opening)) return undefined;
  const document: unknown = JSON.parse(`{${line.slice(1)}}`);
  const [entry, ...more] = isFields(document) && !isSummary(document) ? Object.entries(document) : [];
  return more.length === 0 ? entry : undefined;
}

interface Lines {
  readonly files: readonly FileCoverage[];
  readonly notes: readonly string[];
}

function readLines(path: string): Lines | undefined {
  const notes: string[] = [];
  const files: FileCoverage[] = [];
  let closed = false;
  for (const line of linesIn(path)) {
    if (closed && line.trim() !== '') return undefined;
    closed ||= line.trim() === '}' && files.length > 0;
    if (closed) continue;
    const entry = entryOn(line, files.length === 0 ? '{' : ',');
    if (entry === undefined) return undefined;
    files.push(istanbulEntry(...entry, notes));
  }
  return closed ? { files, notes } : undefined;
}

/** Undefined when the file is not what Istanbul's reporter writes, or has a fault, which the whole text says best. */
function filesByLine(path: string): Lines | undefined {
  try {
    return readLines(path);
  } catch {
    return undefined;
  }
}

function textOf(path: string): string {
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

/**
 * The coverage of every file of the report at `path`.
 * @throws RefitError GATE_REPORT_MISSING, GATE_REPORT_UNREADABLE, or what `parseCoverageReport` throws.
 */
export function readCoverage(path: string): CoverageReport {
  const lines = filesByLine(path);
  return lines === undefined ? parseCoverageReport(textOf(path)) : reportOf(lines.files, lines.notes);
}
