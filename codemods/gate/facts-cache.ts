// Facts of texts and of a report's entries, remembered from the run before. A fact is found only for the same bytes, counted by the same code.
import type { CachedFacts, FactsKind } from './cached-facts.ts';
import { shapes } from './cached-facts.ts';
import { isFields } from './report-fields.ts';
import { exactHashOf } from './text-hash.ts';

const schema = 'refit-gate-cache/2';

interface Entry {
  /** Hash of the exact bytes. */
  readonly hash: string;
  /** The facts as JSON: parsed when they are asked for, and written again as they are. */
  readonly json: string;
}

/** JSON has no tab and no line end in it: they part key, hash and facts. */
function keyOf(kind: FactsKind, file: string): string {
  return JSON.stringify(`${kind} ${file}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Entries of a cache file; none when it is damaged, foreign, or of another version of the counting code. */
function entriesIn(bytes: Buffer, version: string): ReadonlyMap<string, Entry> {
  const end = bytes.indexOf('\n');
  const head = end === -1 ? undefined : jsonOf(bytes.toString('utf8', 0, end));
  if (!isFields(head) || head['schema'] !== schema || head['version'] !== version) return new Map();
  const body = bytes.subarray(end + 1);
  if (head['body'] !== exactHashOf(body)) return new Map();
  const entries = new Map<string, Entry>();
  for (const line of body.toString('utf8').split('\n')) {
    const [key = '', hash, json] = line.split('\t');
    if (hash !== undefined && json !== undefined) entries.set(key, { hash, json });
  }
  return entries;
}

/** What is asked of it in this run, and nothing else, is in it afterwards: it never holds more than project and report have files. */
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

  /** The facts of a file whose bytes have this hash, if they are known; an entry of a report is known by its hash in place of a name. */
  find<K extends FactsKind>(kind: K, file: string, hash: string): CachedFacts[K] | undefined {
    const key = keyOf(kind, file);
    const entry = this.#before.get(key);
    if (entry === undefined || entry.hash !== hash) return undefined;
    const facts = jsonOf(entry.json);
    if (!shapes[kind](facts)) return undefined;
    this.#used.set(key, entry);
    return facts;
  }

  keep<K extends FactsKind>(kind: K, file: string, known: { readonly hash: string; readonly facts: CachedFacts[K] }): void {
    this.#misses += 1;
    this.#used.set(keyOf(kind, file), { hash: known.hash, json: JSON.stringify(known.facts) });
  }

  /** Whether `text` differs from what was read. */
  get changed(): boolean {
    return this.#misses > 0 || this.#used.size !== this.#before.size;
  }

  /** The cache file: a line with schema, version and the hash of the rest, then a line for each entry. */
  get text(): string {
    const body = [...this.#used].map(([key, { hash, json }]) => `${key}\t${hash}\t${json}\n`).join('');
    return `${JSON.stringify({ schema, version: this.#version, body: exactHashOf(Buffer.from(body)) })}\n${body}`;
  }
}
