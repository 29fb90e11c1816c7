// Reads single values out of a coverage report strictly: what cannot be understood is refused, never taken for covered.
import { reasonOf, RefitError } from '../kernel/refit-error.ts';

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function wrongShape(where: string, expected: string): RefitError {
  const advice = 'Write it with Istanbul\'s JSON reporter (vitest: `coverage.reporter: ["json"]`).';
  return new RefitError('GATE_REPORT_SHAPE', `The coverage report has no ${expected} at ${where}. ${advice}`);
}

export function fieldsAt(parent: Fields, key: string, where: string): Fields {
  const value = parent[key];
  if (!isFields(value)) throw wrongShape(`${where}.${key}`, 'object');
  return value;
}

/** Refuses anything but a whole number; a fraction or a text is no count. */
export function wholeNumber(value: unknown, where: string): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  const found = JSON.stringify(value) ?? 'nothing';
  throw new RefitError(
    'GATE_REPORT_NUMBER',
    `The coverage report has ${found} at ${where}; expected a whole number. Write the report anew.`,
  );
}

/** A count of executions; a negative or absent one (v8's remapping yields both) proves nothing: not covered, with a note. */
export function countOf(value: unknown, where: string, notes: string[]): number {
  const count = value === undefined ? -1 : wholeNumber(value, where);
  if (count >= 0) return count;
  notes.push(`${where} is ${value === undefined ? 'missing' : String(count)}; counted as not covered.`);
  return 0;
}

export function lineAt(location: unknown, edge: 'start' | 'end', where: string): number {
  const point = isFields(location) ? location[edge] : undefined;
  const line = isFields(point) ? point['line'] : undefined;
  if (typeof line !== 'number' || !Number.isInteger(line) || line < 1) throw wrongShape(`${where}.${edge}.line`, 'line number');
  return line;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `The coverage report is not JSON: ${reasonOf(cause)}. A run that was interrupted leaves such a file; run the tests again.`;
    throw new RefitError('GATE_REPORT_NOT_JSON', message, { cause });
  }
}
