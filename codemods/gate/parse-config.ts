// Checks what a configuration module really exported, field by field, and fills in the defaults.
import { globPattern } from '../kernel/glob.ts';
import { RefitError } from '../kernel/refit-error.ts';
import type {
  ChangedFloor,
  CoverageReportConfig,
  DeadCeiling,
  DuplicateCeiling,
  Exemption,
  Floor,
  LineCeiling,
  MutationFloor,
  NewFileFloor,
  TestInventory,
  TestMirror,
  Waiver,
} from './config.ts';
import { defaultReport } from './config.ts';
import type { FailureCode } from './failure.ts';
import { failureCodes } from './failure.ts';

type Fields = Readonly<Record<string, unknown>>;

/** One field of the configuration, with the path that messages name. */
interface Field {
  readonly at: string;
  readonly value: unknown;
}

/** A value as JSON; what JSON cannot say (a function, a big integer, an object within itself) by what it is. */
function shown(value: unknown): string {
  try {
    return JSON.stringify(value) ?? `something of type ${typeof value}`;
  } catch {
    return `something of type ${typeof value}`;
  }
}

function invalid(field: Field, expected: string): RefitError {
  const found = field.value === undefined ? 'nothing' : shown(field.value);
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

/** Reads the members of one object by name. */
function membersOf(field: Field, known: readonly string[]): (key: string) => Field {
  const found = fieldsOf(field, known);
  return (key) => ({ at: `${field.at}.${key}`, value: found[key] });
}

function textOf(field: Field): string {
  if (typeof field.value !== 'string' || field.value.trim() === '') throw invalid(field, 'a text that is not empty');
  return field.value;
}

function isPattern(glob: string): boolean {
  try {
    return globPattern(glob).source !== '';
  } catch {
    return false;
  }
}

/** A glob that can match a path as they are here: relative to the configuration, with forward slashes. */
function globOf(field: Field): string {
  const glob = textOf(field).replace(/^\.\/(?=.)/, '');
  if (glob.startsWith('!')) throw invalid(field, 'a glob of what is meant; `!` takes nothing out here, an exemption does');
  if (glob.includes('\\') || glob.startsWith('/'))
    throw invalid(field, 'a glob relative to the configuration, with forward slashes');
  if (!isPattern(glob)) throw invalid(field, 'a glob whose braces are closed');
  return glob;
}

function numberOf(field: Field, most: number): number {
  const { value } = field;
  if (typeof value !== 'number' || !(value >= 0 && value <= most)) throw invalid(field, `a number from 0 to ${most}`);
  return value;
}

const percentOf = (field: Field): number => numberOf(field, 100);
const linesOf = (field: Field): number => numberOf(field, Number.MAX_SAFE_INTEGER);

function oneOf<T extends string>(field: Field, known: readonly T[]): T {
  const found = known.find((each) => each === field.value);
  if (found === undefined) throw invalid(field, known.map((each) => `'${each}'`).join(' or '));
  return found;
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

/** `{ [key]: value }` when the field is there, nothing otherwise. */
function maybe<K extends string, T>(field: Field, key: K, parse: (field: Field) => T): Partial<Record<K, T>> {
  // A computed key widens to string; the literal names the one member that is written.
  return field.value === undefined ? {} : ({ [key]: parse(field) } as Record<K, T>);
}

function flagOf(field: Field): boolean {
  if (typeof field.value !== 'boolean') throw invalid(field, 'true or false');
  return field.value;
}

function floorOf(field: Field): Floor {
  const at = membersOf(field, ['under', 'lines', 'branches', 'functions', 'statements', 'each']);
  return {
    under: folderOf(at('under')),
    lines: percentOf(at('lines')),
    branches: percentOf(at('branches')),
    ...maybe(at('functions'), 'functions', percentOf),
    ...maybe(at('statements'), 'statements', percentOf),
    ...maybe(at('each'), 'each', flagOf),
  };
}

function ceilingOf(field: Field): LineCeiling {
  const at = membersOf(field, ['under', 'lines', 'code', 'functionLines']);
  return {
    under: folderOf(at('under')),
    lines: linesOf(at('lines')),
    ...maybe(at('code'), 'code', linesOf),
    ...maybe(at('functionLines'), 'functionLines', linesOf),
  };
}

function mirrorOf(field: Field): TestMirror {
  const at = membersOf(field, ['sources', 'tests']);
  return { sources: folderOf(at('sources')), tests: folderOf(at('tests')) };
}

function exemptionOf(field: Field): Exemption {
  const at = membersOf(field, ['files', 'from', 'reason']);
  const from = oneOf(at('from'), ['coverage', 'ceiling']);
  return { files: globOf(at('files')), from, reason: textOf(at('reason')) };
}

function dayOf(field: Field): string {
  const text = textOf(field);
  const day = new Date(`${text}T00:00:00Z`);
  const real = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
  if (!real) throw invalid(field, 'a day as YYYY-MM-DD');
  return text;
}

function codeOf(field: Field): FailureCode {
  const known = failureCodes.find((code) => code === field.value);
  if (known === undefined) throw invalid(field, `a code of a failure (${failureCodes.join(', ')})`);
  return known;
}

function waiverOf(field: Field): Waiver {
  const at = membersOf(field, ['rule', 'files', 'reason', 'until']);
  return {
    rule: codeOf(at('rule')),
    files: globOf(at('files')),
    reason: textOf(at('reason')),
    until: dayOf(at('until')),
  };
}

function newFilesOf(field: Field): NewFileFloor {
  const at = membersOf(field, ['lines', 'branches']);
  return { lines: percentOf(at('lines')), branches: percentOf(at('branches')) };
}

function changedOf(field: Field): ChangedFloor {
  const at = membersOf(field, ['lines', 'branches', 'base']);
  return {
    lines: percentOf(at('lines')),
    ...maybe(at('branches'), 'branches', percentOf),
    ...maybe(at('base'), 'base', textOf),
  };
}

function deadOf(field: Field): DeadCeiling {
  const at = membersOf(field, ['report', 'most']);
  return { report: textOf(at('report')), most: linesOf(at('most')) };
}

function duplicatesOf(field: Field): DuplicateCeiling {
  const at = membersOf(field, ['report', 'most', 'percent']);
  return { report: textOf(at('report')), most: linesOf(at('most')), ...maybe(at('percent'), 'percent', percentOf) };
}

function mutationOf(field: Field): MutationFloor {
  const at = membersOf(field, ['report', 'score', 'functions']);
  return {
    report: textOf(at('report')),
    ...maybe(at('score'), 'score', percentOf),
    ...maybe(at('functions'), 'functions', linesOf),
  };
}

/** The most findings a rule allows; without a word of it none. */
function allowedOf(field: Field): number | false {
  const { value } = field;
  if (value === false) return false;
  if (value === undefined) return 0;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw invalid(field, 'a whole number, or false');
  return value;
}

function inventoryOf(field: Field): TestInventory {
  const rules = ['withoutAssertion', 'skipped', 'notRun', 'twice', 'orphaned'];
  const at = membersOf(field, [...rules, 'assertions']);
  const assertions = at('assertions');
  return {
    withoutAssertion: allowedOf(at('withoutAssertion')),
    skipped: allowedOf(at('skipped')),
    notRun: allowedOf(at('notRun')),
    twice: allowedOf(at('twice')),
    orphaned: allowedOf(at('orphaned')),
    assertions: assertions.value === undefined ? [] : listOf(assertions, globOf),
  };
}

function reportOf(field: Field): string | readonly string[] {
  return Array.isArray(field.value) ? notEmpty(field, listOf(field, textOf)) : textOf(field);
}

const known = ['report', 'include', 'tests', 'floors', 'ceilings', 'exemptions', 'waivers', 'tested', 'ratchet', 'slack'];

/**
 * The configuration out of whatever a module exported, with defaults filled in.
 * @throws RefitError GATE_CONFIG_INVALID, naming the field, what it holds and what was expected.
 */
export function parseConfig(value: unknown): CoverageReportConfig {
  const found = fieldsOf({ at: 'default', value }, [
    ...known,
    'newFiles',
    'changed',
    'dead',
    'duplicates',
    'mutation',
    'inventory',
    'stamp',
  ]);
  const at = (key: string, fallback?: unknown): Field => ({ at: key, value: found[key] ?? fallback });
  return {
    report: reportOf(at('report', defaultReport)),
    include: notEmpty(at('include'), listOf(at('include'), globOf)),
    tests: notEmpty(at('tests'), listOf(at('tests'), mirrorOf)),
    floors: notEmpty(at('floors'), listOf(at('floors'), floorOf)),
    ceilings: listOf(at('ceilings', []), ceilingOf),
    exemptions: listOf(at('exemptions', []), exemptionOf),
    waivers: listOf(at('waivers', []), waiverOf),
    tested: listOf(at('tested', []), globOf),
    slack: percentOf(at('slack', 0)),
    stamp: oneOf(at('stamp', 'optional'), ['required', 'optional']),
    ...maybe(at('ratchet'), 'ratchet', textOf),
    ...maybe(at('newFiles'), 'newFiles', newFilesOf),
    ...maybe(at('changed'), 'changed', changedOf),
    ...maybe(at('dead'), 'dead', deadOf),
    ...maybe(at('duplicates'), 'duplicates', duplicatesOf),
    ...maybe(at('mutation'), 'mutation', mutationOf),
    inventory: inventoryOf(at('inventory', {})),
  };
}
