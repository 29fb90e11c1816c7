// The version of the code that counts: a cache written by any other version of it is of no use.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';

/** The modules that facts of a text or of a report's entry come from, relative to this one; a test compares the list with their imports. */
export const countingModules: readonly string[] = [
  'compute-facts',
  'count-tests',
  'coverage-model',
  'inventory/callee-names',
  'inventory/inventory-facts',
  'inventory/local-functions',
  'inventory/reached-calls',
  'inventory/skipped-tests',
  'inventory/test-declarations',
  'read-istanbul',
  'read-summary',
  'report-entry',
  'report-fields',
  'source-facts',
  'text-hash',
  '../kernel/comments',
  '../kernel/parse-source',
  '../kernel/refit-error',
];

function versionIn(manifest: string): string {
  const value: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
  return typeof value === 'object' && value !== null && 'version' in value ? String(value.version) : 'unknown';
}

/** The compiler comes with @ts-morph/common, which ts-morph may get in several versions. */
function parserVersions(): readonly string[] {
  const morph = createRequire(import.meta.url).resolve('ts-morph/package.json');
  return [morph, createRequire(morph).resolve('@ts-morph/common/package.json')].map(versionIn);
}

/** A hash of the modules that count, as they are on the disk, and of the versions of the parser. */
export function countingVersion(): string {
  const hash = createHash('sha256').update(parserVersions().join(' '));
  for (const name of countingModules) {
    hash.update(`\n${name}\n`).update(readFileSync(join(import.meta.dirname, `${name}${extname(import.meta.filename)}`)));
  }
  return hash.digest('hex');
}
