// Reads the files of a project and gathers their facts: from the cache where the bytes are the same, else by counting.
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CachedFacts, TextKind } from './cached-facts.ts';
import type { CoverageReportConfig } from './config.ts';
import { FactsCache } from './facts-cache.ts';
import type { SourceFacts, TestFacts } from './facts.ts';
import type { Inventory } from './inventory/rules-inventory.ts';
import { filesByRole } from './project-files.ts';
import { exactHashOf, textHashOf } from './text-hash.ts';

export interface ProjectFacts {
  readonly sources: readonly SourceFacts[];
  readonly tests: readonly TestFacts[];
  /** Files that declare tests at their top and that no name of a test file fits. */
  readonly orphans: readonly string[];
  readonly inventory: Inventory;
}

interface ReadFile<K extends TextKind> {
  readonly file: string;
  /** As stamps have it. */
  readonly hash: string;
  readonly facts: CachedFacts[K];
}

/** Reads one file after the other into the same memory: thousands of buffers keep the garbage collector busy. */
class FileReader {
  #memory = Buffer.allocUnsafeSlow(256 * 1024);

  /** The bytes are valid until the next file is read. */
  read(path: string): Buffer {
    const file = openSync(path, 'r');
    try {
      let end = 0;
      for (let more = -1; more !== 0; end += more) {
        if (end === this.#memory.length) this.#memory = Buffer.concat([this.#memory], 2 * end);
        more = readSync(file, this.#memory, end, this.#memory.length - end, null);
      }
      return this.#memory.subarray(0, end);
    } finally {
      closeSync(file);
    }
  }
}

/** One kind of file of one project. */
class FactsReader {
  readonly #root: string;
  readonly #cache: FactsCache;
  readonly #files = new FileReader();

  constructor(root: string, cache: FactsCache) {
    this.#root = root;
    this.#cache = cache;
  }

  async #factsOf<K extends TextKind>(kind: K, file: string): Promise<ReadFile<K>> {
    const bytes = this.#files.read(join(this.#root, file));
    const exact = exactHashOf(bytes);
    const hash = textHashOf(bytes, exact);
    const known = this.#cache.find(kind, file, exact);
    if (known !== undefined) return { file, hash, facts: known };
    // Loading the compiler takes longer than all the rest of a run that needs nothing of it.
    const { computeFacts } = await import('./compute-facts.ts');
    const facts = computeFacts(kind, file, bytes.toString('utf8'));
    this.#cache.keep(kind, file, { hash: exact, facts });
    return { file, hash, facts };
  }

  async read<K extends TextKind>(kind: K, files: readonly string[]): Promise<readonly ReadFile<K>[]> {
    const found: ReadFile<K>[] = [];
    // One after the other: only one text is in memory at a time, and the disk's cache answers faster than threads do.
    for (const file of files) found.push(await this.#factsOf(kind, file));
    return found;
  }
}

/** The facts of every source and test file, sorted by path. */
export async function readFacts(
  root: string,
  config: Pick<CoverageReportConfig, 'include' | 'tests'>,
  cache = new FactsCache(''),
): Promise<ProjectFacts> {
  const files = filesByRole(root, config);
  const reader = new FactsReader(root, cache);
  const sources = await reader.read('source', files.sources);
  const tests = await reader.read('test', files.tests);
  const others = await reader.read('other', files.others);
  return {
    sources: sources.map(({ file, hash, facts }) => ({
      file,
      // Asked for only where no stamp has hashes.
      get modifiedMs() {
        return statSync(join(root, file)).mtimeMs;
      },
      ...facts,
      hash,
    })),
    tests: tests.map(({ file, facts }) => ({ file, cases: facts.cases })),
    orphans: others.flatMap(({ file, facts }) => (facts.declaresTests ? [file] : [])),
    inventory: new Map([...tests, ...others].map(({ file, facts }) => [file, facts.inventory])),
  };
}
