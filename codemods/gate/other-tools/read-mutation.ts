// Mutants by a report in the schema of Stryker (mutation-testing-report), or by the record of the proof, which has sums.
import { resolve } from 'node:path';
import type { CoverageReportConfig } from '../config.ts';
import type { Fields } from '../report-fields.ts';
import { isFields } from '../report-fields.ts';
import { hashOf } from '../text-hash.ts';
import type { DocumentKind } from './read-document.ts';
import { placeOf, readDocument, unreadable } from './read-document.ts';

export interface Mutant {
  readonly line: number;
  readonly lastLine: number;
  readonly isKilled: boolean;
}

export interface MutatedFile {
  readonly file: string;
  /** Hash of the text that was mutated, as sources have it; absent where the report does not hold the text. */
  readonly hash: string | undefined;
  /** Those that were judged: neither ignored nor broken. */
  readonly mutants: readonly Mutant[];
}

export interface Mutation {
  readonly killed: number;
  readonly survived: number;
  /** Absent for a record of sums. */
  readonly files: readonly MutatedFile[] | undefined;
}

const killed: ReadonlySet<unknown> = new Set(['Killed', 'Timeout']);
const survived: ReadonlySet<unknown> = new Set(['Survived', 'NoCoverage']);
const unjudged: ReadonlySet<unknown> = new Set(['CompileError', 'RuntimeError', 'Ignored']);

function lineIn(location: unknown, edge: string): number | undefined {
  const point = isFields(location) ? location[edge] : undefined;
  const line = isFields(point) ? point['line'] : undefined;
  return typeof line === 'number' && Number.isInteger(line) && line > 0 ? line : undefined;
}

/** Undefined for a mutant that cannot be understood, a pending one included: its run is not over. */
function mutantOf(value: unknown): Mutant | 'unjudged' | undefined {
  if (!isFields(value)) return undefined;
  const { status, location } = value;
  if (unjudged.has(status)) return 'unjudged';
  const [line, lastLine] = [lineIn(location, 'start'), lineIn(location, 'end')];
  if (line === undefined || lastLine === undefined || !(killed.has(status) || survived.has(status))) return undefined;
  return { line, lastLine, isKilled: killed.has(status) };
}

function fileOf(file: string, value: unknown): MutatedFile | undefined {
  if (!isFields(value) || !Array.isArray(value['mutants'])) return undefined;
  const found = value['mutants'].map(mutantOf);
  if (found.includes(undefined)) return undefined;
  const mutants = found.filter((each) => each !== undefined && each !== 'unjudged');
  const { source } = value;
  return { file, hash: typeof source === 'string' ? hashOf(source) : undefined, mutants };
}

function ofStryker(root: string, document: Fields): Mutation | undefined {
  const { files, projectRoot, schemaVersion } = document;
  if (!isFields(files) || typeof schemaVersion !== 'string') return undefined;
  const base = typeof projectRoot === 'string' ? projectRoot.replaceAll('\\', '/') : root;
  const found = Object.entries(files).map(([path, value]) => fileOf(placeOf(root, path, base), value));
  const all = found.filter((each) => each !== undefined);
  if (all.length < found.length) return undefined;
  const mutants = all.flatMap((file) => file.mutants);
  const dead = mutants.filter((mutant) => mutant.isKilled).length;
  return { killed: dead, survived: mutants.length - dead, files: all };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function ofProof(record: readonly unknown[]): Mutation | undefined {
  const sums = record.map((each) => {
    const { killed: dead, survived: alive } = isFields(each) ? each : {};
    return isCount(dead) && isCount(alive) ? { dead, alive } : undefined;
  });
  const known = sums.filter((each) => each !== undefined);
  if (known.length < sums.length) return undefined;
  const sum = (pick: (each: { readonly dead: number; readonly alive: number }) => number): number =>
    known.reduce((total, each) => total + pick(each), 0);
  return { killed: sum((each) => each.dead), survived: sum((each) => each.alive), files: undefined };
}

/**
 * Mutants out of the report that the configuration names; undefined when it names none.
 * @throws RefitError GATE_MUTATION_MISSING or GATE_MUTATION_UNREADABLE.
 */
export function readMutation(root: string, config: CoverageReportConfig): Mutation | undefined {
  if (config.mutation === undefined) return undefined;
  const kind: DocumentKind = {
    what: 'report of mutants',
    missing: 'GATE_MUTATION_MISSING',
    unreadable: 'GATE_MUTATION_UNREADABLE',
    advice: 'Run Stryker to its end with `"reporters": ["json"]`.',
  };
  const path = resolve(root, config.mutation.report);
  const document = readDocument(path, kind);
  const found = Array.isArray(document) ? ofProof(document) : isFields(document) ? ofStryker(root, document) : undefined;
  if (found === undefined)
    throw unreadable(path, kind, 'is neither of Stryker with all mutants judged nor a record of the proof');
  if (found.killed + found.survived === 0) throw unreadable(path, kind, 'has no mutant that was judged');
  if (found.files !== undefined || config.mutation.score !== undefined) return found;
  throw unreadable(path, kind, 'has sums alone, and the configuration asks for no `score`: it would judge nothing');
}
