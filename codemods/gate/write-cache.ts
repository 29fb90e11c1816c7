// Writes the gate's cache: whole or not at all, and never at the cost of the judgement.
import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

function discard(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // There is not even a folder for it.
  }
}

/** Replaces the file at `path`; of two gates at once the later one wins. A folder that cannot be written has no cache. */
export function writeCache(path: string, text: string): void {
  const draft = `${path}.${randomUUID()}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch {
    // A cache saves time and nothing else: a full or read-only disk is no reason to fail a gate that has judged.
    discard(draft);
  }
}
