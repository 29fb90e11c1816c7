// Reads the files of a project and gathers their facts: from the cache where the bytes are the same, else by counting.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CachedFacts, FactsKind } from './cached-facts.ts';
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

interface ReadFile<K extends FactsKind> {
  readonly file: string;
  /** As stamps have it. */
  readonly hash: string;
  readonly facts: CachedFacts[K];
}

/** One kind of file of one project. */
class FactsReader {
  readonly #root: string;
  readonly #cache: FactsCache;

  constructor(root: string, cache: FactsCache) {
    this.#root = root;
    this.#cache = cache;
  }

  async #factsOf<K extends FactsKind>(kind: K, file: string): Promise<ReadFile<K>> {
    const bytes = readFileSync(join(this.#root, file));
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

  async read<K extends FactsKind>(kind: K, files: readonly string[]): Promise<readonly ReadFile<K>[]> {
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
      modifiedMs: statSync(join(root, file)).mtimeMs,
      ...facts,
      hash,
    })),
    tests: tests.map(({ file, facts }) => ({ file, cases: facts.cases })),
    orphans: others.flatMap(({ file, facts }) => (facts.declaresTests ? [file] : [])),
    inventory: new Map([...tests, ...others].map(({ file, facts }) => [file, facts.inventory])),
  };
}
