// Copied code by the JSON report of jscpd, held to a ceiling of clones and of lines.
import { resolve } from 'node:path';
import type { CoverageReportConfig } from '../config.ts';
import type { Failure } from '../failure.ts';
import type { Fields } from '../report-fields.ts';
import { isFields } from '../report-fields.ts';
import type { DocumentKind } from './read-document.ts';
import { placeOf, readDocument, unreadable } from './read-document.ts';

export interface Clone {
  readonly file: string;
  readonly line: number;
  readonly lines: number;
  readonly otherFile: string;
  readonly otherLine: number;
}

export interface Duplicates {
  /** The longest first. */
  readonly clones: readonly Clone[];
  /** Lines that are part of a clone, and lines in all. */
  readonly duplicatedLines: number;
  readonly lines: number;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function endOf(value: unknown): { readonly name: string; readonly start: number } | undefined {
  if (!isFields(value)) return undefined;
  const { name, start } = value;
  return typeof name === 'string' && isCount(start) ? { name, start } : undefined;
}

function cloneOf(root: string, value: unknown): Clone | undefined {
  if (!isFields(value) || !isCount(value['lines'])) return undefined;
  const [first, second] = [endOf(value['firstFile']), endOf(value['secondFile'])];
  if (first === undefined || second === undefined) return undefined;
  return {
    file: placeOf(root, first.name),
    line: first.start,
    lines: value['lines'],
    otherFile: placeOf(root, second.name),
    otherLine: second.start,
  };
}

function totalIn(document: Fields): Pick<Duplicates, 'duplicatedLines' | 'lines'> | undefined {
  const total = isFields(document['statistics']) ? document['statistics']['total'] : undefined;
  if (!isFields(total)) return undefined;
  const { duplicatedLines, lines } = total;
  return isCount(duplicatedLines) && isCount(lines) ? { duplicatedLines, lines } : undefined;
}

function duplicatesIn(root: string, document: unknown): Duplicates | undefined {
  if (!isFields(document) || !Array.isArray(document['duplicates'])) return undefined;
  const total = totalIn(document);
  const found = document['duplicates'].map((each) => cloneOf(root, each));
  const clones = found.filter((each) => each !== undefined);
  if (total === undefined || clones.length < found.length) return undefined;
  return { ...total, clones: clones.toSorted((left, right) => right.lines - left.lines) };
}

/**
 * Clones out of the report that the configuration names; undefined when it names none.
 * @throws RefitError GATE_DUPLICATES_MISSING or GATE_DUPLICATES_UNREADABLE.
 */
export function readDuplicates(root: string, config: CoverageReportConfig): Duplicates | undefined {
  if (config.duplicates === undefined) return undefined;
  const kind: DocumentKind = {
    what: 'report of duplicates',
    missing: 'GATE_DUPLICATES_MISSING',
    unreadable: 'GATE_DUPLICATES_UNREADABLE',
    advice: 'Write it with `jscpd --reporters json` for the folders of the sources.',
  };
  const path = resolve(root, config.duplicates.report);
  const found = duplicatesIn(root, readDocument(path, kind));
  if (found === undefined)
    throw unreadable(path, kind, 'is none of jscpd: it has no `statistics.total` or no list of `duplicates` with their places');
  if (found.lines > 0) return found;
  throw unreadable(path, kind, 'is of no lines at all: jscpd read no file');
}

export function duplicateRules(found: Duplicates | undefined, config: CoverageReportConfig): readonly Failure[] {
  if (found === undefined || config.duplicates === undefined) return [];
  const { most, percent = 100 } = config.duplicates;
  const { clones, duplicatedLines, lines } = found;
  const [first] = clones;
  const place = first && { file: first.file, line: first.line };
  const longest =
    first === undefined
      ? ''
      : ` The longest: ${first.file}:${first.line} and ${first.otherFile}:${first.otherLine}, ${first.lines} lines.`;
  const failures: Failure[] = [];
  if (clones.length > most) {
    const message = `${clones.length} clones, at most ${most} are allowed. Merge what must change together.${longest}`;
    failures.push({ code: 'GATE_DUPLICATES', message, measured: clones.length, required: most, ...place });
  }
  const share = (duplicatedLines * 100) / lines;
  if (share > percent) {
    const message = `${duplicatedLines} of ${lines} lines are part of a clone (${(Math.ceil(share * 100) / 100).toFixed(2)} %), at most ${percent} % are allowed.${longest}`;
    failures.push({ code: 'GATE_DUPLICATES', message, measured: share, required: percent, ...place });
  }
  return failures;
}
