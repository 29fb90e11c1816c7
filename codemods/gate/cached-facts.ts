// What the gate computes from one text or one entry of a report alone, and therefore remembers: one record for each kind of file.
//
// A new fact of a text joins the cache in three places: its type here (or in the type that is named here), its shape in
// `shapes` below, which does not compile without it, and its computation in compute-facts.ts (of an entry: report-entry.ts).
// Nothing else: the version of the cache is the hash of the modules that compute (counting-version.ts).
import type { TestText } from './facts.ts';
import type { InventoryFacts } from './inventory/inventory-facts.ts';
import type { EntryFacts, PackedMeasure } from './report-entry.ts';
import { isFields } from './report-fields.ts';
import type { TextFacts } from './source-facts.ts';

/** Facts by kind of file. The hash of the text is not among them: it is taken from the text each time. */
export interface CachedFacts {
  readonly source: Omit<TextFacts, 'hash'>;
  readonly test: TestText & { readonly inventory: InventoryFacts };
  /** A file in a folder of tests whose name is none of a test file. */
  readonly other: { readonly declaresTests: boolean; readonly inventory: InventoryFacts };
  /** A file in a coverage report, known by the bytes of its entry alone. */
  readonly entry: EntryFacts;
}

export type FactsKind = keyof CachedFacts;

/** Kinds that are counted in a text. */
export type TextKind = Exclude<FactsKind, 'entry'>;

type Holds<T> = (value: unknown) => value is T;

const count: Holds<number> = (value): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;
const text: Holds<string> = (value) => typeof value === 'string';
const flag: Holds<boolean> = (value) => typeof value === 'boolean';

function listOf<T>(holds: Holds<T>): Holds<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(holds);
}

/** A check of every member of `T`; one that is forgotten does not compile. */
function recordOf<T>(members: { readonly [K in keyof T]-?: Holds<T[K]> }): Holds<T> {
  const checks = Object.entries<(value: unknown) => boolean>(members);
  return (value): value is T => isFields(value) && checks.every(([name, holds]) => holds(value[name]));
}

function mapOf<T>(holds: Holds<T>): Holds<Readonly<Record<string, T>>> {
  return (value): value is Readonly<Record<string, T>> => isFields(value) && Object.values(value).every(holds);
}

const inventory: Holds<InventoryFacts> = recordOf({
  tests: listOf(recordOf({ name: text, line: count, calls: listOf(text) })),
  skips: listOf(recordOf({ name: text, line: count, how: text })),
  functions: mapOf(listOf(text)),
  imports: mapOf(recordOf({ from: text, name: text })),
  passesOn: listOf(text),
});

const measure: Holds<PackedMeasure> = recordOf({ total: count, covered: count, hits: text });

/** Whether a value that was read from a cache is a record of its kind. */
export const shapes: { readonly [K in FactsKind]: Holds<CachedFacts[K]> } = {
  source: recordOf({
    lines: count,
    codeLines: count,
    emptyLines: listOf(count),
    statementLines: listOf(count),
    functions: listOf(recordOf({ name: text, line: count, lines: count })),
    inlineTests: listOf(recordOf({ from: count, to: count })),
  }),
  test: recordOf({ cases: count, inventory }),
  other: recordOf({ declaresTests: flag, inventory }),
  entry: recordOf({
    path: text,
    lastLine: count,
    notes: listOf(text),
    lines: measure,
    branches: measure,
    functions: measure,
    statements: measure,
  }),
};
