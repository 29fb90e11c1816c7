// What a report says of one file, in the form that is kept from run to run: sums at hand, single hits packed until something asks for them.
import type { FileCoverage, Hit, Measure } from './coverage-model.ts';
import { istanbulEntry } from './read-istanbul.ts';
import { isSummary } from './read-summary.ts';
import { isFields } from './report-fields.ts';

export interface PackedMeasure {
  readonly total: number;
  readonly covered: number;
  /** Line, count and name of each hit, with blanks between them and a bar between hits. */
  readonly hits: string;
}

/** One file of a report of Istanbul's. */
export interface EntryFacts {
  /** As the report has it, with forward slashes. */
  readonly path: string;
  readonly lastLine: number;
  /** What was put right on reading. */
  readonly notes: readonly string[];
  readonly lines: PackedMeasure;
  readonly branches: PackedMeasure;
  readonly functions: PackedMeasure;
  readonly statements: PackedMeasure;
}

const plain = (name: string): string => name.replaceAll('\\', '\\\\').replaceAll('|', '\\b');
const original = (name: string): string =>
  name.includes('\\') ? name.replaceAll(/\\(.)/g, (_, char) => (char === 'b' ? '|' : '\\')) : name;

function packedHit({ line, count, name }: Hit): string {
  return name === undefined ? `${line} ${count}` : `${line} ${count} ${plain(name)}`;
}

const BAR = 124;
const BLANK = 32;

/** Reads a packed text from left to right; cutting it up first takes several times as long. */
function unpackedHits(text: string): readonly Hit[] {
  const hits: Hit[] = [];
  let at = 0;
  const number = (): number => {
    const from = at;
    while (at < text.length && text.charCodeAt(at) !== BAR && text.charCodeAt(at) !== BLANK) at += 1;
    at += 1;
    return Number(text.slice(from, at - 1));
  };
  while (at < text.length) {
    const line = number();
    const count = number();
    if (text.charCodeAt(at - 1) !== BLANK) {
      hits.push({ line, count });
      continue;
    }
    const bar = text.indexOf('|', at);
    const end = bar === -1 ? text.length : bar;
    hits.push({ line, count, name: original(text.slice(at, end)) });
    at = end + 1;
  }
  return hits;
}

function packed({ total, covered, hits = [] }: Measure): PackedMeasure {
  return { total, covered, hits: hits.map(packedHit).join('|') };
}

/** The hits are unpacked when they are read first: most runs read those of lines alone. */
function unpacked({ total, covered, hits: text }: PackedMeasure): Measure {
  let known: readonly Hit[] | undefined;
  return {
    total,
    covered,
    get hits() {
      known ??= unpackedHits(text);
      return known;
    },
  };
}

/**
 * What `text`, the members of an object, says of the one file that is its only member; undefined for anything else.
 * @throws SyntaxError, or RefitError GATE_REPORT_SHAPE or _NUMBER, for an entry that is damaged.
 */
export function entryFacts(text: string): EntryFacts | undefined {
  const document: unknown = JSON.parse(`{${text}}`);
  const [entry, ...more] = isFields(document) && !isSummary(document) ? Object.entries(document) : [];
  if (entry === undefined || more.length > 0) return undefined;
  const notes: string[] = [];
  const { path, lastLine, lines, branches, functions, statements } = istanbulEntry(...entry, notes);
  return {
    path,
    lastLine,
    notes,
    lines: packed(lines),
    branches: packed(branches),
    functions: packed(functions),
    statements: packed(statements),
  };
}

/** The same as coverage. */
export function coverageOf({ path, lastLine, lines, branches, functions, statements }: EntryFacts): FileCoverage {
  return {
    path,
    lines: unpacked(lines),
    branches: unpacked(branches),
    functions: unpacked(functions),
    statements: unpacked(statements),
    lastLine,
  };
}
