// Reads Istanbul's coverage JSON strictly: whatever cannot be understood is refused, never taken for covered.
import { reasonOf, RefitError } from '../kernel/refit-error.ts';

/** Coverage of one file: the lines on which a statement starts, and the arms of its branches. */
export interface FileCoverage {
  /** Absolute path, as the report has it, with forward slashes. */
  readonly path: string;
  readonly coverableLines: number;
  /** Lines, counted from 1, on which a statement starts and none ran. */
  readonly openLines: readonly number[];
  readonly branches: number;
  readonly coveredBranches: number;
  /** The last line the report speaks of; beyond the end of the file when the file has changed since. */
  readonly lastLine: number;
}

export interface CoverageReport {
  readonly files: readonly FileCoverage[];
  /** What was put right on reading and a reader should know. */
  readonly notes: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongShape(where: string, expected: string): RefitError {
  const advice = 'Write it with Istanbul\'s JSON reporter (vitest: `coverage.reporter: ["json"]`).';
  return new RefitError('GATE_REPORT_SHAPE', `The coverage report has no ${expected} at ${where}. ${advice}`);
}

function fieldsAt(parent: Fields, key: string, where: string): Fields {
  const value = parent[key];
  if (!isFields(value)) throw wrongShape(`${where}.${key}`, 'object');
  return value;
}

/** A count of executions; v8's remapping can yield negative ones, which prove nothing and become 0 with a note. */
function countOf(value: unknown, where: string, notes: string[]): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    const found = JSON.stringify(value) ?? 'nothing';
    throw new RefitError(
      'GATE_REPORT_NUMBER',
      `The coverage report has ${found} at ${where}; expected a whole number. Write the report anew.`,
    );
  }
  if (value >= 0) return value;
  notes.push(`${where} is ${value}; counted as not covered.`);
  return 0;
}

function lineAt(location: unknown, edge: 'start' | 'end', where: string): number {
  const point = isFields(location) ? location[edge] : undefined;
  const line = isFields(point) ? point['line'] : undefined;
  if (typeof line !== 'number' || !Number.isInteger(line) || line < 1) throw wrongShape(`${where}.${edge}.line`, 'line number');
  return line;
}

interface LineCounts {
  /** Highest count of the statements that start on a line, as Istanbul derives lines from statements. */
  readonly counts: ReadonlyMap<number, number>;
  readonly lastLine: number;
}

function lineCounts(entry: Fields, where: string, notes: string[]): LineCounts {
  const statements = fieldsAt(entry, 'statementMap', where);
  const executed = fieldsAt(entry, 's', where);
  const counts = new Map<number, number>();
  let lastLine = 0;
  for (const [id, location] of Object.entries(statements)) {
    const line = lineAt(location, 'start', `${where}.statementMap.${id}`);
    const count = countOf(executed[id], `${where}.s.${id}`, notes);
    counts.set(line, Math.max(count, counts.get(line) ?? 0));
    lastLine = Math.max(lastLine, lineAt(location, 'end', `${where}.statementMap.${id}`));
  }
  return { counts, lastLine };
}

function branchCounts(entry: Fields, where: string, notes: string[]): readonly number[] {
  const branches = fieldsAt(entry, 'branchMap', where);
  const executed = fieldsAt(entry, 'b', where);
  return Object.keys(branches).flatMap((id) => {
    const arms = executed[id];
    if (!Array.isArray(arms)) throw wrongShape(`${where}.b.${id}`, 'list of counts');
    return arms.map((count: unknown, arm) => countOf(count, `${where}.b.${id}[${arm}]`, notes));
  });
}

function fileOf(key: string, entry: unknown, notes: string[]): FileCoverage {
  if (!isFields(entry)) throw wrongShape(key, 'object');
  const path = entry['path'] ?? key;
  if (typeof path !== 'string') throw wrongShape(`${key}.path`, 'text');
  const lines = lineCounts(entry, key, notes);
  const arms = branchCounts(entry, key, notes);
  return {
    path: path.replaceAll('\\', '/'),
    coverableLines: lines.counts.size,
    openLines: [...lines.counts].flatMap(([line, count]) => (count > 0 ? [] : [line])).toSorted((left, right) => left - right),
    branches: arms.length,
    coveredBranches: arms.filter((count) => count > 0).length,
    lastLine: lines.lastLine,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `The coverage report is not JSON: ${reasonOf(cause)}. A run that was interrupted leaves such a file; run the tests again.`;
    throw new RefitError('GATE_REPORT_NOT_JSON', message, { cause });
  }
}

/**
 * The coverage of every file of an Istanbul JSON document.
 * @throws RefitError GATE_REPORT_NOT_JSON, GATE_REPORT_SHAPE, GATE_REPORT_NUMBER or GATE_REPORT_EMPTY.
 */
export function parseCoverageReport(text: string): CoverageReport {
  const document = parseJson(text);
  if (!isFields(document)) throw wrongShape('its top', 'object of files');
  const notes: string[] = [];
  const files = Object.entries(document).map(([key, entry]) => fileOf(key, entry, notes));
  if (files.length === 0) {
    throw new RefitError(
      'GATE_REPORT_EMPTY',
      'The coverage report names no file. Set the globs of `coverage.include` and run the tests again.',
    );
  }
  return { files, notes };
}
