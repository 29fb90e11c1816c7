// Writes the gate's files: stamp, ratchet, first configuration, and reports with --out.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { reasonOf, RefitError } from '../kernel/refit-error.ts';

/**
 * Writes `text` to `path`, whole or not at all; missing folders are made.
 * @throws RefitError GATE_WRITE_FAILED, of the kind infrastructure, when the disk does not take it.
 */
export function writeText(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    if (existsSync(path)) rewrite(realpathSync(path), text);
    else replace(path, text);
  } catch (cause) {
    const message = `${path} cannot be written: ${reasonOf(cause)}. Name another place, or make room.`;
    throw new RefitError('GATE_WRITE_FAILED', message, { kind: 'infrastructure', cause });
  }
}

/** A device or a pipe takes what it is given and is never replaced by a file. */
function rewrite(path: string, text: string): void {
  if (statSync(path).isFile()) replace(path, text);
  else writeFileSync(path, text);
}

function replace(path: string, text: string): void {
  const draft = `${path}.${randomUUID()}`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}
