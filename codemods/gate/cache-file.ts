// Where the gate's cache is: beside the packages of the project, one file for each configuration.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { countingVersion } from './counting-version.ts';
import { FactsCache } from './facts-cache.ts';
import { hashOf } from './text-hash.ts';
import { writeCache } from './write-cache.ts';

/** The innermost folder from `folder` outwards that has packages of its own; undefined where none has. */
function packagesAbove(folder: string): string | undefined {
  if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'node_modules'))) return folder;
  const outer = dirname(folder);
  return outer === folder ? undefined : packagesAbove(outer);
}

/**
 * The cache of the configuration at the absolute path `config`: `gate.json` in `folder` (absolute), or in node_modules/.cache/refit;
 * a configuration further in than node_modules has a hash of its place in the name. Undefined without a folder for it.
 */
export function cacheFileOf(config: string, folder?: string): string | undefined {
  if (folder !== undefined) return join(folder, 'gate.json');
  const project = packagesAbove(dirname(config));
  if (project === undefined) return undefined;
  const place = relative(project, config).replaceAll('\\', '/');
  const name = place === 'coverage-report.config.ts' ? 'gate.json' : `gate-${hashOf(place).slice(0, 12)}.json`;
  return join(project, 'node_modules', '.cache', 'refit', name);
}

function bytesOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    // No cache yet, or none that can be read: everything is counted anew.
    return undefined;
  }
}

/** Hands `use` the cache at `path` (none: an empty one that is not kept) and writes it when it is another afterwards. */
export async function withCache<T>(path: string | undefined, use: (cache: FactsCache) => Promise<T>): Promise<T> {
  if (path === undefined) return use(new FactsCache(''));
  const cache = new FactsCache(countingVersion(), bytesOf(path));
  const result = await use(cache);
  if (cache.changed) writeCache(path, cache.text);
  return result;
}
