// Facts of texts, remembered from the run before. A fact is found only for the same bytes, counted by the same code.
import { createHash } from 'node:crypto';
import type { CachedFacts, FactsKind } from './cached-facts.ts';
import { shapes } from './cached-facts.ts';
import { isFields } from './report-fields.ts';

const schema = 'refit-gate-cache/1';

interface Entry {
  /** Hash of the exact bytes. */
  readonly hash: string;
  readonly facts: unknown;
}

function digestOf(body: Uint8Array | string): string {
  return createHash('sha256').update(body).digest('hex');
}

function keyOf(kind: FactsKind, file: string): string {
  return `${kind} ${file}`;
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Entries of a cache file; none when it is damaged, foreign, or of another version of the counting code. */
function entriesIn(bytes: Buffer, version: string): ReadonlyMap<string, Entry> {
  const end = bytes.indexOf('\n');
  const head = end === -1 ? undefined : jsonOf(bytes.subarray(0, end));
  if (!isFields(head) || head['schema'] !== schema || head['version'] !== version) return new Map();
  const body = bytes.subarray(end + 1);
  const found = head['body'] === digestOf(body) ? jsonOf(body) : undefined;
  if (!isFields(found)) return new Map();
  const entries = Object.entries(found).flatMap(([key, value]): readonly (readonly [string, Entry])[] => {
    const pair: readonly unknown[] = Array.isArray(value) ? value : [];
    const [hash, facts] = pair;
    return typeof hash === 'string' ? [[key, { hash, facts }]] : [];
  });
  return new Map(entries);
}

/** What is asked of it in this run, and nothing else, is in it afterwards: it never holds more than the project has files. */
export class FactsCache {
  readonly #version: string;
  readonly #before: ReadonlyMap<string, Entry>;
  readonly #used = new Map<string, Entry>();
  #misses = 0;

  /** `bytes` of the file of the run before, undefined without one; `version` of the code that counts. */
  constructor(version: string, bytes?: Buffer) {
    this.#version = version;
    this.#before = bytes === undefined ? new Map() : entriesIn(bytes, version);
  }

  /** The facts of a file whose bytes have this hash, if they are known. */
  find<K extends FactsKind>(kind: K, file: string, hash: string): CachedFacts[K] | undefined {
    const entry = this.#before.get(keyOf(kind, file));
    if (entry === undefined || entry.hash !== hash || !shapes[kind](entry.facts)) return undefined;
    this.#used.set(keyOf(kind, file), entry);
    return entry.facts;
  }

  keep<K extends FactsKind>(kind: K, file: string, known: { readonly hash: string; readonly facts: CachedFacts[K] }): void {
    this.#misses += 1;
    this.#used.set(keyOf(kind, file), known);
  }

  /** Whether `text` differs from what was read. */
  get changed(): boolean {
    return this.#misses > 0 || this.#used.size !== this.#before.size;
  }

  /** The cache file: a line with schema, version and the hash of the rest, then the entries. */
  get text(): string {
    const entries = [...this.#used].map(([key, { hash, facts }]) => [key, [hash, facts]] as const);
    const body = JSON.stringify(Object.fromEntries(entries));
    return `${JSON.stringify({ schema, version: this.#version, body: digestOf(body) })}\n${body}`;
  }
}
