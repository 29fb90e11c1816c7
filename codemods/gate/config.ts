// The configuration of the gate: its shape for authors, and the check of what was really written.
import { RefitError } from '../kernel/refit-error.ts';

/** A folder or file that must be covered to at least so many percent, lines and branches summed over its files. */
export interface Floor {
  /** Folder or file, relative to the configuration; `.` for the whole project. */
  readonly under: string;
  readonly lines: number;
  readonly branches: number;
}

/** The most physical lines a file under this folder may have; where several apply, the innermost folder decides. */
export interface LineCeiling {
  readonly under: string;
  readonly lines: number;
}

/** Files released from one rule; an exemption that matches no file fails the gate. */
export interface Exemption {
  /** Glob, relative to the configuration. */
  readonly files: string;
  /** `coverage`: not in the floors' sums, may be absent from the report. `ceiling`: may have any number of lines. */
  readonly from: 'coverage' | 'ceiling';
  readonly reason: string;
}

/** Where the tests of a source folder are: same path below `tests`, `<name>.test.ts` or `<name>.<kind>.test.ts`. */
export interface TestMirror {
  readonly sources: string;
  readonly tests: string;
}

export interface CoverageReportConfig {
  /** Istanbul JSON, relative to the configuration. */
  readonly report: string;
  /** Globs of the source files that must each be in the report. */
  readonly include: readonly string[];
  readonly tests: readonly TestMirror[];
  readonly floors: readonly Floor[];
  readonly ceilings: readonly LineCeiling[];
  readonly exemptions: readonly Exemption[];
}

/** What an author writes: `include`, `tests` and `floors` are required, the rest has defaults. */
export interface CoverageReportOptions extends Partial<Omit<CoverageReportConfig, 'include' | 'tests' | 'floors'>> {
  readonly include: readonly string[];
  readonly tests: readonly TestMirror[];
  readonly floors: readonly Floor[];
}

export const defaultReport = 'coverage/coverage-final.json';

/** The hard ceiling of lines where none is configured (TAS-63, success criteria). */
export const defaultCeilingLines = 800;

/** Types the configuration for its author; checking happens when the gate loads it. */
export function defineCoverageReport(options: CoverageReportOptions): CoverageReportOptions {
  return options;
}

type Fields = Readonly<Record<string, unknown>>;

/** One field of the configuration, with the path that messages name. */
interface Field {
  readonly at: string;
  readonly value: unknown;
}

function invalid(field: Field, expected: string): RefitError {
  const found = field.value === undefined ? 'nothing' : JSON.stringify(field.value);
  return new RefitError('GATE_CONFIG_INVALID', `The gate's configuration has ${found} at \`${field.at}\`; expected ${expected}.`);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(field: Field, known: readonly string[]): Fields {
  if (!isFields(field.value)) throw invalid(field, 'an object');
  const unknownKey = Object.keys(field.value).find((key) => !known.includes(key));
  if (unknownKey !== undefined)
    throw invalid({ at: `${field.at}.${unknownKey}`, value: field.value[unknownKey] }, `one of ${known.join(', ')}`);
  return field.value;
}

function textOf(field: Field): string {
  if (typeof field.value !== 'string' || field.value.trim() === '') throw invalid(field, 'a text that is not empty');
  return field.value;
}

function numberOf(field: Field, most: number): number {
  const { value } = field;
  if (typeof value !== 'number' || !(value >= 0 && value <= most)) throw invalid(field, `a number from 0 to ${most}`);
  return value;
}

function listOf<T>(field: Field, parse: (member: Field) => T): readonly T[] {
  if (!Array.isArray(field.value)) throw invalid(field, 'a list');
  return field.value.map((value: unknown, index) => parse({ at: `${field.at}[${index}]`, value }));
}

function notEmpty<T>(field: Field, members: readonly T[]): readonly T[] {
  if (members.length === 0) throw invalid(field, 'at least one entry: an empty list would judge nothing');
  return members;
}

function folderOf(field: Field): string {
  const folder = textOf(field).replace(/^\.\//, '').replace(/\/+$/, '');
  return folder === '' ? '.' : folder;
}

function floorOf(field: Field): Floor {
  const found = fieldsOf(field, ['under', 'lines', 'branches']);
  const at = (key: string): Field => ({ at: `${field.at}.${key}`, value: found[key] });
  return { under: folderOf(at('under')), lines: numberOf(at('lines'), 100), branches: numberOf(at('branches'), 100) };
}

function ceilingOf(field: Field): LineCeiling {
  const found = fieldsOf(field, ['under', 'lines']);
  const at = (key: string): Field => ({ at: `${field.at}.${key}`, value: found[key] });
  return { under: folderOf(at('under')), lines: numberOf(at('lines'), Number.MAX_SAFE_INTEGER) };
}

function mirrorOf(field: Field): TestMirror {
  const found = fieldsOf(field, ['sources', 'tests']);
  const at = (key: string): Field => ({ at: `${field.at}.${key}`, value: found[key] });
  return { sources: folderOf(at('sources')), tests: folderOf(at('tests')) };
}

function exemptionOf(field: Field): Exemption {
  const found = fieldsOf(field, ['files', 'from', 'reason']);
  const at = (key: string): Field => ({ at: `${field.at}.${key}`, value: found[key] });
  const from = found['from'];
  if (from !== 'coverage' && from !== 'ceiling') throw invalid(at('from'), "'coverage' or 'ceiling'");
  return { files: textOf(at('files')), from, reason: textOf(at('reason')) };
}

/**
 * The configuration out of whatever a module exported, with defaults filled in.
 * @throws RefitError GATE_CONFIG_INVALID, naming the field, what it holds and what was expected.
 */
export function parseConfig(value: unknown): CoverageReportConfig {
  const found = fieldsOf({ at: 'default', value }, ['report', 'include', 'tests', 'floors', 'ceilings', 'exemptions']);
  const at = (key: string, fallback?: unknown): Field => ({ at: key, value: found[key] ?? fallback });
  return {
    report: textOf(at('report', defaultReport)),
    include: notEmpty(at('include'), listOf(at('include'), textOf)),
    tests: notEmpty(at('tests'), listOf(at('tests'), mirrorOf)),
    floors: notEmpty(at('floors'), listOf(at('floors'), floorOf)),
    ceilings: listOf(at('ceilings', []), ceilingOf),
    exemptions: listOf(at('exemptions', []), exemptionOf),
  };
}
