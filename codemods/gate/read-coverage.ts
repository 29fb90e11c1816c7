// Reads the file of a coverage report. Istanbul's reporter writes a file a line, and so it is read: a report can be larger than the memory.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { reasonOf, RefitError, systemCodeOf } from '../kernel/refit-error.ts';
import type { CoverageReport } from './coverage-model.ts';
import { parseCoverageReport, reportOf } from './coverage-report.ts';
import { FactsCache } from './facts-cache.ts';
import type { EntryFacts } from './report-entry.ts';
import { coverageOf, entryFacts } from './report-entry.ts';
import { exactHashOf } from './text-hash.ts';

const CHUNK_BYTES = 1024 * 1024;
/** One file's entry is never as long; a document on a single line is. */
const MOST_LINE_BYTES = 32 * CHUNK_BYTES;

/** The lines of a file, without their ends; the last one is empty when the file ends with a line end. Each holds until the next is asked for. */
function* linesIn(path: string): Generator<Buffer> {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let open: Buffer[] = [];
    for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
      let from = 0;
      for (let end = chunk.indexOf(10, from); end !== -1 && end < size; end = chunk.indexOf(10, from)) {
        const last = chunk.subarray(from, end);
        yield open.length === 0 ? last : Buffer.concat([...open, last]);
        open = [];
        from = end + 1;
      }
      open.push(Buffer.from(chunk.subarray(from, size)));
      if (open.length * CHUNK_BYTES > MOST_LINE_BYTES) return;
    }
    yield Buffer.concat(open);
  } finally {
    closeSync(file);
  }
}

/** Bytes that were read before are not parsed again. */
function knownEntry(bytes: Buffer, cache: FactsCache): EntryFacts | undefined {
  const hash = exactHashOf(bytes);
  const known = cache.find('entry', hash, hash);
  if (known !== undefined) return known;
  const facts = entryFacts(bytes.toString('utf8'));
  if (facts !== undefined) cache.keep('entry', hash, { hash, facts });
  return facts;
}

const BRACE = 0x7b;
const COMMA = 0x2c;

/** Each entry is on a line of its own, `{"path": {…}` or `,"path": {…}`; `}` closes them. */
function readLines(path: string, cache: FactsCache): readonly EntryFacts[] | undefined {
  const entries: EntryFacts[] = [];
  let closed = false;
  for (const line of linesIn(path)) {
    if (!closed && line[0] === (entries.length === 0 ? BRACE : COMMA)) {
      const entry = knownEntry(line.subarray(1), cache);
      if (entry === undefined) return undefined;
      entries.push(entry);
      continue;
    }
    if (entries.length === 0 || line.toString('utf8').trim() !== (closed ? '' : '}')) return undefined;
    closed = true;
  }
  return closed ? entries : undefined;
}

/** Undefined when the file is not what Istanbul's reporter writes, or has a fault, which the whole text says best. */
function entriesByLine(path: string, cache: FactsCache): readonly EntryFacts[] | undefined {
  try {
    return readLines(path, cache);
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
 * The coverage of every file of the report at `path`; entries that `cache` knows by their bytes are not parsed.
 * @throws RefitError GATE_REPORT_MISSING, GATE_REPORT_UNREADABLE, or what `parseCoverageReport` throws.
 */
export function readCoverage(path: string, cache = new FactsCache('')): CoverageReport {
  const entries = entriesByLine(path, cache);
  if (entries === undefined) return parseCoverageReport(textOf(path));
  const notes = entries.flatMap((entry) => entry.notes);
  return reportOf(entries.map(coverageOf), notes);
}
