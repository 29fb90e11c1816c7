// Makes a directory and those above it that are missing, and says which was the first.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The topmost directory that was made, undefined when all were there. One by one: where the file system refuses with ENOENT, as
 * /proc does, Node's own `recursive` tries for ever (Node 20 to 24).
 */
export async function makeDirectories(directory: string, mode?: number): Promise<string | undefined> {
  const missing: string[] = [];
  for (let at = directory; !existsSync(at) && at !== dirname(at); at = dirname(at)) missing.unshift(at);
  let first: string | undefined;
  for (const path of missing) {
    if (await makeOne(path, mode)) first ??= path;
  }
  return first;
}

/** False when another process was faster. */
async function makeOne(path: string, mode: number | undefined): Promise<boolean> {
  try {
    await mkdir(path, mode === undefined ? {} : { mode });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
